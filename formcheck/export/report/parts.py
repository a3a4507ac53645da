"""Sections that a session's report and a person's share: what was not seen, corrections, thresholds, versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Any

from formcheck.export.codebook import JUDGED_PARTS, OneRep, seconds_of
from formcheck.export.fhir.summary import mean_of
from formcheck.export.report import words
from formcheck.export.report.figure import stick
from formcheck.export.report.page import Drawing, Grid, Section
from formcheck.session import history
from formcheck.session.document import Amended, Figure, Kept, Rep, SetDocument


def least_change_deg(first: Rep, second: Rep) -> float | None:
    """The least change between two bends that is more than the measurement's own noise (95 %), degrees."""
    return history.least_change_deg(first.back_sd_deg, second.back_sd_deg)


def bend(rep: Rep | None) -> str:
    """The bend of the low back with its standard deviation."""
    if rep is None or rep.back_deg is None:
        return words.UNKNOWN
    doubt = f" ± {words.number(rep.back_sd_deg, 1, '°')}" if rep.back_sd_deg is not None else " (doubt not known)"
    return f"{words.number(rep.back_deg, 1, '°')}{doubt}"


def judges_back(sets: Iterable[SetDocument]) -> bool:
    """Whether a fault of these sets needs the back."""
    return any("back" in one.judged_share for one in sets)


def examples(kept: Sequence[Kept], sets: Sequence[SetDocument]) -> tuple[Drawing, ...]:
    """A stick figure of each fault that was kept, and of the best repetition; the newest of each."""
    ids = {one.set_id for one in sets}
    newest: dict[str, Figure] = {f.fault: f for one in kept for f in one.figures if f.set_id in ids}
    shown = sorted(newest.values(), key=lambda figure: (not figure.fault, figure.fault))
    drawn = []
    for figure in shown:
        name = words.fault_name(sets, figure.fault) if figure.fault else "Furthest reach"
        title = f"{name}, repetition {figure.rep}" if figure.rep is not None else name
        svg = stick(figure, title)
        drawn += [Drawing(title, svg)] if svg else []
    return tuple(drawn)


def not_seen(kept: Sequence[Kept], *, is_by_set: bool) -> Section:
    """How much was not judged, and why."""
    sets = [one for each in kept for one in each.session.shown_sets]
    groups = [[one] for one in sets] if is_by_set else list(by_exercise(sets).values())
    rows = tuple(_not_seen_row(group, is_by_set) for group in groups)
    head = ("Exercise", "How well it was judged", "What was missing, and what would help", "Not judged", "Not seen")
    missed = sum(one.not_judged_reps for one in sets)
    reps = sum(len(one.reps) for one in sets)
    sentences = [f"{missed} of {words.times(reps, 'repetition')} could not be judged."] if reps else []
    if sets and not any(one.unseen_spans for one in sets):
        sentences.append("No part that was needed was lost from view for a while.")
    return Section("What was not seen", tuple(sentences), Grid(head, rows, text_columns=3) if rows else None)


def _not_seen_row(group: Sequence[SetDocument], is_by_set: bool) -> tuple[str, ...]:
    first = group[0]
    name = f"{first.name}, set {first.set}" if is_by_set else first.name
    spans = [span for one in group for span in one.unseen_spans]
    by_part = dict.fromkeys(span.part for span in spans)
    why = [f"{part} not seen: {_advice(group, part).rstrip('.')}" for part in by_part]
    unjudged = dict.fromkeys(part for one in group for rep in one.reps for part in rep.not_judged)
    why += [f"{_unjudged(part)} in {_reps_without(group, part)}" for part in unjudged]
    reps = sum(len(one.reps) for one in group)
    seconds = sum(seconds_of(one.unseen_spans) for one in group)
    means = {part: mean_of(one.judged_share.get(part) for one in group) for part in JUDGED_PARTS}
    judged = ", ".join(f"{part} {words.share(mean)}" for part, mean in means.items() if mean is not None)
    missed = f"{sum(one.not_judged_reps for one in group)} of {reps}"
    return name, judged or words.UNKNOWN, "; ".join(why) or "nothing", missed, words.number(seconds, 1, "s")


def _advice(group: Sequence[SetDocument], part: str) -> str:
    said = dict.fromkeys(span.advice for one in group for span in one.unseen_spans if span.part == part)
    return " ".join(text for text in said if text) or "no reason kept"


def _unjudged(part: str) -> str:
    clocks = {"rate": "too few pictures a second", "times": "times are not those of the movement"}
    return clocks.get(part, f"{part} not judged")


def _reps_without(group: Sequence[SetDocument], part: str) -> str:
    count = sum(part in rep.not_judged for one in group for rep in one.reps)
    return words.times(count, "repetition")


def by_exercise(sets: Iterable[SetDocument]) -> dict[str, list[SetDocument]]:
    """The sets of each exercise, in the order in which they were first done."""
    groups: dict[str, list[SetDocument]] = {}
    for one in sets:
        groups.setdefault(one.exercise, []).append(one)
    return groups


def corrections(kept: Sequence[Kept], zone: tzinfo | None) -> Section:
    """What was corrected: what the coach told, and what it is held to be now."""
    rows = [_correction(each, one, zone) for each in kept for one in each.amended]
    head = ("What", "The coach told", "Now held to be", "By", "Why", "When")
    if not rows:
        return Section("Corrections", ("Nothing was corrected: everything stands as the coach told it.",))
    return Section("Corrections", (), Grid(head, tuple(rows), text_columns=len(head)))


def _correction(kept: Kept, one: Amended, zone: tzinfo | None) -> tuple[str, ...]:
    of = next((s for s in kept.session.sets if s.set_id == one.set_id), None)
    sets = (of,) if of else ()
    what = [f"{of.name}, set {of.set}" if of else "A set"]
    what += [f"repetition {one.rep}"] if one.rep is not None else []
    what += [words.fault_name(sets, one.fault)] if one.fault else []
    when = words.day(one.utc, zone) + (" (addendum)" if one.is_addendum else "")
    was, now = _state(sets, one.was), _state(sets, one.now)
    return ", ".join(what), was, now, words.who(one.by), one.why or words.UNKNOWN, when


def _state(sets: Sequence[SetDocument], state: Any) -> str:
    """What a repetition or a fault is held to be, in words."""
    if isinstance(state, bool):
        return "a fault" if state else "no fault"
    if not isinstance(state, dict):
        return words.UNKNOWN if state is None else str(state)
    verdict = words.VERDICTS.get(state.get("verdict", ""), words.UNKNOWN)
    faults = ", ".join(words.fault_name(sets, str(name)) for name in state.get("faults") or ())
    said = [verdict + (f": {faults}" if faults else ""), str(state.get("side") or "")]
    said += [] if state.get("is_counted", True) else ["does not count"]
    return ", ".join(part for part in said if part)


def thresholds(kept: Sequence[Kept]) -> Section:
    """Thresholds that differ from the defaults, each with its value; several where it was changed."""
    title = "Thresholds that differ from the defaults"
    found: dict[tuple[str, str], dict[str, None]] = {}
    for each in kept:
        settings = each.session.provenance.settings if each.session.provenance else {}
        for exercise, values in sorted(settings.items()):
            for name, value in sorted(values.items()):
                found.setdefault((exercise, name), {})[words.pairs({name: value}).split(" = ")[1]] = None
    changed = sum(len(one.settings_changes) for each in kept for one in each.session.shown_sets)
    more: tuple[str, ...] = (
        (f"During the sets, thresholds were changed {words.times(changed, 'time')}.",) if changed else ()
    )
    gentle = sum(each.session.provenance.ways.get("gentle", False) for each in kept if each.session.provenance)
    more += (f"Gentle: shorter ranges and longer rests, {words.times(gentle, 'session')}.",) if gentle else ()
    if not any(each.session.provenance for each in kept):
        return Section(title, ("Which thresholds held was not kept.", *more))
    if not found:
        return Section(title, ("Every threshold was the default.", *more))
    rows = tuple((words.plain(exercise), name, ", then ".join(values)) for (exercise, name), values in found.items())
    return Section(title, more, Grid(("Exercise", "Threshold (its unit ends its name)", "Value"), rows, text_columns=2))


def sources(kept: Sequence[Kept]) -> Section:
    """Versions, models and cameras."""
    rows: dict[tuple[str, ...], None] = {}
    for each in kept:
        source = each.session.provenance
        if source is not None:
            camera = source.camera
            size = f"{camera.get('width') or words.UNKNOWN} × {camera.get('height') or words.UNKNOWN} pixels"
            rows[
                source.app or words.UNKNOWN,
                "; ".join(f"{name} {digest[:16]}" for name, digest in sorted(source.models.items())),
                f"{size}{', mirrored' if camera.get('mirrored') else ''}",
                each.station or words.UNKNOWN,
            ] = None
    head = ("FormCheck", "Models (beginning of their SHA-256)", "Camera", "Station")
    if not rows:
        return Section("Where the numbers come from", ("No version was kept.",))
    return Section("Where the numbers come from", (), Grid(head, tuple(rows), text_columns=len(head)))


def counted(kept: Kept) -> list[OneRep]:
    """The repetitions that count, of the sets that stand."""
    return [OneRep(kept, one, rep, True) for one in kept.session.shown_sets for rep in one.reps]


def held(sets: Iterable[SetDocument]) -> str:
    """How many repetitions were held as long as was asked; empty where nothing is held."""
    asked = [(rep.hold_s, one.target_hold_s) for one in sets if one.target_hold_s for rep in one.reps]
    if not asked:
        return ""
    enough = sum(hold >= target for hold, target in asked)
    targets = sorted({target for _, target in asked})
    wanted = " or ".join(words.number(target, 1, "s") for target in targets)
    return f"{enough} of {words.times(len(asked), 'repetition')} held as long as was asked ({wanted})."
