"""The page that asks for the language: each in its own words, said in its own voice."""

from __future__ import annotations

from collections.abc import Callable

from formcheck.app.pages.question import ASK_S, ChoicePage
from formcheck.app.speech import Speech
from formcheck.core.text import Verbatim, phrase
from formcheck.screen import ONLY_SKIP_HINTS, ChoiceView, Option
from formcheck.session.texts import translate

LANGUAGE = phrase("English")
"""The name of a language in itself: its translation is the translation's own name."""
QUESTION = phrase("Language")


class LanguagePage(ChoicePage):
    """Left as `answered` with the code in `value`, or as `skipped`."""

    def __init__(
        self,
        codes: tuple[str, ...],
        speech: Speech,
        use_voice: Callable[[str], None],
        sleep: Callable[[float], None],
        wait_s: float = ASK_S,
    ) -> None:
        """Make the page.

        Args:
            codes: of the languages that there are.
            speech: says each one's name.
            use_voice: lets the voice speak a language from now on.
            sleep: waits so many seconds.
            wait_s: seconds to wait for an answer.
        """
        names = {code: Verbatim(translate(LANGUAGE, code)) for code in codes}
        options = tuple(Option(code, phrase("{name}", name=name)) for code, name in names.items())
        question = " · ".join(dict.fromkeys(translate(QUESTION, code) for code in codes))
        view = ChoiceView(question, options, hints=ONLY_SKIP_HINTS)
        super().__init__(view, {}, sleep, by_itself="skipped", left="skipped", wait_s=wait_s)
        self._codes, self._speech, self._use_voice = codes, speech, use_voice
        self._said = 0

    def turn(self, now: float) -> None:
        """Say the next language's name and number, in its own voice."""
        super().turn(now)
        if self._said < len(self._codes) and not self._speech.is_speaking and not self.outcome:
            self._use_voice(self._codes[self._said])
            self._said += 1
            self._speech.plan("language.name")
            self._speech.plan(f"count.{self._said}", str(self._said), "count")

    def leave(self) -> None:
        """Say no more of it."""
        self._speech.drop()
