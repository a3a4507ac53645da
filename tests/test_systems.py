"""Linux, Windows and macOS: what differs between them is known in one place each."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from formcheck.system.display import has_display

ROOT = Path(__file__).parent.parent
PLACES = {
    "formcheck/camera/systems.py",
    "formcheck/system/display.py",
    "formcheck/system/held.py",
    "formcheck/system/language.py",
    "formcheck/system/machine.py",
    "formcheck/pose/delegate.py",
    "formcheck/cli/kiosk_install.py",
    "formcheck/desk/identity.py",
    "formcheck/kiosk/desk.py",
    "formcheck/kiosk/install.py",
    "formcheck/kiosk/stick.py",
}
"""A kiosk is installed on Linux alone, and takes no stick that was made for another system; a key's file must be its
owner's, where the system knows such a thing. Camera doors and their permissions; where a window can be opened; how a
file is held; which language the system speaks; which machine a choice was made for; where the tracker could use a
graphics card. Fonts, sound and other files are the same everywhere."""
ASKS = {("sys", "platform"), ("os", "name"), ("os", "uname"), ("platform", "system"), ("sys", "getwindowsversion")}


@pytest.mark.parametrize(
    ("system", "variables", "has_one"),
    [
        ("win32", {}, True),
        ("darwin", {}, True),
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"DISPLAY": ""}, False),
        ("freebsd14", {"DISPLAY": ":0"}, True),
    ],
)
def test_whether_a_window_can_be_opened(monkeypatch, system, variables, has_one):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", system)
    assert has_display() is has_one


def asks_for_the_system(path):
    """Whether a file asks which system it runs on."""
    names = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)]
    return any(isinstance(n.value, ast.Name) and (n.value.id, n.attr) in ASKS for n in names)


def test_nowhere_else_is_asked_which_system_it_is():
    asking = {p.relative_to(ROOT).as_posix() for p in (ROOT / "formcheck").rglob("*.py") if asks_for_the_system(p)}
    assert asking == PLACES
