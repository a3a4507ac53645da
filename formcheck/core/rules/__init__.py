"""The vocabulary of an exercise: exercise, settings, events."""
