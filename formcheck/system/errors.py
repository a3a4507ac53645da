"""Errors with a sentence for the person: what is wrong, and what to do."""

from __future__ import annotations


class FormcheckError(Exception):
    """Base of all errors that FormCheck raises on purpose. Its text is shown as it is, without a traceback."""

    exit_code = 1

    @property
    def text(self) -> str:
        """The sentence as it was raised: one made by `core.text` can be translated, what `str` gives can't."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)


class SourceError(FormcheckError):
    """A camera, video or stream can't be opened or read."""

    exit_code = 3


class UnknownExerciseError(FormcheckError):
    """No exercise of that name is installed."""

    exit_code = 4


class SettingsError(FormcheckError):
    """A settings file can't be read, or holds a value that makes no sense."""

    exit_code = 5


class UsageError(FormcheckError):
    """What was asked for contradicts itself."""

    exit_code = 2
