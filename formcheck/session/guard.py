"""Exercises that somebody else wrote: checked when they are loaded, and kept from breaking a set while it runs.

A rule that raises, or gives what is no number, counts as unknown: what depends on it is not judged. Its name is kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from numbers import Real
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from formcheck.core.body.measure import Body
from formcheck.core.body.pose import Pose
from formcheck.core.body.quantities import Estimate
from formcheck.core.body.stance import Stance
from formcheck.core.rules.demonstration import bounds_tl
from formcheck.core.rules.events import TimesDoubt
from formcheck.core.rules.exercise import (
    ActivityTracker,
    Bout,
    BoutReading,
    Check,
    EndFault,
    Exercise,
    Fault,
    Reach,
    Signal,
)
from formcheck.core.rules.setting import Settings

if TYPE_CHECKING:  # needed only where a stranger's exercise is installed; it takes a tenth of a second to load
    from pydantic import TypeAdapter

NAN = math.nan
UNTOLD = Check("The start position", lambda _: NAN, 0.0, 0.0)
"""Stands for a start pose that can't be told: it never holds."""


class NoExerciseError(Exception):
    """A declaration that is no exercise; the text says why, to follow its name."""


class Guard:
    """Stands between the product and one exercise."""

    def __init__(self) -> None:
        self.failures: dict[str, str] = {}
        """What went wrong first, by the rule's name: the kind of error, never its text (which may hold anything)."""

    def wrap(self, exercise: Exercise) -> Exercise:
        """The exercise with its functions guarded."""
        advice = exercise.range_advice
        return replace(
            exercise,
            start=self._checks("start", exercise.start, (UNTOLD,)),
            invariants=self._checks("invariants", exercise.invariants, ()),
            reach=self._rule("reach", exercise.reach, Reach(NAN, NAN), _is_reach),
            faults=tuple(self._fault(fault) for fault in exercise.faults),
            end_faults=tuple(self._end_fault(fault) for fault in exercise.end_faults),
            signals={name: self._signal(name, make) for name, make in exercise.signals.items()},
            range_advice=advice
            and replace(advice, measure=self._rule("range_advice", advice.measure, NAN, _is_number)),
            bout=exercise.bout and self._bout(exercise.bout),
        )

    def note(self, rule: str, what: str) -> None:
        """A rule failed."""
        self.failures.setdefault(rule, what)

    def call(self, rule: str, function: Callable[..., Any], *values: object, unknown: Any = None) -> Any:
        """What a function gives; `unknown` where it raises (or wants to end the program)."""
        try:
            return function(*values)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's code may fail in any way
            self.note(rule, f"raised {type(error).__name__}")
            return unknown

    def _rule(
        self, rule: str, function: Callable[..., Any], unknown: Any, is_right: Callable[[Any], bool]
    ) -> Callable[..., Any]:
        def guarded(*values: object) -> Any:
            found = self.call(rule, function, *values, unknown=unknown)
            if is_right(found):
                return found
            self.note(rule, f"gave {_in_words(found)}")
            return unknown

        return guarded

    def _checks(
        self, rule: str, make: Callable[[Settings], tuple[Check, ...]], unknown: tuple[Check, ...]
    ) -> Callable[[Settings], tuple[Check, ...]]:
        made = self._rule(rule, make, unknown, _are_checks)

        def guarded(settings: Settings) -> tuple[Check, ...]:
            return tuple(
                replace(check, measure=self._rule(f"{rule}: {check.text}", check.measure, NAN, _is_number))
                for check in made(settings)
            )

        return guarded

    def _fault(self, fault: Fault) -> Fault:
        return replace(
            fault,
            measure=self._rule(fault.name, fault.measure, NAN, _is_quantity),
            matters=self._rule(fault.name, fault.matters, True, _is_answer),
        )

    def _end_fault(self, fault: EndFault) -> EndFault:
        return replace(
            fault,
            judge=self._rule(fault.name, fault.judge, NAN, lambda found: found is None or _is_number(found)),
            matters=self._rule(fault.name, fault.matters, True, _is_answer),
        )

    def _signal(self, name: str, make: Callable[[], Signal]) -> Callable[[], Signal]:
        return lambda: _GuardedSignal(self, name, self.call(name, make))

    def _bout(self, bout: Bout) -> Bout:
        return replace(bout, follow=lambda settings: _GuardedTracker(self, self.call("bout", bout.follow, settings)))


class _GuardedSignal:
    """A measure over time; NaN where it fails."""

    def __init__(self, guard: Guard, name: str, signal: Any) -> None:
        self._guard, self._name, self._signal = guard, name, signal

    def begin(self, start: Body) -> None:
        self._guard.call(self._name, lambda: self._signal.begin(start))

    def update(self, body: Body) -> Any:
        return self._guard.call(self._name, lambda: self._signal.update(body), unknown=NAN)


class _GuardedTracker(ActivityTracker):
    """A follower of a bout; one that fails sees none."""

    def __init__(self, guard: Guard, tracker: Any) -> None:
        self._guard, self._tracker = guard, tracker

    def update(self, pose: Pose, body: Body) -> None:
        self._guard.call("bout", lambda: self._tracker.update(pose, body))

    def stand(self, since_s: float) -> None:
        self._guard.call("bout", lambda: self._tracker.stand(since_s))

    @property
    def times_doubt(self) -> TimesDoubt | None:
        def read() -> Any:
            return self._tracker.times_doubt

        found: TimesDoubt | None = self._guard._rule(
            "bout", read, None, lambda d: d is None or d in get_args(TimesDoubt)
        )()
        return found

    @property
    def reading(self) -> BoutReading | None:
        return self._reading(lambda: self._tracker.reading)

    def end(self) -> BoutReading | None:
        return self._reading(lambda: self._tracker.end())

    def _reading(self, read: Callable[[], Any]) -> BoutReading | None:
        found: BoutReading | None = self._guard._rule("bout", read, None, _is_reading)()
        return found


def check_exercise(exercise: Exercise) -> None:
    """Make sure that an exercise is one: its words, numbers and drawing, and that its start pose can be asked for.

    Raises:
        NoExerciseError: it is none; the text says what is wrong.
        Exception: a function of it raised.
    """
    _check_fields(exercise, "")
    names = [fault.name for fault in exercise.all_faults]
    if len(set(names)) < len(names):
        raise NoExerciseError("two of its faults have one name")
    for setting in exercise.settings:
        if not setting.low <= setting.value <= setting.high:
            raise NoExerciseError(f"its setting {setting.name} is not within its own range")
    settings = Settings(exercise.all_settings)
    try:
        Settings(exercise.all_settings, exercise.gentle)
    except ValueError as error:
        raise NoExerciseError(f"its gentle settings make no sense: {error}") from error
    for make in (exercise.start, exercise.invariants):
        if not _are_checks(make(settings)):
            raise NoExerciseError("its start or invariants give no Checks")
    if not all(map(math.isfinite, bounds_tl(exercise.shown))):
        raise NoExerciseError("its demonstration has an angle that is unknown")


def _check_fields(part: Any, where: str) -> None:
    """Every field of a declaration, and of those that it holds, is of its declared type; no number is infinite."""
    from pydantic import ValidationError

    kind: type = type(part)
    for name, adapter in _adapters(kind).items():
        value = getattr(part, name)
        try:
            adapter.validate_python(value)
        except ValidationError as error:
            raise NoExerciseError(f"its {where}{name} makes no sense: {error.errors()[0]['msg']}") from error
        for inner in value if isinstance(value, tuple) else (value,):
            if is_dataclass(inner) and not isinstance(inner, Stance):  # angles that it does not need are unknown
                _check_fields(inner, f"{where}{name}, ")


@cache
def _adapters(kind: type) -> dict[str, TypeAdapter[Any]]:
    from pydantic import ConfigDict, TypeAdapter

    strict = ConfigDict(arbitrary_types_allowed=True, strict=True, allow_inf_nan=False)
    hints = get_type_hints(kind)
    return {
        item.name: TypeAdapter(hint) if is_dataclass(hint) else TypeAdapter(hint, config=strict)
        for item in fields(kind)
        for hint in (hints[item.name],)
    }


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not math.isinf(value)


def _is_quantity(value: object) -> bool:
    return _is_number(value) or (isinstance(value, Estimate) and _is_number(value.value) and _is_number(value.sd))


def _is_answer(value: object) -> bool:
    return bool(value in (True, False))


def _is_reach(value: object) -> bool:
    return isinstance(value, Reach) and all(map(_is_number, (value.excursion, value.rom_fraction, value.hold_slack)))


def _are_checks(value: object) -> bool:
    return isinstance(value, tuple) and all(
        isinstance(check, Check) and isinstance(check.text, str) and check.low <= check.high for check in value
    )


def _is_reading(value: object) -> bool:
    if not isinstance(value, BoutReading):
        return value is None
    return _is_number(value.start_s) and all(_is_number(m.value) for m in value.measures.values())


def _in_words(value: object) -> str:
    """What a rule gave in place of a number."""
    return "infinity" if isinstance(value, float) else f"a value of the type {type(value).__name__}"
