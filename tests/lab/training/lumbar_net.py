"""Trains the networks of `core.body.lumbar_net` on the readings of `lumbar_samples`, and writes them into the core.

The normal distribution (`lumbar_fit`) comes first: what is told is the middle of both, and is calibrated as that.

Run ``python -m tests.lab.training.lumbar_net --rows DIR`` (minutes; needs the extra lab). Prints how well they do on
bodies that they have not seen, in the words of `lumbar_fit`.
"""

from __future__ import annotations

import argparse
import base64
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from formcheck.core.body import lumbar_net
from formcheck.core.body.lumbar_angle import STATIONS_MIN, by_distribution, without_limbs
from formcheck.core.body.lumbar_net import DEG, HIDDEN, INPUTS, LEAST_DEG, SD_DEG, SD_UNKNOWN, STANCES, STATIONS_N
from tests.lab.body import Floats
from tests.lab.training.lumbar_fit import COVER, FOLDS, MODELS, Row, Z, describe, load, risk

OUT = Path(lumbar_net.__file__).with_name("lumbar_net_weights.py")
NETS, EPOCHS, BATCH, RATE, DECAY, DROPOUT = 4, 60, 128, 2e-3, 2e-2, 0.1
PRIOR_SD_DEG, EVEN, LEAST, MOST, BIN_DEG = 12.0, 0.5, 0.2, 4.0, 4.0
"""The samples hold many straight backs and few bends of a kind. Each counts so much that they come half-way to a normal
distribution of so many degrees; no sample counts for less or more than this."""
SHIFT, HIDE, HIDE_MOST = 0.1, 0.3, 6
"""In each round the outline is shifted and tilted a little (landmarks err), and in some a run of stations is hidden."""
ERROR_MOST = 4.0
HEAD = '''"""The numbers of the low back's networks. Made by `tests.lab.training.lumbar_net`.

For each network its three layers (weights, then biases) as half floats, base64; by stance, by which the standard
deviation is stretched.
"""

from __future__ import annotations

# fmt: off
'''


class Net(torch.nn.Module):
    """One of the networks."""

    def __init__(self) -> None:
        """Begin with random numbers."""
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(INPUTS, HIDDEN), torch.nn.SiLU(), torch.nn.Dropout(DROPOUT),
            torch.nn.Linear(HIDDEN, HIDDEN), torch.nn.SiLU(), torch.nn.Dropout(DROPOUT),
            torch.nn.Linear(HIDDEN, 2),
        )  # fmt: skip

    def forward(self, asked: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Degrees and their standard deviation, for each row."""
        out = self.layers(asked)
        return DEG * out[:, 0], LEAST_DEG + SD_DEG * torch.nn.functional.softplus(out[:, 1])


def stance_of(exercise: str) -> str:
    """The stance of an exercise's samples."""
    return next(stance for stance in STANCES if exercise in MODELS[stance])


def asked_of(row: Row) -> Floats:
    """What the networks are asked with for a row, by the product's own code."""
    stance = stance_of(row.exercise)
    apart = without_limbs(row.now, row.start, row.limbs, stance)
    return lumbar_net.inputs(apart, row.now, row.start, row.side_on_deg, stance)


def worth(rows: Sequence[Row]) -> Floats:
    """How much each row counts."""
    deg, stances = np.array([r.deg for r in rows]), np.array([stance_of(r.exercise) for r in rows])
    counts = np.ones(len(rows))
    for stance in set(stances):
        of = stances == stance
        bins = np.round(deg[of] / BIN_DEG)
        density = np.array([np.mean(bins == b) for b in bins]) / BIN_DEG
        wanted = np.exp(-0.5 * (deg[of] / PRIOR_SD_DEG) ** 2) / (PRIOR_SD_DEG * np.sqrt(2 * np.pi))
        counts[of] = np.clip(wanted / density, LEAST, MOST) ** EVEN
        counts[of] /= counts[of].mean()
    return counts


def train(asked: Floats, deg: Floats, counts: Floats, seed: int) -> Net:
    """One network."""
    torch.manual_seed(seed)
    net = Net()
    optimizer = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    x, y, w = (torch.tensor(a, dtype=torch.float32) for a in (asked, deg, counts))
    for _ in range(EPOCHS):
        order = torch.randperm(len(x))
        for begin in range(0, len(x), BATCH):
            batch = order[begin : begin + BATCH]
            told, sd = net(_disturbed(x[batch]))
            off = ((y[batch] - told) / sd).abs().clamp(max=ERROR_MOST)
            loss = (w[batch] * (0.5 * off**2 + sd.log())).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        schedule.step()
    return net.eval()


def _disturbed(asked: torch.Tensor) -> torch.Tensor:
    rows, n = asked.clone(), STATIONS_N
    size = (len(rows), 1)
    rows[:, :n] += SHIFT * torch.randn(size) + SHIFT * torch.randn(size) * torch.linspace(-1, 1, n)
    first, length = torch.randint(0, n, size), torch.randint(0, HIDE_MOST, size) * (torch.rand(size) < HIDE)
    at = torch.arange(n)[None]
    is_hidden = (at >= first) & (at < first + length)
    for begin, value in ((0, 0.0), (n, 0.0), (2 * n, SD_UNKNOWN)):
        rows[:, begin : begin + n][is_hidden] = value
    return rows


def ask(nets: Sequence[Net], asked: Floats) -> tuple[Floats, Floats]:
    """Degrees and standard deviation for each row, before they are stretched."""
    with torch.no_grad():
        told = [net(torch.tensor(asked, dtype=torch.float32)) for net in nets]
    deg = np.array([d.numpy() for d, _ in told], np.float64)
    variance = np.array([s.numpy() for _, s in told], np.float64) ** 2
    return deg.mean(axis=0), np.sqrt(variance.mean(axis=0) + deg.var(axis=0))


def packed(net: Net) -> str:
    """Its numbers as text."""
    layers = [layer for layer in net.layers if isinstance(layer, torch.nn.Linear)]
    parts = [p.detach().numpy().ravel() for layer in layers for p in (layer.weight, layer.bias)]
    return base64.b64encode(np.concatenate(parts).astype("<f2").tobytes()).decode()


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.lab.training.lumbar_net")
    parser.add_argument("--rows", type=Path, required=True, nargs="+", help="folders of lumbar_samples")
    parser.add_argument("--out", type=Path, default=OUT)
    choice = parser.parse_args()
    torch.set_num_threads(1)
    rows = [r for r in load(*choice.rows) if np.isfinite(r.now.offset_tl - r.start.offset_tl).sum() >= STATIONS_MIN]
    asked, deg, counts = np.array([asked_of(r) for r in rows]), np.array([r.deg for r in rows]), worth(rows)
    person, stance = np.array([r.person for r in rows]), np.array([stance_of(r.exercise) for r in rows])
    print(f"{len(rows)} rows of {len(set(person))} bodies")
    told, sd = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    for fold in range(FOLDS):
        kept, tried = person % FOLDS != fold, person % FOLDS == fold
        nets = [train(asked[kept], deg[kept], counts[kept], seed) for seed in range(NETS)]
        told[tried], sd[tried] = ask(nets, asked[tried])
    also = np.array([by_distribution(r.now, r.start, r.limbs, stance_of(r.exercise)) for r in rows])
    told, sd = (told + also[:, 0]) / 2, np.sqrt((sd**2 + also[:, 1] ** 2) / 2)
    stretch: dict[str, float] = {}
    curves = []
    print("| | rows | seen | RMSE deg | median | sign, 8 deg and more | in 90 % interval | RMSE of the sagitta |")
    for name in STANCES:
        of = stance == name
        stretch[name] = float(np.nanquantile(np.abs(told - deg)[of] / sd[of], COVER)) / Z
        some = [r for r, is_of in zip(rows, of, strict=True) if is_of]
        print(describe(name, some, deg[of], told[of], stretch[name] * sd[of]))
        curves.append(risk(name, deg[of], told[of], stretch[name] * sd[of]))
    print("| | sure | plain bends told | good backs told | good backs called good | plain bends called good |")
    print(*curves, sep="\n")
    texts = [packed(train(asked, deg, counts, seed)) for seed in range(NETS)]
    choice.out.write_text(HEAD + _numbers(texts, stretch), encoding="utf-8")
    return 0


def _numbers(nets: Sequence[str], stretch: dict[str, float]) -> str:
    lines = ["NETS: tuple[str, ...] = (\n"]
    for net in nets:
        lines += [f'    "{net[i : i + 112]}"\n' for i in range(0, len(net), 112)]
        lines[-1] = lines[-1][:-1] + ",\n"
    of = "".join(f'    "{name}": {value:.3f},\n' for name, value in stretch.items())
    return "".join(lines) + ")\nSTRETCH: dict[str, float] = {\n" + of + "}\n"


if __name__ == "__main__":
    sys.exit(main())
