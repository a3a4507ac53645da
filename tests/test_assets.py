"""Everything that ships has an origin, a licence and its checksum; every cue has its clip."""

import hashlib
import json
from pathlib import Path

ASSETS = Path(__file__).parents[1] / "assets"
MAX_CLIPS_BYTES = 20_000_000


def manifest() -> dict[str, dict[str, str]]:
    return {entry["path"]: entry for entry in json.loads((ASSETS / "manifest.json").read_text())["files"]}


def shipped() -> set[str]:
    files = (p for p in ASSETS.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return {p.relative_to(ASSETS).as_posix() for p in files} - {"manifest.json"}


def test_the_manifest_names_every_file_and_nothing_else():
    assert shipped() == set(manifest()), "run: python assets/manifest.py"


def test_every_file_is_the_one_in_the_manifest():
    wrong = [
        path
        for path, entry in manifest().items()
        if hashlib.sha256((ASSETS / path).read_bytes()).hexdigest() != entry["sha256"]
    ]
    assert wrong == [], "run: python assets/manifest.py"


def test_every_file_has_an_origin_and_a_free_licence():
    assert {entry["licence"] for entry in manifest().values()} <= {"Apache-2.0", "OFL-1.1", "CC0-1.0", "0BSD", "MIT"}
    assert all(entry["origin"] for entry in manifest().values())


def test_the_clips_stay_small():
    assert sum(p.stat().st_size for p in (ASSETS / "clips").iterdir()) <= MAX_CLIPS_BYTES
