"""From sessions to a FHIR R4B bundle. Ids are made from the session's and the sets': two exports are the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO, ClassVar

from formcheck.export.fhir import codes as c
from formcheck.export.fhir import outcomes as forms
from formcheck.export.fhir.summary import SessionSummary, SetSummary, summary_of
from formcheck.session.document import Amended, Changed, Kept, Signature
from formcheck.session.outcome import Answered
from formcheck.system.errors import FormcheckError

Resource = dict[str, Any]
FILE = "fhir-bundle.json"


class FhirBundle:
    """A collection of all that is known of sessions, one resource a line, checked by the library.

    Each patient and each device is in it once.
    """

    names: ClassVar[tuple[str, ...]] = (FILE,)

    def __init__(self, files: Mapping[str, BinaryIO], is_with_notes: bool = False) -> None:
        """Begin it.

        Raises:
            FormcheckError: fhir.resources is not installed.
        """
        self._library, self._file, self._is_with_notes = library(), files[FILE], is_with_notes
        self._written: set[str] = set()
        self._sessions: list[str] = []
        self._file.write(b'{"resourceType": "Bundle", "type": "collection", "entry": [')

    def add(self, sessions: Sequence[Kept]) -> None:
        """All that is known of some sessions more."""
        summaries = [summary_of(kept, is_with_notes=self._is_with_notes) for kept in sessions]
        self._sessions += [session.session_id for session in summaries]
        self._write(resource for session in summaries for resource in _resources_of(session))

    def add_outcomes(self, outcomes: Sequence[Answered]) -> None:
        """Outcome forms of the same people."""
        self._sessions += [one.id for one in outcomes]
        self._write(r for one in outcomes for r in forms.resources_of(one, is_with_notes=self._is_with_notes))

    def _write(self, resources: Iterator[Resource]) -> None:
        entries = []
        for resource in resources:
            if resource["id"] not in self._written:
                self._written.add(resource["id"])
                entries.append({"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource})
        self._library.model_validate({"resourceType": "Bundle", "type": "collection", "entry": entries})
        for at, entry in enumerate(entries):
            text = json.dumps(entry, ensure_ascii=False, allow_nan=False)
            is_first = at == 0 and len(self._written) == len(entries)
            self._file.write(("\n" if is_first else ",\n").encode() + text.encode("utf-8", "replace"))

    def close(self) -> None:
        """Nothing more comes."""
        self._file.write(f'\n], "id": "{c.id_of("bundle", *self._sessions)}"}}\n'.encode())


def library() -> Any:
    """The library's `Bundle`.

    Raises:
        FormcheckError: fhir.resources is not installed.
    """
    try:
        from fhir.resources.R4B.bundle import Bundle
    except ImportError as error:
        raise FormcheckError('FHIR needs fhir.resources: pip install "formcheck[fhir]".') from error
    return Bundle


def _resources_of(session: SessionSummary) -> Iterator[Resource]:
    if session.person:
        patient_id = c.id_of("patient", session.person)
        yield _resource("Patient", patient_id, identifier=[_identifier(c.PSEUDONYM, session.person)])
    if session.app:
        yield _device(session)
    yield _procedure(session)
    for when, at, value in (
        ("before", session.started, session.pain_before),
        ("after", session.ended, session.pain_after),
    ):
        yield _pain(session, when, at, value)
    yield from (_effort(session, exercise, effort) for exercise, effort in session.effort.items())
    yield from (_set(session, position, one) for position, one in enumerate(session.sets, 1))
    if session.is_hurt:
        yield _adverse_event(session)
    yield from (_amendment(session, number, one) for number, one in enumerate(session.amended, 1))
    yield from (_change(session, number, one) for number, one in enumerate(session.changed, 1))
    yield from (_signature(session, number, one) for number, one in enumerate(session.signatures, 1))


def _resource(kind: str, key: str, **fields: Any) -> Resource:
    known = {name: value for name, value in fields.items() if value not in (None, [], {})}
    return {"resourceType": kind, "id": key, **known}


def _identifier(system: str, value: str) -> dict[str, str]:
    return {"system": system, "value": value}


def _reference(*words: str) -> dict[str, str]:
    return {"reference": f"urn:uuid:{c.id_of(*words)}"}


def _procedure_of(session: SessionSummary) -> dict[str, str]:
    return _reference("procedure", session.session_id)


def _subject(session: SessionSummary) -> dict[str, str]:
    return _reference("patient", session.person) if session.person else {"display": "Nobody was named"}


def _device_words(session: SessionSummary) -> tuple[str, ...]:
    return ("device", session.app, *(f"{name}={digest}" for name, digest in session.models.items()))


def _device_of(session: SessionSummary) -> dict[str, str] | None:
    return _reference(*_device_words(session)) if session.app else None


def _time(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def _device(session: SessionSummary) -> Resource:
    models = [
        {"type": c.concept("model-sha256", name), "component": _identifier(c.SHA256, name), "value": digest}
        for name, digest in session.models.items()
    ]
    return _resource(
        "Device",
        c.id_of(*_device_words(session)),
        identifier=[_identifier(c.DEVICE_ID, session.app)],
        deviceName=[{"name": "FormCheck", "type": "user-friendly-name"}],
        type=c.concept("practice-companion", "Practice companion: measures exercise through a camera"),
        version=[{"type": c.concept("app", "FormCheck"), "value": session.app}, *models],
    )


def _procedure(session: SessionSummary) -> Resource:
    status = "in-progress" if session.is_open else "completed" if session.is_complete else "stopped"
    period = {"start": _time(session.started), "end": _time(session.ended)}
    device = _device_of(session)
    return _resource(
        "Procedure",
        c.id_of("procedure", session.session_id),
        identifier=[_identifier(c.SESSION_ID, session.session_id)],
        status=status,
        statusReason=c.concept(session.break_off, f"Broken off: {session.break_off}") if session.break_off else None,
        code=c.concept("exercise-session", "Session of exercises"),
        subject=_subject(session),
        performedPeriod={key: value for key, value in period.items() if value},
        usedReference=[device] if device else None,
    )


def _observation(session: SessionSummary, key: str, code: dict[str, Any], **fields: Any) -> Resource:
    return _resource(
        "Observation",
        key,
        **{"status": "preliminary" if session.is_open else "final"} | fields,
        category=[c.concept("activity", "Activity", c.CATEGORIES)],
        code=code,
        subject=_subject(session),
        partOf=[_procedure_of(session)],
        device=_device_of(session),
    )


def _score(value: int | None, reason: tuple[str, str]) -> dict[str, Any]:
    return {"dataAbsentReason": c.absent(reason)} if value is None else {"valueQuantity": c.quantity(value, c.SCORE)}


def _pain(session: SessionSummary, when: str, at: datetime | None, value: int | None) -> Resource:
    code = c.concept(c.PAIN, f"Pain {when} the session, 0 to 10", c.LOINC)
    code["coding"].append({"system": c.CODES, "code": f"pain-{when}"})
    key = c.id_of("pain", when, session.session_id)
    return _observation(session, key, code, effectiveDateTime=_time(at), **_score(value, c.UNKNOWN))


def _effort(session: SessionSummary, exercise: str, value: int | None) -> Resource:
    code = c.concept("effort-cr10", f"Effort of {exercise}, 0 to 10")
    code["coding"].append({"system": c.EXERCISES, "code": exercise})
    key = c.id_of("effort", session.session_id, exercise)
    return _observation(session, key, code, effectiveDateTime=_time(session.ended), **_score(value, c.DECLINED))


def _set(session: SessionSummary, position: int, one: SetSummary) -> Resource:
    kinds = {amended.kind for amended in session.amended if amended.set_id == one.set_id}
    status = {"status": "corrected" if kinds - {"BackWithdrawn"} else "amended"} if kinds else {}
    return _observation(
        session,
        c.id_of("set", one.set_id),
        c.concept(one.exercise, one.title, c.EXERCISES),
        identifier=[_identifier(c.SET_ID, one.set_id)],
        effectiveDateTime=_time(one.started),
        component=[
            {"code": c.concept("position", "Place in the session"), "valueInteger": position},
            *_components(one),
        ],
        **status,
    )


def _components(one: SetSummary) -> Iterator[dict[str, Any]]:
    yield {"code": c.concept("number", "Which set of this exercise"), "valueInteger": one.number}
    yield {"code": c.concept("outcome", "How it ended"), "valueCodeableConcept": c.concept(one.outcome, one.outcome)}
    if one.side:
        yield {"code": c.concept("side", "Side asked for"), "valueCodeableConcept": c.concept(one.side, one.side)}
    for unit, always, where_known in (
        (c.ONE, c.COUNTS, c.OPTIONAL_COUNTS),
        (c.SECOND, c.SECONDS, c.OPTIONAL_SECONDS),
    ):
        yield from (_measured(name, text, getattr(one, name), unit) for name, text in always.items())
        known = {name: text for name, text in where_known.items() if getattr(one, name) is not None}
        yield from (_measured(name, text, getattr(one, name), unit) for name, text in known.items())
    if one.is_reach_measured:
        yield _measured("reach", "Furthest reach, mean; 100 % = the range that counts", _percent(one.reach), c.PERCENT)
    if one.is_back_measured:
        yield from (_measured(name, text, getattr(one, name), c.DEGREE) for name, text in c.BACK.items())
    yield from _by_name(one)
    for title, text in one.measured.items():
        yield {"code": c.concept("measured", title), "valueString": text}


def _by_name(one: SetSummary) -> Iterator[dict[str, Any]]:
    """What there is one of for each part, fault and threshold."""
    for name, share in one.judged_share.items():
        yield _measured(f"judged-share.{name}", f"How well the {name} could be judged", _percent(share), c.PERCENT)
    for name, count in one.faults.items():
        yield _measured(f"fault.{name}", f"Repetitions with the fault {name}", count, c.ONE)
    for name, seconds in one.unseen_s.items():
        yield _measured(f"unseen.{name}", f"Not seen: {name}", seconds, c.SECOND)
    for name, value in one.thresholds.items():
        yield _measured(f"setting.{name}", f"Threshold that differs: {name}", value, c.unit_of_setting(name))


def _percent(share: float | None) -> float | None:
    """A share in per cent, as exact as it was."""
    return None if share is None else float(Decimal(str(share)) * 100)


def _measured(code: str, text: str, value: float | None, unit: str) -> dict[str, Any]:
    known = {"dataAbsentReason": c.absent()} if value is None else {"valueQuantity": c.quantity(value, unit)}
    return {"code": c.concept(code, text), **known}


def _adverse_event(session: SessionSummary) -> Resource:
    return _resource(
        "AdverseEvent",
        c.id_of("adverse-event", session.session_id),
        actuality="actual",
        event=c.concept("hurt", "It hurt during exercise"),
        subject=_subject(session),
        date=_time(session.ended or session.started),
        suspectEntity=[{"instance": _procedure_of(session)}],
    )


def _recorded(when: datetime | None) -> dict[str, Any]:
    """When it was recorded; FHIR asks for it, so that one that is not known says so."""
    if when is not None:
        return {"recorded": _time(when)}
    url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
    return {"_recorded": {"extension": [{"url": url, "valueCode": c.UNKNOWN[0]}]}}


def _amendment(session: SessionSummary, number: int, one: Amended) -> Resource:
    parts: list[dict[str, Any]] = [{"url": "was", "valueString": json.dumps(one.was, sort_keys=True)}]
    parts.append({"url": "now", "valueString": json.dumps(one.now, sort_keys=True)})
    parts += [{"url": "rep", "valueInteger": one.rep}] if one.rep is not None else []
    parts += [{"url": "fault", "valueString": one.fault}] if one.fault else []
    parts.append({"url": "is_addendum", "valueBoolean": one.is_addendum})
    by_coach = {
        "role": [c.concept("coach", "The coach itself")],
        "who": _device_of(session) or {"display": "FormCheck"},
    }
    return _resource(
        "Provenance",
        c.id_of("amendment", session.session_id, str(number)),
        extension=[{"url": c.AMENDMENT, "extension": parts}],
        target=[_reference("set", one.set_id), _procedure_of(session)],
        reason=[{"text": one.why}] if one.why else None,
        activity=c.concept(one.kind, "Correction"),
        agent=[_agent(one.by) if one.by else by_coach],
        **_recorded(one.utc),
    )


def _agent(by: str) -> dict[str, Any]:
    return {"role": [c.concept("role", by)], "who": {"display": by}}


def _change(session: SessionSummary, number: int, one: Changed) -> Resource:
    """Other thresholds, or another dose, from a moment on."""
    values = (("was", one.was), ("now", one.now))
    return _resource(
        "Provenance",
        c.id_of("change", session.session_id, str(number)),
        extension=[
            {
                "url": c.CHANGE,
                "extension": [{"url": url, "valueString": json.dumps(value, sort_keys=True)} for url, value in values],
            }
        ],
        target=[_reference("set", one.set_id), _procedure_of(session)],
        reason=[{"text": one.why}] if one.why else None,
        activity=c.concept("settings-changed", "Thresholds or dose changed"),
        agent=[_agent(one.by or "unknown")],
        **_recorded(one.utc),
    )


def _signature(session: SessionSummary, number: int, one: Signature) -> Resource:
    return _resource(
        "Provenance",
        c.id_of("signature", session.session_id, str(number)),
        target=[_procedure_of(session)],
        activity=c.concept("signed", "Signed"),
        agent=[_agent(one.by)],
        entity=[{"role": "source", "what": {"identifier": _identifier(c.SHA256, one.sha256)}}],
        **_recorded(one.utc),
    )
