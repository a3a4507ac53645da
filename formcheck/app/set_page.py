"""One running set on the screen: its keys, its words and its view. Set, record and observers are the chain's."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from formcheck.app.announcements import LAST_SECONDS, Announced, Announcements
from formcheck.app.ears import Ask, Meaning, how_many
from formcheck.app.figures import Figures
from formcheck.app.hands_free import HandsFree
from formcheck.app.pacing import FLASH_S, Pacing
from formcheck.app.speech import Speech
from formcheck.core.body.light import Light
from formcheck.core.body.pose import other
from formcheck.core.coach.snapshot import Stage
from formcheck.core.feedback.fading import Fading
from formcheck.core.feedback.phrases import FLOW, SETUP
from formcheck.core.rules.demonstration import Film
from formcheck.core.rules.events import BackWithdrawn, Cue, Event, RepCompleted
from formcheck.core.rules.exercise import Exercise
from formcheck.hearing import Command
from formcheck.pipeline.chain import Chain
from formcheck.pipeline.live import Feed, Machine
from formcheck.pipeline.observers import Observer
from formcheck.pose import TrackedFrame
from formcheck.pose.light import light_of
from formcheck.pose.lock import IN_START
from formcheck.screen import (
    COURSE_HINTS,
    COURSE_SETUP_HINTS,
    GO_ON_HINT,
    SETUP_HINTS,
    WORK_HINTS,
    Action,
    CameraState,
    Caption,
    Course,
    Hint,
    Intent,
    Slowness,
    Tally,
    ViewModel,
    Wording,
)
from formcheck.screen.wording import not_judged_text, withdrawn_text
from formcheck.session.program import PlannedSet
from formcheck.session.record import BreakOff, Outcome, SetRecord
from formcheck.session.set import GET_READY_S, Set, SetOptions, Update, start_score
from formcheck.system.errors import FormcheckError
from formcheck.system.wishes import Wishing

IDLE_S = 0.02
"""Longest wait for a new pose in one turn: keys answer within it."""
LIGHT_EVERY_S = 0.25
"""Seconds between two looks at the light during the set-up; it changes slowly, and a look costs milliseconds."""
DRAW_EVERY_S = 0.15
"""Seconds between two drawings on a machine that is too slow: every other pose at twelve poses a second, the rate from
which its help begins; at five, each one."""
NEWS_S = 10.0
"""Seconds for which it is shown that fewer cues are spoken: the person is still getting into position [P]."""
NOTICE_S = 4.0
"""Seconds for which it is shown what could not be judged."""
SLOW_AGAIN_S = 60.0
"""Seconds before it is said again that the poses come too slowly [P]; the screen says it all the time."""
BACK_S = 1.5
"""Seconds after which it is known whether the set goes on when the camera is back, and that is said: whoever has left
is missed after one."""
READY_HELD_S = 1.5
"""Seconds for which somebody must be in the start position to be ready [P]."""
DONE_S, DONE_MAX_S = 4.0, 20.0
"""Seconds for which a set that is done is shown: at least, to breathe [P]; at most, while its end is told."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A set that is to be run."""

    exercise: Exercise
    overrides: dict[str, Any] = field(default_factory=dict)
    options: SetOptions = field(default_factory=SetOptions)
    planned: PlannedSet | None = None
    """Of a program; None for an exercise on its own."""
    course: Course | None = None
    """Where in the program it is."""
    fading: Fading | None = None
    """Which corrections are spoken; None until it is decided by how often the exercise was done."""
    news: str = ""
    """What is said once on the screen when the set begins."""
    is_gentle: bool = False
    """Whether ranges are the shorter ones, and what can be done sitting is named before."""
    announced: Announced = field(default_factory=Announced)
    """What is said before it."""
    hastens: bool = False
    """Whether the countdown is cut short for somebody who is in the start position when all was told."""


class SetPage:
    """Coaches until the set is over. `record` says how it went; `outcome` why the page was left."""

    def __init__(
        self,
        plan: Plan,
        feed: Feed,
        speech: Speech,
        machine: Machine,
        on_record: Callable[[SetRecord], None],
        observers: Callable[[], list[Observer]] = list,
        trouble: Callable[[], str] = str,
        wishing: Wishing | None = None,
    ) -> None:
        """Make the page.

        Args:
            plan: what is done.
            feed: camera and pose thread of the session.
            speech: the session's voice.
            machine: clock and identities.
            on_record: called with the record of each set that begins here (again after a restart).
            observers: makes further observers for each set.
            trouble: why the set can't be saved now, as a sentence; empty while it can, or need not.
            wishing: what the person wishes for: ticks, captions, light.
        """
        self.outcome = ""
        self._trouble, self._told_trouble = trouble, ""
        self.idle_s: float | None = None
        self.figures = Figures(feed, machine.clock)
        self._plan, self._feed, self._speech, self._machine = plan, feed, speech, machine
        self._wishing = wishing or Wishing()
        self._lit_tick_s = -math.inf
        self._on_record, self._more_observers = on_record, observers
        self._seen: TrackedFrame | None = None
        self._caption: tuple[Caption, float] | None = None
        self._notice: tuple[str, float] = ("", -math.inf)
        self._lit_s = self._done_s = math.inf
        self._is_debugging = self._was_lost = self._is_new = False
        self._told_slow_s, self._back_s = -math.inf, math.inf
        self._drawn: ViewModel | None = None
        self._drawn_s = -math.inf
        self._news_s = self._ready_s = math.inf
        self._begin(plan.options.person)

    def _begin(self, person: int) -> None:
        """A new set, the first one or after a restart; `person` was followed before."""
        plan = self._plan
        options = replace(plan.options, person=person)
        set_id = self._machine.new_id()
        current = Set(
            plan.exercise, plan.overrides, is_live=True, options=options, fading=plan.fading or Fading(), set_id=set_id,
            utc_at=self._feed.utc_at,
        )  # fmt: skip
        now_s = self._machine.clock()
        asked = (options.target_reps, options.is_per_side) if options.target_reps and not plan.planned else None
        record = SetRecord.begin(
            set_id,
            plan.exercise,
            planned=plan.planned,
            asked=asked,
            started_utc=self._feed.utc_at(now_s),
            started_s=now_s,
            first_person=person,
        )
        self._is_amended = False
        self._hands_free = HandsFree(current)
        self._announcements = Announcements(current, plan.announced, self._speech)
        self._pacing = Pacing(current, self._speech, self._wishing)
        own = [self._hands_free, self._announcements, self._pacing, self.figures]
        self.chain = Chain(current, record, [*own, *self._more_observers()])
        self._lit_s, self._done_s, self._caption = -math.inf, math.inf, None
        self._on_record(record)
        self._speech.follow(self.chain)
        self.chain.start()

    # -- the loop's calls --------------------------------------------------------------------------------------

    def enter(self, now: float) -> None:
        """The set is on the screen; after a question it goes on where it was."""
        self.outcome = ""
        self._feed.watch_for(self._plan.exercise)
        self._drawn = None
        self._news_s = min(self._news_s, now + NEWS_S)
        if self.chain.set.is_held:
            self.chain.set.resume()

    def leave(self) -> None:
        """Another page covers the set, or it is over."""
        if not self.chain.is_finished:
            self.chain.set.pause()
        self._pacing.stop()
        self._announcements.drop()
        self._speech.hum(False)

    def handle(self, intent: Intent, now: float) -> None:
        """Do what the person wants."""
        doing: dict[Intent, Callable[[], None]] = {
            Action.PAUSE: self._toggle_pause,
            Action.RESTART: self._restart,
            Action.CONFIRM: self._start_anyway,
            Action.DEBUG: self._toggle_debug,
            Action.NEXT: lambda: self.finish("skipped", "skip-set"),
            Action.HURT: self.hurt,
            Action.BACK: self._back,
        }
        self._drawn = None
        if intent in doing:
            doing[intent]()

    def meaning(self, command: Command) -> Meaning:
        """What a word means while somebody exercises; what would end the set is asked back, but for "it hurts"."""
        current = self.chain.set
        if not math.isinf(self._done_s):
            return Action.BACK if command in ("go-on", "next", "stop") else None
        meanings: dict[Command, Meaning] = {
            "hurt": Action.HURT,
            "stop": Action.BACK,  # its page asks
            "next": Ask("next", Action.NEXT),
            "again": Ask("again", Action.RESTART),
            "pause": None if current.is_held else Action.PAUSE,
            "go-on": Action.PAUSE if current.is_held else None,
            "how-many": how_many(self.chain.record.counts.reps),
        }
        return meanings.get(command)

    def turn(self, now: float) -> None:
        """Judge the newest picture, if there is one; see whether the set is over."""
        seen = self._feed.newest(IDLE_S)
        if seen is not None:
            self._seen, self._is_new = seen, True
            self._take(self.chain.step(seen.frame, seen.tracked, self._light(seen)), now)
            self._obey_sign()
        self._hasten(now)
        self._say_turns(now)
        self._speech.hum(self.chain.set.is_held_well)
        self._watch_camera(now)
        self._watch_pace(now)
        self._watch_saving(now)
        if self.chain.set.stage == "done" and math.isinf(self._done_s):
            self.chain.finish("done")
            self._done_s = now
        shown_s = now - self._done_s
        if not self.outcome and (shown_s >= DONE_MAX_S or (shown_s >= DONE_S and not self._speech.is_speaking)):
            self.outcome = "done"

    def view(self, now: float) -> ViewModel:
        """The picture, the person, the numbers. On a slow machine what was drawn last stands for a while: the same view
        again, which is not drawn again."""
        is_spared = "drawing" in self._feed.strain.help and now - self._drawn_s < DRAW_EVERY_S
        if self._drawn is None or not is_spared:
            self._drawn, self._drawn_s = self._draw(now), now
        return self._drawn

    def _draw(self, now: float) -> ViewModel:
        seen, plan = self._seen, self._plan
        counts, snapshot = self.chain.record.counts, self.chain.set.snapshot()
        if self._is_amended:
            snapshot = replace(
                snapshot, reps=counts.reps, clean_reps=counts.clean, not_judged_reps=counts.not_judged
            )  # fmt: skip
        caption = self._caption_now(now)
        is_gentle = plan.is_gentle and plan.course is None and bool(plan.exercise.seated)
        if snapshot.setup_text:
            caption = Caption(snapshot.setup_text, "setup")
        elif caption is None and snapshot.stage == "countdown" and is_gentle:
            caption = Caption(plan.exercise.seated, "setup")
        return ViewModel(
            title=plan.exercise.title,
            snapshot=snapshot,
            image=seen.frame.image if seen else None,
            pose=seen.tracked.pose if seen else None,
            back=seen.tracked.back if seen else None,
            caption=caption,
            camera=self._camera_state(),
            debug=self.figures.numbers(now, seen) if self._is_debugging else None,
            hints=self._hints(snapshot.stage),
            course=plan.course,
            wording=Wording.of(plan.exercise),
            tally=Tally(counts.clean, counts.faulty, counts.not_judged),
            is_per_side=plan.options.is_per_side,
            notice=self._notice[0] if now - self._notice[1] < NOTICE_S else "",
            trouble=self._told_trouble,
            news=plan.news if now < self._news_s else "",
            sign=self._hands_free.sign,
            slowness=self._slowness,
            film=plan.exercise.film(side=plan.options.side),
        )

    def _caption_now(self, now: float) -> Caption | None:
        """The newest of what the coach says and what was planned, for as long as the person wants to read it."""
        shown = [self._caption] if self._caption is not None else []
        if self._speech.said is not None:
            cue, at_s = self._speech.said
            shown.append((Caption(cue.text, cue.kind), at_s))
        newest = max(shown, key=lambda item: item[1], default=None)
        return newest[0] if newest and now - newest[1] < self._wishing.now.captions_s else None

    @property
    def is_lit(self) -> bool:
        """Whether the screen is lit by a tick at this moment: of the pace, of a hold, of a count."""
        t_s = self._seen.tracked.t_s if self._seen is not None else math.nan
        return self._pacing.is_lit(t_s) or 0 <= t_s - self._lit_tick_s < FLASH_S

    def _hasten(self, now: float) -> None:
        """Whoever lies there and has heard all waits no longer."""
        current = self.chain.set
        is_ready = (
            self._plan.hastens and self._seen is not None and current.countdown_s > LAST_SECONDS
            and not current.is_held and self._announcements.is_told
            and start_score(current.exercise, self._seen.tracked.pose) >= IN_START
        )  # fmt: skip
        self._ready_s = min(self._ready_s, now) if is_ready else math.inf
        if now - self._ready_s >= READY_HELD_S:
            current.hasten(LAST_SECONDS)

    def _say_turns(self, now: float) -> None:
        """What belongs to the turn-around, where ticks lead."""
        cues = self._pacing.taken()
        if cues:
            update = Update((), cues)
            self.chain.take(update)
            self._take(update, now)

    def shown(self) -> None:
        """The view is on the screen: note how late the newest picture was."""
        is_drawn = self._seen is not None and self._drawn is not None and self._drawn.image is self._seen.frame.image
        if self._is_new and is_drawn and self._seen is not None:
            self.figures.shown(self._seen)
            self._is_new = False

    def _hints(self, stage: Stage) -> tuple[Hint, ...]:
        is_course = self._plan.course is not None
        if stage == "setup":
            return COURSE_SETUP_HINTS if is_course else SETUP_HINTS
        hints = COURSE_HINTS if is_course else WORK_HINTS
        return (GO_ON_HINT, *hints[1:]) if self.chain.set.is_held else hints

    # -- how it ends -------------------------------------------------------------------------------------------

    def finish(self, how: Outcome, outcome: str, why: BreakOff | None = None) -> None:
        """End the set; what was done of it is kept."""
        is_done = not math.isinf(self._done_s)
        self.chain.finish("done" if is_done else how, why)
        self.outcome = outcome

    def hurt(self) -> None:
        """It hurts: stop at once, and record it as that."""
        self.finish("hurt", "hurt", "pain")

    def _back(self) -> None:
        if math.isinf(self._done_s):
            self.outcome = "leave"
        else:
            self.finish("done", "done")

    def _obey_sign(self) -> None:
        sign = self._hands_free.taken()
        if sign == "seen":
            now, name = self._machine.clock(), "session.skipping"
            self._speech.offer(Cue(now, "setup", name, FLOW[name], is_urgent=True))
        elif sign == "skip":
            self.finish("skipped", "skip-set")
        elif sign == "stop":
            self.finish("stopped", "stop")
        elif sign == "hurt":
            self.hurt()

    # -- what a clinician wants --------------------------------------------------------------------------------

    def amend(self, amendment: Event) -> None:
        """Take in a correction: record, screen and whoever listens follow."""
        self._is_amended, self._drawn = True, None
        self.chain.take(self.chain.set.amend(amendment))

    def change_settings(self, values: Mapping[str, float], *, by: str, why: str) -> None:
        """Put other settings in force from the next repetition on, also where the set is begun anew.

        Raises:
            ValueError: a value that makes no sense; nothing is changed then.
        """
        self.chain.set.change_settings(values, by=by, why=why)
        self._plan = replace(self._plan, overrides={**self._plan.overrides, **values})

    def change_dose(self, reps: int, *, by: str, why: str) -> None:
        """Ask for so many repetitions from now on (of each side, where that is meant), also where it is begun anew.

        Raises:
            FormcheckError: nothing is counted in this exercise.
        """
        if self._plan.exercise.bout is not None:
            raise FormcheckError("In this exercise no repetitions are counted.")
        self._plan = replace(self._plan, options=replace(self._plan.options, target_reps=reps))
        self._drawn = None
        self.chain.take(self.chain.set.change_dose(reps, by=by, why=why))

    def change_side(self) -> None:
        """Begin the set anew with the other side.

        Raises:
            FormcheckError: it asks for no side.
        """
        plan = self._plan
        if plan.options.side is None:
            raise FormcheckError("This set asks for no side. Say it in a line.")
        side = other(plan.options.side)
        planned = replace(plan.planned, side=side) if plan.planned is not None else None
        self._plan = replace(plan, options=replace(plan.options, side=side), planned=planned)
        self._drawn = None
        self._restart()

    # -- keys --------------------------------------------------------------------------------------------------

    def _toggle_pause(self) -> None:
        current = self.chain.set
        if current.is_held:
            current.resume()
        else:
            current.pause()

    def _toggle_debug(self) -> None:
        self._is_debugging = not self._is_debugging

    def _restart(self) -> None:
        self.chain.finish("restarted")
        self.chain.record.finish("restarted")  # also when the last repetition was done already: it starts anew
        self._announcements.drop()
        options = self._plan.options
        again = replace(options, get_ready_s=min(options.get_ready_s, GET_READY_S))
        self._plan = replace(self._plan, options=again, announced=Announced())  # all of that was said
        self._begin(self.chain.record.person)

    def _start_anyway(self) -> None:
        if self.chain.set.stage == "countdown":
            self._announcements.cut(self._machine.clock())
        update = self.chain.set.start_anyway()
        self.chain.take(update)
        self._take(update, self._machine.clock())

    # -- pictures ----------------------------------------------------------------------------------------------

    def _take(self, update: Update, now: float) -> None:
        """Say and show what a picture or a key brought."""
        self._speech.withdraw(update.untrue)
        for cue in update.cues:
            self._speech.offer(cue)
            if cue.sound in ("ding", "tick"):
                self._lit_tick_s = cue.t_s
            if cue.sound == "voice":
                self._caption = (Caption(cue.text, cue.kind, self._remedy(cue)), now)
        for event in update.events:
            if isinstance(event, RepCompleted) and event.verdict == "not-judged":
                self._notice = (not_judged_text(event.index, event.not_judged), now)
            elif isinstance(event, BackWithdrawn) and event.reps:
                self._notice = (withdrawn_text(event.reps), now)

    def _remedy(self, cue: Cue) -> Film | None:
        """How it is done rightly, for a cue that speaks of a fault."""
        exercise = self._plan.exercise
        faults = set(cue.name.split(".")) & set(exercise.shown.faults) if cue.kind == "form" else set()
        return exercise.film(min(faults), self._plan.options.side, is_remedy=True) if faults else None

    def _light(self, seen: TrackedFrame) -> Light | None:
        """The picture's light, a few times a second while the set-up lasts."""
        t = seen.tracked.t_s
        if not self.chain.set.is_setting_up or t - self._lit_s < LIGHT_EVERY_S:
            return None
        self._lit_s = t
        return light_of(seen.frame.image, seen.tracked.pose)

    def _watch_camera(self, now: float) -> None:
        """Say it once when the camera is lost, and once when it is back and the set goes on; end the set with a
        recording."""
        status = self._feed.state.status
        if self._feed.state.is_over and not self.chain.is_finished:
            self.finish("interrupted", "broken" if self._feed.state.message else "gone")
        is_lost = status == "lost"
        if is_lost != self._was_lost:
            self._was_lost, self._back_s = is_lost, math.inf if is_lost else now
            if is_lost:
                self._say_setup("setup.camera-lost", now)
        if now - self._back_s >= BACK_S:
            self._back_s = math.inf
            if self.chain.set.stage not in ("paused", "done"):
                self._say_setup("setup.camera-back", now)

    def _say_setup(self, name: str, now: float) -> None:
        self._take(Update((), (Cue(now, "setup", name, SETUP[name]),)), now)

    @property
    def _slowness(self) -> Slowness:
        strain = self._feed.strain
        if not strain.is_of_camera:
            return strain.slow
        if not strain.slow or not self._feed.is_camera:
            return ""
        return "camera" if strain.slow == "some" else "camera-all"

    def _watch_pace(self, now: float) -> None:
        """Say it when the poses come too slowly though all help was given, and not again soon."""
        slowness = self._slowness
        if not slowness or self.chain.is_finished or now - self._told_slow_s < SLOW_AGAIN_S:
            return
        self._told_slow_s = now
        name = "setup.few-pictures" if slowness.startswith("camera") else "setup.too-slow"
        update = Update((), (Cue(now, "setup", name, SETUP[name]),))
        self.chain.take(update)
        self._take(update, now)

    def _watch_saving(self, now: float) -> None:
        """Say it once, and show it for as long as it lasts, when what is done can't be saved."""
        trouble = self._trouble()
        if trouble and not self._told_trouble:
            self._take(Update((), (Cue(now, "setup", "memory.trouble", FLOW["memory.trouble"]),)), now)
        self._told_trouble = trouble

    def _camera_state(self) -> CameraState:
        state = self._feed.state
        status = {"opening": "opening", "live": "ok", "ended": "ended"}.get(state.status, "lost")
        return CameraState(status, state.message)  # type: ignore[arg-type]
