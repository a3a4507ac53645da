"""What leaves the store: a report to print, tables for research, a FHIR bundle; all from `Kept` sessions alone."""
