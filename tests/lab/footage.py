"""Real footage: several readers of the back on the same pictures, as curves and as drawings to be looked at.

    python -m tests.lab.footage FOLDER --out DIR [--table TSV] [--only NAME] [--every N] [--pictures N]

FOLDER holds videos or pictures; the table (default: the first .tsv in FOLDER) names them in its first column and their
exercise in the column `exercise`. The tracker's poses and masks are kept in DIR/raw, so that a second run is cheap.
DIR/NAME.npz holds times and hollows, DIR/NAME.png their curves, DIR/NAME.pictures.png the outlines on the body.

Nothing that this writes may be committed: DIR must lie outside the repository.
"""

from __future__ import annotations

import argparse
import csv
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from formcheck.core.body.back import Back, sagitta_tl
from formcheck.core.body.measure import measure
from formcheck.core.body.pose import Pose
from formcheck.core.rules.exercise import Exercise
from formcheck.pose import PatientTracker
from formcheck.pose.contour import contour
from formcheck.pose.tracker import Picture, RawPose
from formcheck.pose.trunk import Reader
from formcheck.session.registry import load_exercises
from formcheck.session.set import start_score

READERS = {
    "mask": ("formcheck.pose.mask_edge:mask_edge", (60, 60, 255)),
    "picture": ("formcheck.pose.picture_edge:picture_edge", (60, 230, 255)),
    "model": ("formcheck.pose.back_model:back_model", (90, 255, 90)),
}
"""Where each reader is, ``module:function``, and its colour (BGR); one that isn't there is left out."""
STILLS = (".jpg", ".png")
VIDEOS = (".mp4", ".mov", ".webm")
TILE_PX, TILE_HIGH_PX = 640, 360
"""Size of one drawn trunk."""
MEDIAN_S = 0.4

Step = tuple[Picture, Pose, RawPose]


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """Poses and masks of one clip, as they are kept: `index` (n,), `t_s` (n,), `xy_px` (n, 33, 2), `evidence`."""

    index: np.ndarray
    t_s: np.ndarray
    xy_px: np.ndarray
    evidence: np.ndarray
    scale: np.ndarray
    masks: np.ndarray
    """Bytes of all masks as PNG, one after the other; `ends` says where each ends."""
    ends: np.ndarray


def pictures_of(path: Path, every: int) -> Iterator[tuple[int, float, Picture]]:
    """Index, time and BGR picture of every so manieth frame; a still is there once."""
    if path.suffix.lower() in STILLS:
        yield 0, 0.0, np.asarray(cv2.imread(str(path)), np.uint8)
        return
    source = cv2.VideoCapture(str(path))
    fps = source.get(cv2.CAP_PROP_FPS) or 30.0
    index = 0
    while source.grab():
        if index % every == 0:
            is_read, picture = source.retrieve()
            if is_read:
                yield index, index / fps, np.asarray(picture, np.uint8)
        index += 1
    source.release()


def watch(path: Path, exercise: Exercise, every: int, kept: Path) -> Watched:
    """Poses and masks of a clip, from the cache where they are there."""
    if kept.exists():
        return Watched(**np.load(kept))
    rows, masks = [], []
    with PatientTracker(exercise.posture, partial(start_score, exercise)) as watcher:
        for index, t_s, picture in pictures_of(path, every):
            seen = watcher.follow(picture, t_s, index)
            pose = watcher.judge(seen).pose
            if seen.raw is None or seen.raw.mask is None:
                continue
            rows.append((index, t_s, pose.xy_px, pose.evidence, seen.raw.mask_scale))
            masks.append(cv2.imencode(".png", np.rint(seen.raw.mask * 255).astype(np.uint8))[1].ravel())
    columns = [np.array([row[i] for row in rows]) for i in range(5)]
    ends = np.cumsum([len(m) for m in masks])
    whole = np.concatenate(masks) if masks else np.zeros(0, np.uint8)
    watched = Watched(columns[0], columns[1], columns[2], columns[3], columns[4], whole, ends)
    kept.parent.mkdir(parents=True, exist_ok=True)
    np.savez(kept, allow_pickle=False, **{name: getattr(watched, name) for name in Watched.__slots__})
    return watched


def replay(path: Path, watched: Watched) -> Iterator[Step]:
    """The pictures again, with what was seen in them."""
    rows = {int(index): i for i, index in enumerate(watched.index)}
    starts = np.concatenate([[0], watched.ends[:-1]]).astype(int)
    for index, _, picture in pictures_of(path, 1):
        if index not in rows:
            continue
        i = rows[index]
        mask = np.asarray(cv2.imdecode(watched.masks[starts[i] : watched.ends[i]], cv2.IMREAD_GRAYSCALE))
        height, width = picture.shape[:2]
        xy = np.asarray(watched.xy_px[i], np.float32)
        pose = Pose(float(watched.t_s[i]), index, width, height, xy, watched.evidence[i], True, 0)
        raw = RawPose(
            xy, np.ones(len(xy), np.float32), mask.astype(np.float32) / np.float32(255), float(watched.scale[i])
        )
        yield picture, pose, raw


def find_readers() -> dict[str, Reader]:
    """Every reader that is there."""
    found: dict[str, Reader] = {}
    for name, (place, _) in READERS.items():
        module, _, function = place.partition(":")
        try:
            found[name] = getattr(importlib.import_module(module), function)
        except (ImportError, AttributeError):
            continue
    return found


def tile(picture: Picture, pose: Pose, back: Back | None, colour: tuple[int, int, int]) -> Picture:
    """The trunk, enlarged, with the outline as dots and its 90 % interval as strokes."""
    middle, torso = _trunk(pose)
    scale = TILE_PX / (1.3 * torso)
    move = np.array([[scale, 0, TILE_PX / 2 - scale * middle[0]], [0, scale, TILE_HIGH_PX / 2 - scale * middle[1]]])
    out = cv2.warpAffine(picture, move, (TILE_PX, TILE_HIGH_PX), flags=cv2.INTER_CUBIC)
    if back is None:
        return np.asarray(out, np.uint8)
    if not back.is_known:
        cv2.putText(out, back.unknown, (8, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.7, colour, 2)
    for point, sd in zip(back.contour_px, back.sd_tl, strict=True):
        if np.isfinite(point).all() and np.isfinite(sd):
            x, y = (round(v * 16) for v in move[:, :2] @ point + move[:, 2])
            cv2.circle(out, (x, y), 16, colour, -1, cv2.LINE_AA, 4)
            cv2.circle(out, (x, y), max(int(1.645 * sd * torso * scale * 16), 1), colour, 1, cv2.LINE_AA, 4)
    return np.asarray(out, np.uint8)


def _trunk(pose: Pose) -> tuple[np.ndarray, float]:
    shoulder, hip = pose.xy_px[11:13].mean(axis=0), pose.xy_px[23:25].mean(axis=0)
    return (shoulder + hip) / 2, max(float(np.hypot(*(shoulder - hip))), 20.0)


def steady(t_s: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Centred running median; NaN where most is unknown."""
    out = np.full(len(values), np.nan)
    for i, t in enumerate(t_s):
        near = values[np.abs(t_s - t) <= MEDIAN_S / 2]
        if np.isfinite(near).sum() * 2 >= len(near):
            out[i] = np.nanmedian(near)
    return out


def draw_curves(path: Path, t_s: np.ndarray, hollows: dict[str, np.ndarray]) -> None:
    """Hollow over time, one curve a reader, per cent of the torso."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 4.5))
    axes = figure.subplots()
    for name, values in hollows.items():
        blue, green, red = (c / 255 * 0.8 for c in READERS[name][1])
        axes.plot(t_s, values * 100, ".", markersize=2, color=(red, green, blue))
        axes.plot(t_s, steady(t_s, values) * 100, label=name, color=(red, green, blue))
    axes.set(title=path.stem, xlabel="s", ylabel="hollow, % of torso")
    axes.grid()
    axes.legend()
    figure.savefig(path, bbox_inches="tight")


def examine(path: Path, exercise: Exercise, out: Path, every: int, pictures: int) -> None:
    """Read one clip in every way; write curves and drawings."""
    watched = watch(path, exercise, every, out / "raw" / f"{path.stem}.npz")
    if not len(watched.index):
        print(f"{path.name}: nobody seen")
        return
    readers = find_readers()
    drawn = set(np.linspace(0, len(watched.index) - 1, pictures).astype(int))
    hollows: dict[str, list[float]] = {name: [] for name in readers}
    rows = []
    for i, (picture, pose, raw) in enumerate(replay(path, watched)):
        backs = {
            name: contour(pose, raw, measure(pose, exercise.posture), picture, reader, None)
            for name, reader in readers.items()
        }
        for name, back in backs.items():
            hollows[name].append(sagitta_tl(back.offset_tl))
        if i in drawn:
            tiles = [tile(picture, pose, None, (0, 0, 0))]
            tiles += [tile(picture, pose, back, READERS[name][1]) for name, back in backs.items()]
            cv2.putText(tiles[0], f"{pose.t_s:.1f} s", (8, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255, 255, 255), 2)
            rows.append(np.hstack(tiles))
    values = {name: np.array(v) for name, v in hollows.items()}
    np.savez(out / f"{path.stem}.npz", allow_pickle=False, t_s=watched.t_s, **values)
    cv2.imwrite(str(out / f"{path.stem}.pictures.png"), np.vstack(rows))
    if len(watched.t_s) > 1:
        draw_curves(out / f"{path.stem}.png", watched.t_s, values)
    print(f"{path.stem}: " + ", ".join(f"{n} known {np.isfinite(v).mean():.2f}" for n, v in values.items()), flush=True)


def exercises_of(folder: Path, table: Path | None) -> dict[str, str]:
    """Exercise of each file by its stem, from the table."""
    found = table or next(iter(sorted(folder.glob("*.tsv"))), None)
    if found is None:
        return {}
    with found.open(encoding="utf-8") as lines:
        return {Path(next(iter(r.values()))).stem: r["exercise"] for r in csv.DictReader(lines, delimiter="\t")}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--table", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--every", type=int, default=2)
    parser.add_argument("--pictures", type=int, default=8)
    args = parser.parse_args()
    if args.out.resolve().is_relative_to(Path(__file__).parents[2].resolve()):
        parser.error("DIR must lie outside the repository: nothing of real footage may be committed")
    args.out.mkdir(parents=True, exist_ok=True)
    known, named = load_exercises().exercises, exercises_of(args.folder, args.table)
    for path in sorted(p for p in args.folder.iterdir() if p.suffix.lower() in STILLS + VIDEOS and args.only in p.stem):
        words = named.get(path.stem, path.stem.split(".")[0]).replace("_", "-")
        exercise = next((known[n] for n in sorted(known) if n.split("-")[0] in words), None)
        if exercise is not None:
            examine(path, exercise, args.out, args.every, args.pictures)


if __name__ == "__main__":
    main()
