"""The supervisor: small, without a camera, a model or a window. It starts the processes that see people, one for each
visit, shows the next one before the last one has gone, and starts anew whatever dies or hangs.

    spawn -> (ready) -> show -> (shown, drawn, drawn ...) -> (finished | dead | hung) -> leave
"""

from __future__ import annotations

import json
import math
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from formcheck.kiosk.link import FD, Link

READY_S = 40.0
"""Longest time for a process to load everything; a small computer takes ten seconds [P]."""
SHOW_S = 10.0
"""Longest time from being asked until its page is on the screen."""
HUNG_S = 6.0
"""Longest time without a drawn picture: systemd's watchdog waits ten seconds."""
LEAVE_S = 2.0
"""Seconds to end in order; then it is ended."""
STANDBY_S = 1.0
"""Seconds after a page is shown until the next process is loaded: the first moments belong to the page."""
EARLY_S, EARLY_MAX = 5.0, 3
"""A process that dies so soon after it was shown has failed early; after so many running a plain page is shown, which
needs neither camera nor sound nor model."""
REAPED_S = 0.2
"""Longest wait to know how a process ended whose line is cut."""
ENDED_FROM_OUTSIDE = (-signal.SIGKILL, -signal.SIGTERM)
"""Exit statuses of a process that somebody else has ended: the next one is as good as any."""
PLAIN_S, PLAIN_MAX_S = 20.0, 300.0
"""Seconds for which the plain page stands until it is tried again; each time twice as long, up to this."""
GOOD_S = 60.0
"""Seconds after which a process counts as sound."""
SPAWN_S, SPAWN_MAX_S = 0.5, 20.0
"""Seconds until a process that died while it loaded is started again; each time twice as long, up to this."""
TEST_S = 15.0
"""Seconds after the first page until the self-test of this start begins: the page comes first, and the next process."""
SWEEP_S = 40.0
"""Seconds after a visit for which its page may still come out of the printer, if nobody else comes."""
FED_S = 1.0
"""Seconds between two signs of life to systemd."""
QUIT_STATUS = 77
"""Exit status when the staff have ended the kiosk: the unit does not start it again."""


@dataclass(slots=True, eq=False)
class Worker:
    """One process, and how far it is."""

    process: subprocess.Popen[bytes]
    link: Link
    began_s: float
    is_plain: bool = False
    is_ready: bool = False
    asked_s: float = math.inf
    """When it was asked to come to the screen."""
    shown_s: float = math.inf
    drawn_s: float = math.inf
    left_s: float = math.inf
    """When it was asked to leave."""
    is_done: bool = False
    """Whether its visit is over."""

    @property
    def is_dead(self) -> bool:
        """Whether it has ended."""
        return self.link.is_cut or self.process.poll() is not None


Spawn = Callable[[bool], Worker]
"""Starts a process; whether a plain one."""


@dataclass(slots=True)
class Kiosk:
    """Which process is on the screen, and which waits behind it. Told the time; it owns no clock."""

    spawn: Spawn
    notify: Callable[[str], None] = lambda _: None
    """Tells systemd `ready` and `alive`."""
    sweep: Callable[[], None] = lambda: None
    """Takes back what still waits for a printer; returns at once."""
    front: Worker | None = None
    """On the screen, or on its way there."""
    standby: Worker | None = None
    leaving: list[Worker] = field(default_factory=list)
    is_over: bool = False
    """Whether the staff have ended it."""
    is_blind: bool = False
    """Whether not even the plain page can be brought to the screen: only a new start of everything helps."""
    locked: str = ""
    """What is kept of wrong PINs."""
    _early: int = 0
    _stillborn: int = 0
    """Processes in a row that died while they loaded: the clinic's file is broken, or a part of the program gone."""
    _blind: int = 0
    """Plain ones in a row that never came to the screen."""
    _plain_until_s: float = -math.inf
    _plain_s: float = PLAIN_S
    _spawn_at_s: float = -math.inf
    _spawn_s: float = SPAWN_S
    _fed_s: float = -math.inf
    _is_known: bool = False
    _ended: list[subprocess.Popen[bytes]] = field(default_factory=list)
    """Those that were ended, until the system has let go of them."""
    _sweep_at_s: float = -math.inf
    """When the printer's queue is swept: at once when all begins, since the machine may have been switched off in the
    midst; infinite while the visit that printed goes on; NaN where nobody has printed."""

    def turn(self, now: float) -> None:
        """Hear what the processes tell, and do what follows."""
        for worker in self._all():
            for line in worker.link.words():
                self._hear(worker, *line.partition(" ")[::2], now)
        self._see_front(now)
        self._see_standby(now)
        self._see_leaving(now)
        self._bring_forward(now)
        if now >= self._sweep_at_s:
            self._sweep()
        self._ended = [process for process in self._ended if process.poll() is None]

    def ends(self) -> Sequence[Link]:
        """The lines to wait on."""
        return [worker.link for worker in self._all() if not worker.link.is_cut]

    def close(self) -> None:
        """End all."""
        for worker in self._all():
            self._end(worker)
        for process in self._ended:
            with suppress(subprocess.TimeoutExpired):  # it hangs in a driver: the system ends it when that lets go
                process.wait(LEAVE_S)

    def _all(self) -> list[Worker]:
        return [worker for worker in (self.front, self.standby, *self.leaving) if worker is not None]

    def _hear(self, worker: Worker, word: str, rest: str, now: float) -> None:
        if word == "ready":
            worker.is_ready = True
            self._spawn_s = SPAWN_S
            self._stillborn = self._stillborn if worker.is_plain else 0
        elif word in ("shown", "drawn"):
            worker.drawn_s = now
            if word == "shown":
                worker.shown_s, self._blind = now, 0
                self._say_goodbye(now)
            if worker is self.front:
                self._feed(now)
        else:
            self._hear_end(worker, word, rest, now)

    def _hear_end(self, worker: Worker, word: str, rest: str, now: float) -> None:
        if word == "printing":
            self._sweep_at_s = math.inf
        elif word == "woken" and not math.isnan(self._sweep_at_s):
            self._sweep()
        elif word in ("finished", "failed"):
            worker.is_done = True
        if word == "failed":
            self._note_failure(worker, now)
        elif word == "locked":
            self.locked = rest
        elif word == "quit":
            self.is_over = True
        if worker.is_done:
            self._note_left(now)

    def _note_left(self, now: float) -> None:
        """A visit is over: what it has printed may still come out, for a while and while nobody else is there."""
        if math.isinf(self._sweep_at_s):
            self._sweep_at_s = now + SWEEP_S

    def _sweep(self) -> None:
        self._sweep_at_s = math.nan
        self.sweep()

    def _feed(self, now: float) -> None:
        """A picture was drawn: systemd is told, and by nothing else."""
        if not self._is_known:
            self._is_known = True
            self.notify("ready")
        if now - self._fed_s >= FED_S:
            self._fed_s = now
            self.notify("alive")

    def _see_front(self, now: float) -> None:
        front = self.front
        if front is None:
            return
        is_late = now - front.asked_s > SHOW_S and math.isinf(front.shown_s)
        is_hung = now - front.drawn_s > HUNG_S
        if front.is_dead or is_late or is_hung:
            self._lose(front, now)
        elif not front.is_plain and now - front.shown_s > GOOD_S:
            self._early, self._plain_s = 0, PLAIN_S

    def _lose(self, front: Worker, now: float) -> None:
        """The process on the screen is dead, or as good as dead."""
        self.front = None
        self._note_left(now)
        if front.link.is_cut:
            with suppress(subprocess.TimeoutExpired):  # its end is known a moment later
                front.process.wait(REAPED_S)
        if front.is_plain and math.isinf(front.shown_s):
            self._note_blind()
        was_ended = front.process.poll() in ENDED_FROM_OUTSIDE
        if not (front.is_done or front.is_plain or was_ended):
            self._note_failure(front, now)
        self._end(front)

    def _note_failure(self, front: Worker, now: float) -> None:
        """A process was lost, or has failed and said so: after a few early ones a plain page is shown."""
        is_early = not now - front.shown_s > EARLY_S
        self._early = self._early + 1 if is_early else 0
        if self._early >= EARLY_MAX:
            self._go_plain(now)

    def _go_plain(self, now: float) -> None:
        """For a while a plain page is the next that comes to the screen."""
        self._early = self._stillborn = 0
        self._plain_until_s = now + self._plain_s
        self._plain_s = min(2 * self._plain_s, PLAIN_MAX_S)
        self._spawn_at_s, self._spawn_s = now, SPAWN_S
        if self.standby is not None and not self.standby.is_plain:
            self._end(self.standby)
            self.standby = None

    def _note_blind(self) -> None:
        self._blind += 1
        self.is_blind |= self._blind >= EARLY_MAX

    def _see_standby(self, now: float) -> None:
        """Have one that waits, whole and of the right kind."""
        waiting = self.standby
        if waiting is not None and (waiting.is_dead or (not waiting.is_ready and now - waiting.began_s > READY_S)):
            self._end(waiting)
            self.standby, self._spawn_at_s = None, now + self._spawn_s
            self._spawn_s = min(2 * self._spawn_s, SPAWN_MAX_S)
            if waiting.is_plain:
                self._note_blind()
            else:
                self._stillborn += not waiting.is_ready
        front = self.front
        is_free = front is None or front.is_done
        if is_free and self._stillborn >= EARLY_MAX:
            self._go_plain(now)
        is_plain = now < self._plain_until_s and is_free
        is_time = front is None or front.is_done or now - front.shown_s >= STANDBY_S
        if self.standby is None and is_time and now >= self._spawn_at_s:
            self.standby = self.spawn(is_plain)
            self.standby.began_s = now

    def _bring_forward(self, now: float) -> None:
        """Show the one that waits, where the screen is free or its visit is over."""
        front, waiting = self.front, self.standby
        if waiting is None or not waiting.is_ready:
            return
        is_over = front is not None and (front.is_done or (front.is_plain and now >= self._plain_until_s))
        if front is not None and not is_over:
            return
        if front is not None:
            self.leaving.append(front)
        self.front, self.standby = waiting, None
        waiting.asked_s = now
        waiting.link.tell(f"show {self.locked}".strip())

    def _say_goodbye(self, now: float) -> None:
        """The next one is on the screen: those behind it may go."""
        for worker in self.leaving:
            if math.isinf(worker.left_s):
                worker.left_s = now
                worker.link.tell("leave")

    def _see_leaving(self, now: float) -> None:
        for worker in list(self.leaving):
            is_stuck = now - worker.left_s > LEAVE_S or (math.isinf(worker.left_s) and now - worker.drawn_s > HUNG_S)
            if worker.is_dead or is_stuck:
                self._end(worker)
                self.leaving.remove(worker)

    def _end(self, worker: Worker) -> None:
        with suppress(OSError):
            os.killpg(worker.process.pid, signal.SIGKILL)  # with it whatever it has started: a spooler that hangs
        worker.link.close()
        self._ended.append(worker.process)


def spawner(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Spawn:
    """Starts workers by a command; `--plain` is added for a plain one."""

    def spawn(is_plain: bool) -> Worker:
        ours, theirs = socket.socketpair()
        environ = {**(os.environ if environment is None else environment), FD: str(theirs.fileno())}
        words = [*command, *(["--plain"] if is_plain else [])]
        process = subprocess.Popen(
            words, env=environ, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, process_group=0
        )
        theirs.close()
        return Worker(process, Link(ours), time.monotonic(), is_plain)

    return spawn


class SelfTest:
    """The self-test at each start, in a process of its own, at low priority; the journal is told what is not good."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process: subprocess.Popen[bytes] | None = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def turn(self) -> None:
        """Tell what was found, once it is."""
        if self._process is None or self._process.poll() is None:
            return
        process, self._process = self._process, None
        with process:
            found = process.stdout.read() if process.stdout is not None else b""
        try:
            checks = json.loads(found)["checks"]
            wrong = [f"{check['what']}: {check['verdict']}" for check in checks if check["verdict"] != "good"]
        except (ValueError, KeyError, TypeError):
            wrong = ["self-test: bad"]
        sys.stderr.write(f"formcheck kiosk: self-test, {', '.join(wrong) or 'all good'}\n")

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            with self._process:
                pass
            self._process = None


class Sweeper:
    """Takes back what waits for a printer, in a process of its own: a spooler may hang, and the supervisor may not."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._going: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Begin."""
        self._going.append(subprocess.Popen(self._command, stdin=subprocess.DEVNULL))

    def turn(self) -> None:
        """Let go of what has ended."""
        self._going = [process for process in self._going if process.poll() is None]

    def close(self) -> None:
        """Wait for its end: the commands that it runs have their own limits."""
        for process in self._going:
            process.wait()


def run(command: Sequence[str], self_test: Sequence[str], sweep: Sequence[str]) -> int:
    """Run the kiosk until it is asked to end. Returns the exit status.

    Args:
        command: starts a worker.
        self_test: looks over the machine and writes JSON to its standard output.
        sweep: takes back what waits for a printer.
    """
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda given, _: asked.append(given))
    sweeper = Sweeper(sweep)
    kiosk = Kiosk(spawner(command), _notifier(), sweeper.start)
    test: SelfTest | None = None
    try:
        while not (asked or kiosk.is_over or kiosk.is_blind):
            kiosk.turn(time.monotonic())
            sweeper.turn()
            select.select(kiosk.ends(), [], [], 0.1)
            if test is None and kiosk.front is not None and time.monotonic() - kiosk.front.shown_s > TEST_S:
                test = SelfTest(self_test)
            elif test is not None:
                test.turn()
    finally:
        kiosk.close()
        sweeper.close()
        if test is not None:
            test.close()
    if kiosk.is_blind:
        sys.stderr.write("formcheck kiosk: no page can be brought to the screen. Is there a display?\n")
    return QUIT_STATUS if kiosk.is_over else 128 + asked[0] if asked else 1


def _notifier() -> Callable[[str], None]:
    """Tells systemd."""
    from systemd_watchdog.systemd_watchdog import WatchDog

    dog = WatchDog()

    def notify(what: str) -> None:
        with suppress(OSError):  # systemd was started anew: the next one is heard
            if what == "ready":
                dog.ready()
            dog.notify()

    return notify


def is_in_order(check: Sequence[str]) -> bool:
    """Whether a command says so; it tells what is not. In a process of its own: what it loads is large."""
    return subprocess.run(check, stdin=subprocess.DEVNULL, check=False).returncode == 0


def own_command() -> list[str]:
    """How this program is started."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "formcheck.cli"]
