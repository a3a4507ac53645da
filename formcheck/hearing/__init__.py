"""Hears a handful of words from the mat. No network for it ships (docs/developers/hearing.md); no sound is stored, and
none leaves the process."""

from formcheck.hearing.commands import SPOKEN, Command
from formcheck.hearing.ear import Ear
from formcheck.hearing.microphone import Microphone, MicrophoneError
from formcheck.hearing.spotter import Heard, Spotter, is_heard

__all__ = ["SPOKEN", "Command", "Ear", "Heard", "Microphone", "MicrophoneError", "Spotter", "is_heard"]
