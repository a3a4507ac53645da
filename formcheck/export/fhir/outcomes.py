"""Outcome forms in the bundle: a QuestionnaireResponse with the answers, an Observation with the score; and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from formcheck.export.codebook import with_offset
from formcheck.export.fhir import codes as c
from formcheck.session.outcome import RMDQ, Answered, FormName

QUESTIONNAIRE = f"{c.BASE}/Questionnaire"
PAPER_ID = f"{c.BASE}/paper-id"
TITLES: dict[FormName, str] = {
    "nprs": "Numeric pain rating scale, mean of the last 24 hours",
    "rmdq": "Roland-Morris disability questionnaire",
    "psfs": "Patient-specific functional scale",
}


def resources_of(one: Answered, *, is_with_notes: bool = False) -> Iterator[dict[str, Any]]:
    """What the bundle says of a form; what the patient typed only where it is asked for."""
    patient, response = c.id_of("patient", one.person), c.id_of("response", one.id)
    subject = {"reference": f"urn:uuid:{patient}"}
    when = with_offset(one.utc)
    yield {
        "resourceType": "Patient",
        "id": patient,
        "identifier": [{"system": c.PSEUDONYM, "value": one.person}],
    }
    yield {
        "resourceType": "QuestionnaireResponse",
        "id": response,
        "identifier": {"system": PAPER_ID, "value": one.id},
        "questionnaire": f"{QUESTIONNAIRE}/{one.form}",
        "status": "entered-in-error" if one.withdrawn else "completed",
        "subject": subject,
        "authored": when.isoformat() if when else None,
        "author": {"display": one.by},
        "item": list(_items(one, is_with_notes)),
    }
    yield {
        "resourceType": "Observation",
        "id": c.id_of("score", one.id),
        "status": "entered-in-error" if one.withdrawn else "final",
        "category": [c.concept("survey", "Survey", c.CATEGORIES)],
        "code": _code(one.form),
        "subject": subject,
        "effectiveDateTime": when.isoformat() if when else None,
        "valueQuantity": c.quantity(one.score, c.SCORE),
        "derivedFrom": [{"reference": f"urn:uuid:{response}"}],
    }


def _code(form: FormName) -> dict[str, Any]:
    if form != "nprs":
        return c.concept(form, TITLES[form])
    made = c.concept(c.PAIN, TITLES[form], c.LOINC)
    made["coding"].append({"system": c.CODES, "code": form})
    return made


def _items(one: Answered, is_with_notes: bool) -> Iterator[dict[str, Any]]:
    for n, value in enumerate(one.answers, 1):
        text = _text(one, n, is_with_notes)
        answer = {"valueBoolean": bool(value)} if one.form == "rmdq" else {"valueInteger": value}
        yield {"linkId": f"{one.form}-{n}", **({"text": text} if text else {}), "answer": [answer]}


def _text(one: Answered, n: int, is_with_notes: bool) -> str:
    if one.form == "rmdq":
        return RMDQ[n - 1]
    if one.form == "psfs":
        return one.activities[n - 1] if is_with_notes else ""
    return TITLES["nprs"]


def answered_in(response: dict[str, Any], person: str) -> Answered:
    """The form out of its response; what was not written of it is empty."""
    form: FormName = response["questionnaire"].rsplit("/", 1)[-1]
    items = response["item"]
    values = [one["answer"][0] for one in items]
    return Answered(
        id=response["identifier"]["value"],
        person=person,
        form=form,
        utc=response["authored"],
        by=response["author"]["display"],
        answers=tuple(int(value["valueBoolean"] if form == "rmdq" else value["valueInteger"]) for value in values),
        activities=tuple(one.get("text", "") for one in items) if form == "psfs" else (),
        withdrawn="entered in error" if response["status"] == "entered-in-error" else "",
    )
