"""Sections that a session's report and a person's share: what was not seen, corrections, thresholds, versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from functools import partial
from typing import Any

from markupsafe import Markup

from formcheck.core.text import counted, listed, marked, phrase
from formcheck.export.codebook import JUDGED_PARTS, seconds_of
from formcheck.export.fhir.summary import mean_of
from formcheck.export.report import words
from formcheck.export.report.figure import stick
from formcheck.export.report.page import Drawing, Grid, Section
from formcheck.session import history
from formcheck.session.document import Amended, Changed, Figure, Kept, Rep, SetDocument
from formcheck.session.texts import Translate

ALL_SEEN, NOT_SEEN, NOTHING, NO_REASON = marked(
    ("No part that was needed was lost from view for a while.", "What was not seen", "nothing", "no reason kept")
)
FURTHEST, CHANGED, UNCOUNTED_YET = marked(("Furthest reach", "Changed during the sets", "not counted"))
CLOCKS: dict[str, str] = marked({
    "rate": "too few pictures a second",
    "times": "times are not those of the movement",
})  # fmt: skip
CORRECTIONS, UNCORRECTED, A_SET, UNCOUNTED = marked(
    ("Corrections", "Nothing was corrected: everything stands as the coach told it.", "A set", "does not count")
)
FAULT_OR_NOT = marked(("a fault", "no fault"))
THRESHOLDS, UNKNOWN_THRESHOLDS, DEFAULT_THRESHOLDS = marked((
    "Thresholds that differ from the defaults",
    "Which thresholds held was not kept.",
    "Every threshold was the default.",
))  # fmt: skip
SOURCES, NO_VERSION = marked(("Where the numbers come from", "No version was kept."))
SEMICOLON, FULL_STOP, THEN, OR = marked(
    ("{first}; {second}", "{first}. {second}", "{first}, then {second}", "{first} or {second}")
)
"""Patterns that join two texts."""


def least_change_deg(first: Rep, second: Rep) -> float | None:
    """The least change between two bends that is more than the measurement's own noise (95 %), degrees."""
    return history.least_change_deg(first.back_sd_deg, second.back_sd_deg)


def bend(rep: Rep | None) -> str:
    """The bend of the low back with its standard deviation."""
    if rep is None or rep.back_deg is None:
        return words.UNKNOWN
    angle = words.number(rep.back_deg, 1, "°")
    if rep.back_sd_deg is None:
        return phrase("{angle} (doubt not known)", angle=angle)
    return phrase("{angle} ± {sd}", angle=angle, sd=words.number(rep.back_sd_deg, 1, "°"))


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
        title = words.fault_name(sets, figure.fault) if figure.fault else FURTHEST
        if figure.rep is not None:
            title = phrase("{name}, repetition {n}", name=title, n=figure.rep)
        if stick(figure, title):
            drawn.append(Drawing(title, partial(_stick, figure, title)))
    return tuple(drawn)


def _stick(figure: Figure, title: str, translate: Translate) -> Markup:
    return stick(figure, translate(title)) or Markup()


def not_seen(kept: Sequence[Kept], *, is_by_set: bool) -> Section:
    """How much was not judged, and why."""
    sets = [one for each in kept for one in each.session.shown_sets]
    groups = [[one] for one in sets] if is_by_set else list(by_exercise(sets).values())
    rows = tuple(_not_seen_row(group, is_by_set) for group in groups)
    head = marked(
        ("Exercise", "How well it was judged", "What was missing, and what would help", "Not judged", "Not seen")
    )
    missed = sum(one.not_judged_reps for one in sets)
    reps = sum(len(one.reps) for one in sets)
    sentences: list[str] = []
    if reps:
        told = counted(
            reps,
            "{missed} of {n} repetition could not be judged.",
            "{missed} of {n} repetitions could not be judged.",
            missed=missed,
        )
        sentences.append(told)
    if sets and not any(one.unseen_spans for one in sets):
        sentences.append(ALL_SEEN)
    return Section(NOT_SEEN, tuple(sentences), Grid(head, rows, text_columns=3) if rows else None)


def _not_seen_row(group: Sequence[SetDocument], is_by_set: bool) -> tuple[str, ...]:
    first = group[0]
    name = set_name(first.name, first.set) if is_by_set else first.name
    spans = [span for one in group for span in one.unseen_spans]
    by_part = dict.fromkeys(span.part for span in spans)
    why = [phrase("{part} not seen: {advice}", part=_part(part), advice=_advice(group, part)) for part in by_part]
    unjudged = dict.fromkeys(part for one in group for rep in one.reps for part in rep.not_judged)
    why += [phrase("{what} in {count}", what=_unjudged(part), count=_reps_without(group, part)) for part in unjudged]
    reps = sum(len(one.reps) for one in group)
    seconds = sum(seconds_of(one.unseen_spans) for one in group)
    means = {part: mean_of(one.judged_share.get(part) for one in group) for part in JUDGED_PARTS}
    judged = words.together(
        phrase("{part} {share}", part=_part(part), share=words.share(mean))
        for part, mean in means.items()
        if mean is not None
    )
    missed = phrase("{n} of {total}", n=sum(one.not_judged_reps for one in group), total=reps)
    missing = listed(why, last=SEMICOLON, between=SEMICOLON)
    return name, judged or words.UNKNOWN, missing or NOTHING, missed, words.number(seconds, 1, "s")


def set_name(name: str, number: int) -> str:
    """An exercise, and which of its sets."""
    return phrase("{exercise}, set {n}", exercise=name, n=number)


def _part(part: str) -> str:
    return words.PARTS.get(part, part)


def _advice(group: Sequence[SetDocument], part: str) -> str:
    said = dict.fromkeys(span.advice for one in group for span in one.unseen_spans if span.part == part)
    return listed([text.rstrip(".") for text in said if text], last=FULL_STOP, between=FULL_STOP) or NO_REASON


def _unjudged(part: str) -> str:
    return CLOCKS.get(part) or phrase("{part} not judged", part=_part(part))


def _reps_without(group: Sequence[SetDocument], part: str) -> str:
    count = sum(part in rep.not_judged for one in group for rep in one.reps)
    return words.repetitions(count)


def by_exercise(sets: Iterable[SetDocument]) -> dict[str, list[SetDocument]]:
    """The sets of each exercise, in the order in which they were first done."""
    groups: dict[str, list[SetDocument]] = {}
    for one in sets:
        groups.setdefault(one.exercise, []).append(one)
    return groups


def corrections(kept: Sequence[Kept], zone: tzinfo | None) -> Section:
    """What was corrected: what the coach told, and what it is held to be now."""
    rows = [_correction(each, one, zone) for each in kept for one in each.amended]
    head = marked(("What", "The coach told", "Now held to be", "By", "Why", "When"))
    if not rows:
        return Section(CORRECTIONS, (UNCORRECTED,))
    return Section(CORRECTIONS, (), Grid(head, tuple(rows), text_columns=len(head)))


def _correction(kept: Kept, one: Amended, zone: tzinfo | None) -> tuple[str, ...]:
    of = next((s for s in kept.session.sets if s.set_id == one.set_id), None)
    sets = (of,) if of else ()
    what = [set_name(of.name, of.set) if of else A_SET]
    what += [words.repetition(one.rep)] if one.rep is not None else []
    what += [words.fault_name(sets, one.fault)] if one.fault else []
    when = words.day(one.utc, zone)
    when = phrase("{day} (addendum)", day=when) if one.is_addendum else when
    was, now = _state(sets, one.was), _state(sets, one.now)
    was = UNCOUNTED_YET if one.kind == "RepAdded" else was
    why = words.typed(one.why) if one.why else words.UNKNOWN
    return words.together(what), was, now, words.who(one.by), why, when


def _state(sets: Sequence[SetDocument], state: Any) -> str:
    """What a repetition or a fault is held to be, in words."""
    if isinstance(state, bool):
        return FAULT_OR_NOT[not state]
    if not isinstance(state, dict):
        return words.UNKNOWN if state is None else words.typed(str(state))
    verdict = words.VERDICTS.get(state.get("verdict", ""), words.UNKNOWN)
    faults = words.together(words.fault_name(sets, str(name)) for name in state.get("faults") or ())
    side = str(state.get("side") or "")
    said = [phrase("{verdict}: {faults}", verdict=verdict, faults=faults) if faults else verdict]
    said += [words.SIDES.get(side, side), *([] if state.get("is_counted", True) else [UNCOUNTED])]
    return words.together(part for part in said if part)


def thresholds(kept: Sequence[Kept]) -> Section:
    """Thresholds that differ from the defaults, each with its value; several where it was changed."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for each in kept:
        settings = each.session.provenance.settings if each.session.provenance else {}
        for exercise, values in sorted(settings.items()):
            for name, value in sorted(values.items()):
                found.setdefault((exercise, name), {})[words.pairs({name: value}).split(" = ")[1]] = None
    changed = sum(len(one.settings_changes) for each in kept for one in each.session.shown_sets)
    more: tuple[str, ...] = ()
    if changed:
        told = counted(
            changed,
            "During the sets, thresholds or doses were changed {n} time.",
            "During the sets, thresholds or doses were changed {n} times.",
        )
        more = (told,)
    gentle = sum(each.session.provenance.ways.get("gentle", False) for each in kept if each.session.provenance)
    if gentle:
        more += (phrase("Gentle: shorter ranges and longer rests, {sessions}.", sessions=words.sessions(gentle)),)
    if not any(each.session.provenance for each in kept):
        return Section(THRESHOLDS, (UNKNOWN_THRESHOLDS, *more))
    if not found:
        return Section(THRESHOLDS, (DEFAULT_THRESHOLDS, *more))
    rows = tuple(
        (words.title_of(kept, exercise), words.typed(name), listed(list(values), last=THEN, between=THEN))
        for (exercise, name), values in found.items()
    )
    head = marked(("Exercise", "Threshold (its unit ends its name)", "Value"))
    return Section(THRESHOLDS, more, Grid(head, rows, text_columns=2))


def changes(kept: Sequence[Kept], zone: tzinfo | None) -> list[Section]:
    """What was changed while the sets went on: from what to what, by whom and why; nothing where nothing was."""
    rows = [row for each in kept for one in each.changed for row in _changes(each, one, zone)]
    head = marked(
        ("Set", "Threshold (its unit ends its name); reps: asked for", "Before", "From then on", "By", "Why", "When")
    )
    grid = Grid(head, tuple(rows), text_columns=len(head))
    return [Section(CHANGED, (), grid)] if rows else []


def _changes(kept: Kept, one: Changed, zone: tzinfo | None) -> list[tuple[str, ...]]:
    of = next((s for s in kept.session.sets if s.set_id == one.set_id), None)
    which, when = set_name(of.name, of.set) if of else A_SET, words.day(one.utc, zone)
    values = ((name, one.was.get(name), now) for name, now in sorted(one.now.items()))
    return [
        (which, words.typed(name), _plain(was), _plain(now), words.who(one.by), words.typed(one.why), when)
        for name, was, now in values
    ]


def _plain(value: float | None) -> str:
    return words.UNKNOWN if value is None else phrase("{value:g}", value=value)


def sources(kept: Sequence[Kept]) -> Section:
    """Versions, models and cameras."""
    rows: dict[tuple[str, ...], None] = {}
    for each in kept:
        source = each.session.provenance
        if source is not None:
            camera = source.camera
            wide, high = (str(camera.get(name) or words.UNKNOWN) for name in ("width", "height"))
            size = phrase("{wide} × {high} pixels", wide=wide, high=high)
            rows[
                words.typed(source.app or words.UNKNOWN),
                words.typed("; ".join(f"{name} {digest[:16]}" for name, digest in sorted(source.models.items()))),
                phrase("{size}, mirrored", size=size) if camera.get("mirrored") else size,
                words.typed(each.station or words.UNKNOWN),
            ] = None
    head = marked(("FormCheck", "Models (beginning of their SHA-256)", "Camera", "Station"))
    if not rows:
        return Section(SOURCES, (NO_VERSION,))
    return Section(SOURCES, (), Grid(head, tuple(rows), text_columns=len(head)))


def held(sets: Iterable[SetDocument]) -> str:
    """How many repetitions were held as long as was asked; empty where nothing is held."""
    asked = [
        (rep.hold_s, one.target_hold_s)
        for one in sets
        if one.target_hold_s
        for rep in one.reps
        if rep.hold_s is not None
    ]
    if not asked:
        return ""
    enough = sum(hold >= target for hold, target in asked)
    targets = sorted({target for _, target in asked})
    wanted = listed([words.number(target, 1, "s") for target in targets], last=OR, between=OR)
    return counted(
        len(asked),
        "{enough} of {n} repetition held as long as was asked ({wanted}).",
        "{enough} of {n} repetitions held as long as was asked ({wanted}).",
        enough=enough,
        wanted=wanted,
    )
