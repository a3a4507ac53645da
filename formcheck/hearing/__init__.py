"""Hears a handful of words from the mat. Off until asked for; no sound is stored, and none leaves the process."""

from formcheck.hearing.commands import HEARD, SPOKEN, Command
from formcheck.hearing.ear import Ear
from formcheck.hearing.microphone import Microphone, MicrophoneError
from formcheck.hearing.spotter import Heard

__all__ = ["HEARD", "SPOKEN", "Command", "Ear", "Heard", "Microphone", "MicrophoneError"]
