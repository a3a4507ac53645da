"""The numbers of an exercise: named, with unit and source, and open to change for one run or one patient."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One number of an exercise. It may be overridden within `low`..`high`."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    why: str
    """What it decides, where it comes from (clinician, paper, proposal, measurement)."""


class Settings(Mapping[str, float]):
    """The values in force. Read as `settings["reach_hip_deg"]`."""

    def __init__(self, declared: tuple[Setting, ...], overrides: Mapping[str, object] | None = None) -> None:
        """Merge the declared values with overrides.

        Raises:
            ValueError: a name that is not declared, not a number, or out of its range; the text names it.
        """
        self._values = {s.name: s.value for s in declared}
        known = {s.name: s for s in declared}
        for given, value in (overrides or {}).items():
            for name, meant in _today(given, value, known).items():
                if name not in known:
                    raise ValueError(_why_unknown(given, known))
                self._values[name] = _checked(known[name], meant)

    def __getitem__(self, name: str) -> float:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


GONE = frozenset({"breath_s"})
"""Settings of former versions that decide nothing any more: a file that has one is read without it."""


def _today(name: str, value: object, known: Mapping[str, Setting]) -> dict[str, object]:
    """A setting under its name of today: files that were written for version 0.1 keep their meaning.

    Lengths ended in `_t`, and the least hold (`hold_min_s`) was a number of its own beside the one that was counted.
    """
    if name in known:
        return {name: value}
    if name in GONE:
        return {}
    if name == "hold_min_s" and "hold_s" in known:
        return {"hold_s": value, "hold_share": 1.0}
    return {f"{name}l" if f"{name}l" in known else name: value}


def _why_unknown(name: str, known: Mapping[str, Setting]) -> str:
    """What to tell whoever gave a name that is none; a bend of the back was once limited in torso lengths."""
    in_degrees = f"{name.removesuffix('l').removesuffix('_t')}_deg"
    if name.endswith(("_tl", "_t")) and in_degrees in known:
        return f"{name!r} is now {in_degrees!r}, in degrees."
    return f"{name!r} is not a setting. Known: {', '.join(sorted(known))}."


def _checked(setting: Setting, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{setting.name} must be a number in {setting.unit}, not {reprlib.repr(value)}.")
    if not setting.low <= value <= setting.high:
        raise ValueError(
            f"{setting.name} = {value:g} makes no sense: use {setting.low:g} to {setting.high:g} {setting.unit}."
        )
    return float(value)


COMMON = (
    Setting("arm_live_s", 1.0, "s", 0.2, 5.0, "The start pose must be steady this long before counting (live)."),
    Setting("arm_recording_s", 0.3, "s", 0.05, 5.0, "The same in a recording, which may begin in the middle of a set."),
    Setting("confirm_s", 0.4, "s", 0.1, 3.0, "A fault must last this long to be one [P]."),
    Setting("back_sd_max_deg", 9.0, "deg", 3.0, 20.0, "A bend that is less surely known counts as not seen [P]."),
    Setting(
        "sure_share",
        0.6,
        "probability",
        0.5,
        0.99,
        "How likely a fault of the back must be to be told [P]: risk and coverage on unseen bodies (the model's card).",
    ),
    Setting(
        "sure_good_share",
        0.85,
        "probability",
        0.5,
        0.99,
        "How likely a back must be good to be called so; between the two it is not judged [P], by the same curves.",
    ),
    Setting("hold_drift_deg", 5.0, "deg", 1.0, 20.0, "Whoever drifts or breathes by no more still holds [P]."),
    Setting("hold_gap_s", 0.5, "s", 0.0, 2.0, "A hold survives a gap of this length [P]."),
    Setting(
        "judged_share_min",
        0.6,
        "share of time",
        0.0,
        1.0,
        "A repetition is clean only if each fault could be judged for so much of the time in which it matters [P].",
    ),
    Setting("pause_s", 3.0, "s", 1.0, 30.0, "Out of the exercise for this long: it pauses by itself."),
    Setting("unseen_s", 0.7, "s", 0.2, 5.0, "A needed part must be hidden this long before it is reported."),
)
"""Numbers that every exercise has."""
