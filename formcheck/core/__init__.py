"""Pure rules: body measures, phases, holds, faults, the coach and its cues. No clock, no file, no camera."""
