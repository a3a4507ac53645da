"""Runs a clinic's day: the real supervisor, with real processes that have visitors before them."""

from __future__ import annotations

import json
import os
import random
import select
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from formcheck.kiosk.desk import keep_ticket, make_ticket, new_key, public_text, read_key
from formcheck.kiosk.supervisor import Kiosk, spawner
from formcheck.session.registry import load_exercises
from tests.replay import BEGAN

ROOT = Path(__file__).parent.parent.parent
PSEUDONYM = "0123456789abcdef0123456789abcdef"
PROGRAM = """
title = "Private plan of somebody"
[[exercise]]
name = "glute-bridge"
reps = 3
sets = 1
"""


@dataclass(slots=True)
class Day:
    """What is known of a day when it is over."""

    visits: list[dict] = field(default_factory=list)
    killed: list[float] = field(default_factory=list)
    """Seconds from each kill until a page was on the screen again."""
    gaps: list[float] = field(default_factory=list)
    """Seconds without a page on the screen, at each change of processes."""
    rss_kb: list[int] = field(default_factory=list)
    """Memory of the supervisor, at each visit."""
    notes: list[str] = field(default_factory=list)
    log: str = ""


def prepare(folder: Path, home: Path) -> tuple[Path, dict[str, str], str]:
    """A clinic's file, a desk's ticket, and an environment of their own."""
    tickets = folder / "tickets"
    tickets.mkdir()
    key_path = folder / "desk.key"
    new_key(key_path)
    key = read_key(key_path)
    program = folder / "plan.toml"
    program.write_text(PROGRAM, encoding="utf-8")
    made = make_ticket(str(program), key, load_exercises(), BEGAN.date(), person=PSEUDONYM, folder=tickets)
    keep_ticket(made, tickets)
    config = folder / "kiosk.toml"
    config.write_text(
        f'[clinic]\nname = "Practice Example"\n[tickets]\nkey = "{public_text(key)}"\nfolder = "{tickets}"\n',
        encoding="utf-8",
    )
    (folder / "code").write_text(made.ticket.code, encoding="ascii")
    (folder / "next").write_text("0", encoding="ascii")
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "HOME": str(home), "TMPDIR": str(home / "tmp"),
        "XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "data"),
    }  # fmt: skip
    environment.setdefault("SDL_VIDEODRIVER", "dummy")
    environment.setdefault("SDL_AUDIODRIVER", "dummy")
    return config, environment, made.ticket.code


def run_day(
    folder: Path,
    home: Path,
    *,
    seed: int,
    count: int,
    kills: int = 0,
    limit_s: float = 3600.0,
    said: Callable[[str], None] = lambda _: None,
) -> Day:
    """Let so many visitors come, and kill whatever is on the screen so many times at random."""
    config, environment, _ = prepare(folder, home)
    rng = random.Random(seed)
    day = Day()
    command = [sys.executable, "-m", "tests.kiosk.day_worker", str(folder), str(seed), str(count), str(config)]
    kiosk = Kiosk(spawner(command, environment), day.notes.append)
    end_s = time.monotonic() + limit_s
    kill_at_s, gone_s, shown = (time.monotonic() + 8.0 if kills else end_s), None, -1
    try:
        while time.monotonic() < end_s and (len(day.visits) < _awake(folder, seed, count) or len(day.killed) < kills):
            now = time.monotonic()
            kiosk.turn(now)
            select.select(kiosk.ends(), [], [], 0.02)
            front = kiosk.front
            is_shown = front is not None and front.shown_s < float("inf") and not front.is_dead
            if is_shown and front.process.pid != shown:
                shown = front.process.pid
                if gone_s is not None:
                    day.killed.append(time.monotonic() - gone_s)
                    gone_s = None
            if is_shown and now >= kill_at_s and len(day.killed) < kills and gone_s is None:
                front.process.kill()
                gone_s, kill_at_s = time.monotonic(), now + rng.uniform(5.5, 9.0)
            _collect(folder, day, said)
    finally:
        kiosk.close()
    return day


def _awake(folder: Path, seed: int, count: int) -> int:
    from tests.kiosk.day import forty

    return sum(each.wakes for each in forty(seed, count, (folder / "code").read_text("ascii")))


def _collect(folder: Path, day: Day, said: Callable[[str], None]) -> None:
    known = {visit["file"] for visit in day.visits}
    for path in sorted(folder.glob("visit-*.json")):
        if path.name not in known:
            try:
                about = json.loads(path.read_text("utf-8"))
            except ValueError:
                continue  # it is being written
            day.visits.append({**about, "file": path.name})
            day.rss_kb.append(_rss_kb(os.getpid()))
            said(f"{path.stem}: {about['kind']}, {about['sets']}, {about['end'] or 'done'}, {about['length_s']:.0f} s")


def _rss_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
