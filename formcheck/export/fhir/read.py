"""From a FHIR R4B bundle of ours back to summaries. What doesn't belong together, or has a wrong unit, is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from formcheck.export.fhir import codes as c
from formcheck.export.fhir.outcomes import answered_in
from formcheck.export.fhir.summary import SessionSummary, SetSummary
from formcheck.export.fhir.write import library
from formcheck.session.document import Amended, Changed, Signature
from formcheck.session.outcome import Answered
from formcheck.system.errors import FormcheckError

Resource = dict[str, Any]


class BundleError(FormcheckError):
    """The bundle is not one of ours, or its parts don't belong together; the text says which."""


def read_bundle(text: str) -> list[SessionSummary]:
    """The sessions of a bundle, in its order.

    Raises:
        BundleError: no R4B bundle, a wrong unit, a reference that leads nowhere or to another session.
        FormcheckError: fhir.resources is not installed.
    """
    bundle = library()
    try:
        raw = json.loads(text)
        bundle.model_validate(raw)
        return _Reader(raw).sessions()
    except (ValueError, KeyError, IndexError, TypeError) as error:
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BundleError(f"This is no FHIR R4B bundle of FormCheck ({problem}).") from error


def read_outcomes(text: str) -> list[Answered]:
    """The outcome forms of a bundle, in its order.

    Raises:
        BundleError: no R4B bundle, a score that is not that of the answers, or a patient who is not in it.
        FormcheckError: fhir.resources is not installed.
    """
    bundle = library()
    try:
        raw = json.loads(text)
        bundle.model_validate(raw)
        return _Reader(raw).outcomes()
    except (ValueError, KeyError, IndexError, TypeError) as error:
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BundleError(f"This is no FHIR R4B bundle of FormCheck ({problem}).") from error


def _key(reference: str) -> str:
    """The id in a reference, however a server has spelled it."""
    return reference.split("/_history/")[0].rsplit("/", 1)[-1].removeprefix("urn:uuid:")


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _code(concept: dict[str, Any], system: str = c.CODES) -> str:
    found: str = next((one["code"] for one in concept["coding"] if one["system"] == system), "")
    return found


def _identified(resource: Resource, system: str) -> str:
    found: str = next(one["value"] for one in resource["identifier"] if one["system"] == system)
    return found


@dataclass(slots=True)
class _Reader:
    """All resources of a bundle, by kind and by id."""

    raw: Resource
    by_id: dict[str, Resource] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.raw.get("entry", ()):
            resource = entry["resource"]
            if self.by_id.setdefault(resource["id"], resource) is not resource:
                raise BundleError(f"{_shown(resource)} is in the bundle twice.")

    def _all(self, kind: str) -> Iterator[Resource]:
        return (one for one in self.by_id.values() if one["resourceType"] == kind)

    def sessions(self) -> list[SessionSummary]:
        procedures = {one["id"] for one in self._all("Procedure")}
        for one in self.by_id.values():
            for owner in self._owners(one):
                if owner not in procedures:
                    raise BundleError(f"{_shown(one)} belongs to a session that is not in the bundle.")
        return [self._session(one) for one in self._all("Procedure")]

    def outcomes(self) -> list[Answered]:
        """The forms that were answered."""
        scores = {
            _key(one["derivedFrom"][0]["reference"]): one for one in self._all("Observation") if "derivedFrom" in one
        }
        found = []
        for response in self._all("QuestionnaireResponse"):
            patient = self._at(response["subject"]["reference"], "Patient")
            one = answered_in(response, _identified(patient, c.PSEUDONYM))
            if _value(scores[response["id"]], c.SCORE, _shown(response)) != one.score:
                raise BundleError(f"{_shown(response)} has another score than its answers.")
            found.append(one)
        return found

    def _owners(self, one: Resource) -> list[str]:
        """Ids of the sessions to which a resource says it belongs."""
        if one["resourceType"] == "Observation":
            return [_key(reference["reference"]) for reference in one.get("partOf", ())]  # a score belongs to none
        if one["resourceType"] == "AdverseEvent":
            return [_key(entity["instance"]["reference"]) for entity in one["suspectEntity"]]
        return [_key(one["target"][-1]["reference"])] if one["resourceType"] == "Provenance" else []

    def _members(self, procedure: Resource, kind: str) -> list[Resource]:
        found = [one for one in self._all(kind) if procedure["id"] in self._owners(one)]
        for one in found:
            if "subject" in one and one["subject"] != procedure["subject"]:
                raise BundleError(f"{_shown(one)} is of another person than its session.")
        return found

    def _session(self, procedure: Resource) -> SessionSummary:
        observations = self._members(procedure, "Observation")
        sets = [one for one in observations if "identifier" in one]
        pain = {_code(one["code"]): one for one in observations if _code(one["code"], c.LOINC) == c.PAIN}
        efforts = [one for one in observations if _code(one["code"]) == "effort-cr10"]
        versions = [self._device(reference) for reference in procedure.get("usedReference", ())]
        app, models = versions[0] if versions else ("", {})
        period = procedure.get("performedPeriod", {})
        traces = self._members(procedure, "Provenance")
        placed = sorted((_set_of(one) for one in sets), key=lambda pair: pair[0])
        return SessionSummary(
            session_id=_identified(procedure, c.SESSION_ID),
            person=self._person(procedure),
            started=_time(period.get("start")),
            ended=_time(period.get("end")),
            is_open=procedure["status"] == "in-progress",
            is_complete=procedure["status"] == "completed",
            break_off=_code(procedure["statusReason"]) if "statusReason" in procedure else None,  # type: ignore[arg-type]
            is_hurt=bool(self._members(procedure, "AdverseEvent")),
            pain_before=_score(pain["pain-before"]),
            pain_after=_score(pain["pain-after"]),
            effort={_code(one["code"], c.EXERCISES): _score(one) for one in efforts},
            sets=tuple(one for _, one in placed),
            app=app,
            models=models,
            amended=tuple(self._amended(one) for one in traces if _code(one["activity"]) not in c.OTHER_TRACES),
            changed=tuple(self._changed(one) for one in traces if _code(one["activity"]) == "settings-changed"),
            signatures=tuple(_signature(one) for one in traces if _code(one["activity"]) == "signed"),
        )

    def _person(self, procedure: Resource) -> str | None:
        reference = procedure["subject"].get("reference")
        return _identified(self._at(reference, "Patient"), c.PSEUDONYM) if reference else None

    def _device(self, reference: dict[str, str]) -> tuple[str, dict[str, str]]:
        device = self._at(reference["reference"], "Device")
        models = {one["component"]["value"]: one["value"] for one in device["version"] if "component" in one}
        return _identified(device, c.DEVICE_ID), models

    def _at(self, reference: str, kind: str) -> Resource:
        found = self.by_id.get(_key(reference))
        if found is None or found["resourceType"] != kind:
            raise BundleError(f"{reference} leads to no {kind} of the bundle.")
        return found

    def _set_id(self, one: Resource) -> str:
        """The set that a trace is about."""
        target = self._at(one["target"][0]["reference"], "Observation")
        if _key(target["partOf"][0]["reference"]) != self._owners(one)[0]:
            raise BundleError(f"{_shown(one)} corrects a set of another session.")
        return _identified(target, c.SET_ID)

    def _changed(self, one: Resource) -> Changed:
        parts = {part["url"]: json.loads(part["valueString"]) for part in one["extension"][0]["extension"]}
        return Changed(
            set_id=self._set_id(one),
            was=parts["was"],
            now=parts["now"],
            by=one["agent"][0]["who"]["display"],
            why=one["reason"][0]["text"] if "reason" in one else "",
            utc=_time(one.get("recorded")),
        )

    def _amended(self, one: Resource) -> Amended:
        parts = {part["url"]: part for part in one["extension"][0]["extension"]}
        who = one["agent"][0]
        return Amended(
            set_id=self._set_id(one),
            kind=_code(one["activity"]),  # type: ignore[arg-type]
            rep=parts["rep"]["valueInteger"] if "rep" in parts else None,
            fault=parts["fault"]["valueString"] if "fault" in parts else "",
            was=json.loads(parts["was"]["valueString"]),
            now=json.loads(parts["now"]["valueString"]),
            by="" if _code(who["role"][0]) == "coach" else who["who"]["display"],
            why=one["reason"][0]["text"] if "reason" in one else "",
            utc=_time(one.get("recorded")),
            is_addendum=parts["is_addendum"]["valueBoolean"],
        )


def _shown(one: Resource) -> str:
    return f"{one['resourceType']} {one['id']}"


def _signature(one: Resource) -> Signature:
    sha256 = one["entity"][0]["what"]["identifier"]["value"]
    return Signature(by=one["agent"][0]["who"]["display"], utc=one["recorded"], sha256=sha256)


def _score(one: Resource) -> int | None:
    value = _value(one, c.SCORE, _shown(one))
    return None if value is None else int(value)


def _value(one: Resource, unit: str, what: str) -> float | int | None:
    """The number of an observation or a component; None where it says that there is none.

    Raises:
        BundleError: another unit, or neither a number nor a reason.
    """
    if "dataAbsentReason" in one:
        return None
    found = one.get("valueQuantity")
    if found is None:
        raise BundleError(f"{what} has neither a number nor a reason why there is none.")
    if (found.get("system"), found.get("code")) != (c.UCUM, unit):
        raise BundleError(f"{what} is in {found.get('code') or 'no unit'}, and must be in {unit}.")
    number: float | int = found["value"]
    return number


def _set_of(one: Resource) -> tuple[int, SetSummary]:
    """A set, after its place in the session."""
    found = {_code(part["code"]): part for part in one["component"]}
    what = _shown(one)

    def number(name: str, unit: str, turn: Callable[[Any], Any]) -> Any:
        value = _value(found[name], unit, f"{name} of {what}") if name in found else None
        return None if value is None else turn(value)

    def named(kind: str, unit: Callable[[str], str], turn: Callable[[Any], Any]) -> dict[str, Any]:
        names = [name.removeprefix(kind) for name in found if name.startswith(kind)]
        return {name: number(kind + name, unit(name), turn) for name in names}

    counts = {name: number(name, c.ONE, int) for name in (*c.COUNTS, *c.OPTIONAL_COUNTS)}
    seconds = {name: number(name, c.SECOND, float) for name in (*c.SECONDS, *c.OPTIONAL_SECONDS)}
    read = SetSummary(
        set_id=_identified(one, c.SET_ID),
        exercise=_code(one["code"], c.EXERCISES),
        title=one["code"]["text"],
        number=found["number"]["valueInteger"],
        side=_code(found["side"]["valueCodeableConcept"]) if "side" in found else None,  # type: ignore[arg-type]
        outcome=_code(found["outcome"]["valueCodeableConcept"]),  # type: ignore[arg-type]
        started=_time(one.get("effectiveDateTime")),
        is_reach_measured="reach" in found,
        reach=number("reach", c.PERCENT, _share),
        is_back_measured="back_deg" in found,
        judged_share=named("judged-share.", lambda _: c.PERCENT, _share),
        faults=named("fault.", lambda _: c.ONE, int),
        unseen_s=named("unseen.", lambda _: c.SECOND, float),
        thresholds=named("setting.", c.unit_of_setting, float),
        measured={
            part["code"]["text"]: part["valueString"] for part in one["component"] if _code(part["code"]) == "measured"
        },
        **counts,
        **seconds,
        **{name: number(name, c.DEGREE, float) for name in c.BACK},
    )
    return found["position"]["valueInteger"], read


def _share(percent: float) -> float:
    return float(Decimal(str(percent)) / 100)
