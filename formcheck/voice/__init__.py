"""Speaks what the coach found: spoken clips and short sounds, by a policy that is testable without a sound card."""

from formcheck.core.feedback.queue import SpeechQueue, clip_name
from formcheck.voice.clips import clip_duration_s
from formcheck.voice.voice import SoundState, Voice

__all__ = ["SoundState", "SpeechQueue", "Voice", "clip_duration_s", "clip_name"]
