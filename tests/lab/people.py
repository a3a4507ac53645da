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

OLGA = Figure(
    "olga",
    1.0,
    0.98,
    0.3,
    0.38,
    1.50,
    look=Look((246, 228, 214), (170, 120, 150), (70, 80, 100), (225, 225, 222), hair_style="long", loose=0.6),
)
PAUL = Figure(
    "paul", 0.0, 0.76, 0.5, 0.88, 1.68, look=Look((41, 36, 32), (225, 120, 50), (50, 52, 58), (15, 13, 12),
    hair_style="bald", loose=0.4),
)  # fmt: skip

GITA = Figure(
    "gita",
    1.0,
    0.69,
    0.40,
    0.34,
    1.52,
    look=Look((150, 104, 74), (190, 60, 80), (36, 36, 40), (18, 14, 12), hair_style="long"),
)
HUGO = Figure(
    "hugo",
    0.0,
    0.94,
    0.38,
    0.60,
    1.72,
    look=Look((244, 226, 212), (70, 110, 90), (100, 90, 78), (210, 208, 204), hair_style="bald", loose=0.5),
)
INES = Figure(
    "ines",
    1.0,
    0.77,
    0.42,
    0.86,
    1.63,
    look=Look((198, 150, 112), (90, 60, 110), (30, 30, 34), (45, 30, 22), hair_style="long", loose=0.3),
)
JIN = Figure(
    "jin", 0.0, 0.68, 0.45, 0.30, 1.73, look=Look((226, 186, 150), (230, 232, 236), (52, 60, 84), (20, 18, 18))
)
KOFI = Figure("kofi", 0.0, 0.74, 0.72, 0.52, 1.79, look=Look((46, 38, 33), (80, 140, 190), (60, 60, 66), (14, 12, 12)))
LENA = Figure(
    "lena",
    1.0,
    0.86,
    0.55,
    0.44,
    1.76,
    look=Look((236, 200, 176), (50, 54, 60), (130, 60, 64), (178, 140, 92), loose=0.7),
)
MAYA = Figure(
    "maya", 1.0, 0.97, 0.35, 0.68, 1.56, look=Look((88, 58, 44), (205, 200, 190), (74, 96, 70), (120, 118, 116))
)
NILS = Figure(
    "nils",
    0.0,
    0.72,
    0.60,
    0.84,
    1.90,
    look=Look((214, 164, 132), (40, 90, 70), (150, 140, 120), (130, 96, 58), loose=0.8),
)

TUNE_PEOPLE = (ANNA, BEN, CHIKA, DORA, EMIL, FARID, OLGA, PAUL)
"""Figures that may be looked at while a threshold is set."""

TEST_PEOPLE = (GITA, HUGO, INES, JIN, KOFI, LENA, MAYA, NILS)
"""Figures from which the figures of the report come; nobody sets a threshold on them."""

EVERYONE = (ANNA, BEN, CHIKA, DORA, EMIL, FARID)
"""The first six; the catalogue's early scenarios count on their order."""
