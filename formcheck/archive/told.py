"""What was told of a recording, by whichever version and in whichever file: in one form, so that it can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from formcheck.core.rules.events import Verdict
from formcheck.session.document import Kept, SetDocument
from formcheck.session.document import Rep as KeptRep

Kind = Literal["sidecar", "archive", "store"]
"""Where it was stored: in a file beside the recording, in the results of an earlier run, in the store of sessions."""
READS = ("formcheck.analysis/1", "formcheck.analysis/2")


@dataclass(frozen=True, slots=True)
class RepTold:
    """One repetition, or a bout of an exercise that has none."""

    index: int
    """From 1; 0 for a bout."""
    start_s: float
    end_s: float
    side: str | None = None
    verdict: Verdict | None = None
    """None where it was not kept: files of `analysis/1` and bouts have none."""
    faults: tuple[str, ...] = ()
    not_judged: tuple[str, ...] = ()
    judged: Mapping[str, float] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)
    """By fault, as far as known: how far its measure went, in its unit."""
    is_amended: bool = False
    """Whether a person corrected it."""

    def as_dict(self) -> dict[str, Any]:
        """For the difference's JSON."""
        return {
            "index": self.index,
            "start_s": round(self.start_s, 3),
            "end_s": round(self.end_s, 3),
            "side": self.side,
            "verdict": self.verdict,
            "faults": list(self.faults),
            "not_judged": list(self.not_judged),
        }


@dataclass(frozen=True, slots=True)
class SetTold:
    """One recording."""

    kind: Kind
    schema: str
    reps: tuple[RepTold, ...]
    attempts: tuple[tuple[float, float, str], ...] = ()
    """Beginning and end in seconds, and the reason."""
    app: str = ""
    models: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Those that differ from the defaults."""
    is_from_begin: bool = False
    """Whether its times count from its first picture rather than from the recording's own zero."""

    @property
    def counts(self) -> dict[str, int]:
        """Repetitions by verdict, `unknown` where none was kept; a bout is none."""
        return dict(Counter(rep.verdict or "unknown" for rep in self.reps if rep.index))

    @property
    def faults(self) -> Counter[str]:
        """In how many repetitions (or bouts) each was told."""
        return Counter(name for rep in self.reps for name in rep.faults)


def of_analysis(
    data: Mapping[str, Any], kind: Kind, levels: Mapping[str, Mapping[str, float]] | None = None
) -> SetTold:
    """What an analysis told.

    Args:
        data: a `formcheck.analysis`, whole.
        kind: where it was stored.
        levels: by the index of the repetition, what was measured of each fault; magnitudes of faults where not given.

    Raises:
        ValueError: it is no such file, or is damaged.
    """
    try:
        if data["schema"] not in READS:
            raise ValueError("it is of another kind")
        exercise, origin = str(data["exercise"]), data.get("provenance") or {}
        reps = tuple(_rep(rep, data["faults"], levels) for rep in data["reps"])
        return SetTold(
            kind,
            str(data["schema"]),
            reps or _bout(data),
            tuple((float(a["start_s"]), float(a["end_s"]), str(a["reason"])) for a in data["attempts"]),
            str(origin.get("app", "")),
            dict(origin.get("models", {})),
            dict(origin.get("settings", {}).get(exercise, {})),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("it is damaged") from error


def _rep(
    rep: Mapping[str, Any], faults: list[Mapping[str, Any]], levels: Mapping[str, Mapping[str, float]] | None
) -> RepTold:
    index, verdict = int(rep["index"]), rep.get("verdict")
    seen = {str(f["name"]): float(f["magnitude"]) for f in faults if f.get("rep") == index}
    return RepTold(
        index,
        float(rep["start_s"]),
        float(rep["end_s"]),
        rep["side"],
        verdict if verdict in get_args(Verdict) else None,
        tuple(sorted(rep["faults"])),
        tuple(rep.get("not_judged", ())),
        dict(rep.get("judged", {})),
        seen | dict((levels or {}).get(str(index), {})),
    )


def _bout(data: Mapping[str, Any]) -> tuple[RepTold, ...]:
    """What stands for an exercise without repetitions: the whole of what it measured, with all its faults."""
    length_s = float((data.get("metrics") or {}).get("duration_s") or 0.0)
    if not length_s:
        return ()
    return (RepTold(0, 0.0, length_s, faults=tuple(sorted({str(f["name"]) for f in data["faults"]}))),)


def of_set(kept: Kept, one: SetDocument) -> SetTold:
    """What a set of the store is held to be."""
    origin = kept.session.provenance
    by_hand = {a.rep for a in kept.amended if a.set_id == one.set_id and a.kind != "BackWithdrawn"}
    reps = tuple(_kept_rep(rep, one, by_hand) for rep in one.reps if rep.start_s is not None and rep.end_s is not None)
    return SetTold(
        "store",
        "formcheck.session/2",
        reps,
        tuple((a.start_s, a.end_s, a.reason) for a in one.attempts if a.start_s is not None and a.end_s is not None),
        origin.app if origin else "",
        origin.models if origin else {},
        origin.settings.get(one.exercise, {}) if origin else {},
        is_from_begin=True,
    )


def _kept_rep(rep: KeptRep, one: SetDocument, by_hand: set[int | None]) -> RepTold:
    start_s, end_s = rep.start_s or 0.0, rep.end_s or 0.0
    seen = {
        span.name: span.magnitude
        for span in one.fault_spans
        if span.name in rep.faults and span.magnitude is not None and span.start_s <= end_s and span.end_s >= start_s
    }
    return RepTold(
        rep.index, start_s, end_s, rep.side, rep.verdict, tuple(sorted(rep.faults)), rep.not_judged, rep.judged, seen,
        rep.index in by_hand,
    )  # fmt: skip
