"""Measures over time that an exercise can ask for: breathing, oscillation, figure-four; and the outlier gates."""
