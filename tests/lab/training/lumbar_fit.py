"""Fits the lumbar angle's model to the readings of `lumbar_samples`, and writes it as numbers into the core.

Run ``python -m tests.lab.training.lumbar_fit --rows DIR``. Prints how well it does on bodies that it has not seen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np

from formcheck.core.body import lumbar_angle
from formcheck.core.body.back import Contour, sagitta_tl
from formcheck.core.body.lumbar_angle import LumbarChange
from formcheck.pose.contour import agree
from tests.lab.body import Floats
from tests.lab.training.poses import EXERCISES

OUT = Path(lumbar_angle.__file__).with_name("lumbar_weights.py")
FOLDS = 8
PEOPLE_MIN = 40
"""A model of fewer bodies is worse than the one before."""
STARTS = 2
LIMBS = 3
"""Hip, knee and shoulder; the elbow's angle says nothing of the back."""
COVER, Z = 0.90, 1.645
LIMIT_DEG, PLAIN_DEG, GOOD_DEG = 10.0, 15.0, 5.0
SHARES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Risk and coverage are told at these thresholds of being sure."""
SEEN_SD_DEG = 9.0
"""A bend that is less surely known counts as not seen (`back_sd_max_deg`)."""
PRIOR_SD_DEG = 10.0
"""How much a low back bends before anything of it is seen, standard deviation [P]: good form and plain faults alike."""
SUPINE, UPRIGHT = (
    ("dead-bug", "pelvic-tilt", "glute-bridge"),
    ("hip-flexor-stretch", "piriformis-stretch", "running"),
)
MODELS = {
    "supine": SUPINE,
    "quadruped": ("bird-dog",),
    "upright": UPRIGHT,
    "tabletop": ("dead-bug",),
    "hook-lying": ("pelvic-tilt",),
    "bridge": ("glute-bridge",),
    "half-kneeling": ("hip-flexor-stretch",),
    "seated": ("piriformis-stretch",),
    "standing": ("running",),
}
"""The exercises that each model learns from: one for each posture, and one for each stance that we know."""
HEAD = '''"""The numbers of the lumbar angle's model, for each posture. Made by `tests.lab.training.lumbar_fit`.

Mean of 17 changes of the outline (torso lengths), 8 of limbs (hundreds of degrees) and 1 of the
low back (degrees); the upper triangle of their covariance, row by row; by which the standard deviation is stretched.
"""

from __future__ import annotations

# fmt: off
WEIGHTS: dict[str, tuple[tuple[float, ...], tuple[float, ...], float]] = {
'''


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One picture against its scene's start."""

    exercise: str
    person: int
    start: Contour
    now: Contour
    limbs: Floats
    true_change_tl: Floats
    deg: float
    side_on_deg: float


def load(*folders: Path) -> list[Row]:
    """Every row of the samples; scenes of two folders must not have one number."""
    files = sorted(f for folder in folders for f in folder.glob("lumbar-*.npz") if ".tmp." not in f.name)
    parts = [np.load(f) for f in files]
    names = [name for name in parts[0].files if name not in ("crop", "loose")]
    data = {name: np.concatenate([p[name] for p in parts]) for name in names}
    return [
        row for scene in np.unique(data["scene"]) for row in _of_scene(data, np.flatnonzero(data["scene"] == scene))
    ]


def _of_scene(data: dict[str, Floats], rows: Floats) -> Iterator[Row]:
    starts, moves = (rows[(data["index"][rows] < STARTS) == is_start] for is_start in (True, False))
    if not len(starts):
        return
    contours = [_contour(data, i) for i in starts]
    start = Contour(*(_mean([getattr(c, name) for c in contours]) for name in ("offset_tl", "sd_tl")))
    for i in moves:
        limbs = np.concatenate(
            [
                data["near_deg"][i, :LIMBS] - _mean(data["near_deg"][starts, :LIMBS]),
                data["far_deg"][i, :LIMBS] - _mean(data["far_deg"][starts, :LIMBS]),
                data["trunk"][i, :2] - _mean(data["trunk"][starts, :2]),
            ]
        )
        yield Row(
            EXERCISES[int(data["exercise"][i])],
            int(data["person"][i]),
            start,
            _contour(data, i),
            limbs / lumbar_angle.ANGLE_UNIT_DEG,
            data["true_tl"][i] - _mean(data["true_tl"][starts]),
            float(data["lumbar_deg"][i] - data["lumbar_deg"][starts].mean()),
            float(data["trunk"][i, 2]),
        )


def _contour(data: dict[str, Floats], i: int) -> Contour:
    edge, net = ((data[f"{name}_tl"][i], data[f"{name}_sd_tl"][i]) for name in ("edge", "net"))
    return agree(edge, net, data["arms_tl"][i])


def _mean(rows: Sequence[Floats] | Floats) -> Floats:
    """Mean over the rows in which a number is known."""
    values = np.asarray(rows, np.float64)
    known = np.isfinite(values)
    return np.where(
        known.any(axis=0), np.where(known, values, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1), np.nan
    )


def fit(rows: Sequence[Row]) -> tuple[Floats, Floats]:
    """Mean (26,) and covariance (26, 26) of the true changes of outline, limbs and lumbar angle.

    The outline follows from the bend and the limbs (least squares); the bend itself is taken to be independent of the
    limbs. In our renders it is not (a fault grows with the reach), and in life nobody knows: a leg that is long is no
    reason to suspect an arch.
    """
    outline, limbs, bend = (
        np.array([v(r) for r in rows]) for v in (lambda r: r.true_change_tl, lambda r: r.limbs, lambda r: r.deg)
    )
    usual = _mean(limbs)
    limbs = np.where(np.isfinite(limbs), limbs, usual)
    causes = np.column_stack([np.ones(len(rows)), limbs - usual, bend])
    known = np.isfinite(outline)
    weights = np.array([np.linalg.lstsq(causes[k], outline[k, i], rcond=None)[0] for i, k in enumerate(known.T)])
    rest = np.where(known, outline - causes @ weights.T, 0.0)
    unexplained = rest.T @ rest / np.maximum(known.T.astype(float) @ known, 1.0)
    n, k = outline.shape[1], limbs.shape[1]
    prior = np.zeros((k + 1, k + 1))
    prior[:k, :k], prior[k, k] = np.cov(limbs.T), PRIOR_SD_DEG**2
    of_causes = weights[:, 1:]
    covariance = np.zeros((n + k + 1, n + k + 1))
    covariance[:n, :n] = of_causes @ prior @ of_causes.T + unexplained
    covariance[:n, n:] = of_causes @ prior
    covariance[n:, :n] = covariance[:n, n:].T
    covariance[n:, n:] = prior
    size, way = np.linalg.eigh(covariance)
    return np.concatenate([weights[:, 0], usual, [0.0]]), (way * np.maximum(size, 1e-9)) @ way.T


def ask(model: tuple[Floats, Floats], row: Row, stretch: float = 1.0) -> LumbarChange:
    """What a model says of a row, by the product's own code."""
    mean, covariance = model
    upper = covariance[np.triu_indices(len(mean))]
    lumbar_angle.WEIGHTS["supine"] = (tuple(mean), tuple(upper), stretch)
    lumbar_angle._model.cache_clear()
    return lumbar_angle.lumbar_change(row.now, row.start, row.limbs, "supine")


def held_out(rows: Sequence[Row]) -> tuple[Floats, Floats, Floats]:
    """True and told change and its standard deviation, each by a model that never saw the person."""
    told = np.full((len(rows), 2), np.nan)
    for fold in range(FOLDS):
        model = fit([r for r in rows if r.person % FOLDS != fold])
        for i, row in enumerate(rows):
            if row.person % FOLDS == fold:
                change = ask(model, row)
                told[i] = change.deg, change.sd_deg
    return np.array([r.deg for r in rows]), told[:, 0], told[:, 1]


def describe(name: str, rows: Sequence[Row], true: Floats, told: Floats, sd: Floats) -> str:
    """A line of the card."""
    known = np.isfinite(told) & (sd <= SEEN_SD_DEG)
    error, large = told[known] - true[known], known & (np.abs(true) >= 8)
    sagitta = np.array([sagitta_tl(r.now.offset_tl) - sagitta_tl(r.start.offset_tl) for r in rows])
    ok = np.isfinite(sagitta)
    slope = (sagitta[ok] @ true[ok]) / (sagitta[ok] @ sagitta[ok])
    by_sagitta = np.sqrt(((slope * sagitta[ok] - true[ok]) ** 2).mean())
    rmse, median = np.sqrt((error**2).mean()), np.median(np.abs(error))
    return (
        f"| {name} | {len(rows)} | {known.mean():.2f} | {rmse:.1f} | {median:.1f} "
        f"| {(np.sign(told[large]) == np.sign(true[large])).mean():.3f} "
        f"| {(np.abs(error) <= Z * sd[known]).mean():.2f} | {by_sagitta:.1f} |"
    )


def risk(name: str, true: Floats, told: Floats, sd: Floats) -> str:
    """Lines of the card: how much is told, and how much of it wrongly, at several thresholds.

    A plain bend has `PLAIN_DEG` and more, either way; a good back bends by no more than `GOOD_DEG`.
    """
    known = np.isfinite(told) & (sd <= SEEN_SD_DEG)
    plain, good = known & (np.abs(true) >= PLAIN_DEG), known & (np.abs(true) <= GOOD_DEG)
    towards = np.sign(true) * told
    lines = []
    for share in SHARES:
        over = norm_sf((LIMIT_DEG - towards) / sd)
        either = np.maximum(norm_sf((LIMIT_DEG - told) / sd), norm_sf((LIMIT_DEG + told) / sd))
        lines.append(
            f"| {name} | {share:g} | {(over[plain] > share).mean():.2f} | {(either[good] > share).mean():.3f} "
            f"| {(either[good] < 1 - share).mean():.2f} | {(over[plain] < 1 - share).mean():.2f} |"
        )
    return "\n".join(lines)


def norm_sf(z: Floats) -> Floats:
    """Share of a normal distribution above each of these."""
    return np.array([1.0 - NormalDist().cdf(v) if np.isfinite(v) else np.nan for v in z])


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.lab.training.lumbar_fit")
    parser.add_argument("--rows", type=Path, required=True, nargs="+", help="folders of lumbar_samples")
    parser.add_argument("--out", type=Path, default=OUT)
    choice = parser.parse_args()
    every = load(*choice.rows)
    kept, text, curves = dict(lumbar_angle.WEIGHTS), HEAD, list[str]()
    print(f"{len(every)} rows of {len({r.person for r in every})} bodies")
    print("| | rows | seen | RMSE deg | median | sign, 8 deg and more | in 90 % interval | RMSE of the sagitta |")
    for name, exercises in MODELS.items():
        rows = [r for r in every if r.exercise in exercises]
        if len({r.person for r in rows}) < PEOPLE_MIN or not set(exercises) <= {r.exercise for r in rows}:
            print(f"| {name} | too few rows: stays as it is |")
            text += _entry(name, _matrix(kept[name]), kept[name][2])
            continue
        true, told, sd = held_out(rows)
        known = np.isfinite(told)
        stretch = float(np.quantile(np.abs(told - true)[known] / sd[known], COVER)) / Z
        print(describe(name, rows, true, told, stretch * sd))
        curves.append(risk(name, true, told, stretch * sd))
        text += _entry(name, fit(rows), stretch)
    print("| | sure | plain bends told | good backs told | good backs called good | plain bends called good |")
    print(*curves, sep="\n")
    lumbar_angle.WEIGHTS.update(kept)
    choice.out.write_text(text + "}\n", encoding="utf-8")
    return 0


def _matrix(entry: tuple[tuple[float, ...], tuple[float, ...], float]) -> tuple[Floats, Floats]:
    """Mean and covariance of a model as it is written."""
    mean, upper, _ = entry
    covariance = np.zeros((len(mean), len(mean)))
    covariance[np.triu_indices(len(mean))] = upper
    return np.array(mean), covariance


def _entry(name: str, model: tuple[Floats, Floats], stretch: float) -> str:
    mean, covariance = model
    upper = covariance[np.triu_indices(len(mean))]
    return f'    "{name}": (\n{_numbers(mean)}{_numbers(upper)}        {stretch:.3f},\n    ),\n'


def _numbers(values: Floats) -> str:
    texts = [f"{v:.5g}" for v in values]
    lines, line = [], "           "
    for text in texts:
        if len(line) + len(text) > 116:
            lines.append(line)
            line = "           "
        line += f" {text},"
    return "        (\n" + "\n".join([*lines, line]) + "\n        ),\n"


if __name__ == "__main__":
    sys.exit(main())
