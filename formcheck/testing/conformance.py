"""The conformance suite: what must hold for every exercise, ours or a stranger's, whatever the body, room and camera.

    @pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.__name__)
    def test_conformance(check):
        check(EXERCISE, Performance(keys, reps=3))

Each check raises `ConformanceError` with a sentence that says what is wrong and what to do.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.core.body.measure import PARTS
from formcheck.core.body.pose import Evidence, absent_pose
from formcheck.core.body.stance import Stance
from formcheck.core.rules.demonstration import Film, film_of
from formcheck.core.rules.events import BoutEnded, Event, FaultStarted, RepCompleted
from formcheck.core.rules.exercise import HOLD, HOLD_SHARE, MOVING, Exercise, Rule
from formcheck.core.rules.rates import needed_rate
from formcheck.testing.stances import Filmed, Lens, demonstrated, film, hidden, judge, mirrored, without_back

FRAME_RATES = (8.0, 10.0, 15.0, 24.0, 60.0)
LENSES = (
    Lens(torso_px=60.0, hip_px=(90.0, 70.0)),
    Lens(torso_px=600.0, hip_px=(1500.0, 1200.0), size=(3840, 2160)),
    Lens(torso_px=180.0, hip_px=(300.0, 700.0), is_head_right=False, size=(720, 1280)),
)
"""A small picture, a 4K one, and a portrait with the head to the left."""
CUTS = 12
"""A performance is cut at this many places."""
CUE_WORDS = (2, 8)
SHORT_WORDS = 4
PAGE = ("checks", "why", "how", "limits", "source")
KEBAB = re.compile(r"[a-z]+(-[a-z]+)*")
SEED = 20261123
FRAMES = 40
"""A demonstration is looked at so many times."""
JUMP_TL, DIFFERENCE_TL, DIFFERENCE_DEG, DIFFERENCE_SHARE = 0.05, 0.1, 15.0, 0.15
"""What is taken for a jump; and what is seen from 2.5 m: of a joint, of the low back's bend, of the time [P]."""


class ConformanceError(AssertionError):
    """An exercise breaks what must hold for every exercise."""


@dataclass(frozen=True, slots=True)
class Performance:
    """The exercise done rightly, as timed key poses (seconds, stance), and how many repetitions that is.

    It begins in the start pose, and after each repetition it is back in the very same stance.
    """

    keys: Sequence[tuple[float, Stance]]
    reps: int

    def frames(self, fps: float = 30.0, lens: Lens | None = None) -> list[Filmed]:
        """Its pictures."""
        return film(self.keys, fps, lens)

    def cycle_ends_s(self) -> list[float]:
        """When the body is back in the stance it began with."""
        start, ends, is_out = self.keys[0][1], [], False
        for t, stance in self.keys:
            if stance == start and is_out:
                ends.append(t)
            is_out = stance != start
        return ends


def _fail_unless(truth: bool, text: str) -> None:
    if not truth:
        raise ConformanceError(text)


def _reps(events: Sequence[Event]) -> list[RepCompleted | BoutEnded]:
    """The repetitions; the bouts of an exercise that has none."""
    return [e for e in events if isinstance(e, (RepCompleted, BoutEnded))]


def _outcome(events: Sequence[Event]) -> list[tuple[str | None, tuple[str, ...]]]:
    return [(r.side if isinstance(r, RepCompleted) else None, r.faults) for r in _reps(events)]


def counts_a_right_performance(exercise: Exercise, performance: Performance) -> None:
    """The performance itself is counted, without a fault that is watched from picture to picture."""
    events = judge(exercise, performance.frames())
    count = len(_reps(events))
    _fail_unless(count == performance.reps, f"It counts {count} repetitions where {performance.reps} are done.")
    faults = sorted({e.name for e in events if isinstance(e, FaultStarted)})
    _fail_unless(not faults, f"A right performance is blamed for {', '.join(faults)}.")


def abstains_when_blind(exercise: Exercise, performance: Performance) -> None:
    """No repetition and no fault rests on a part that it says it needs and that is only guessed."""
    _fail_unless(bool(exercise.required_parts), "It needs no part of the body at all: name them in `required_parts`.")
    for part in exercise.required_parts:
        events = judge(exercise, _blind(performance.frames(), part))
        scored = [e for e in events if isinstance(e, (RepCompleted, BoutEnded, FaultStarted))]
        _fail_unless(not scored, f"It scores although the {part} are only guessed. Measure from what is seen.")
    empty = judge(exercise, [(absent_pose(i / 30, i, 1280, 720), None) for i in range(90)])  # type: ignore[misc]
    _fail_unless(not _reps(empty), "It counts in an empty room.")


def _blind(frames: Sequence[Filmed], part: str) -> list[Filmed]:
    """The same pictures with a part only guessed."""
    if part == "back":
        return without_back(frames)
    return hidden(frames, *(joint for pair in PARTS[part] for joint in pair.values()), evidence=Evidence.PREDICTED)


def counts_no_rep_without_a_cycle(exercise: Exercise, performance: Performance) -> None:
    """Staying still, or a performance that is cut anywhere, has no more repetitions than full cycles."""
    (begin, start), (end, _) = performance.keys[0], performance.keys[-1]
    still = judge(exercise, film([(begin, start), (end, start)]))
    _fail_unless(not _reps(still), "It counts while the person stays in the start pose.")
    frames, ends = performance.frames(), performance.cycle_ends_s()
    for cut in np.linspace(begin, end, CUTS + 2)[1:-1]:
        count = len(_reps(judge(exercise, [f for f in frames if f[0].t_s <= cut])))
        done = sum(when <= cut + 0.5 for when in ends)
        _fail_unless(count <= done, f"Cut at {cut:.1f} s it counts {count}, but only {done} cycles are complete.")


def knows_left_from_right(exercise: Exercise, performance: Performance) -> None:
    """A mirrored person gives mirrored sides, and nothing else changes."""
    swapped = {"left": "right", "right": "left", None: None}
    plain, seen = (_outcome(judge(exercise, f)) for f in (performance.frames(), mirrored(performance.frames())))
    expected = [(swapped[side], faults) for side, faults in plain]
    _fail_unless(seen == expected, f"Mirrored it finds {seen}, not {expected}. Use the moving side, never a fixed one.")


def is_free_of_scale(exercise: Exercise, performance: Performance) -> None:
    """Size, place and direction in the picture change nothing."""
    plain = _outcome(judge(exercise, performance.frames()))
    for lens in LENSES:
        faults = [found[1] for found in _outcome(judge(exercise, performance.frames(lens=lens)))]
        _fail_unless(
            faults == [found[1] for found in plain],
            f"With a torso of {lens.torso_px:g} pixels it finds {faults}. Use angles and torso lengths, not pixels.",
        )


def is_free_of_frame_rate(exercise: Exercise, performance: Performance) -> None:
    """Pictures come as they come: the count depends on time, not on their number. Too few are not counted by."""
    plain = _outcome(judge(exercise, performance.frames()))
    least = needed_rate(exercise)
    few = _outcome(judge(exercise, performance.frames(least / 2)))
    _fail_unless(not few, f"At {least / 2:g} frames a second it finds {few}: set `shortest_s` so that it needs fewer.")
    for fps in (fps for fps in FRAME_RATES if fps >= least):
        seen = _outcome(judge(exercise, performance.frames(fps)))
        _fail_unless(seen == plain, f"At {fps:g} frames a second it finds {seen}, not {plain}.")


def survives_what_is_not_a_number(exercise: Exercise, performance: Performance) -> None:
    """Unknown joints and broken clocks never raise, and never add a repetition."""
    rng = np.random.default_rng(SEED)
    for share in (0.05, 0.4, 1.0):
        frames = []
        for pose, back in performance.frames():
            xy = pose.xy_px.copy()
            xy[rng.random(len(xy)) < share] = math.nan
            frames.append((dataclasses.replace(pose, xy_px=xy), back))
        pose, back = frames[len(frames) // 2]
        frames[len(frames) // 2] = (dataclasses.replace(pose, t_s=math.nan), back)
        try:
            count = len(_reps(judge(exercise, frames)))
        except Exception as error:
            raise ConformanceError(f"It raises {type(error).__name__} when joints are unknown: {error}") from error
        _fail_unless(count <= performance.reps, f"Unknown joints add repetitions: {count}.")


def gives_the_same_twice(exercise: Exercise, performance: Performance) -> None:
    """The same stream gives the same events, to the byte: no clock, no chance, no memory between sets."""
    first, second = (repr([e.wire() for e in judge(exercise, performance.frames())]) for _ in range(2))
    _fail_unless(first == second, "The same recording gives two results. Rules must be pure functions of the moment.")


def documents_its_faults(exercise: Exercise, _performance: Performance) -> None:
    """Each fault has its page, each number its unit, its range and its source."""
    declared = {s.name for s in exercise.all_settings}
    names = [rule.name for rule in exercise.all_faults]
    _fail_unless(len(set(names)) == len(names), f"Two faults have the same name among {', '.join(names)}.")
    for rule in exercise.all_faults:
        _fail_unless(bool(KEBAB.fullmatch(rule.name)), f"The fault {rule.name!r} must be named like-this.")
        missing = [heading for heading in PAGE if not getattr(rule, heading).strip()]
        _fail_unless(not missing, f"The page of {rule.name!r} lacks: {', '.join(missing)}.")
        known = bool(rule.parts) and set(rule.parts) <= {*PARTS, "back"}
        _fail_unless(known, f"{rule.name!r} needs `parts`: what must be seen, of {', '.join(PARTS)}, back.")
    for fault in exercise.faults:
        named = {"limit": fault.limit, "hysteresis": fault.hysteresis or fault.limit, "confirm": fault.confirm}
        for what, name in named.items():
            _fail_unless(name in declared, f"The {what} of {fault.name!r} is {name!r}, which is no setting.")
        is_of_back = not fault.of_back or "back" in fault.parts
        _fail_unless(is_of_back, f"{fault.name!r} judges the back: name it in its `parts`.")
    _check_hold(exercise, declared)
    for setting in exercise.all_settings:
        sound = setting.low <= setting.value <= setting.high and bool(setting.unit and setting.why.strip())
        _fail_unless(sound, f"The setting {setting.name!r} needs a unit, a reason, and a value within its range.")


def _check_hold(exercise: Exercise, declared: set[str]) -> None:
    """A hold is one number and the share of it that is enough; whoever has the one has the other."""
    hold = {HOLD, HOLD_SHARE} & declared
    _fail_unless(len(hold) != 1, f"A hold needs two settings, {HOLD} and {HOLD_SHARE}: it has only {', '.join(hold)}.")
    least = exercise.least_hold
    _fail_unless(not least or least in declared, f"The least hold is {least!r}, which is no setting.")


def has_words_for_everything(exercise: Exercise, _performance: Performance) -> None:
    """Every cue is a short sentence, every phase has its text, and the person is told what to do."""
    for rule in exercise.all_faults:
        _fail_unless(_is_cue(rule), f"The cue of {rule.name!r} must have {CUE_WORDS[0]} to {CUE_WORDS[1]} words.")
        words = len(rule.short.split())
        _fail_unless(0 < words <= SHORT_WORDS, f"{rule.name!r} needs a `short` name of 1 to {SHORT_WORDS} words.")
    phases = [phase for phase in ("rest", *MOVING) if not exercise.phase_texts.get(phase, "").strip()]
    _fail_unless(not phases, f"These phases have no text: {', '.join(phases)}.")
    inside = all(0 <= x <= 1 and 0 <= y <= 1 for line in exercise.figure for x, y in line)
    _fail_unless(inside, "The lines of its figure must lie in a box from 0 to 1.")
    told = bool(exercise.title.strip() and exercise.line.strip() and exercise.steps)
    _fail_unless(told, "It needs a title, a line for the menu, and steps.")


def _is_cue(rule: Rule) -> bool:
    return CUE_WORDS[0] <= len(rule.cue.split()) <= CUE_WORDS[1]


def shows_how_it_is_done(exercise: Exercise, _performance: Performance) -> None:
    """What is shown ends where it begins, and on the floor; the coach blames it for nothing; a fault looks wrong."""
    of = exercise.shown
    strange = sorted(set(of.faults) - {rule.name for rule in exercise.all_faults})
    _fail_unless(not strange, f"Its demonstration has {', '.join(strange)}, which is no fault of it.")
    for name in ("", *of.faults):
        film, what = exercise.film(name), f"Its demonstration of {name or 'the right movement'}"
        seen = [film.at(t).joints for t in np.linspace(0.0, film.cycle_s, FRAMES)]
        _fail_unless(all(np.isfinite(xy).all() for xy in seen), f"{what} has an angle that is unknown.")
        jump = float(np.abs(film.at(film.cycle_s - 1e-6).joints - film.at(0.0).joints).max())
        _fail_unless(jump < JUMP_TL, f"{what} does not end where it begins: its last step leads back to the start.")
        lowest = min(float(xy[:, 1].min()) for xy in seen)
        _fail_unless(lowest > -JUMP_TL, f"{what} sinks {-lowest:.2f} torso lengths into the floor: plant the feet.")
        _fail_unless(not name or _looks_wrong(film), f"{what} can't be told from the right movement.")
    if exercise.demonstration is not None and exercise.bout is None:
        _check_shown(exercise)


def _looks_wrong(film: Film) -> bool:
    """Whether a fault differs from what is right: in pose, in the bend of the back, in time, or in the side."""
    right = film_of(film.of)
    if film.spot == "time":
        return abs(film.cycle_s - right.cycle_s) > DIFFERENCE_SHARE * right.cycle_s
    ways = [(film.at(s * film.cycle_s), right.at(s * right.cycle_s)) for s in np.linspace(0.0, 1.0, FRAMES)]
    apart = max(float(np.abs(a.joints - b.joints).max()) for a, b in ways)
    bent = max(abs(a.stance.lumbar_deg - b.stance.lumbar_deg) for a, b in ways)
    deep = max(abs(a.stance.sagitta_tl - b.stance.sagitta_tl) for a, b in ways)
    is_same_side = film.wrong is not None and film.wrong.is_same_side
    return apart > DIFFERENCE_TL or bent > DIFFERENCE_DEG or deep > DIFFERENCE_TL / 5 or is_same_side


def _check_shown(exercise: Exercise) -> None:
    events = judge(exercise, demonstrated(exercise))
    told = {e.name for e in events if isinstance(e, FaultStarted)}
    told |= {name for rep in _reps(events) for name in rep.faults}
    _fail_unless(bool(_reps(events)), "What it shows as right is not counted: reach further, hold for longer.")
    _fail_unless(not told, f"What it shows as right is blamed for {', '.join(sorted(told))}.")


Checker = Callable[[Exercise, Performance], None]

CHECKS: tuple[Checker, ...] = (
    counts_a_right_performance,
    abstains_when_blind,
    counts_no_rep_without_a_cycle,
    knows_left_from_right,
    is_free_of_scale,
    is_free_of_frame_rate,
    survives_what_is_not_a_number,
    gives_the_same_twice,
    documents_its_faults,
    has_words_for_everything,
    shows_how_it_is_done,
)
"""Every check, to be called with an exercise and a right performance of it."""


def problems(exercise: Exercise, performance: Performance) -> list[str]:
    """What is wrong with an exercise: one sentence a failed check, none if it conforms."""
    found = []
    for check in CHECKS:
        try:
            check(exercise, performance)
        except ConformanceError as problem:
            found.append(f"{check.__name__}: {problem}")
    return found
