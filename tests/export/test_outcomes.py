"""Outcome forms in the FHIR bundle: what is written is read again as the same, and what doesn't fit is refused."""

import io
import json
from datetime import UTC, datetime

import pytest

from formcheck.export.fhir import read_bundle, read_outcomes
from formcheck.export.fhir.read import BundleError
from formcheck.export.files import export_sessions, names_of
from formcheck.session.outcome import RMDQ, Answered
from tests import kept

WHEN = datetime(2026, 11, 30, 9, 15, tzinfo=UTC)


def answered(form, answers, number=1, **changes):
    values = {
        "id": f"00000000-0000-7000-b000-{number:012x}", "person": kept.PERSON, "form": form, "utc": WHEN,
        "by": "clinician ab12cd34", "answers": answers,
    }  # fmt: skip
    return Answered(**values | changes)


FORMS = (
    answered("nprs", (7,), 1),
    answered("rmdq", tuple(int(n in (0, 3, 23)) for n in range(24)), 2),
    answered("psfs", (3, 6, 9), 3, activities=("lifting", "sitting", "a walk with the dog")),
    answered("nprs", (0,), 4),
    answered("rmdq", (0,) * 24, 5),
)


def bundle(outcomes=FORMS, sessions=(), **options):
    buffers = {name: io.BytesIO() for name in names_of(["fhir"])}
    export_sessions(list(sessions), ["fhir"], buffers, outcomes=outcomes, **options)
    (content,) = (buffer.getvalue() for buffer in buffers.values())
    return content.decode()


@pytest.mark.parametrize("one", FORMS, ids=lambda one: f"{one.form} {one.score:g}")
def test_a_form_comes_back_as_it_was(one):
    assert read_outcomes(bundle([one], is_with_notes=True)) == [one]


def test_without_notes_what_was_typed_is_left_out():
    text = bundle()
    assert "the dog" not in text
    (psfs,) = (one for one in read_outcomes(text) if one.form == "psfs")
    assert (psfs.answers, psfs.activities) == ((3, 6, 9), ("", "", ""))


def test_sessions_and_forms_are_of_one_patient():
    text = bundle(sessions=[kept.kept()])
    resources = [entry["resource"] for entry in json.loads(text)["entry"]]
    assert [one["resourceType"] for one in resources].count("Patient") == 1
    assert len(read_bundle(text)) == 1
    assert [one.id for one in read_outcomes(text)] == [one.id for one in FORMS]
    assert text == bundle(sessions=[kept.kept()])  # the same bytes each time


def test_codes_units_and_sentences_stand_in_it():
    resources = [entry["resource"] for entry in json.loads(bundle())["entry"]]
    scores = [one for one in resources if one["resourceType"] == "Observation"]
    nprs = scores[0]
    assert nprs["code"]["coding"][0] == {"system": "http://loinc.org", "code": "72514-3"}
    assert [one["valueQuantity"]["value"] for one in scores] == [7, 3, 6, 0, 0]
    assert {one["valueQuantity"]["code"] for one in scores} == {"{score}"}
    assert {one["effectiveDateTime"] for one in scores} == {"2026-11-30T09:15:00+00:00"}
    rmdq = next(one for one in resources if one.get("questionnaire", "").endswith("/rmdq"))
    assert [item["text"] for item in rmdq["item"]] == list(RMDQ)
    assert [item["answer"][0]["valueBoolean"] for item in rmdq["item"]].count(True) == 3


def test_one_that_was_withdrawn_says_so():
    text = bundle([answered("nprs", (9,), withdrawn="not hers")])
    assert "not hers" not in text
    statuses = [entry["resource"].get("status") for entry in json.loads(text)["entry"]]
    assert statuses.count("entered-in-error") == 2
    (one,) = read_outcomes(text)
    assert one.withdrawn


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda score, _: score["valueQuantity"].update(value=6), "another score"),
        (lambda score, _: score["valueQuantity"].update(code="%", unit="%"), "must be in"),
        (lambda _, response: response["subject"].update(reference="urn:uuid:elsewhere"), "no Patient"),
        (lambda _, response: response["item"][0]["answer"][0].update(valueInteger=3), "another score"),
    ],
)
def test_what_does_not_belong_together_is_refused(change, told):
    made = json.loads(bundle([FORMS[0]]))
    by_kind = {entry["resource"]["resourceType"]: entry["resource"] for entry in made["entry"]}
    change(by_kind["Observation"], by_kind["QuestionnaireResponse"])
    with pytest.raises(BundleError, match=told):
        read_outcomes(json.dumps(made))
