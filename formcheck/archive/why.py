"""Why a repetition is told otherwise than before: a setting, a measure, what could be judged, a rule, a version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from formcheck.archive.told import RepTold, SetTold
from formcheck.core.rules.exercise import Exercise, Fault, Rule
from formcheck.core.rules.setting import Settings

Kind = Literal["setting", "measure", "judged", "rule", "amended", "app", "models", "unknown"]
"""Another setting; a measure on the other side of its limit; more or less of it could be judged; a fault that one of
both versions does not know; corrected by a person; another version; another model; nothing that was kept tells."""
WORDS: Mapping[Kind, str] = {
    "setting": "another setting",
    "measure": "a measure across its limit",
    "judged": "more or less could be judged",
    "rule": "another rule",
    "amended": "corrected by a person",
    "app": "another version",
    "models": "another model",
    "unknown": "not told by what was kept",
}
LEAST = "judged_share_min"
OF_BACK = ("back_sd_max_deg", "sure_share", "sure_good_share")


@dataclass(frozen=True, slots=True)
class Why:
    """One reason."""

    kind: Kind
    text: str
    fault: str = ""
    setting: str = ""
    before: float | None = None
    """The measure, the share that was judged, or the setting, before."""
    now: float | None = None
    limit_before: float | None = None
    limit_now: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON, without what does not apply."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in values.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class Sides:
    """What was told before and now, and by which settings."""

    exercise: Exercise
    before: SetTold
    now: SetTold
    settings: Settings
    """In force now."""
    settings_before: Mapping[str, float]
    """In force before, as far as known: of another version only those that were given."""

    @classmethod
    def of(cls, exercise: Exercise, before: SetTold, now: SetTold, overrides: Mapping[str, object]) -> Sides:
        """Both sides."""
        return cls(exercise, before, now, Settings(exercise.all_settings, overrides), _in_force(exercise, before, now))

    @property
    def changed_settings(self) -> list[Why]:
        """Settings that differ."""
        found = []
        for setting in self.exercise.all_settings:
            now, before = self.settings[setting.name], self.settings_before.get(setting.name)
            if before is None and setting.name not in self.now.settings:
                continue  # the default of another version is not known here
            if before != now:
                text = f"{setting.name} {_number(before, 'default')} → {now:g} {setting.unit}"
                found.append(Why("setting", text, setting=setting.name, before=before, now=now))
        return found

    @property
    def origin(self) -> list[Why]:
        """What differs for the recording as a whole."""
        found = self.changed_settings
        if self.before.app != self.now.app:
            found.append(Why("app", f"FormCheck {self.before.app or 'of an unknown version'} → {self.now.app}"))
        if (models := _differing(self.before.models, self.now.models)) and self.before.models:
            found.append(Why("models", f"another {', '.join(models)}"))
        return found

    def of_rep(self, before: RepTold, now: RepTold) -> list[Why]:
        """Why one repetition is told otherwise."""
        found = [Why("amended", "was corrected by a person")] if before.is_amended else []
        for name in sorted(set(before.faults) ^ set(now.faults)):
            found += self._of_fault(name, before, now)
        if not found or before.faults == now.faults:
            found += self._of_judged(before, now)
        return found or self._otherwise()

    def of_lone(self, rep: RepTold, other: SetTold) -> list[Why]:
        """Why a repetition is on one side only."""
        overlapping = (
            reason for start_s, end_s, reason in other.attempts if start_s < rep.end_s and end_s > rep.start_s
        )
        found = [Why("rule", f"{'was' if other is self.before else 'is now'} not counted: {r}") for r in overlapping]
        return [*found, *self._otherwise()]

    def _of_fault(self, name: str, before: RepTold, now: RepTold) -> Iterator[Why]:
        rule = next((rule for rule in self.exercise.all_faults if rule.name == name), None)
        if rule is None:
            yield Why("rule", f"{name}: this version has no such fault", name)
            return
        if self.before.app != self.now.app and name in now.faults and not _is_known(name, self.before):
            yield Why("rule", f"{name}: told of nowhere in what was stored, perhaps a new fault", name)
            return
        settings = [why for why in self.changed_settings if _concerns(why.setting, rule)]
        measure = self._of_measure(rule, before, now)
        for why in settings:
            yield Why("setting", f"{name}: {why.text}{_measured(measure)}", name, why.setting, why.before, why.now)
        if settings:
            return
        judged = self._of_share(name, before, now)
        if judged is not None:
            yield judged
        elif measure is not None:
            yield measure

    def _of_measure(self, rule: Rule, before: RepTold, now: RepTold) -> Why | None:
        was, is_now = before.levels.get(rule.name), now.levels.get(rule.name)
        if was is None and is_now is None:
            return None
        limit = self.settings[rule.limit] if isinstance(rule, Fault) else None
        limit_before = self.settings_before.get(rule.limit) if isinstance(rule, Fault) else None
        text = f"{rule.name}: {_number(was, 'not kept')} → {_number(is_now, 'not kept')} {rule.unit}".rstrip()
        text += f", limit {limit:g}" if limit is not None else ""
        return Why("measure", text, rule.name, "", was, is_now, limit_before, limit)

    def _of_judged(self, before: RepTold, now: RepTold) -> list[Why]:
        """What could be judged before and can't now, or the other way round."""
        names = sorted({*before.judged, *now.judged})
        found = [why for name in names if (why := self._of_share(name, before, now)) is not None]
        changed = [why for why in self.changed_settings if why.setting in (LEAST, *OF_BACK)]
        clocks = [part for part in ("rate", "times") if (part in before.not_judged) != (part in now.not_judged)]
        found += [Why("judged", f"the {clock} of the pictures bears {_more(clock, now)}") for clock in clocks]
        return changed + found

    def _of_share(self, name: str, before: RepTold, now: RepTold) -> Why | None:
        """The share of a fault that was judged, where it passed the least that must be."""
        was, is_now = before.judged.get(name), now.judged.get(name)
        least_before, least = self.settings_before.get(LEAST, self.settings[LEAST]), self.settings[LEAST]
        if was is None or is_now is None or (was >= least_before) == (is_now >= least):
            return None
        text = f"{name}: judged for {was:.0%} → {is_now:.0%} of the time, {least:.0%} needed"
        return Why("judged", text, name, "", was, is_now, least_before, least)

    def _otherwise(self) -> list[Why]:
        """What differs as a whole, where nothing nearer tells."""
        return self.origin or [Why("unknown", "nothing that was kept tells")]


def _in_force(exercise: Exercise, before: SetTold, now: SetTold) -> Mapping[str, float]:
    given = {name: float(v) for name, v in before.settings.items() if isinstance(v, (int, float))}
    if before.app != now.app:
        return given
    return {setting.name: given.get(setting.name, setting.value) for setting in exercise.all_settings}


def _differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def _concerns(setting: str, rule: Rule) -> bool:
    """Whether a setting decides about a fault. One that is judged at the end does not say by which it goes: any may."""
    if not isinstance(rule, Fault):
        return True
    return setting in {rule.limit, rule.back_limit, rule.hysteresis, rule.confirm, *(OF_BACK if rule.of_back else ())}


def _is_known(name: str, told: SetTold) -> bool:
    return any(name in rep.judged or name in rep.faults for rep in told.reps) or not any(r.judged for r in told.reps)


def _more(clock: str, now: RepTold) -> str:
    return "less now" if clock in now.not_judged else "more now"


def _number(value: float | None, unknown: str) -> str:
    return unknown if value is None else f"{value:.4g}"


def _measured(measure: Why | None) -> str:
    if measure is None:
        return ""
    value = measure.now if measure.now is not None else measure.before
    return f"; measured {_number(value, '')}"
