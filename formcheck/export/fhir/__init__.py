"""Sessions as a FHIR R4B bundle, and back: what is written is read again as the same summary."""

from formcheck.export.fhir.read import read_bundle, read_outcomes
from formcheck.export.fhir.summary import SessionSummary, SetSummary, summary_of
from formcheck.export.fhir.write import FhirBundle

__all__ = ["FhirBundle", "SessionSummary", "SetSummary", "read_bundle", "read_outcomes", "summary_of"]
