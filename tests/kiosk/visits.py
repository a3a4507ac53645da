"""A whole visit through the real pages, policy and session, on streams of joints, in no time."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from formcheck.app.app import App, AppOptions
from formcheck.app.languages import Languages
from formcheck.app.policy import Policy
from formcheck.kiosk.carried import Carried
from formcheck.kiosk.company import Company
from formcheck.kiosk.config import KioskConfig
from formcheck.kiosk.policy import KioskPolicy, Watching
from formcheck.kiosk.visit import Visit
from formcheck.pipeline.diary import Diary
from formcheck.pipeline.live import Machine
from formcheck.pipeline.scribe import Scribe
from formcheck.screen import View
from formcheck.session.registry import load_exercises
from formcheck.system.checks import Check
from formcheck.voice import Voice
from tests.kiosk.people import Foyer, Passers, timed
from tests.replay import BEGAN, Clock, Log, LoggedWindow, Speaker, Step

LONGEST_S = 900.0
"""A visit that is not over by then is stuck."""


@dataclass(slots=True)
class Seen:
    """What happened in a visit."""

    visit: Visit
    log: Log
    feed: Foyer
    told: list[tuple[float, str]] = field(default_factory=list)

    @property
    def pages(self) -> list[str]:
        """What was shown, one after the other: kinds of views, and the questions of those that ask."""
        names = [name_of(view) for _, view in self.log.shown]
        return [name for name, _ in itertools.groupby(names)]

    @property
    def clips(self) -> list[str]:
        """What was heard, in order."""
        return [clip for _, clip in self.log.clips]

    def when(self, name: str) -> float:
        """When a page was first shown."""
        return next(t for t, view in self.log.shown if name_of(view) == name)


def name_of(view: View) -> str:
    """A page's kind, with its question if it has one."""
    question = getattr(view, "question", "") or getattr(getattr(view, "choice", None), "question", "")
    return f"{type(view).__name__} {question}".strip()


def sleeping(clock: Clock) -> Callable[[float], None]:
    """Waits as the clock does, and a little for other threads too."""

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        time.sleep(0.001)

    return sleep


def visit(
    steps: Sequence[Step],
    config: KioskConfig | None = None,
    *,
    on_view: Callable[[float, View], None] = lambda *_: None,
    is_locked: Callable[[], bool] = lambda: False,
    prepare: Callable[[Foyer], None] = lambda _: None,
    carried: Carried | None = None,
    has_sound: Callable[[], bool] = lambda: True,
    volume: Callable[[float | None], float] = lambda _: 1.0,
    checks: Callable[[], Sequence[Check]] = tuple,
    picture: NDArray[np.uint8] | None = None,
    real_sleep: bool = False,
    open_diary: Callable[[str], Diary] | None = None,
    longest_s: float = LONGEST_S,
    drawn: int = 30,
    desk: Policy | None = None,
    tell_whose: Callable[[str, bool], None] = lambda _person, _is_kept: None,
    scribes: Sequence[Scribe] = (),
) -> Seen:
    """Lead one visit until it is over; a `desk` is what goes on above all pages where one watches."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    config = config or KioskConfig()
    stream = timed(steps)
    clock = Clock()
    log = Log(clock)
    feed = Foyer(stream, clock, picture)
    prepare(feed)
    numbers = itertools.count(1)
    sleep = sleeping(clock) if real_sleep else clock.sleep
    machine = Machine(
        clock=clock, sleep=sleep, new_id=lambda: f"00000000-0000-7000-8000-{next(numbers):012d}",
        today=lambda: BEGAN, open_feed=lambda *_: feed,
    )  # fmt: skip
    company = Company(clock, Passers(stream))
    told: list[tuple[float, str]] = []

    def tell(word: str) -> None:
        if word != "drawn":
            told.append((clock.now_s, word))

    policy = KioskPolicy(company, config.times, is_locked=is_locked, tell=tell)
    registry = load_exercises()
    app = App(
        AppOptions(source="0", tells_steps=False), registry, machine, observers=lambda: [Watching(company)],
        languages=Languages(chosen=config.language),
    )  # fmt: skip
    led = Visit(app, config, registry, machine, company, policy, lambda: feed, carried=carried or Carried())
    led.tell_whose = tell_whose
    for scribe in scribes:
        app.tell(scribe)
    led.desk = desk
    led.woken, led.printing = lambda: tell("woken"), lambda: tell("printing")
    if open_diary is not None:
        led.open_diary = open_diary
    led.has_sound, led.volume, led.checks = has_sound, volume, checks

    def watch(now_s: float, view: View) -> None:
        assert now_s < longest_s, f"stuck at {name_of(view)}"
        on_view(now_s, view)

    with LoggedWindow(log, watch, drawn) as shown:
        try:
            app.lead(
                shown,
                Voice(Speaker(log), lambda clip: 0.6 if clip.startswith("number.") else 1.2),
                script=lambda: led,
                policy=led.rules,
            )
        finally:
            led.close()
    return Seen(led, log, feed, told)
