"""What a station tells the desk of its sets, and how what the desk wants comes to the pages. All on the main thread."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from formcheck.app.loop import Page
from formcheck.app.policy import Policy
from formcheck.app.set_page import SetPage
from formcheck.app.speech import Speech
from formcheck.core.body.back import Back
from formcheck.core.body.tracked import Tracked
from formcheck.core.coach.snapshot import Snapshot
from formcheck.core.feedback.phrases import common_cues
from formcheck.core.rules.events import Cue
from formcheck.core.text import phrase
from formcheck.desk import wire
from formcheck.desk.amending import amendment_of
from formcheck.desk.identity import Address, Identity
from formcheck.desk.link import OTHER_DESK, Link
from formcheck.desk.waiting import Waiting
from formcheck.pipeline.observers import Observer, Started
from formcheck.pipeline.scribe import Scribe
from formcheck.pose import Picturelike
from formcheck.screen import Action, Caption, Hint, Intent, MessageView, View, ViewModel
from formcheck.session.session_record import SessionRecord
from formcheck.session.set import Set, Update
from formcheck.session.settings import check_overrides
from formcheck.session.wire import Entry, session_entry
from formcheck.system.errors import FormcheckError

FRAME_EVERY_S = 1 / 15 - 0.005
"""Seconds between two pictures that are told of: fifteen a second, less the unevenness of a camera."""
EVENTS_MAX = 40
"""Events of one entry."""
STATUS_EVERY_S = 2.0
AWAY_S = 2.0
"""Seconds without anybody in the picture of a set after which that is told [P]."""
LINE_S = 8.0
"""Seconds for which a line of the desk is shown: two sentences, read from the mat [P]."""
RATE_S = 2.0
"""Seconds over which the rate of the poses is taken."""
NO_SET = "No set is going on at this station."
OTHER_SET = "That set is over. Correct it in the session's record."


class Station:
    """This station's end of the desk: an observer for each set, and a policy above all pages."""

    def __init__(
        self,
        address: Address,
        speech: Callable[[], Speech],
        session_id: Callable[[], str] = str,
        *,
        identity: Identity | None = None,
        name: str = "",
        link: Link | None = None,
        is_saving: bool = False,
        is_public: bool = False,
    ) -> None:
        """Prepare it; nothing is opened before the first page.

        Args:
            address: of the desk.
            speech: the session's own sentences, while pages are led.
            session_id: of the session that goes on; empty while there is none.
            identity: the station's key; this user's, by default.
            name: what the station calls itself at the desk; never a person's name.
            link: the line; a new one by default.
            is_saving: whether what the desk has not taken may wait on this machine's disk, sealed; in memory only, by
                default.
            is_public: whether anybody may stand before it: then no key forgets the desk.

        Raises:
            IdentityError: the station's key can't be read or made.
        """
        identity = identity or Identity()
        box = Waiting(identity, address) if is_saving else None
        self.link = link or Link(address, identity, name=name, box=box)
        self.scribe = DeskScribe(self.link)
        self.session_id, self.is_public = session_id, is_public
        self.watched: Watched | None = None
        """The set that goes on, or was last."""
        self.policy = DeskPolicy(self, speech)

    def observer(self) -> Observer:
        """One for a new set."""
        self.watched = Watched(self.link)
        return self.watched

    def close(self) -> None:
        """Send what is left, shortly; then let go of the line."""
        self.link.close()


class DeskScribe(Scribe):
    """Tells the desk of the sessions: the entries that a store would be given."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self._link = link
        self._next: dict[str, int] = {}
        """How many entries each session has by now."""
        self.person = ""
        """Whose the next sessions are, where somebody came with a ticket: a pseudonym."""
        self.is_kept = True
        """Whether the desk may write down the next sessions; else it shows them only."""

    def open(self, session: SessionRecord, utc: str | None) -> bool:
        """A session begins."""
        first = session_entry(session)
        if len(json.dumps(first.body)) > wire.ENTRY_MAX:
            first = session_entry(replace(session, program=None))
        self._next[session.session_id] = 0
        self._say(session, replace(first, utc=utc), self.person)
        return True

    def put(self, session: SessionRecord, entries: Sequence[Entry]) -> None:
        """Something happened."""
        for entry in entries:
            found = entry.body["events"] if entry.kind == "events" else None
            if found is None:
                self._say(session, entry)
                continue
            for at in range(0, len(found), EVENTS_MAX):
                self._say(session, replace(entry, body={"events": found[at : at + EVENTS_MAX]}))

    def over(self, session: SessionRecord) -> None:
        """Nothing more comes of it."""
        self._next.pop(session.session_id, None)

    def _say(self, session: SessionRecord, entry: Entry, person: str = "") -> None:
        i = self._next[session.session_id]
        self._next[session.session_id] = i + 1
        self._link.keep(
            wire.EntrySaid(
                k=0, session_id=session.session_id, i=i, kind=entry.kind, set_id=entry.set_id, utc=entry.utc,  # type: ignore[arg-type]
                person=person, is_kept=self.is_kept, body=dict(entry.body),
            )
        )  # fmt: skip


class Watched(Observer):
    """One set, shown to the desk as it goes on."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._started: Started | None = None
        self._told_s = -np.inf
        self._times: deque[float] = deque()
        self._seen_s = self._t_s = np.nan

    @property
    def has_left(self) -> bool:
        """Whether nobody has been in the picture for a while."""
        return bool(self._t_s - self._seen_s > AWAY_S)

    def on_start(self, started: Started) -> None:
        """A set begins."""
        self._started = started

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """One picture: its numbers go to the desk, the picture itself never does."""
        t = self._t_s = tracked.t_s
        if tracked.pose.is_present or np.isnan(self._seen_s):
            self._seen_s = t
        self._times.append(t)
        while self._times and t - self._times[0] > RATE_S:
            self._times.popleft()
        if self._started is not None and t - self._told_s >= FRAME_EVERY_S:
            self._told_s = t
            self._link.show(frame_of(self._started.set_id, tracked, self._started.snapshot(), self._fps))

    def on_cue_played(self, cue: Cue) -> None:
        """A cue was heard."""
        if self._started is not None:
            self._link.pass_on(
                wire.CueSaid(
                    set_id=self._started.set_id, t_s=cue.t_s, name=cue.name[: wire.NAME_MAX], kind=cue.kind,
                    text=str(cue.text)[: wire.WHY_MAX],
                )
            )  # fmt: skip

    @property
    def _fps(self) -> float:
        span = self._times[-1] - self._times[0]
        return round(min((len(self._times) - 1) / span, 1000.0), 1) if span > 0 else 0.0


def frame_of(set_id: str, tracked: Tracked, seen: Snapshot, fps: float) -> wire.Frame:
    """What is told of one picture.

    Args:
        set_id: of its set.
        tracked: what was seen in it.
        seen: the set at that moment.
        fps: poses a second that reach the coach.
    """
    pose = tracked.pose
    return wire.Frame(
        set_id=set_id,
        t_s=round(pose.t_s, 3),
        made_ms=time.time_ns() // 1_000_000,
        width=pose.width,
        height=pose.height,
        xy=[wire.whole(value) for value in pose.xy_px.ravel().tolist()],
        evidence="".join(str(value) for value in pose.evidence.tolist()),
        back=_outline(tracked.back, seen),
        stage=seen.stage,
        phase=seen.phase[: wire.NAME_MAX],
        phase_text=str(seen.phase_text)[: wire.NAME_MAX],
        side=seen.side,
        reps=seen.reps,
        clean=seen.clean_reps,
        faulty=max(0, seen.reps - seen.clean_reps - seen.not_judged_reps),
        not_judged=seen.not_judged_reps,
        target=seen.target_reps,
        hold_s=wire.known(seen.hold_s, 1) or 0.0,
        hold_target_s=wire.known(seen.hold_target_s, 1) or 0.0,
        faults=[fault.name for fault in seen.faults[:6]],
        unseen=str(seen.unseen_part)[: wire.NAME_MAX],
        fps=fps,
    )


def _outline(back: Back | None, seen: Snapshot) -> wire.Outline | None:
    if back is None:
        return None
    points = back.contour_px.tolist() if back.is_known else []
    trace = seen.back_trace
    newest = trace.points[-1].deviation if trace.points else np.nan
    return wire.Outline(
        xy=[None if np.isnan(value) else wire.whole(value) for point in points for value in point],
        value=wire.known(newest),
        spread=wire.known(trace.spread),
        margin=wire.known(trace.margin) or 0.0,
        arch_limit=wire.known(trace.arch_limit) or 0.0,
        round_limit=wire.known(trace.round_limit) or 0.0,
        verdict=seen.back,
    )


class DeskPolicy(Policy):
    """Tells the desk how the station is, does what the desk wants, and shows the code of a pairing."""

    def __init__(self, station: Station, speech: Callable[[], Speech]) -> None:
        self._station, self._speech = station, speech
        self._told: wire.Status | None = None
        self._told_s = -np.inf
        self._counted: tuple[str, int] = ("", -1)
        self._counts = (0, 0, 0, 0)
        self._hurts = False
        self._line, self._line_s = "", -np.inf
        self._dismissed = ""
        self._covered: tuple[View, str, View] | None = None

    def takes(self, intent: Intent, page: Page, now: float) -> bool:
        """Enter or Esc puts the code of a pairing away, or why the desk was refused; N forgets the desk."""
        state = self._station.link.state
        if self._may_forget(page) and intent is Action.NEXT:
            self._station.link.forget()
            return True
        if not (self._shows_code(page) or self._shows_refusal(page)) or intent not in (Action.CONFIRM, Action.BACK):
            return False
        self._dismissed = state.code or state.text
        return True

    def turn(self, page: Page, now: float) -> None:
        """Do what the desk wants, and tell it how it is."""
        link = self._station.link
        link.start()
        for command in link.commands():
            link.pass_on(self._do(command, page, now))
        self._tell(page, now)

    def cover(self, view: View, page: Page, now: float) -> View:
        """The code of a pairing, or a line that the desk wants to be read."""
        state = self._station.link.state
        if self._shows_code(page):
            return MessageView(
                phrase("Type {code} at the desk.", code=f"{state.code[:3]} {state.code[3:]}"),
                "Then the desk sees your exercises as a stick figure, never a picture, and keeps the numbers.",
                is_error=False,
                hints=(Hint("Enter", "Go on without", Action.CONFIRM),),
            )
        if self._shows_refusal(page):
            forget = (Hint("N", "Forget this desk", Action.NEXT),) if self._may_forget(page) else ()
            hints = (Hint("Enter", "Go on without", Action.CONFIRM), *forget)
            return MessageView(state.text, "What you do here is not seen at the desk.", hints=hints)
        if isinstance(view, ViewModel) and self._line and now - self._line_s < LINE_S:
            if self._covered is None or self._covered[:2] != (view, self._line):
                self._covered = (view, self._line, replace(view, caption=Caption(self._line, "setup")))
            return self._covered[2]
        self._covered = None
        return view

    def _shows_code(self, page: Page) -> bool:
        code = self._station.link.state.code
        return bool(code) and code != self._dismissed and not isinstance(page, SetPage)

    def _shows_refusal(self, page: Page) -> bool:
        state = self._station.link.state
        return state.where == "refused" and state.text != self._dismissed and not isinstance(page, SetPage)

    def _may_forget(self, page: Page) -> bool:
        """Whether a key forgets the desk: where anybody may stand before the screen, only the staff's menu does."""
        is_other = self._station.link.state.text == OTHER_DESK
        return self._shows_refusal(page) and is_other and not self._station.is_public

    # -- how it is ---------------------------------------------------------------------------------------------

    def _tell(self, page: Page, now: float) -> None:
        """Tell how it is when that has changed, and every two seconds."""
        status = self._status(page)
        if status == self._told and now - self._told_s < STATUS_EVERY_S:
            return
        self._told, self._told_s = status, now
        self._station.link.tell(status)

    def _status(self, page: Page) -> wire.Status:
        session, name = self._station.session_id(), type(page).__name__.removesuffix("Page").lower()
        if not isinstance(page, SetPage):
            self._hurts |= page.outcome == "hurt"
            return wire.Status(page=name[: wire.NAME_MAX], session_id=session, hurts=self._hurts)
        current, watched = page.chain.set, self._station.watched
        stage = current.stage
        if page.outcome == "hurt":
            self._hurts = True
        elif stage == "working":
            self._hurts = False
        reps, clean, faulty, not_judged = self._count(page)
        return wire.Status(
            page="set", session_id=session, set_id=current.set_id, exercise=current.exercise.name,
            title=str(current.exercise.title)[: wire.NAME_MAX], stage=stage, is_held=current.is_held,
            reps=reps, clean=clean, faulty=faulty, not_judged=not_judged, hurts=self._hurts,
            settings=_differing(current), asked=min(current.options.target_reps or 0, 10_000),
            has_left=watched is not None and watched.has_left and stage in ("working", "waiting", "paused"),
        )  # fmt: skip

    def _count(self, page: SetPage) -> tuple[int, int, int, int]:
        record = page.chain.record
        now = (record.set_id, len(record.events))
        if now != self._counted:
            counts = record.counts
            self._counted = now
            self._counts = (counts.reps, counts.clean, counts.faulty, counts.not_judged)
        return self._counts

    # -- what the desk wants -----------------------------------------------------------------------------------

    def _do(self, command: wire.AnyCommand, page: Page, now: float) -> wire.Done:
        """Do it, or say why not."""
        try:
            if isinstance(command, wire.Steer):
                self._steer(command, page, now)
            elif isinstance(command, wire.Say):
                self._say(command, page, now)
            elif isinstance(command, wire.Amend):
                shown = _set_of(page, command.set_id)
                shown.amend(amendment_of(command, shown.chain.record))
            elif isinstance(command, wire.Dose):
                _set_of(page, command.set_id).change_dose(command.reps, by=command.by, why=command.why)
            else:
                self._change(command, page)
        except FormcheckError as error:
            return wire.Done(id=command.id, ok=False, text=error.text[: wire.WHY_MAX])
        return wire.Done(id=command.id, ok=True)

    def _steer(self, command: wire.Steer, page: Page, now: float) -> None:
        if not isinstance(page, SetPage):
            if command.to != "end":
                raise FormcheckError(NO_SET)
            page.outcome = page.outcome or "idle"
            return
        is_held = page.chain.set.is_held
        if command.to == "end":
            page.finish("stopped", "stop")
        elif command.to == "change-side":
            page.change_side()
        elif command.to in ("pause", "go-on"):
            if is_held == (command.to == "go-on"):
                page.handle(Action.PAUSE, now)
        else:
            page.handle(Action.NEXT if command.to == "next" else Action.RESTART, now)

    def _say(self, command: wire.Say, page: Page, now: float) -> None:
        if bool(command.cue) == bool(command.line):
            raise FormcheckError("Say a cue, or show a line: one of both.")
        if command.line:
            if not isinstance(page, SetPage):
                raise FormcheckError(NO_SET)
            self._line, self._line_s = command.line, now
            return
        self._say_cue(command.cue, page, now)

    def _say_cue(self, name: str, page: Page, now: float) -> None:
        exercise = page.chain.set.exercise if isinstance(page, SetPage) else None
        rule = next((rule for rule in exercise.all_faults if rule.name == name), None) if exercise else None
        if exercise is not None and rule is not None:
            cue = Cue(now, "form", f"{exercise.name}.{name}", rule.cue, is_urgent=True)
            self._speech().offer(cue)
        elif name in common_cues():
            self._speech().plan(name)
        else:
            raise FormcheckError("There is no such cue in this exercise.")

    def _change(self, command: wire.Threshold, page: Page) -> None:
        shown = _set_of(page, command.set_id)
        values = {command.setting: command.value}
        check_overrides(shown.chain.set.exercise, values, where="The desk's change")
        shown.change_settings(values, by=command.by, why=command.why)


def _differing(current: Set) -> dict[str, float]:
    """The settings that are in force and differ from the exercise's defaults."""
    values = current.coach.settings
    return {
        each.name: round(values[each.name], 6)
        for each in current.exercise.all_settings
        if each.name in values and values[each.name] != each.value
    }


def _set_of(page: Page, set_id: str) -> SetPage:
    """The set that is meant, if it goes on.

    Raises:
        FormcheckError: it does not.
    """
    if not isinstance(page, SetPage):
        raise FormcheckError(NO_SET)
    if page.chain.set.set_id != set_id or page.chain.is_finished:
        raise FormcheckError(OTHER_SET)
    return page
