"""A program that writes a session and is killed, SIGKILL, after each committed repetition in turn."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from formcheck.session.document import Kept, Rep, SessionDocument
from formcheck.store import create_store, open_store, upkeep
from formcheck.store.keeper import Keeper
from formcheck.store.opening import NO_KEYS
from tests import kept
from tests.store.sessions import batches

ROOT = Path(__file__).parents[2]
QUIET = {**os.environ, "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
WAIT_S = 120.0
PROGRAM = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from formcheck.store import open_store
    from formcheck.store.keeper import Keeper
    from formcheck.store.opening import NO_KEYS
    from tests import kept
    from tests.store.sessions import batches

    where, number = sys.argv[1], int(sys.argv[2])
    keeper = Keeper(lambda moved: open_store(where, on_moved_aside=moved), Path(where).parent, lambda: NO_KEYS)
    keeper.settle(60)
    session = kept.session_record(("dead-bug",), number=number)
    first, *rest = list(batches(session))
    keeper.begin(session.session_id, first, None, session.started_utc)
    for done, batch in enumerate(rest):
        keeper.put(session.session_id, batch)
        assert keeper.settle(60)
        print(done, flush=True)
        sys.stdin.readline()
    """
)


def whole() -> tuple[Rep, ...]:
    """The repetitions of the session that is written."""
    return SessionDocument.model_validate(kept.session_record(("dead-bug",)).as_dict()).sets[0].reps


def steps() -> int:
    """After how many commits it can be killed while its set goes on."""
    return len(list(batches(kept.session_record(("dead-bug",))))) - 3


def killed(where: Path, number: int, commits: int) -> None:
    """Write session `number`, and die after so many commits."""
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(where), str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, cwd=ROOT, env=QUIET,
    )  # fmt: skip
    assert program.stdin is not None
    assert program.stdout is not None
    for done in range(commits):
        assert program.stdout.readline() == f"{done}\n"
        if done < commits - 1:
            program.stdin.write("\n")
            program.stdin.flush()
    program.send_signal(signal.SIGKILL)
    program.wait()
    program.stdin.close()
    program.stdout.close()


def next_start(where: Path) -> None:
    """The next start ends what was broken off."""
    keeper = Keeper(lambda moved: open_store(str(where), on_moved_aside=moved), where.parent, lambda: NO_KEYS)
    assert keeper.settle(WAIT_S)
    keeper.close(WAIT_S)


def is_all_there(found: Kept, commits: int) -> bool:
    """Whether a session holds all that was committed: its beginning, and a repetition with every commit after it."""
    (one,) = found.session.sets
    return found.state == "interrupted" and one.reps == whole()[: min(commits - 1, len(whole()))]


def kill_each(folder: Path, times: int) -> dict[str, float]:
    """So many programs, each killed after another repetition than the last: how many sessions are there, and what was
    lost beyond the repetition under way."""
    where = folder / "killed.db"
    create_store(str(where), "none").close()
    commits = [1 + i % steps() for i in range(times)]
    for number, count in enumerate(commits):
        killed(where, number, count)
    next_start(where)
    with open_store(str(where)) as store:
        found = store.kept()
        problems = upkeep.verify(store).problems
    there = {int(each.session.session_id[-12:], 16): each for each in found}
    lost = [i for i, count in enumerate(commits) if i not in there or not is_all_there(there[i], count)]
    return {
        "killed": times, "sessions found": len(found), "interrupted": sum(k.state == "interrupted" for k in found),
        "repetitions found": sum(len(k.session.sets[0].reps) for k in found), "lost more": len(lost),
        "problems of verify": len(problems),
    }  # fmt: skip
