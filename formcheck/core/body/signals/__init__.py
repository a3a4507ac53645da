"""Measures over time that an exercise can ask for: oscillation, figure-four; and the outlier gates."""
