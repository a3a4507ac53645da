"""Speaks what the coach found: spoken clips and short sounds; whose turn it is, `core.feedback.queue` decides."""

from formcheck.voice.clips import clip_duration_s
from formcheck.voice.voice import SoundState, Voice

__all__ = ["SoundState", "Voice", "clip_duration_s"]
