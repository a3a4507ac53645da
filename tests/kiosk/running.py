"""Runs a clinic's day: the real supervisor, with real processes that have visitors before them."""

from __future__ import annotations

import json
import math
import os
import random
import select
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formcheck.kiosk.desk import keep_ticket, make_ticket, new_key, public_text, read_key
from formcheck.kiosk.supervisor import Kiosk, spawner
from formcheck.session.registry import load_exercises
from tests.kiosk.day import Visitor, visitors_of
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

    visits: list[dict[str, Any]] = field(default_factory=list)
    killed: list[float] = field(default_factory=list)
    """Seconds from each kill until a page was on the screen again."""
    lost: set[int] = field(default_factory=set)
    """Visitors whose process was killed."""
    rss_kb: list[int] = field(default_factory=list)
    """Memory of the supervisor, at each visit."""
    notes: list[str] = field(default_factory=list)
    """What systemd would have been told."""


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
    what: str,
    *,
    seed: int = 1,
    kills: int = 0,
    limit_s: float = 3600.0,
    said: Callable[[str], None] = lambda _: None,
) -> Day:
    """Let visitors come, and kill whatever is on the screen so many times at random.

    Args:
        folder: for what the processes write down.
        home: their home, temporary folder and data folder.
        what: who comes (`visitors_of`).
        seed: of what is drawn.
        kills: how often.
        limit_s: the day is over then, come what may.
        said: told of each visit.
    """
    config, environment, code = prepare(folder, home)
    everybody = visitors_of(seed, what, code)
    rng, day = random.Random(seed), Day()
    command = [sys.executable, "-m", "tests.kiosk.day_worker", str(folder), str(seed), what, str(config)]
    kiosk = Kiosk(spawner(command, environment), day.notes.append)
    end_s = time.monotonic() + limit_s
    kill_at_s, gone_s, shown = time.monotonic() + 8.0, math.inf, -1
    try:
        while time.monotonic() < end_s and not _is_over(day, everybody, kills):
            now = time.monotonic()
            kiosk.turn(now)
            select.select(kiosk.ends(), [], [], 0.02)
            _collect(folder, day, said)
            front = kiosk.front
            if front is None or math.isinf(front.shown_s) or front.is_dead:
                continue
            if front.process.pid != shown and not math.isinf(gone_s):
                day.killed.append(time.monotonic() - gone_s)
                gone_s = math.inf
            shown = front.process.pid
            if now >= kill_at_s and len(day.killed) < kills and math.isinf(gone_s):
                day.lost |= _under_way(folder)
                front.process.kill()
                gone_s, kill_at_s = time.monotonic(), now + rng.uniform(5.5, 9.0)
    finally:
        kiosk.close()
    return day


def _is_over(day: Day, everybody: list[Visitor], kills: int) -> bool:
    """Whether all have been there, and all was killed that was to be."""
    waking = {i for i, each in enumerate(everybody) if each.wakes}
    return waking <= {visit["number"] for visit in day.visits} | day.lost and len(day.killed) >= kills


def _under_way(folder: Path) -> set[int]:
    """Who is before the kiosk now."""
    newest = int((folder / "next").read_text("ascii")) - 1
    return set() if newest < 0 or (folder / f"visit-{newest}.json").exists() else {newest}


def _collect(folder: Path, day: Day, said: Callable[[str], None]) -> None:
    known = {visit["file"] for visit in day.visits}
    for path in sorted(folder.glob("visit-*.json")):
        if path.name not in known:
            try:
                about = json.loads(path.read_text("utf-8"))
            except ValueError:
                continue  # it is being written
            day.visits.append({**about, "file": path.name, "number": int(path.stem.split("-")[1])})
            day.rss_kb.append(_rss_kb(os.getpid()))
            said(f"{path.stem}: {about['kind']}, {about['sets']}, {about['end'] or 'done'}, {about['length_s']:.0f} s")


def _rss_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
