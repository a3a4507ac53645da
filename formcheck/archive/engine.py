"""Tasks to workers, results back. A recording that kills its worker is found out and costs only itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import dataclass, field

from formcheck.archive.crews import Crew
from formcheck.archive.worker import Scored, Task, work

POLL_S = 0.2
"""How often it is looked whether somebody asked to stop."""
AHEAD = 2
"""Tasks a worker that are handed out before they are wanted, so that none waits for the next."""


@dataclass(slots=True)
class Engine:
    """Works off tasks; `run` may be called once."""

    crew: Crew
    tasks: Iterator[Task]
    is_stopped: Callable[[], object] = lambda: False
    _pending: dict[Future[Scored], Task] = field(default_factory=dict)
    _suspects: deque[Task] = field(default_factory=deque)
    """They were handed out when a worker died."""
    _held: Task | None = None

    def run(self) -> Iterator[tuple[Task, Scored]]:
        """Each task with what became of it, in whatever order; those that were stopped are left out."""
        while self._work_left():
            with self.crew.executor(self.crew.jobs) as executor:
                yield from self._together(executor)
            yield from self._alone()

    def _work_left(self) -> bool:
        if self._held is None and not self.is_stopped():
            self._held = next(self.tasks, None)
        return self._held is not None and not self.is_stopped()

    def _together(self, executor: Executor) -> Iterator[tuple[Task, Scored]]:
        """Many at a time, until there is nothing left or a worker dies."""
        while True:
            while len(self._pending) < AHEAD * self.crew.jobs and not self._suspects and self._work_left():
                self._submit(executor)
            if not self._pending:
                return
            yield from self._done()
            if self.is_stopped():
                self.crew.stop()
                self._pending.clear()
                return

    def _submit(self, executor: Executor) -> None:
        task, self._held = self._held, None
        if task is None:
            return
        try:
            self._pending[executor.submit(work, task)] = task
        except Exception as error:
            if not self.crew.is_death(error):
                raise
            self._suspects.append(task)

    def _done(self) -> Iterator[tuple[Task, Scored]]:
        """What was finished meanwhile."""
        finished, _ = wait(self._pending, POLL_S, FIRST_COMPLETED)
        for future in finished:
            task = self._pending.pop(future)
            scored = self._outcome(future, task)
            if scored is None:
                self._suspects.append(task)
            elif not scored.is_stopped:
                yield task, scored

    def _alone(self) -> Iterator[tuple[Task, Scored]]:
        """The suspects one at a time: whoever dies alone has died of that recording."""
        while self._suspects and not self.is_stopped():
            with self.crew.executor(1) as executor:
                yield from self._until_death(executor)

    def _until_death(self, executor: Executor) -> Iterator[tuple[Task, Scored]]:
        while self._suspects and not self.is_stopped():
            task = self._suspects.popleft()
            reason = _late(task)
            if reason:
                yield task, Scored(reason=reason)
                continue
            scored = self._wait_for(executor.submit(work, task), task)
            if scored is None:
                yield task, Scored(reason=_late(task) or f"{task.name} ends the process that scores it.")
                return
            if not scored.is_stopped:
                yield task, scored

    def _wait_for(self, future: Future[Scored], task: Task) -> Scored | None:
        while not wait([future], POLL_S).done:
            if self.is_stopped():
                self.crew.stop()
                return Scored(is_stopped=True)
        return self._outcome(future, task)

    def _outcome(self, future: Future[Scored], task: Task) -> Scored | None:
        """What became of a task; None where a worker died, of it or of another one."""
        try:
            return future.result()
        except CancelledError:
            return Scored(is_stopped=True)
        except Exception as error:  # noqa: BLE001 - it came from another process, or from the way there
            if self.crew.is_death(error):
                return None
            return Scored(reason=f"{task.name} could not be handed to a worker ({type(error).__name__}).")


def _late(task: Task) -> str:
    """The reason of a task that the watchdog ended; empty where it did not."""
    note = task.note
    if note is None or not note.is_file():
        return ""
    is_late = note.stat().st_size > 0
    note.unlink()
    return f"{task.name} took longer than {task.limit_s:g} s for one picture." if is_late else ""
