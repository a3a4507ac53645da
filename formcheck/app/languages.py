"""Which language the window speaks: as asked for, as chosen in it, as the program or the system says; else English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from formcheck.session.texts import SOURCE_LANGUAGE, best_language
from formcheck.system.language import chosen_language, keep_language, system_languages


def _forget(_: str) -> None:
    """Nobody keeps it."""


@dataclass(slots=True)
class Languages:
    """What is known of the person's language. By default nothing is, nobody is asked, and it is English."""

    asked: str = ""
    """As the command line says."""
    chosen: str = ""
    """As the person has chosen in the window."""
    system: tuple[str, ...] = ()
    """As the system says, the best first."""
    is_asked_for: bool = False
    """Whether the person is asked at first, where nobody has said."""
    keep: Callable[[str], None] = _forget
    """Keeps what is chosen."""

    @classmethod
    def of_this_user(cls, asked: str | None) -> Languages:
        """Those of this user; `asked` as the command line says."""
        chosen = best_language((chosen_language() or "",)) or ""
        return cls(asked or "", chosen, system_languages(), is_asked_for=True, keep=keep_language)

    def best(self, of_program: str = "") -> str:
        """The language to speak now; `of_program` as the program says."""
        return self.asked or self.chosen or of_program or best_language(self.system) or SOURCE_LANGUAGE

    def must_ask(self, of_program: str = "") -> bool:
        """Whether the person is to be asked: nobody has said, and the system's word may be that of somebody else."""
        return self.is_asked_for and not (self.asked or self.chosen or of_program)

    def choose(self, language: str) -> None:
        """The person has chosen; it is kept."""
        self.chosen, self.asked = language, ""
        self.keep(language)
