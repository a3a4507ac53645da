"""What a kiosk does above all pages: keeps keys locked, lets answers be pointed to, asks who is still there, pauses a
set that nobody does, and ends the visit of somebody who has gone or was replaced."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from formcheck.app import options
from formcheck.app.loop import Page
from formcheck.app.pages.language import LanguagePage
from formcheck.app.pages.question import ChoicePage, ConfirmPage, ScalePage
from formcheck.app.policy import Policy
from formcheck.app.set_page import SetPage
from formcheck.app.speech import Speech
from formcheck.core.body.tracked import Tracked
from formcheck.core.feedback.phrases import KIOSK
from formcheck.core.rules.events import Cue
from formcheck.kiosk.company import Company, WatchingFeed
from formcheck.kiosk.config import Times
from formcheck.kiosk.pages import AttractPage, KeypadPage, LargeChoice
from formcheck.kiosk.staff import StaffPage
from formcheck.pipeline.observers import Observer
from formcheck.pose import Picturelike
from formcheck.screen import (
    KIOSK_HELP_KEYS,
    Action,
    ChoiceView,
    Choose,
    ConsentView,
    HelpView,
    Hint,
    Intent,
    OptionsView,
    SafetyView,
    StillThereView,
    View,
)
from formcheck.session.set import Update

LOCKED = frozenset({
    Action.QUIT, Action.FULLSCREEN, Action.DEBUG, Action.REMEMBER, Action.PROGRESS, Action.CAMERA, Action.LISTEN,
    Action.LANGUAGE, Action.SAFETY, Action.ACCEPT,
})  # fmt: skip
"""What nobody can ask for in a kiosk."""
LABELS = {"Menu": "End"}
"""Words of hints that are not true in a kiosk, and those in their place: there is no menu to go back to."""
POINTED_MAX = 3
"""Answers that can be pointed to."""
LONGEST_S = 300.0
"""Seconds after which it is asked even of somebody who stands there: a poster, or a chair with a coat [P]."""
COUNTED_S = 10
"""The last seconds, which are said."""
UNSEEN_S = 4.0
"""Seconds for which a camera may be gone while somebody chooses: a cable that was touched [P]."""
HERE_S = 0.6
"""Seconds for which somebody must be seen to be there again."""


class Watching(Observer):
    """Tells the company who is seen in a set."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """One picture."""
        self._company.note(tracked)


class KioskPolicy(Policy):
    """The rules of a visit. `end` says why it is over, empty while it is not."""

    def __init__(
        self,
        company: Company,
        times: Times,
        *,
        is_locked: Callable[[], bool] = lambda: False,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """A visit begins.

        Args:
            company: who is there.
            times: how long it is waited.
            is_locked: whether the supervisor wants this process to end.
            tell: told `drawn` of each picture on the screen.
        """
        self.end = ""
        self.feed: WatchingFeed | None = None
        """The camera, from the greeting on."""
        self.needs_camera = True
        """Whether the visit is over when the camera goes; in a session its own pages say so."""
        self.speech: Speech | None = None
        self._company, self._times = company, times
        self._is_locked, self._tell = is_locked, tell
        self._page: Page | None = None
        self._began_s = self._acted_s = 0.0
        self._view: ChoiceView | None = None
        self._marked: int | None = None
        self._until_s = math.inf
        """When the visit is over unless somebody gives a sign of life; infinite while it isn't asked."""
        self._asked_s = math.inf
        self._counted = 0
        self._is_paused = False
        self._is_seen = False
        """Whether it is asked although somebody is seen: a poster, or a coat on a chair, does not move."""
        self._is_covered = False
        """Whether options stand over a page, which stands still as long."""
        self._unseen_s = math.inf
        self._stage, self._staged_s = "", 0.0
        """How far a set is, and since when."""

    # -- what the loop tells -----------------------------------------------------------------------------------

    def takes(self, intent: Intent, page: Page, now: float) -> bool:
        """Lock keys; a key while it is asked is a sign of life; mark and take answers."""
        self._acted_s = now
        if intent is Action.STAFF:
            self._finish(page, "staff")
            return True
        if self._is_asking:
            self._stop_asking(now)
            return True
        if isinstance(page, AttractPage) and intent is not Action.QUIT:
            page.handle(intent, now)  # no key means more than "here I am": options or help would stay for good
            return True
        return intent in LOCKED or self._marks(intent, page, now)

    def turn(self, page: Page, now: float) -> None:
        """See who is there, and whether it is waited for too long."""
        if page is not self._page:
            self._begin(page, now)
        if self._is_locked():
            self._finish(page, "asked")
        if isinstance(page, AttractPage) or page.outcome:
            return
        if not isinstance(page, SetPage) and self.feed is not None:
            self._point(page, now)
        if self._company.is_exchanged and self.feed is not None:
            self._finish(page, "exchanged")
        elif self._is_unseen(now):
            self._finish(page, "camera")
        elif isinstance(page, SetPage) and not self._is_covered:
            self._see_set(page, now)
        else:
            self._see_page(page, now)

    def cover(self, view: View, page: Page, now: float) -> View:
        """The question whether somebody is there; else the page, with what can be pointed to, and without keys that
        do nothing."""
        if self._is_asking:
            return StillThereView(max(0, math.ceil(self._until_s - now)))
        view = self._pointed(view) if self.feed is not None else view
        self._is_covered = isinstance(view, OptionsView) and not isinstance(page, StaffPage)
        if isinstance(view, HelpView):
            return replace(view, keys=KIOSK_HELP_KEYS)
        if isinstance(view, OptionsView):
            rows = tuple(row for row in view.switches if row.name not in (options.FULLSCREEN, options.CAMERA))
            view = replace(view, switches=rows)
        hints = getattr(view, "hints", ())
        left = tuple(_told(hint) for hint in hints if hint.action not in LOCKED)
        return view if left == hints or isinstance(view, ConsentView) else replace(view, hints=left)

    def drawn(self, now: float) -> None:
        """A picture is on the screen."""
        self._tell("drawn")

    # -- pointing ----------------------------------------------------------------------------------------------

    def _begin(self, page: Page, now: float) -> None:
        self._page, self._began_s, self._acted_s = page, now, now
        self._view, self._marked = None, None
        self._stop_asking(now)
        self._is_paused = self._is_covered = False
        self._company.offer(0)

    def _pointed(self, view: View) -> View:
        choice = view if isinstance(view, ChoiceView) else getattr(view, "choice", None)
        if not isinstance(choice, ChoiceView) or len(choice.options) > POINTED_MAX:
            self._view = None
            return view
        if self._view is None or self._view.options != choice.options:
            self._company.offer(len(choice.options))
        self._view = choice
        note = choice.note or KIOSK["kiosk.point"]
        hints = () if isinstance(self._page, LanguagePage) else choice.hints
        shown = replace(
            choice, note=note, hints=hints, is_pointed=True, marked=self._marked, forming=self._company.forming
        )
        if isinstance(view, ConsentView):
            return ConsentView(shown, view.lines, view.image)
        return replace(view, choice=shown) if isinstance(view, SafetyView) else shown

    def _point(self, page: Page, now: float) -> None:
        assert self.feed is not None
        chosen = self._company.follow(self.feed)
        if chosen is not None and self._view is not None and not self._is_asking:
            self._acted_s = now
            page.handle(Choose(self._view.options[chosen].name), now)

    def _marks(self, intent: Intent, page: Page, now: float) -> bool:
        """The arrows mark an answer, Enter takes it."""
        if self._view is None or not isinstance(page, ChoicePage):
            return False
        count = len(self._view.options)
        if intent in (Action.LEFT, Action.RIGHT):
            step = 1 if intent is Action.RIGHT else -1
            first = 0 if step > 0 else count - 1
            self._marked = first if self._marked is None else (self._marked + step) % count
            return True
        if intent is Action.CONFIRM and self._marked is not None:
            page.handle(Choose(self._view.options[self._marked].name), now)
            return True
        return False

    # -- who is there ------------------------------------------------------------------------------------------

    def _is_unseen(self, now: float) -> bool:
        """Whether the camera has been gone for long before anything was begun: the attract page says so."""
        if self.feed is None or not self.needs_camera or self.feed.state.status in ("live", "opening"):
            self._unseen_s = math.inf
            return False
        self._unseen_s = min(self._unseen_s, now)
        return now - self._unseen_s >= UNSEEN_S

    @property
    def _is_asking(self) -> bool:
        return not math.isinf(self._until_s)

    def _see_page(self, page: Page, now: float) -> None:
        """A page that nobody answers."""
        limit_s = self._limit_s(page)
        if limit_s is None:
            return
        if self._is_asking:
            if self._is_here:
                self._stop_asking(now)
                return
            self._count(page, now)
        elif now - max(self._acted_s, self._company.seen_s) > limit_s:
            self._ask(now, now + self._times.still_there_s)
        elif now - self._acted_s > LONGEST_S:
            self._ask(now, now + self._times.still_there_s, is_seen=True)

    @property
    def _is_here(self) -> bool:
        """Whether there was a sign of life since it was asked: somebody has come, or what was seen all along moves."""
        company = self._company
        return (company.moved_s if self._is_seen else company.seen_s - HERE_S) > self._asked_s

    def _limit_s(self, page: Page) -> float | None:
        """Seconds for which a page may wait; None for one that goes on by itself."""
        if isinstance(page, (LargeChoice, LanguagePage, KeypadPage)) or self._is_covered:
            return self._times.answer_s
        if isinstance(page, (ChoicePage, ScalePage, ConfirmPage)):
            return None
        return self._times.report_s

    def _see_set(self, page: SetPage, now: float) -> None:
        """A set that nobody does: paused, then asked, then over."""
        current, times = page.chain.set, self._times
        if current.stage != self._stage:
            self._stage, self._staged_s = current.stage, now
        if current.stage in ("countdown", "done"):
            self._began_s = now
            return
        away_s = now - max(self._company.seen_s, self._began_s, self._acted_s)
        if away_s < HERE_S:
            self._see_doer(page, now)
            return
        if away_s >= times.away_pause_s and current.stage == "working" and not current.is_held:
            self._is_paused = True
            page.handle(Action.PAUSE, now)
            self._say("kiosk.away")
        if self._is_asking:
            self._count(page, now)
        elif away_s >= times.away_ask_s:
            self._ask(now, now + max(times.away_end_s - away_s, times.still_there_s))

    def _see_doer(self, page: SetPage, now: float) -> None:
        """Somebody is seen in a set: what was paused goes on; who never begins is asked."""
        current = page.chain.set
        is_working = current.stage == "working"
        if self._is_asking and (not self._is_seen or self._is_here or is_working):
            self._stop_asking(now)
        elif self._is_asking:
            self._count(page, now)
        elif not is_working and now - max(self._staged_s, self._acted_s) > LONGEST_S:
            self._ask(now, now + self._times.still_there_s, is_seen=True)
        if self._is_paused and current.is_held:
            page.handle(Action.PAUSE, now)
        self._is_paused = False

    def _ask(self, now: float, until_s: float, *, is_seen: bool = False) -> None:
        self._is_seen = is_seen
        self._asked_s, self._until_s, self._counted = now, until_s, COUNTED_S + 1
        if self.speech is not None:
            self.speech.drop()
        self._say("kiosk.still-there")

    def _count(self, page: Page, now: float) -> None:
        """Count the last seconds aloud; then the visit is over."""
        left = math.ceil(self._until_s - now)
        if left <= 0:
            self._finish(page, "gone")
        elif left < self._counted and left <= COUNTED_S:
            self._counted = left
            if self.speech is not None:
                self.speech.offer(Cue(now, "count", f"count.{left}", str(left)))

    def _stop_asking(self, now: float) -> None:
        if self._is_asking and self.speech is not None:
            self.speech.cut()
        self._asked_s = self._until_s = math.inf
        self._acted_s = now

    def _say(self, name: str) -> None:
        if self.speech is not None:
            self.speech.plan(name)

    def _finish(self, page: Page, why: str) -> None:
        self.end = self.end or why
        page.outcome = page.outcome or "idle"
        if self.speech is not None:
            self.speech.cut()


def _told(hint: Hint) -> Hint:
    """A hint in words that are true here."""
    return replace(hint, label=LABELS.get(hint.label, hint.label))
