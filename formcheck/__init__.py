"""FormCheck: a practice companion that watches an exercise through a webcam and coaches it."""

__version__ = "0.1.0"
