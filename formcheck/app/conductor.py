"""Leads through a session: builds the page of each state of the flow, and gives the flow what the page was left for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from formcheck.app import words
from formcheck.app.announcements import Announced, announced
from formcheck.app.loop import Page
from formcheck.app.pages.camera import CameraPage
from formcheck.app.pages.page import StillPage
from formcheck.app.pages.question import ChoicePage, ConfirmPage, ScalePage
from formcheck.app.pages.replay import ReplayPage
from formcheck.app.remembering import Reading
from formcheck.app.report import report_of, spoken_report, summary_of
from formcheck.app.retrospect import Retrospect
from formcheck.app.set_page import Plan, SetPage
from formcheck.app.speech import Speech
from formcheck.core.feedback.fading import Fading, spoken_in
from formcheck.core.rules.setting import Settings
from formcheck.pipeline.diary import Diary
from formcheck.pipeline.live import Feed, Machine
from formcheck.pipeline.moments import Moments
from formcheck.pipeline.observers import Observer
from formcheck.pipeline.scribe import Scribe
from formcheck.screen import Action, ChoiceView, Hint, MessageView, SafetyView
from formcheck.session.document import Kept, SessionDocument
from formcheck.session.flow import Flow, Outcome, Row, State
from formcheck.session.progress import times_done
from formcheck.session.record import BreakOff
from formcheck.session.replay import SetReplay
from formcheck.session.session_record import SessionRecord, pain_band
from formcheck.session.set import GET_READY_S
from formcheck.system.errors import SourceError
from formcheck.system.wishes import Wishing

QUESTIONS = (
    "memory.ask", "memory.ask-plain", "session.pain", "session.effort", "session.why", "session.end-set",
    "pain.rest-today",
    *(f"count.{n}" for n in range(11)),
)  # fmt: skip
"""What is asked aloud, and the numbers that answer; once a question is answered none of it is said any more."""
PAST_S = 2.0
"""Longest wait for what is remembered, when it is needed: it has been read since the session began. Without it all cues
are spoken, and nothing is proposed."""
REPLAYS_MAX = 12
"""Sets of a session that can be watched again: a few megabytes each at most."""
GENTLE_READY_S = 20.0
"""Seconds to get to the floor in a gentle session: twice the usual ones, by way of a chair [P]."""
EFFORT_S = 8.0
"""Seconds for which the effort is asked for; whoever does nothing has skipped it, and the rest goes on [P]."""


@dataclass(slots=True)
class Setting:
    """What a session is led with."""

    machine: Machine
    speech: Speech
    open_feed: Callable[[], Feed]
    retrospect: Retrospect
    diary: Diary
    scribes: Sequence[Scribe] = ()
    """Who else is told of the sessions, entry by entry."""
    observers: Callable[[], list[Observer]] = list
    """Makes further observers for each set."""
    wishing: Wishing = field(default_factory=Wishing)
    tells_steps: bool = True
    """Whether the steps of an exercise are told at its first time."""
    hastens: bool = False
    """Whether the first countdown is cut short for somebody who is in the start position when all was told."""
    is_safety_read: bool = False
    """Whether the safety page was confirmed in this window already."""
    failures: list[str] = field(default_factory=list)
    """Sentences of observers that had to be dropped."""


class Conductor:
    """One session: a whole program, or one exercise. A script for the loop."""

    def __init__(self, setting: Setting, table: Sequence[Row], plans: Sequence[Plan], session: SessionRecord) -> None:
        self.session = session
        """The record; it grows while the session goes on, and is whole at any moment."""
        self.error: SourceError | None = None
        """What was wrong with the camera, when the session ended without one."""
        self.feed: Feed | None = None
        self.set_page: SetPage | None = None
        self._setting = setting
        self._flow = Flow(table)
        self._is_program = any(state == "report" for state, _, _ in table)
        self._plans = list(plans)
        self._at = 0
        self._rested_from_s = 0.0
        self._camera_page: CameraPage | None = None
        self._past: Reading[tuple[Kept, ...]] | None = None
        self._moments: list[Moments] = []
        self._fadings: dict[str, Fading] = {}
        self._told: set[str] = set()
        """Exercises whose steps were told."""
        self._is_reported = False
        self._proposed_after = 0
        """Sets that were done when something was last proposed."""
        self._makers: dict[State, Callable[[], Page | None]] = {
            "camera": self._camera,
            "safety": self._safety,
            "remember": self._remember,
            "remember-plain": self._remember_plain,
            "pain-before": self._pain,
            "rest-today": self._rest_today,
            "set": self._set,
            "leave-set": self._leave_set,
            "effort": self._effort,
            "hurt": self._hurt,
            "why": self._why,
            "pain-after": self._pain,
            "message": self._message,
            "summary": self._summary,
            "report": self._report,
            "replay": self._replay,
            "progress": self._progress,
            "end": lambda: None,
        }

    # -- the script --------------------------------------------------------------------------------------------

    def first(self) -> Page | None:
        """The first page."""
        self._past = Reading(self._setting.retrospect.past, ())
        return self._makers[self._flow.state]()

    def after(self, page: Page) -> Page | None:
        """The page that follows; None when the session is over."""
        self._setting.speech.drop(*QUESTIONS)
        self._note(page)
        for scribe in (self._setting.diary, *self._setting.scribes):
            scribe.note(self.session, self._utc())
        following = self._follow(cast("Outcome", page.outcome))
        if following is None:
            self.close()
        return following

    def close(self) -> None:
        """End whatever goes on: a set under way is recorded as interrupted, the camera is released."""
        if self.set_page is not None:
            self.set_page.chain.finish("interrupted")
            self._setting.failures += [failure.text for failure in self.set_page.chain.observers.failures]
            self.set_page = None
        self.session.end(self._utc())
        if self._camera_page is not None and self.feed is None:
            self.error = self._camera_page.error
        if self.feed is not None:
            self.session.note_camera(self.feed.about())
        for scribe in (self._setting.diary, *self._setting.scribes):
            scribe.end(self.session, self.session.ended_utc)
        if self.feed is not None:
            self.feed.close()
            self.feed = None
        for moments in self._moments:
            moments.wipe()
        self._moments.clear()

    def _follow(self, outcome: Outcome) -> Page | None:
        """Go on by the table until there is a page, or the end."""
        while True:
            state = self._flow.follow(outcome)
            page = self._makers[state]()
            if page is not None or state == "end":
                return page
            outcome = self._passed(state)

    def _passed(self, state: State) -> Outcome:
        """How a state that has nothing to show is left."""
        if state == "safety":
            return "read"
        if state in ("remember", "remember-plain"):
            return "skipped"
        return "next" if self._at < len(self._plans) else "last"

    def _note(self, page: Page) -> None:
        """Keep what a page was answered."""
        state = self._flow.state
        if isinstance(page, CameraPage):
            self.feed, self.error = page.feed, page.error if page.outcome != "ready" else None
        elif state == "safety":
            self._setting.is_safety_read |= page.outcome == "read"
        elif isinstance(page, ScalePage):
            self._note_number(page)
        elif isinstance(page, ChoicePage):
            self._note_choice(page)
        elif state == "summary":
            self._at -= page.outcome == "again"
        elif isinstance(page, SetPage) and page.chain.is_finished:
            self._leave(page)
        elif state == "leave-set" and self.set_page is not None:
            self._leave_asked(page.outcome, self.set_page)

    def _leave_asked(self, outcome: str, asked: SetPage) -> None:
        """The set is ended after the question, or stays."""
        if outcome == "stop":
            asked.finish("stopped", "stop")
        elif outcome == "hurt":
            asked.hurt()
        if asked.outcome != "leave":
            self._leave(asked)

    def _note_choice(self, page: ChoicePage) -> None:
        """Why somebody breaks off, or whether to remember; where that would not be encrypted, that is asked first."""
        diary = self._setting.diary
        if self._flow.state == "why":
            self.session.break_off = cast("BreakOff", page.value) if page.value else None
        elif page.outcome == "yes" and self._flow.state == "remember" and diary.would_be_plain:
            page.outcome = "plain"
        elif page.outcome in ("yes", "no"):
            diary.decide(page.outcome == "yes")

    def _note_number(self, page: ScalePage) -> None:
        state, session = self._flow.state, self.session
        if state == "effort":
            session.effort[self._plans[self._at - 1].exercise.name] = page.value
            page.outcome = self._passed(state)
        elif state == "pain-before":
            session.pain_before = page.value
        else:
            session.pain_after = page.value
        if state != "effort" and page.value is not None and pain_band(page.value) == "strong":
            page.outcome = "strong"

    def _leave(self, page: SetPage) -> None:
        """A set is over; the next one is that of the plan, or the same again."""
        self._setting.failures += [failure.text for failure in page.chain.observers.failures]
        self.set_page = None
        self._at += 1
        self._rested_from_s = self._setting.machine.clock()
        if page.outcome == "hurt":
            self.session.break_off = "pain"

    # -- before ------------------------------------------------------------------------------------------------

    def _camera(self) -> Page:
        setting = self._setting
        self._camera_page = CameraPage(
            setting.open_feed, setting.machine.sleep, lambda: setting.speech.plan("setup.camera-missing")
        )
        return self._camera_page

    def _safety(self) -> Page | None:
        assert self.feed is not None
        if self._setting.is_safety_read or not self.feed.is_camera:
            return None
        return StillPage(SafetyView(), {Action.CONFIRM: "read", Action.BACK: "left"}, self._setting.machine.sleep)

    def _remember(self) -> Page | None:
        assert self.feed is not None
        if not self._setting.diary.state.is_asked or not self.feed.is_camera:
            return None
        self._setting.speech.plan("memory.ask")
        return self._ask(words.remember_view())

    def _remember_plain(self) -> Page:
        self._setting.speech.plan("memory.ask-plain")
        return self._ask(words.remember_plain_view())

    def _ask(self, view: ChoiceView) -> Page:
        answers = {"yes": "yes", "no": "no"}
        return ChoicePage(view, answers, self._setting.machine.sleep, by_itself="skipped", left="skipped")

    def _pain(self) -> Page:
        speech = self._setting.speech
        if self._flow.state == "pain-before":
            assert self.feed is not None
            self.feed.watch_for(self._plans[0].exercise)  # the model loads while the question is read
            assert self.session.program is not None
            for name in words.opening(self.session.program):
                speech.plan(name)
            note = words.program_in_words(self.session.program)
        else:
            speech.plan("session.done" if self.session.is_complete else "session.stopped")
            note = ""
        speech.plan("session.pain")
        return ScalePage(words.pain_view(note), self._setting.machine.sleep, say=self._say_number)

    def _rest_today(self) -> Page:
        self._setting.speech.plan("pain.rest-today")
        return ChoicePage(
            words.rest_today_view(), {"go-on": "go-on", "end": "stop"}, self._setting.machine.sleep,
            by_itself="stop", left="stop",
        )  # fmt: skip

    # -- the sets ----------------------------------------------------------------------------------------------

    def _set(self) -> Page | None:
        if self.set_page is not None:
            return self.set_page
        assert self.feed is not None
        plan = self._plans[self._at % len(self._plans)]  # after the last exercise comes the first again
        before = self._announced(plan)
        options = replace(plan.options, get_ready_s=self._rest_s(before),
                          set_up=plan.options.set_up and self.feed.is_camera,
                          is_mirrored=not self.session.sets and bool(self.feed.about().get("mirrored")),
                          person=self.session.person)  # fmt: skip
        setting = self._setting
        hastens = setting.hastens and not self.session.sets
        plan = self._faded(replace(plan, options=options, announced=before, hastens=hastens))
        self.set_page = SetPage(
            plan, self.feed, setting.speech, setting.machine,
            self.session.begin_set, self._observers, lambda: setting.diary.state.trouble, setting.wishing,
        )  # fmt: skip
        return self.set_page

    def _announced(self, plan: Plan) -> Announced:
        """What is said before a set: its steps where the person hasn't done the exercise before, as far as is known."""
        assert self.feed is not None
        exercise = plan.exercise
        if not (self.feed.is_camera or self._is_program):
            return Announced()
        before = self._plans[self._at - 1].exercise.name if self._at and self.session.sets else ""
        is_new = before != exercise.name
        tells_steps = self._setting.tells_steps and self.feed.is_camera and exercise.name not in self._told
        self._told.add(exercise.name)
        tells_steps = tells_steps and not times_done(self._remembered(), exercise.name, self._setting.machine.today())
        hold_s = exercise.hold_s(Settings(exercise.all_settings, plan.overrides))
        return announced(
            exercise, plan.options, hold_s, is_new=is_new, tells_steps=tells_steps, is_gentle=plan.is_gentle
        )

    def _faded(self, plan: Plan) -> Plan:
        """The plan with as many spoken cues as it is time for, where nobody has said how many."""
        if plan.fading is not None:
            return plan
        name, news = plan.exercise.name, ""
        if name not in self._fadings:
            time = times_done(self._remembered(), name, self._setting.machine.today()) + 1
            self._fadings[name] = Fading(spoken_in(time))
            news = words.fewer_cues(time) if self._fadings[name].spoken != "all" else ""
        return replace(plan, fading=self._fadings[name], news=news)

    def _observers(self) -> list[Observer]:
        """Those of each set: what keeps the movement for the replay comes first."""
        self._moments.append(Moments())
        for old in self._moments[:-REPLAYS_MAX]:
            old.wipe()
        self._moments = self._moments[-REPLAYS_MAX:]
        written: list[Observer] = []
        if self.feed is not None and self.feed.is_camera:
            written = self._setting.diary.observers(self.session, self._utc, self._moments[-1].figures)
        told = [each for scribe in self._setting.scribes for each in scribe.observers(self.session, self._utc)]
        return [self._moments[-1], *written, *told, *self._setting.observers()]

    def _rest_s(self, words: Announced) -> float:
        """Seconds of rest before the set: what the plan asks for, less what questions have taken of it, and long enough
        to say what is done."""
        assert self.feed is not None
        if not self.feed.is_camera:
            return 0.0
        is_gentle = self._plans[self._at % len(self._plans)].is_gentle
        least_s = max(GENTLE_READY_S if is_gentle else GET_READY_S, words.length_s)
        if self._at == 0 or not self._is_program:
            return least_s
        before = self._plans[self._at - 1].planned
        asked_s = before.rest_s if before is not None else GET_READY_S
        return max(asked_s - (self._setting.machine.clock() - self._rested_from_s), least_s)

    def _leave_set(self) -> Page:
        view = words.leave_view(self._is_program)
        self._setting.speech.plan("session.end-set")
        return ConfirmPage(view, self._setting.machine.sleep, yes="stop", no="stay")

    def _effort(self) -> Page | None:
        done = self._plans[self._at - 1]
        is_last_of_exercise = self._at >= len(self._plans) or self._plans[self._at].exercise.name != done.exercise.name
        if not is_last_of_exercise or not self.session.has_counted(done.exercise.name):
            return None
        self._setting.speech.plan("session.effort")
        view = words.effort_view(done.exercise.title)
        return ScalePage(view, self._setting.machine.sleep, EFFORT_S, self._say_number)

    def _say_number(self, value: int) -> None:
        self._setting.speech.drop()  # whoever answers needs no more of the question
        self._setting.speech.plan(f"count.{value}", str(value), "count")

    def _hurt(self) -> Page:
        self._setting.speech.drop()
        self._setting.speech.plan("safety.hurt", kind="safety")
        can_go_on = self._is_program and self._at < len(self._plans)
        view, outcomes = words.hurt_view(can_go_on), {"go-on": "go-on", "end": "stop"}
        return ChoicePage(view, outcomes, self._setting.machine.sleep, by_itself="stop", left="stop")

    def _why(self) -> Page:
        self._setting.speech.plan("session.why")
        sleep = self._setting.machine.sleep
        return ChoicePage(words.why_view(), {}, sleep, by_itself="skipped", left="skipped")

    # -- after -------------------------------------------------------------------------------------------------

    def _summary(self) -> Page:
        self._propose()
        view = summary_of(self.session.sets[-1])
        outcomes = {
            Action.RESTART: "again", Action.NEXT: "next", Action.CONFIRM: "left", Action.BACK: "left",
            Action.PROGRESS: "progress", **self._if_replay,
        }  # fmt: skip
        return StillPage(replace(view, hints=self._hints(view.hints)), outcomes, self._setting.machine.sleep)

    def _message(self) -> Page:
        """The recording broke, or the camera is gone for good."""
        assert self.feed is not None
        view = MessageView(self.feed.state.message, "What was seen until then is kept. Press Enter to go on.")
        outcomes = {Action.CONFIRM: "left", Action.BACK: "left"}
        return StillPage(view, outcomes, self._setting.machine.sleep)

    def _report(self) -> Page:
        self.session.end(self._utc())
        if not self._is_reported:
            self._is_reported = True
            self._propose()
            for i, (name, text) in enumerate(spoken_report(self.session)):
                self._setting.speech.plan(name, text, is_joined=i > 0)
        view = report_of(self.session, [plan.exercise for plan in self._plans], words.ended(self.session))
        outcomes = {Action.CONFIRM: "left", Action.BACK: "left", Action.PROGRESS: "progress", **self._if_replay}
        return StillPage(replace(view, hints=self._hints(view.hints)), outcomes, self._setting.machine.sleep)

    def _replay(self) -> Page:
        self._setting.speech.drop()
        return ReplayPage(self._replays, self._setting.machine.sleep)

    def _progress(self) -> Page:
        return self._setting.retrospect.page(self._setting.speech, self._kept(), self.session.program)

    @property
    def _replays(self) -> list[SetReplay]:
        """What can be watched again: of a program every set that stands, of one exercise the last one."""
        ids = [record.set_id for record in self.session.shown_sets]
        ids = ids if self._is_program else ids[-1:]
        found = {moments.set_id: moments.replay for moments in self._moments if moments.replay is not None}
        return [replay for set_id in ids if (replay := found.get(set_id)) is not None and replay.exercise.bout is None]

    @property
    def _if_replay(self) -> dict[Action, str]:
        return {Action.REPLAY: "replay"} if self._replays else {}

    def _hints(self, hints: tuple[Hint, ...]) -> tuple[Hint, ...]:
        """The keys of a last page, without one that does nothing."""
        return tuple(hint for hint in hints if hint.action is not Action.REPLAY or self._replays)

    def _remembered(self) -> tuple[Kept, ...]:
        """Former sessions, as far as they are read by now."""
        past = self._past
        return () if past is None or not past.wait(PAST_S) else past.result

    def _kept(self) -> Kept | None:
        """This session as it would be kept; None before anything was done."""
        if not self.session.sets:
            return None
        return Kept(session=SessionDocument.model_validate(self.session.as_dict()), state="open")

    def _propose(self) -> None:
        """Note what the rules propose for next time, whoever is shown it."""
        kept = self._kept()
        if kept is not None and self._proposed_after != len(self.session.sets):
            self._proposed_after = len(self.session.sets)
            names = {record.exercise.name: record.exercise for record in self.session.shown_sets}
            self.session.proposals = self._setting.retrospect.proposals(
                (*self._remembered(), kept), list(names.values())
            )

    def _utc(self) -> str | None:
        return None if self.feed is None else self.feed.utc_at(self._setting.machine.clock())
