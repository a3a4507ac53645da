"""What was found out about a machine: one finding after the other, as a person and a fleet read it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from formcheck.system.assets import asset
from formcheck.system.errors import FormcheckError

Verdict = Literal["good", "note", "bad"]

SCHEMA = "formcheck.doctor/1"
QUIET_VERSIONS = {"mediapipe": (0, 10, 35), "onnxruntime": (1, 29, 0)}
"""First version of each that contacts its maker when used (seen with strace, November 2026)."""
OF_THE_PLACE = frozenset(
    ("camera", "sound", "display", "disk", "clock", "speed", "printer", "tickets", "staff PIN", "state folder")
)
"""Findings about a place and what is plugged in there: a new version is not refused for them."""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding, with what to do in its text if it is not good."""

    what: str
    verdict: Verdict
    finding: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings, and what was measured."""

    checks: Sequence[Check]
    measured: dict[str, Any] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Whether a session can be held on this machine."""
        return all(check.verdict != "bad" for check in self.checks)

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON-ready values, for a fleet."""
        return {
            "schema": SCHEMA,
            "is_ready": self.is_ready,
            "checks": [asdict(check) for check in self.checks],
            "measured": self.measured,
        }


def model_checks() -> list[Check]:
    """Compare the pose models with the manifest."""
    entries = {e["path"]: e["sha256"] for e in json.loads(asset("manifest.json").read_text())["files"]}
    checks = []
    for name in ("full", "lite"):
        path = f"models/pose_landmarker_{name}.task"
        try:
            digest = hashlib.sha256(asset(*path.split("/")).read_bytes()).hexdigest()
        except FormcheckError as error:
            checks.append(Check(f"model {name}", "bad", str(error)))
            continue
        if digest == entries[path]:
            checks.append(Check(f"model {name}", "good", "checksum is right"))
        else:
            checks.append(Check(f"model {name}", "bad", "checksum is wrong: install FormCheck again"))
    return checks


def version_checks() -> list[Check]:
    """Whether the libraries are of those versions that contact nobody."""
    return [_version(package, first) for package, first in QUIET_VERSIONS.items()]


def _version(package: str, first_talkative: tuple[int, int, int]) -> Check:
    version = importlib.metadata.version(package)
    numbers = tuple(int(n) for n in version.split(".")[:3] if n.isdigit())
    if numbers < first_talkative:
        return Check(package, "good", f"{version}, contacts nobody")
    return Check(package, "bad", f"{version} contacts its maker. Install FormCheck with its constraints file.")


def exercise_check(broken: dict[str, str], names: list[str]) -> Check:
    """Which exercises there are, and which can't be loaded."""
    if broken:
        return Check("exercises", "bad", "; ".join(f"{n}: {r}" for n, r in broken.items()))
    return Check("exercises", "good", ", ".join(names))
