"""Ready-made measures for exercises: supine, upright, lumbar."""
