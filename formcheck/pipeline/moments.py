"""The movement of a set's best and worst repetition, and figures of its faults: in memory, never a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from formcheck.core.body.back import Back
from formcheck.core.body.pose import Pose
from formcheck.core.body.tracked import Tracked
from formcheck.core.rules.events import Event, FaultEnded, FaultStarted, PhaseChanged, RepCompleted
from formcheck.core.rules.exercise import Exercise
from formcheck.pipeline.observers import Observer, Started
from formcheck.pose import Picturelike
from formcheck.session import fold
from formcheck.session.document import Figure
from formcheck.session.figures import figure_from
from formcheck.session.fold import RepLine
from formcheck.session.replay import PEAK, Clip, Moment, SetReplay, Shown, badness, best_of, moment_of, worst_of
from formcheck.session.set import Update

FPS = 15.0
"""Pictures a second that are kept; between them the replay draws the straight way."""
BEFORE_S = 3.0
"""Seconds of the rest that are kept: a repetition is known to have begun only when it has."""
CLIP_MAX = 900
"""Pictures of one repetition: a minute. Of a longer one every other one is kept, and so on."""
KEPT_MAX = 2700
"""Pictures of all repetitions while the set goes on: three minutes of movement, about 2 kB each, so that with the one
under way and the figures less than 8 MB are taken; at the end, less than 4 MB."""
FAULTS_MAX = 64
"""Faults of a set of which a picture is kept."""


class Moments(Observer):
    """Keeps what may be shown again while a set goes on, and of it only best, worst and faults when it is over."""

    def __init__(self) -> None:
        self.replay: SetReplay | None = None
        """What can be shown again; None until the set is over."""
        self._exercise: Exercise | None = None
        self.set_id = ""
        self._events: list[Event] = []
        self._now: list[Moment] = []
        self._every_s = 1 / FPS
        self._is_at_rest = True
        self._is_bout = False
        self._completed: list[RepCompleted] = []
        self._clips: dict[int, Clip] = {}
        """By number of the `RepCompleted` in the set."""
        self._at_fault: dict[tuple[str, float], Moment] = {}
        """The picture in which a fault was confirmed, by name and onset."""
        self._figures: tuple[Figure, ...] = ()

    def on_start(self, started: Started) -> None:
        """A set begins."""
        self._exercise, self.set_id = started.exercise, started.set_id
        self._is_bout = started.exercise.bout is not None  # nothing in it begins and ends

    def on_events(self, events: Sequence[Event]) -> None:
        """What was found: where the movement is, and what to keep of it."""
        self._events += events
        for event in events:
            if isinstance(event, PhaseChanged):
                self._is_at_rest = event.phase == "rest" or self._is_bout
            elif isinstance(event, RepCompleted):
                self._completed.append(event)
            elif isinstance(event, FaultStarted) and self._now and len(self._at_fault) < FAULTS_MAX:
                self._at_fault[event.name, event.onset_s] = self._now[-1]

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """One picture."""
        t_s = tracked.t_s
        if not self._now or not 0 <= t_s - self._now[-1].pose.t_s < self._every_s - 1e-3:
            self._now.append(_slim(tracked))
        self._cut()
        if self._is_at_rest:
            self._now = [kept for kept in self._now if t_s - kept.pose.t_s <= BEFORE_S]
            self._every_s = 1 / FPS
        elif len(self._now) > CLIP_MAX:
            self._now, self._every_s = self._now[::2], 2 * self._every_s

    def on_finish(self) -> None:
        """Keep best, worst and figures, and forget the rest."""
        assert self._exercise is not None
        self._cut()
        self.replay = self._choose(self._exercise)
        self._figures = tuple(self._draw(self._exercise, self.replay))
        self._forget()

    def on_drop(self) -> None:
        """Nothing stays."""
        self.wipe()

    def figures(self) -> tuple[Figure, ...]:
        """Stick figures for the record: one of each fault that was seen, at its worst, and the furthest reach of the
        best repetition. Empty until the set is over."""
        return self._figures

    def wipe(self) -> None:
        """Forget everything: the session is over."""
        self.replay, self._figures = None, ()
        self._forget()

    @property
    def frames(self) -> int:
        """Pictures that are kept now."""
        shown = self.replay.shown if self.replay is not None else ()
        clips = [*self._clips.values(), *(each.clip for each in shown)]
        return len(self._now) + len(self._at_fault) + sum(len(clip.frames) for clip in clips)

    def _forget(self) -> None:
        self._events, self._now, self._completed = [], [], []
        self._clips, self._at_fault = {}, {}

    # -- while it goes on ------------------------------------------------------------------------------------------

    def _cut(self) -> None:
        """Keep the movement of a repetition that is over."""
        for event in self._completed:
            frames = [kept for kept in self._now if event.start_s <= kept.pose.t_s <= event.t_s]
            if frames:
                self._clips[event.seq] = Clip(tuple(frames), event.start_s, event.peak_s, event.t_s)
        if self._completed:
            self._completed = []
            self._spare()

    def _spare(self) -> None:
        """Let go of middling repetitions while there is too much."""
        assert self._exercise is not None
        reps = fold.reps_of(self._events)
        worst = worst_of(reps, fold.faults_of(self._events), self._exercise)
        wanted = {rep.seq for rep in (best_of(reps), worst[0] if worst else None) if rep is not None}
        for seq in [seq for seq in self._clips if seq not in wanted]:
            if sum(len(clip.frames) for clip in self._clips.values()) <= KEPT_MAX:
                return
            del self._clips[seq]

    # -- when it is over -------------------------------------------------------------------------------------------

    def _choose(self, exercise: Exercise) -> SetReplay:
        reps = [rep for rep in fold.reps_of(self._events) if rep.is_counted]
        kept = [rep for rep in reps if rep.seq in self._clips]
        best, worst = best_of(kept), worst_of(kept, fold.faults_of(self._events), exercise)
        judged, faulty = sum(rep.verdict != "not-judged" for rep in reps), sum(rep.verdict == "faulty" for rep in reps)
        return SetReplay(
            exercise,
            Shown(best, self._clips[best.seq]) if best is not None else None,
            self._with_fault(*worst, exercise) if worst is not None else None,
            len(reps),
            judged,
            faulty,
        )

    def _with_fault(self, rep: RepLine, fault: FaultEnded, exercise: Exercise) -> Shown:
        since_s, until_s, moment_s = moment_of(rep, fault, exercise)
        return Shown(rep, self._clips[rep.seq], fault.name, since_s, until_s, moment_s)

    def _draw(self, exercise: Exercise, replay: SetReplay) -> list[Figure]:
        reps = [rep for rep in fold.reps_of(self._events) if rep.is_counted]
        worst: dict[str, FaultEnded] = {}
        for fault in fold.faults_of(self._events):
            if fault.name not in worst or badness(fault, exercise) > badness(worst[fault.name], exercise):
                worst[fault.name] = fault
        drawn = [self._figure_of_fault(fault, reps, exercise) for fault in worst.values()]
        if replay.best is not None:
            furthest = replay.best.clip.at(PEAK)
            drawn.append(figure_from(furthest.pose, furthest.back, self.set_id, replay.best.rep.index))
        return [figure for figure in drawn if figure is not None]

    def _figure_of_fault(self, fault: FaultEnded, reps: Sequence[RepLine], exercise: Exercise) -> Figure | None:
        pair = worst_of(reps, [fault], exercise)
        kept = self._at_fault.get((fault.name, fault.onset_s))
        if pair is not None and pair[0].seq in self._clips:
            clip = self._clips[pair[0].seq]
            kept = clip.at(clip.phase_at(moment_of(*pair, exercise)[2]))
        if kept is None:
            return None
        return figure_from(kept.pose, kept.back, self.set_id, pair[0].index if pair else None, fault.name)


def _slim(tracked: Tracked) -> Moment:
    """A picture without what no replay draws; its numbers copied, so that a whole recording is not held by them."""
    pose, back = tracked.pose, tracked.back
    return Moment(
        _copied(pose),
        None if back is None else _copied_back(back),
        tracked.body.near_in_view,
    )


def _copied(pose: Pose) -> Pose:
    return replace(pose, xy_px=pose.xy_px.copy(), evidence=pose.evidence.copy())


def _copied_back(back: Back) -> Back:
    return replace(
        back,
        offset_tl=back.offset_tl.copy(),
        sd_tl=back.sd_tl.copy(),
        contour_px=back.contour_px.copy(),
        consensus=None,
    )
