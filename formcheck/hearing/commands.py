"""The words that can be said, in each language, and what they ask for."""

from __future__ import annotations

from typing import Literal, get_args

Command = Literal["pause", "go-on", "next", "again", "stop", "hurt", "how-many", "yes"]
COMMANDS: tuple[Command, ...] = get_args(Command)

SPOKEN: dict[str, dict[str, Command]] = {
    "en": {
        "Pause": "pause",
        "Go on": "go-on",
        "Next": "next",
        "Again": "again",
        "Stop": "stop",
        "It hurts": "hurt",
        "How many": "how-many",
        "Yes": "yes",
    },
    "fr": {
        "Pause": "pause",
        "Continuez": "go-on",
        "Suivant": "next",
        "Encore": "again",
        "Stop": "stop",
        "Arrêtez": "stop",
        "J'ai mal": "hurt",
        "Combien": "how-many",
        "Oui": "yes",
    },
    "es": {
        "Pausa": "pause",
        "Sigue": "go-on",
        "Continúe": "go-on",
        "Siguiente": "next",
        "Otra vez": "again",
        "Alto": "stop",
        "Pare": "stop",
        "Me duele": "hurt",
        "Cuántas": "how-many",
        "Sí": "yes",
    },
}
"""By language, what is said and what it asks for."""
