"""Names of systems, codes and units in the bundle. No published system has a code for a repetition or a fault."""

from __future__ import annotations

import uuid
from typing import Any

BASE = "https://formcheck.example/fhir"
"""A name, not an address: `example` is reserved for what leads nowhere."""
CODES = f"{BASE}/codes"
EXERCISES = f"{BASE}/exercises"
PSEUDONYM = f"{BASE}/pseudonym"
SESSION_ID = f"{BASE}/session-id"
SET_ID = f"{BASE}/set-id"
DEVICE_ID = f"{BASE}/app-version"
SHA256 = f"{BASE}/sha256"
AMENDMENT = f"{BASE}/amendment"
"""Extension of a Provenance: what was corrected, from what to what."""
CHANGE = f"{BASE}/settings-changed"
"""Extension of a Provenance: thresholds and dose, from what to what."""
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
PAIN = "72514-3"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
SCORE, ONE, SECOND, DEGREE, PERCENT = "{score}", "1", "s", "deg", "%"

COUNTS = {
    "clean": "Repetitions without a fault",
    "faulty": "Repetitions with a fault",
    "not_judged": "Repetitions that could not be judged",
    "added": "Repetitions that were added and that the coach has not counted",
    "taken_back": "Repetitions that were taken back",
    "attempts": "Movements that did not count",
}
"""Counts of a set that are always known, by the summary's field."""
OPTIONAL_COUNTS = {"target_reps": "Repetitions asked for"}
SECONDS = {"length_s": "Length", "hold_total_s": "Held in all"}
OPTIONAL_SECONDS = {"target_hold_s": "Hold asked for"}
BACK = {
    "back_deg": "Largest bend of the low back against the own start, positive = extended",
    "back_sd_deg": "Standard deviation of that bend",
}
UNKNOWN, DECLINED = ("unknown", "Could not be judged, or is not known"), ("asked-declined", "Asked and not answered")

OTHER_TRACES = ("signed", "settings-changed")
"""Activities of a Provenance that are no corrections."""
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, BASE)


def id_of(*words: str) -> str:
    """The id of a resource: the same for the same session, set and kind, in every export."""
    return str(uuid.uuid5(_NAMESPACE, "\n".join(words)))


def unit_of_setting(name: str) -> str:
    """UCUM unit of a threshold: it is in its name."""
    units = {"deg": DEGREE, "s": SECOND, "tl": "{torso-length}"}
    return units.get(name.rsplit("_", 1)[-1], ONE)


def concept(code: str, text: str, system: str = CODES) -> dict[str, Any]:
    """A CodeableConcept; its text is never empty."""
    return {"coding": [{"system": system, "code": code}], "text": text or code}


def quantity(value: float, unit: str) -> dict[str, Any]:
    """A Quantity in UCUM."""
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def absent(reason: tuple[str, str] = UNKNOWN) -> dict[str, Any]:
    """A dataAbsentReason: code and text."""
    return concept(reason[0], reason[1], ABSENT)
