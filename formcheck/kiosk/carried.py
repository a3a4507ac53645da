"""What is carried from one process to the next, by way of the supervisor: numbers and settings, and nobody's name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from formcheck.kiosk.pin import Instant, PinGate
from formcheck.kiosk.tries import Tries
from formcheck.session.texts import languages


@dataclass(slots=True)
class Carried:
    """Wrong numbers, and what the staff have set. It lives as long as the supervisor."""

    tries: Tries = field(default_factory=Tries)
    """Wrong codes of tickets."""
    gate: PinGate = field(default_factory=PinGate)
    """Wrong PINs."""
    language: str = ""
    """As the staff have set it; empty as in the clinic's file."""
    volume: float | None = None
    """As the staff have set it, of 1; None as in the clinic's file."""
    keep: Callable[[str], None] = lambda _: None
    """Told the text that the next process is handed."""

    @classmethod
    def of(cls, text: str, keep: Callable[[str], None] = lambda _: None) -> Carried:
        """From the text of the process before. One that makes no sense counts as wrong PINs: damage opens nothing."""
        now = Instant.now()
        if not text:
            return cls(gate=PinGate(boot=now.boot), keep=keep)
        try:
            data: dict[str, Any] = json.loads(text)
            wrong, last_s = data["tries"]
            volume = None if data["volume"] is None else min(max(float(data["volume"]), 0.0), 1.0)
            language = data["language"] if data["language"] in languages() else ""
            gate = PinGate.from_json(data["gate"], now)
            return cls(Tries(int(wrong), float(last_s)), gate, language, volume, keep)
        except (ValueError, KeyError, TypeError):
            return cls(gate=PinGate.from_json("", now), keep=keep)

    def hand_on(self) -> None:
        """Hand on what is known now."""
        data = {
            "tries": [self.tries.wrong, self.tries.last_s], "gate": self.gate.to_json(), "language": self.language,
            "volume": self.volume,
        }  # fmt: skip
        self.keep(json.dumps(data, separators=(",", ":")))
