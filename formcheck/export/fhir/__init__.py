"""Sessions as a FHIR R4B bundle, and back: what is written is read again as the same summary."""

from formcheck.export.fhir.read import read_bundle
from formcheck.export.fhir.summary import SessionSummary, SetSummary, summary_of
from formcheck.export.fhir.write import bundle_of, fhir_files

__all__ = ["SessionSummary", "SetSummary", "bundle_of", "fhir_files", "read_bundle", "summary_of"]
