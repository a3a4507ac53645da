"""The FHIR bundle: checked by the library, read back, and refused where it does not belong together."""

import copy
import json

import pytest
from fhir.resources.R4B.bundle import Bundle

from formcheck.export.fhir import read_bundle, summary_of
from formcheck.system.errors import FormcheckError
from tests.export.given import EVERY, hurt, restarted, run, steered, unknown, withdrawn
from tests.export.whole import fhir_files
from tests.kept import PERSON, RECORDED, kept

UCUM, LOINC = "http://unitsofmeasure.org", "http://loinc.org"


def bundle(*sessions):
    return json.loads(fhir_files(sessions)["fhir-bundle.json"])


def all_of(data, kind):
    return [entry["resource"] for entry in data["entry"] if entry["resource"]["resourceType"] == kind]


def sets_of(data):
    return [one for one in all_of(data, "Observation") if "identifier" in one]


def components(observation):
    return {part["code"]["coding"][0]["code"]: part for part in observation["component"]}


def with_code(data, code):
    return [one for one in all_of(data, "Observation") if code in {c["code"] for c in one["code"]["coding"]}]


def walk(node):
    """Every object in the JSON."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)


@pytest.mark.parametrize("name", EVERY)
def test_what_is_written_is_read_back_equal(name):
    one = EVERY[name]()
    text = fhir_files([one])["fhir-bundle.json"].decode()
    Bundle.model_validate_json(text)
    assert read_bundle(text) == [summary_of(one)]


def test_many_sessions_are_read_back_in_their_order():
    given = [make() for make in EVERY.values()]
    found = read_bundle(fhir_files(given)["fhir-bundle.json"].decode())
    assert found == [summary_of(one) for one in given]


def test_a_set_in_numbers():
    one = kept()
    data = bundle(one)
    bridge = sets_of(data)[2]
    assert bridge["code"]["text"] == "Glute bridge"
    (procedure,) = all_of(data, "Procedure")
    assert bridge["partOf"] == [{"reference": f"urn:uuid:{procedure['id']}"}]
    assert procedure["status"] == "completed"
    assert procedure["identifier"][0]["value"] == one.session.session_id
    found = components(bridge)
    reps = one.session.sets[2].reps
    expected = {
        "clean": (0, "1"),
        "faulty": (1, "1"),
        "not_judged": (2, "1"),
        "hold_total_s": (one.session.sets[2].hold_total_s, "s"),
        "target_hold_s": (5.0, "s"),
        "back_deg": (max((rep.back_deg for rep in reps), key=abs), "deg"),
        "judged-share.back": (24.1, "%"),
        "fault.short-hold": (1, "1"),
    }
    for name, (value, unit) in expected.items():
        quantity = found[name]["valueQuantity"]
        assert (quantity["value"], quantity["code"], quantity["system"]) == (value, unit, UCUM), name
    reach = found["reach"]["valueQuantity"]
    assert reach["value"] == pytest.approx(100 * sum(rep.reach for rep in reps) / len(reps), abs=0.06)


def test_pain_is_the_published_code_in_scores():
    before, after = with_code(bundle(kept(pain=(7, None))), "72514-3")
    assert before["code"]["coding"][0]["system"] == LOINC
    assert before["valueQuantity"] == {"value": 7, "unit": "{score}", "system": UCUM, "code": "{score}"}
    assert "valueQuantity" not in after
    assert after["dataAbsentReason"]["coding"][0]["code"] == "unknown"


def test_a_reason_stands_exactly_where_a_value_is_missing():
    for make in EVERY.values():
        for one in walk(bundle(make())):
            has_value = any(key.startswith("value") for key in one)
            if "code" in one and isinstance(one["code"], dict) and one.get("resourceType") in (None, "Observation"):
                is_group = "component" in one
                assert has_value + ("dataAbsentReason" in one) == (0 if is_group else 1), one
    found = components(sets_of(bundle(unknown()))[0])
    absent = {name for name, part in found.items() if "dataAbsentReason" in part}
    assert absent == {"back_deg", "back_sd_deg", "fault.over-arch"}
    for part in sets_of(bundle(kept(RECORDED[:2]))):
        assert not any("dataAbsentReason" in one for one in components(part).values())


def test_effort_that_was_asked_and_not_answered_says_so():
    (effort,) = with_code(bundle(kept(("dead-bug",), effort=None)), "effort-cr10")
    assert effort["dataAbsentReason"]["coding"][0]["code"] == "asked-declined"
    (effort,) = with_code(bundle(kept(("dead-bug",), effort=0)), "effort-cr10")
    assert effort["valueQuantity"]["value"] == 0


def test_hurt_is_an_adverse_event_and_nothing_else_is():
    (event,) = all_of(bundle(hurt()), "AdverseEvent")
    (procedure,) = all_of(bundle(hurt()), "Procedure")
    assert procedure["status"] == "stopped"
    assert event["suspectEntity"][0]["instance"]["reference"] == f"urn:uuid:{procedure['id']}"
    for name in EVERY.keys() - {"hurt"}:
        assert not all_of(bundle(EVERY[name]()), "AdverseEvent"), name


def test_a_correction_has_a_provenance_and_the_set_says_so():
    data = bundle(kept(is_amended=True, is_signed=True))
    corrected, *others = sets_of(data)
    assert corrected["status"] == "corrected"
    assert {one["status"] for one in others} == {"final"}
    correction, signature = all_of(data, "Provenance")
    assert correction["target"][0]["reference"] == f"urn:uuid:{corrected['id']}"
    assert correction["agent"][0]["who"]["display"] == "clinician"
    assert correction["recorded"] == "2026-11-02T08:30:00+00:00"
    assert signature["entity"][0]["what"]["identifier"]["value"] == "ab" * 32
    by_coach, by_person = sets_of(bundle(withdrawn()))[:2]
    assert (by_coach["status"], by_person["status"]) == ("amended", "corrected")


def test_another_threshold_or_dose_has_a_provenance_and_is_no_correction():
    data = bundle(steered())
    first = sets_of(data)[0]
    added, reach, dose = all_of(data, "Provenance")
    assert [each["activity"]["coding"][0]["code"] for each in (added, reach, dose)] == [
        "RepAdded", "settings-changed", "settings-changed",
    ]  # fmt: skip
    assert reach["target"][0]["reference"] == f"urn:uuid:{first['id']}"
    assert (reach["agent"][0]["who"]["display"], reach["recorded"]) == ("clinician 1", "2026-11-02T07:30:00+00:00")
    assert "reason" not in reach, "what people typed only where it is asked for"
    values = {part["url"]: json.loads(part["valueString"]) for part in reach["extension"][0]["extension"]}
    assert values == {"was": {"reach_hip_deg": 140.0}, "now": {"reach_hip_deg": 120.0}}
    components = {part["code"]["coding"][0]["code"]: part for part in first["component"]}
    assert components["added"]["valueQuantity"]["value"] == 1
    assert first["status"] == "corrected"
    only_changed = steered().model_copy(update={"amended": ()})
    assert sets_of(bundle(only_changed))[0]["status"] == "final"


def test_the_patient_is_a_pseudonym_and_nothing_more():
    (patient,) = all_of(bundle(kept(), run(), hurt()), "Patient")
    assert patient.keys() == {"resourceType", "id", "identifier"}
    assert [one["value"] for one in patient["identifier"]] == [PERSON]
    assert not all_of(bundle(unknown()), "Patient")


def test_versions_are_a_device_that_every_observation_names():
    one = kept()
    data = bundle(one)
    (device,) = all_of(data, "Device")
    values = {part["value"] for part in device["version"]}
    assert values == {one.session.provenance.app, *one.session.provenance.models.values()}
    assert {o["device"]["reference"] for o in all_of(data, "Observation")} == {f"urn:uuid:{device['id']}"}


def test_thresholds_that_differ_stand_with_the_set_and_thrown_away_sets_do_not():
    data = bundle(restarted())
    assert [one["code"]["text"] for one in sets_of(data)] == ["Dead bug", "Glute bridge"]
    found = components(sets_of(data)[0])
    arch = found["setting.arch_deg"]["valueQuantity"]
    assert (arch["value"], arch["code"]) == (14, "deg")
    assert found["setting.out_min_s"]["valueQuantity"]["code"] == "s"


def test_every_concept_has_a_text_and_every_id_is_used_once():
    data = bundle(*(make() for make in EVERY.values()))
    concepts = [one for one in walk(data) if "coding" in one]
    assert concepts
    assert all(one["text"].strip() for one in concepts)
    ids = [entry["resource"]["id"] for entry in data["entry"]]
    assert len(set(ids)) == len(ids)
    references = {one["reference"] for one in walk(data) if "reference" in one}
    assert references <= {f"urn:uuid:{key}" for key in ids}


def spoiled(change, *sessions):
    """The bundle's text after a change."""
    data = bundle(*(sessions or (kept(),)))
    change(data)
    return json.dumps(data)


def in_grams(data):
    components(sets_of(data)[1])["hold_total_s"]["valueQuantity"] |= {"unit": "g", "code": "g"}


def in_minutes(data):
    components(sets_of(data)[1])["length_s"]["valueQuantity"] |= {"unit": "min", "code": "min"}


def pain_in_per_cent(data):
    with_code(data, "72514-3")[0]["valueQuantity"]["code"] = "%"


def no_system(data):
    components(sets_of(data)[0])["back_deg"]["valueQuantity"]["system"] = "urn:mine"


def neither(data):
    del components(sets_of(data)[0])["back_deg"]["valueQuantity"]


def of_another_session(data):
    sets_of(data)[0]["partOf"] = [{"reference": "urn:uuid:00000000-0000-0000-0000-000000000000"}]


def of_another_person(data):
    sets_of(data)[0]["subject"] = {"reference": "urn:uuid:00000000-0000-0000-0000-000000000000"}


def twice(data):
    data["entry"].append(copy.deepcopy(data["entry"][-1]))


def no_patient(data):
    data["entry"] = [one for one in data["entry"] if one["resource"]["resourceType"] != "Patient"]


def no_status(data):
    del all_of(data, "Procedure")[0]["status"]


def no_pain(data):
    data["entry"] = [one for one in data["entry"] if one["resource"] not in with_code(data, "pain-after")]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (in_grams, "is in g, and must be in s"),
        (in_minutes, "is in min, and must be in s"),
        (pain_in_per_cent, r"is in %, and must be in \{score\}"),
        (no_system, "must be in deg"),
        (neither, "neither a number nor a reason"),
        (of_another_session, "a session that is not in the bundle"),
        (of_another_person, "of another person"),
        (twice, "in the bundle twice"),
        (no_patient, "leads to no Patient"),
        (no_status, "no FHIR R4B bundle of FormCheck"),
        (no_pain, "no FHIR R4B bundle of FormCheck"),
    ],
)
def test_what_does_not_belong_together_is_refused_with_a_sentence(change, says):
    with pytest.raises(FormcheckError, match=says) as refused:
        read_bundle(spoiled(change))
    assert "\n" not in str(refused.value)


def test_a_correction_of_another_sessions_set_is_refused():
    def crossed(data):
        correction = next(one for one in all_of(data, "Provenance") if "extension" in one)
        correction["target"][-1] = {"reference": f"urn:uuid:{all_of(data, 'Procedure')[1]['id']}"}

    with pytest.raises(FormcheckError, match="corrects a set of another session"):
        read_bundle(spoiled(crossed, kept(is_amended=True), hurt()))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"resourceType": "Patient"}', "<html>", "\x00"])
def test_what_is_no_bundle_is_refused_with_a_sentence(text):
    with pytest.raises(FormcheckError, match="no FHIR R4B bundle"):
        read_bundle(text)


def test_a_server_may_spell_references_its_own_way():
    one = kept(is_amended=True)

    def spelled(data):
        kinds = {entry["resource"]["id"]: entry["resource"]["resourceType"] for entry in data["entry"]}
        for node in walk(data):
            if node.get("reference", "").startswith("urn:uuid:"):
                key = node["reference"].removeprefix("urn:uuid:")
                node["reference"] = f"{kinds[key]}/{key}/_history/1"

    assert read_bundle(spoiled(spelled, one)) == [summary_of(one)]


def test_two_bundles_are_the_same_bytes():
    assert fhir_files([kept(is_amended=True)]) == fhir_files([kept(is_amended=True)])
    ids = {entry["resource"]["id"] for entry in bundle(kept())["entry"]}
    others = {entry["resource"]["id"] for entry in bundle(kept(number=3))["entry"]}
    shared = {one["id"] for kind in ("Patient", "Device") for one in all_of(bundle(kept()), kind)}
    assert ids & others == shared
