"""What could be changed for next time: rules that propose, from the last sessions of an exercise. Pure.

They propose and never order; the numbers and their sources are in docs/clinicians/next-step.md. Whoever has a
clinician's program is proposed nothing: it is kept for the clinician to see.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from formcheck.core.rules.exercise import HOLD, Exercise
from formcheck.core.text import marked, phrase
from formcheck.session.document import Kept, Proposal, SessionDocument, SetDocument
from formcheck.session.program import Program
from formcheck.session.progress import JUDGED_MIN, PAUSE_DAYS, dated
from formcheck.session.session_record import RISE, pain_band
from formcheck.session.settings import check_overrides
from formcheck.system.errors import SettingsError

REPS = "reps"
"""What is changed where it is no setting."""
EASY_EFFORT, EASY_CLEAN = 3, 0.9
"""Most effort (CR10, "moderate") and least clean share of two sessions in a row after which more is proposed [P]."""
HARD_CLEAN = 0.5
"""Clean share below which less is proposed [P]."""
LESS_AFTER_PAIN = 2 / 3
"""Share of the dose that is proposed after pain [P]."""
REPS_STEP, REPS_MIN = 2, 4
HOLD_SHARE, HOLD_TIMES_MAX, HOLD_MAX_S, HOLD_MIN_S = 0.25, 2, 60.0, 2.0
"""A hold is lengthened by a quarter, up to twice the exercise's own and a minute at most [P]."""
REACH_STEP = 10.0
"""Degrees by which a shorter reach is given back."""
REACH_LEAST = 5.0
"""Degrees by which a reach must be shorter to be proposed: a hip's angle is not known better (RMSE 4 to 7 measured)."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A proposal that somebody took: it holds for their next sessions."""

    exercise: str
    what: str
    """`reps`, or the name of a setting."""
    value: float
    utc: datetime


@dataclass(frozen=True, slots=True)
class _Time:
    """One session of one exercise."""

    at: datetime
    session: SessionDocument
    sets: tuple[SetDocument, ...]

    @property
    def target(self) -> tuple[int | None, float | None]:
        return self.sets[-1].target_reps, self.sets[-1].target_hold_s

    @property
    def clean_share(self) -> float:
        """Of what was judged; NaN where that was too little."""
        clean, judged = sum(s.clean_reps for s in self.sets), sum(s.clean_reps + s.faulty_reps for s in self.sets)
        return clean / judged if judged >= JUDGED_MIN else math.nan

    @property
    def has_hurt(self) -> bool:
        """It hurt in one of its sets; or pain rose or was strong afterwards, and no set says where."""
        if any(one.outcome == "hurt" for one in self.session.shown_sets):
            return any(one.outcome == "hurt" for one in self.sets)
        before, after = self.session.pain.before, self.session.pain.after
        if after is None:
            return False
        return pain_band(after) == "strong" or (before is not None and after >= before + RISE)

    def is_easy(self, exercise: str) -> bool:
        """Little effort, nearly all of it clean, pain mild and no more than before; what is not known is not easy."""
        effort, pain = self.session.effort.get(exercise), self.session.pain
        if effort is None or pain.before is None or pain.after is None:
            return False
        is_calm = pain.after <= pain.before and pain_band(pain.after) == "mild"
        is_done = all(one.outcome == "done" for one in self.sets)
        return is_done and is_calm and effort <= EASY_EFFORT and self.clean_share >= EASY_CLEAN


def propose(
    past: Iterable[Kept], exercise: Exercise, now: datetime, accepted: Sequence[Accepted] = ()
) -> Proposal | None:
    """The one change that the last sessions of an exercise speak for; None where nothing does.

    Args:
        past: one person's sessions.
        exercise: of which exercise.
        now: local date and time.
        accepted: what was taken; after the last session of the exercise nothing more is proposed until the next one.
    """
    times = _times(past, exercise.name, now)
    if not times or now - times[-1].at >= timedelta(days=PAUSE_DAYS):
        return None
    last = times[-1]
    if any(each.exercise == exercise.name and each.utc >= last.at for each in accepted):
        return None
    if last.has_hurt:
        return _less(exercise, last, "pain")
    if suggested := _shorter(exercise, last):
        return suggested
    if last.clean_share < HARD_CLEAN:
        return _less(exercise, last, "faults")
    before = times[-2] if len(times) > 1 else None
    is_easy = before is not None and before.target == last.target and before.is_easy(exercise.name)
    return _more(exercise, last) if is_easy and last.is_easy(exercise.name) else None


def is_of_clinician(past: Iterable[Kept], exercise: str, shipped: Collection[str], now: datetime) -> bool:
    """Whether an exercise was last done in a program of somebody's own: none of those that ship.

    Args:
        past: one person's sessions.
        exercise: its name.
        shipped: hashes of the programs that ship.
        now: local date and time.
    """
    times = _times(past, exercise, now)
    program = times[-1].session.program if times else None
    return program is not None and program.hash not in shipped


def _times(past: Iterable[Kept], exercise: str, now: datetime) -> list[_Time]:
    since = now - timedelta(days=2 * PAUSE_DAYS)  # what is older says nothing of the next time
    found = [(at, session, _sets(session, exercise)) for at, session in dated(past, now) if at >= since]
    return [_Time(*each) for each in sorted(found, key=lambda each: each[0]) if each[2]]


def _sets(session: SessionDocument, exercise: str) -> tuple[SetDocument, ...]:
    """Its sets in which something was done; one that was stopped because it hurt says enough without."""
    own = [one for one in session.shown_sets if one.exercise == exercise]
    return tuple(one for one in own if one.reps or one.measured or one.outcome == "hurt")


# -- the rules ---------------------------------------------------------------------------------------------------------


def _shorter(exercise: Exercise, last: _Time) -> Proposal | None:
    """The reach that the coach has learned in the last session."""
    learned = [each for one in last.sets for each in one.suggestions]
    if not learned:
        return None
    wanted = learned[-1]
    was = _setting(exercise, last, wanted.setting)
    if was is None or was - wanted.value < REACH_LEAST:
        return None
    return _proposal(exercise, wanted.setting, was, wanted.value, wanted.unit, "reach")


def _less(exercise: Exercise, last: _Time, why: str) -> Proposal | None:
    """Fewer repetitions, or where there are few, a shorter hold."""
    reps, hold_s = _reps(exercise, last), _hold_s(last)
    fewer = math.ceil(LESS_AFTER_PAIN * reps) if why == "pain" else reps - REPS_STEP
    if max(fewer, REPS_MIN) < reps:
        return _dose(exercise, REPS, reps, max(fewer, REPS_MIN), why)
    shorter_s = float(math.floor(LESS_AFTER_PAIN * hold_s))
    return _dose(exercise, HOLD, hold_s, shorter_s, why) if shorter_s >= HOLD_MIN_S else None


def _more(exercise: Exercise, last: _Time) -> Proposal | None:
    """First the range that was given up, then repetitions up to the exercise's own dose, then a longer hold."""
    if (advice := exercise.range_advice) is not None:
        declared = next(each.value for each in exercise.all_settings if each.name == advice.setting)
        was = _setting(exercise, last, advice.setting)
        if was is not None and was != declared:
            step = math.copysign(min(REACH_STEP, abs(declared - was)), declared - was)
            return _dose(exercise, advice.setting, was, was + step, "easy")
    reps, hold_s, own_s = _reps(exercise, last), _hold_s(last), exercise.hold_s()
    if reps < exercise.dose.reps:
        return _dose(exercise, REPS, reps, min(reps + REPS_STEP, exercise.dose.reps), "easy")
    longer_s = min(float(math.ceil(hold_s * (1 + HOLD_SHARE))), HOLD_TIMES_MAX * own_s, HOLD_MAX_S)
    return _dose(exercise, HOLD, hold_s, longer_s, "easy") if longer_s > hold_s > 0 else None


_BECAUSE = marked({
    "easy": "Twice it was easy and clean",
    "pain": "It hurt",
    "faults": "More had a fault than not",
})  # fmt: skip
_SHORTER = marked("A shorter reach would keep your back still: {value:g}{unit} instead of {was:g}{unit}.")
_WHAT = marked({
    REPS: "{because}: next time {value:g} repetitions instead of {was:g}?",
    HOLD: "{because}: next time {value:g} s hold instead of {was:g}?",
    "": "{because}: next time {value:g}° of reach instead of {was:g}?",
})  # fmt: skip


def _dose(exercise: Exercise, what: str, was: float, value: float, why: str) -> Proposal:
    setting = next((each for each in exercise.all_settings if each.name == what), None)
    return _proposal(exercise, what, was, value, setting.unit if setting is not None else "", why)


def _proposal(exercise: Exercise, what: str, was: float, value: float, unit: str, why: str) -> Proposal:
    made = Proposal.model_validate(
        {"exercise": exercise.name, "what": what, "was": was, "value": value, "unit": unit, "why": why, "text": ""}
    )
    return made.model_copy(update={"text": text_of(made)})


def text_of(proposal: Proposal) -> str:
    """The sentence of a proposal; of one that was kept and read again, too."""
    values = {"value": proposal.value, "was": proposal.was}
    if proposal.why == "reach":
        return phrase(_SHORTER, unit=proposal.unit.replace("deg", "°"), **values)
    return phrase(_WHAT.get(proposal.what, _WHAT[""]), because=_BECAUSE[proposal.why], **values)


def _reps(exercise: Exercise, last: _Time) -> int:
    """Repetitions of a set, of each side where both are done in one."""
    one = last.sets[-1]
    if one.target_reps is None:
        return exercise.dose.reps
    return one.target_reps // 2 if exercise.dose.per_side and one.side is None else one.target_reps


def _hold_s(last: _Time) -> float:
    return last.sets[-1].target_hold_s or 0.0


def _setting(exercise: Exercise, last: _Time, name: str) -> float | None:
    """A setting as it was in the last session; None where the exercise has none of that name."""
    declared = next((each.value for each in exercise.all_settings if each.name == name), None)
    given = last.session.provenance.settings.get(exercise.name, {}) if last.session.provenance is not None else {}
    value = given.get(name, declared)
    return float(value) if isinstance(value, (int, float)) else declared


# -- for the next session ----------------------------------------------------------------------------------------------


def reps_and_settings(exercise: Exercise, accepted: Iterable[Accepted]) -> tuple[int | None, dict[str, float]]:
    """What somebody took for an exercise: repetitions (None: as before), and settings. What makes no sense any more (of
    an older version) is left out."""
    reps: int | None = None
    settings: dict[str, float] = {}
    for each in sorted(accepted, key=lambda each: each.utc):
        if each.exercise != exercise.name:
            continue
        if each.what == REPS:
            reps = max(1, round(each.value))
        elif _makes_sense(exercise, {each.what: each.value}):
            settings[each.what] = each.value
    return reps, settings


def adjusted(program: Program, accepted: Iterable[Accepted]) -> Program:
    """A program that ships, with what somebody took of the proposals; its hash stays that of the program."""
    taken = list(accepted)
    sets = []
    for planned in program.sets:
        reps, settings = reps_and_settings(planned.exercise, taken)
        overrides: Mapping[str, float] = {**planned.overrides, **settings}
        sets.append(replace(planned, reps=reps or planned.reps, overrides=dict(overrides)))
    return replace(program, sets=tuple(sets))


def _makes_sense(exercise: Exercise, overrides: Mapping[str, float]) -> bool:
    try:
        check_overrides(exercise, overrides, where=exercise.name)
    except SettingsError:
        return False
    return True
