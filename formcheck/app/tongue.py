"""The language of window and voice together: chosen on its page, and spoken from then on."""

from __future__ import annotations

from collections.abc import Callable

from formcheck.app.languages import Languages
from formcheck.app.pages.language import LanguagePage
from formcheck.app.pages.question import ASK_S
from formcheck.app.speech import Speech
from formcheck.screen import Window
from formcheck.session.texts import SOURCE_LANGUAGE, languages, translator
from formcheck.voice import Voice


class Tongue:
    """Lets the window speak the person's language."""

    def __init__(
        self, known: Languages, window: Window, voice: Voice, speech: Speech, sleep: Callable[[float], None]
    ) -> None:
        self._known, self._window, self._voice = known, window, voice
        self._speech, self._sleep = speech, sleep
        self.language = SOURCE_LANGUAGE
        """What is spoken now."""

    def ask(self, codes: tuple[str, ...] = (), wait_s: float = ASK_S) -> LanguagePage:
        """The page that asks; hand it to `take` when it is left.

        Args:
            codes: of the languages that can be chosen; all that there are by default.
            wait_s: seconds to wait for an answer.
        """
        return LanguagePage(codes or languages(), self._speech, self._voice.use, self._sleep, wait_s)

    def take(self, page: LanguagePage) -> None:
        """Speak what was chosen, and keep it; what was spoken before, where nothing was."""
        if page.value:
            self._known.choose(page.value)
        self.speak()

    def choose(self, language: str) -> None:
        """Speak a language that was chosen elsewhere."""
        self._known.choose(language)
        self.speak()

    def speak(self, of_program: str = "") -> None:
        """Speak the person's language; that of a program where they have not said."""
        self.language = self._known.best(of_program)
        self._window.use(translator(self.language))
        self._voice.use(self.language)
