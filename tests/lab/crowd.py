"""Crowd: several people in one picture, with truth of who is where. People are cut out of clips and pasted together.

    python -m tests.lab.crowd --footage DIR [--only NAME] [--sheet DIR]

The patient is one of the clips that ship. The others are cut out of real clips in DIR by the tracker's mask (nothing of
them is kept), or are copies of the patient: in a mirror, in the same clothes. Told are, for each scene: the share of
pictures in which the delivered pose is somebody else's, the longest such stretch, the pictures without a pose, the
repetitions, and how often a change of person was told.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import cv2
import numpy as np

from formcheck.pipeline.chain import Chain
from formcheck.pose import PatientTracker
from formcheck.pose.tracker import Picture, Tracker
from formcheck.session.record import SetRecord
from formcheck.session.registry import load_exercises
from formcheck.session.set import Set, start_score
from formcheck.system.assets import asset
from tests.lab.animal import ANIMAL, walk

SIZE = (854, 480)
RATE = 12.0
"""Pictures a second: a laptop's."""
FEATHER_PX = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """One picture of somebody: BGR, cover 0..1, and the joints in it."""

    picture: Picture
    cover: np.ndarray
    xy_px: np.ndarray


@cache
def film(path: str, start_s: float, end_s: float) -> tuple[Cutout, ...]:
    """Somebody's pictures at `RATE`, cut out by the tracker's mask; `ANIMAL` is drawn."""
    if path == ANIMAL:
        return tuple(Cutout(*drawn) for drawn in walk(round((end_s - start_s) * RATE), RATE))
    source, out = cv2.VideoCapture(path), []
    fps, index, due = source.get(cv2.CAP_PROP_FPS) or 30.0, 0, start_s
    with Tracker("full") as tracker:
        while index / fps < end_s and source.grab():
            if index / fps >= due:
                due += 1 / RATE
                picture = np.asarray(source.retrieve()[1], np.uint8)
                scale = SIZE[1] / picture.shape[0]
                picture = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
                found = tracker.detect(picture, index / fps)
                if found:
                    assert found[0].mask is not None
                    cover = cv2.GaussianBlur((found[0].mask > 0.5).astype(np.float32), (0, 0), FEATHER_PX)
                    out.append(Cutout(picture, cover, found[0].xy_px))
            index += 1
    source.release()
    return tuple(out)


@dataclass(frozen=True, slots=True)
class Extra:
    """Somebody else in the scene, from `start_s` to `end_s`.

    Attributes: ``who`` a clip with the stretch of it that is played to and fro; ``at`` middle of the box, shares of
    the picture, at the start and at the end (in between it moves within `move_s`); ``high`` height of the box, share of
    the picture's; ``is_behind`` the patient; ``turns`` quarter turns clockwise; ``is_mirrored``; ``frame`` draws a
    screen's or mirror's frame, with the clip's own room in it.
    """

    who: tuple[str, float, float]
    at: tuple[float, float]
    high: float
    to: tuple[float, float] | None = None
    move_s: float = 1.5
    start_s: float = 0.0
    end_s: float = 1e9
    is_behind: bool = False
    turns: int = 0
    is_mirrored: bool = False
    frame: bool = False
    speed: float = 1.0
    is_heir: bool = False
    """Takes the patient's place: while the patient is away, this is who is to be followed."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene: the patient's clip and the others. `away_s`: while the patient is out of the picture."""

    name: str
    exercise: str
    extras: tuple[Extra, ...]
    reps: int
    clip: str = ""
    seconds: tuple[float, float] = (0.0, 13.4)
    away_s: tuple[float, float] = (1e9, 1e9)
    changes: int = 0
    """How often a change of person is to be told."""


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One picture of a scene with the joints of whoever is to be followed (None: nobody), and of the others."""

    picture: Picture
    t_s: float
    patient_px: np.ndarray | None
    others_px: tuple[np.ndarray, ...]


def play(scene: Scene) -> Iterator[Shot]:
    """The pictures of a scene."""
    clip = scene.clip or str(asset("clips", f"demo-{scene.exercise}.mp4"))
    patient = film(clip, *scene.seconds)
    empty = _room(patient)
    for i, seen in enumerate(patient):
        t_s = i / RATE
        is_away = scene.away_s[0] <= t_s < scene.away_s[1]
        picture = (empty if is_away else seen.picture).copy()
        cover = None if is_away else seen.cover
        here = [extra for extra in scene.extras if extra.start_s <= t_s < extra.end_s]
        joints = [_paste(picture, extra, t_s, cover) for extra in here]
        others = tuple(xy for xy, extra in zip(joints, here, strict=True) if not (extra.is_heir and is_away))
        heirs = [xy for xy, extra in zip(joints, here, strict=True) if extra.is_heir and is_away]
        yield Shot(picture, t_s, next(iter(heirs), None) if is_away else seen.xy_px, others)


def _room(patient: Sequence[Cutout]) -> Picture:
    """The room without the patient: what was seen where the mask was not, and the colour around it elsewhere."""
    picture = patient[0].picture
    holes = (cv2.dilate(patient[0].cover, np.ones((25, 25))) > 0.05).astype(np.uint8)
    small = cv2.inpaint(cv2.resize(picture, None, fx=0.25, fy=0.25), cv2.resize(holes, None, fx=0.25, fy=0.25), 3,
                        cv2.INPAINT_TELEA)  # fmt: skip
    filled = cv2.resize(small, picture.shape[1::-1])
    return np.where(holes[..., None] > 0, filled, picture).astype(np.uint8)


def _paste(picture: Picture, extra: Extra, t_s: float, before: np.ndarray | None) -> np.ndarray:
    """Draw somebody into a picture; the joints where they are then. `before` covers whoever is behind."""
    frames = film(*extra.who)
    step = int((t_s - extra.start_s) * RATE * extra.speed) % max(2 * len(frames) - 2, 1)
    seen = frames[step if step < len(frames) else 2 * len(frames) - 2 - step]
    if extra.frame:
        low, high = np.zeros(2), np.array(seen.picture.shape[1::-1], float)
        cover = np.ones(seen.picture.shape[:2], np.float32)
    else:
        ys, xs = np.nonzero(seen.cover > 0.2)
        low, high = np.array([xs.min(), ys.min()], float), np.array([xs.max() + 1, ys.max() + 1], float)
        cover = seen.cover
    x0, y0, x1, y1 = (int(v) for v in (*low, *high))
    body, alpha, xy = seen.picture[y0:y1, x0:x1], cover[y0:y1, x0:x1], seen.xy_px - low
    for _ in range(extra.turns % 4):
        body, alpha = cv2.rotate(body, cv2.ROTATE_90_CLOCKWISE), cv2.rotate(alpha, cv2.ROTATE_90_CLOCKWISE)
        xy = np.stack([body.shape[1] - xy[:, 1], xy[:, 0]], axis=1)
    if extra.is_mirrored:
        body, alpha = body[:, ::-1], alpha[:, ::-1]
        xy = np.stack([body.shape[1] - xy[:, 0], xy[:, 1]], axis=1)
    scale = extra.high * picture.shape[0] / body.shape[0]
    body = cv2.resize(np.ascontiguousarray(body), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    alpha = cv2.resize(np.ascontiguousarray(alpha), body.shape[1::-1], interpolation=cv2.INTER_AREA)
    share = float(np.clip((t_s - extra.start_s) / extra.move_s, 0, 1)) if extra.to else 0.0
    at = np.array(extra.at) * (1 - share) + np.array(extra.to or extra.at) * share
    left, top = np.rint(at * picture.shape[1::-1] - np.array(body.shape[1::-1]) / 2).astype(int)
    _blend(picture, body, alpha, int(left), int(top), before if extra.is_behind else None)
    if extra.frame:
        corner = (int(left) + body.shape[1], int(top) + body.shape[0])
        cv2.rectangle(picture, (int(left), int(top)), corner, (30, 30, 30), 8)
    return xy * scale + np.array([left, top])


def _blend(picture: Picture, body: Picture, alpha: np.ndarray, left: int, top: int, before: np.ndarray | None) -> None:
    height, width = picture.shape[:2]
    a, b, c, d = max(0, left), min(width, left + body.shape[1]), max(0, top), min(height, top + body.shape[0])
    if a >= b or c >= d:
        return
    share = alpha[c - top : d - top, a - left : b - left, None]
    share = share if before is None else share * (1 - before[c:d, a:b, None])
    there = picture[c:d, a:b]
    picture[c:d, a:b] = np.rint(there * (1 - share) + body[c - top : d - top, a - left : b - left] * share)


@dataclass(slots=True)
class Score:
    """What became of a scene."""

    pictures: int = 0
    wrong: int = 0
    longest: int = 0
    missing: int = 0
    reps: int = 0
    changes: int = 0
    cues: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """As one line of a table."""
        n = max(self.pictures, 1)
        return (
            f"wrong {100 * self.wrong / n:5.1f} %  longest {self.longest / RATE:4.1f} s  "
            f"none {100 * self.missing / n:5.1f} %  reps {self.reps}  changes {self.changes}"
        )


def is_wrong(xy: np.ndarray, shot: Shot) -> bool:
    """Whether a pose is nearer to somebody else's joints than to those of whoever is to be followed."""
    known = ~np.isnan(xy).any(axis=1)
    if shot.patient_px is None:
        return True
    if known.sum() < 4:
        return False

    def off(who: np.ndarray) -> float:
        return float(np.median(np.hypot(*(xy - who)[known].T)))

    return any(off(other) < off(shot.patient_px) for other in shot.others_px)


def judge(scene: Scene, watch: Callable[[Shot, object], None] | None = None) -> Score:
    """Run a scene through the product."""
    exercise = load_exercises().get(scene.exercise)
    chain = Chain(Set(exercise, is_live=False), SetRecord.begin("", exercise))
    score, run = Score(), 0
    chain.start()
    with PatientTracker(exercise.posture, partial(start_score, exercise)) as tracker:
        for index, shot in enumerate(play(scene)):
            tracked = tracker.observe(shot.picture, shot.t_s, index)
            chain.step(None, tracked)
            pose = tracked.pose
            wrong = pose.is_present and is_wrong(pose.xy_px, shot)
            run = run + 1 if wrong else 0
            score.pictures, score.wrong, score.longest = (
                score.pictures + 1,
                score.wrong + wrong,
                max(score.longest, run),
            )
            score.missing += not pose.is_present and shot.patient_px is not None
            if watch:
                watch(shot, tracked)
    chain.finish("done")
    record = chain.record
    score.reps = record.counts.reps
    score.changes = sum(type(e).__name__ == "PersonChanged" for e in record.events)
    score.cues = tuple(f"{c.t_s:.1f} {c.name}" for c in record.cues)
    return score


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--footage", type=Path, help="folder with real clips; without it, only rendered people")
    parser.add_argument("--only", nargs="*", default=[""], help="scenes whose names hold one of these")
    parser.add_argument("--sheet", type=Path, help="folder for pictures of each scene; outside the repository")
    choice = parser.parse_args()
    from tests.lab.crowd_scenes import scenes

    total = Score()
    for scene in scenes(choice.footage):
        if not any(part in scene.name for part in choice.only):
            continue
        drawn: list[Picture] = []
        score = judge(scene, partial(_draw, drawn) if choice.sheet else None)
        mark = (
            ""
            if (score.reps, score.changes) == (scene.reps, scene.changes)
            else f"  expected {scene.reps}, {scene.changes}"
        )
        print(f"{scene.name:20s} {score.line}{mark}", flush=True)
        total.pictures, total.wrong = total.pictures + score.pictures, total.wrong + score.wrong
        total.missing, total.longest = total.missing + score.missing, max(total.longest, score.longest)
        if choice.sheet:
            choice.sheet.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(choice.sheet / f"{scene.name}.png"), _sheet(drawn))
    print(f"{'all':20s} {total.line}")
    return 0


def _draw(drawn: list[Picture], shot: Shot, tracked: object) -> None:
    pose = tracked.pose  # type: ignore[attr-defined]
    small = cv2.resize(shot.picture, None, fx=0.375, fy=0.375, interpolation=cv2.INTER_AREA)
    colour = (0, 0, 255) if pose.is_present and is_wrong(pose.xy_px, shot) else (0, 255, 0)
    for x, y in pose.xy_px[~np.isnan(pose.xy_px).any(axis=1)] * 0.375:
        cv2.circle(small, (int(x), int(y)), 2, colour, -1)
    cv2.putText(small, f"{shot.t_s:.1f} {'' if pose.is_present else 'none'}", (4, 14), 0, 0.45, (0, 0, 0), 1)
    drawn.append(small)


def _sheet(drawn: Sequence[Picture]) -> Picture:
    chosen = drawn[:: max(1, len(drawn) // 20)][:20]
    rows = [np.hstack(chosen[i : i + 5]) for i in range(0, len(chosen) // 5 * 5, 5)]
    return np.vstack(rows)


if __name__ == "__main__":
    raise SystemExit(main())
