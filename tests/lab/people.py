"""People: the figures that the scenarios use."""

from __future__ import annotations

from tests.lab.body import Figure, Look

ANNA = Figure("anna", 1.0, 0.70, 0.5, 0.45, 1.66, look=Look((205, 150, 120), (60, 95, 160), (42, 42, 54), (70, 46, 30)))
BEN = Figure("ben", 0.0, 0.72, 0.6, 0.50, 1.80, look=Look((225, 175, 148), (150, 60, 55), (60, 64, 72), (95, 70, 45)))
CHIKA = Figure(
    "chika", 1.0, 0.80, 0.45, 0.62, 1.60, look=Look((98, 64, 46), (222, 190, 70), (70, 45, 90), (25, 20, 20))
)
DORA = Figure(
    "dora", 1.0, 0.95, 0.35, 0.55, 1.57, look=Look((232, 190, 168), (120, 150, 120), (88, 88, 92), (190, 188, 184))
)
EMIL = Figure(
    "emil", 0.0, 0.85, 0.5, 0.72, 1.74, look=Look((178, 122, 88), (235, 235, 230), (40, 60, 95), (40, 30, 25))
)
FARID = Figure(
    "farid", 0.0, 0.70, 0.75, 0.42, 1.86, look=Look((140, 92, 64), (40, 44, 48), (110, 112, 118), (22, 18, 16))
)

EVERYONE = (ANNA, BEN, CHIKA, DORA, EMIL, FARID)
