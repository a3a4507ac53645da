"""A desk, its programs and its tickets, for tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from formcheck.kiosk.config import Tickets
from formcheck.kiosk.desk import Made, make_ticket, public_text
from formcheck.kiosk.taking import TicketTaker
from formcheck.session.registry import load_exercises

REGISTRY = load_exercises()
MONDAY = date(2026, 11, 30)
PERSON = "0123456789abcdef0123456789abcdef"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
SEVEN = """# for Maria Muster, born 1970
title = "Maria, week 3"
cues = "two-thirds"

[[exercise]]
name = "pelvic-tilt"
sets = 3
reps = 10
hold_s = 5
rest_s = 30

[[exercise]]
name = "glute-bridge"
days = ["mon", "wed", "fri"]
sets = 2
reps = 8
hold_s = 5.5
rest_s = 30

[[exercise]]
name = "dead-bug"
sets = 2
reps = 10
rest_s = 45
[exercise.settings]
reach_hip_deg = 130

[[exercise]]
name = "bird-dog"
sets = 3
reps = 8
hold_s = 4
sides = "left-first"

[[exercise]]
name = "hip-flexor-stretch"
sets = 1
reps = 2
hold_s = 25
sides = "left-first"

[[exercise]]
name = "piriformis-stretch"
sets = 1
reps = 1
hold_s = 30
sides = "right-first"

[[exercise]]
name = "running"
sets = 1
days = ["tue", "sat"]
"""


def written(folder: Path, text: str = SEVEN) -> str:
    path = folder / "maria.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def made(program: str = "low-back-long", **changes) -> Made:
    return make_ticket(program, KEY, REGISTRY, MONDAY, **changes)


def taker(folder: Path | None = None, key: Ed25519PrivateKey = KEY, **changes) -> TicketTaker:
    return TicketTaker(Tickets(key=public_text(key), folder=folder), REGISTRY, **changes)
