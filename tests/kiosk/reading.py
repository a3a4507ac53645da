"""How many tickets are read from rendered pictures, by size of code and distance: `python -m tests.kiosk.reading`."""

from __future__ import annotations

import itertools
import random
import time

import numpy as np

from formcheck.kiosk import base45
from formcheck.kiosk.scanner import TicketScanner
from tests.kiosk.held import Holding, card_of, room, taken

SIGNS = (169, 240, 300, 400, 500, 700)
"""A shipped program's ticket, one of seven exercises, larger ones."""
AWAY_CM = (20, 32, 45)
TILTS = ((0, 0, 0), (30, 0, 10), (0, -30, -15), (-20, 20, 40))
LIGHTS = ((1.0, 4.0), (0.3, 8.0))
"""Share of full brightness, and the noise that comes with it."""
BLURS = (0.7, 1.3)


def main() -> None:
    """Print the shares, and what a picture costs."""
    draw, scanner = random.Random(1), TicketScanner()
    for signs in SIGNS:
        text = "FC1:" + "".join(draw.choice(base45.ALPHABET) for _ in range(signs - 4))
        took_ms, shares = [], []
        for is_phone, away in itertools.product((False, True), AWAY_CM):
            read = 0
            ways = list(itertools.product(TILTS, LIGHTS, BLURS))
            for seed, ((yaw, pitch, roll), (light, noise), blur) in enumerate(ways):
                how = Holding(6.2 if is_phone else 9.0, away, yaw, pitch, roll, 0, 0, blur, 0, noise, light, is_phone)
                picture = taken(text, how, seed)
                begin = time.perf_counter()
                found = scanner.read(picture)
                took_ms.append(1000 * (time.perf_counter() - begin))
                assert found in (text, None)
                read += found == text
            shares.append(f"{'phone' if is_phone else 'paper'} {away} cm {read}/{len(ways)}")
        half, most = np.percentile(took_ms, (50, 95))
        print(f"{signs} signs, {card_of(text)[1]} modules: {', '.join(shares)}; {half:.0f} ms, p95 {most:.0f} ms")
    empty_ms = []
    for seed in range(20):
        picture = room(seed)
        begin = time.perf_counter()
        scanner.read(picture)
        empty_ms.append(1000 * (time.perf_counter() - begin))
    print(f"without a code: {np.median(empty_ms):.0f} ms, at most {max(empty_ms):.0f} ms")


if __name__ == "__main__":
    main()
