"""Recordings by the thousands, scored again by this version, and what that changes against what was stored."""
