"""What a result depends on besides its recording: version, models, exercise and settings, as one short key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from formcheck import __version__
from formcheck.core.rules.exercise import Exercise
from formcheck.core.rules.setting import Settings
from formcheck.session.provenance import models_in_use

KEY_LENGTH = 16
"""Hexadecimal digits of a key: 64 bits, among a few hundred ways to score."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """One way to score the recordings of an exercise."""

    exercise: Exercise
    overrides: Mapping[str, object]
    """Settings that were given, by name."""
    model: str = "full"

    @property
    def settings(self) -> Settings:
        """The settings in force.

        Raises:
            ValueError: an override makes no sense.
        """
        return Settings(self.exercise.all_settings, self.overrides)

    @property
    def key(self) -> str:
        """The same for whatever gives the same results, other for all else."""
        depends_on = {
            "app": __version__,
            "models": models_in_use(self.model),
            "exercise": self.exercise.name,
            "settings": {name: float(value) for name, value in self.settings.items()},
        }
        text = json.dumps(depends_on, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:KEY_LENGTH]
