"""A kiosk's process with a visitor of a clinic's day before it: everything real but the camera and the clock.

    python -m tests.kiosk.day_worker FOLDER SEED WHAT CONFIG [--plain]

FOLDER/next holds the number of the next visitor. What each has seen and what came of it is written to FOLDER.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from formcheck.app.app import App, AppOptions
from formcheck.app.languages import Languages
from formcheck.kiosk.carried import Carried
from formcheck.kiosk.company import Company
from formcheck.kiosk.config import KioskConfig
from formcheck.kiosk.policy import KioskPolicy, Watching
from formcheck.kiosk.visit import Visit
from formcheck.kiosk.worker import leave, work
from formcheck.pipeline.live import Machine
from formcheck.screen import Look, SoundState, View, Window
from formcheck.session.registry import load_exercises
from tests.kiosk.day import Visitor, is_before_session, visitors_of
from tests.kiosk.people import Foyer, Passers, away, chained, timed
from tests.kiosk.visits import name_of
from tests.replay import BEGAN, Clock

DRAWN = 20
"""Of the pictures of a set one in so many is drawn."""
LONGEST_S = 1500.0


def main() -> None:
    folder, seed, what = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    config = Path(sys.argv[4])
    code = (folder / "code").read_text("ascii")

    def build(
        config: KioskConfig, tell: Callable[[str], None], must_leave: Callable[[], bool], carried: Carried
    ) -> Visit:
        return Before(folder, visitors_of(seed, what, code)).build(config, tell, must_leave, carried)

    leave(work(config, is_plain="--plain" in sys.argv, build=build))


class Before:
    """The visitors that come until one has been greeted."""

    def __init__(self, folder: Path, visitors: list[Visitor]) -> None:
        self.folder = folder
        self.at = int((folder / "next").read_text("ascii"))
        waiting = visitors[self.at :]
        self.number = next((self.at + i for i, each in enumerate(waiting) if each.wakes), len(visitors))
        self.here = visitors[self.at : self.number + 1]
        self.visitor = self.here[-1] if self.number < len(visitors) else None
        self.labels: set[str] = set()
        self.all_labels: set[str] = set()
        self.pages: list[str] = []
        self.woken_s = 0.0
        self.is_over = False

    def build(self, config, tell, must_leave, carried) -> Visit:
        steps = timed(chained(*(each.steps for each in self.here), away(400)))
        clock = Clock()
        feed = Foyer(steps, clock)
        if self.visitor is not None:
            self.visitor.prepare(feed)
        numbers = itertools.count(1)
        machine = Machine(
            clock=clock, sleep=clock.sleep, new_id=lambda: f"00000000-0000-7000-8000-{next(numbers):012d}",
            today=lambda: BEGAN, open_feed=lambda *_: feed,
        )  # fmt: skip
        company = Company(clock, Passers(steps))
        policy = KioskPolicy(company, config.times, is_locked=must_leave, tell=tell)
        registry = load_exercises()
        app = App(
            AppOptions(source="0", tells_steps=False), registry, machine, observers=lambda: [Watching(company)],
            languages=Languages(chosen=carried.language or config.language),
        )  # fmt: skip
        visit = Visit(app, config, registry, machine, company, policy, lambda: feed, carried=carried)

        def woken() -> None:
            self.woken_s = clock.now_s
            (self.folder / "next").write_text(str(self.number + 1), encoding="ascii")
            tell("woken")

        visit.woken = woken
        visit.closing = lambda: self.write(visit, clock)
        watch(lambda now_s, view, window: self.see(now_s, view, window))
        return visit

    def see(self, now_s: float, view: View, window: Window) -> None:
        """One picture on the screen, until the visit is over."""
        if self.is_over:
            return
        if self.woken_s and now_s - self.woken_s > LONGEST_S:
            raise RuntimeError(f"stuck at {name_of(view)}")
        texts = {label.text for label in window.labels}
        self.all_labels |= texts
        if is_before_session(view):
            self.labels |= texts
        if not self.pages or self.pages[-1] != name_of(view):
            self.pages.append(name_of(view))
        if self.visitor is not None and self.woken_s:
            self.visitor.fingers(now_s - self.woken_s, view)

    def write(self, visit: Visit, clock: Clock) -> None:
        """What came of it."""
        self.is_over = True
        if self.visitor is None or not self.woken_s:
            return
        session = visit.app.session
        sets = [{"reps": s.counts.reps, "outcome": s.outcome} for s in session.sets] if session else []
        about = {
            "kind": self.visitor.kind, "end": visit.policy.end, "sets": sets, "pages": self.pages,
            "labels": sorted(self.labels), "all": sorted(self.all_labels), "length_s": clock.now_s - self.woken_s,
            "secrets": self.visitor.secrets, "pid": os.getpid(), "reps": self.visitor.reps, "most": self.visitor.most,
            "ends": self.visitor.ends,
        }  # fmt: skip
        (self.folder / f"visit-{self.number}.json").write_text(json.dumps(about), encoding="utf-8")


def watch(see: Callable[[float, View, Window], None]) -> None:
    """Look at the window of this process, and draw only some of a set's pictures: nobody looks at the others."""
    shows, pictures = Window.show, [0]

    def show(
        self: Window, view: View, sound: SoundState | None = None, now_s: float = 0.0, look: Look | None = None
    ) -> None:
        is_set = name_of(view) == "ViewModel"
        pictures[0] = pictures[0] + 1 if is_set else 0
        if not is_set or pictures[0] % DRAWN == 1:
            shows(self, view, sound, now_s, look)
        else:
            self._view = view
        see(now_s, view, self)

    Window.show = show  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
