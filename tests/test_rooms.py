"""The map of the house: every room stands in the one contract of layers, and nothing lies outside a room."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def rooms_of(folder, name):
    """Names of the packages below a folder; those of core one storey deeper."""
    found = sorted(p.parent.name for p in folder.glob("*/__init__.py"))
    return {f"{name}.{each}" for each in found}


def test_no_room_is_left_out_of_the_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = [c for c in contracts if c["type"] == "layers"]
    listed = {room.strip() for layer in layers["layers"] for room in layer.split("|")}
    rooms = rooms_of(ROOT / "formcheck", "formcheck") - {"formcheck.core"}
    assert listed == rooms | rooms_of(ROOT / "formcheck" / "core", "formcheck.core") | {"exercises"}


def test_no_file_lies_outside_a_room():
    loose = {p.name for folder in ("formcheck", "formcheck/core") for p in (ROOT / folder).glob("*.py")}
    assert loose == {"__init__.py"}
