"""The bench of repeatability: it sees what is not the same, its changes are invisible, its noise swaps no verdict."""

from dataclasses import fields

import cv2
import numpy as np
import pytest

from formcheck.pose.recording import Recording
from tests.lab.bench.changes import CHANGES, noisy, scaled, shifted
from tests.lab.bench.keep import SMALL
from tests.lab.bench.repeat import Row, as_table, compare, rows_of, rows_of_streams
from tests.lab.bench.wobble import wobbled

NAMES = (
    "dead-bug.tune.plain.holding-leg-drift.x",
    "glute-bridge.tune.plain.too-low.x",
    "bird-dog.tune.plain.back-sag.x",
)


def rep(start_s=1.0, end_s=5.0, side="left", verdict="clean", faults=(), judged=1.0):
    return {
        "start_s": start_s, "end_s": end_s, "side": side, "verdict": verdict, "faults": list(faults),
        "judged": dict.fromkeys(("sag", "drop"), judged),
    }  # fmt: skip


def same(one, two):
    """Reps, counted, sides, verdicts, faults, contradictions, opposite sides."""
    found = compare({"reps": one}, {"reps": two})
    return tuple(getattr(found, field.name) for field in fields(found))


@pytest.mark.parametrize(
    ("two", "expected"),
    [
        ([rep()], (1, 1, 1, 1, 1, 0, 0)),
        ([], (1, 0, 0, 0, 0, 0, 0)),
        ([rep(6, 9)], (2, 0, 0, 0, 0, 0, 0)),
        ([rep(2, 6), rep(6, 9)], (2, 1, 1, 1, 1, 0, 0)),
        ([rep(side="right")], (1, 1, 0, 1, 1, 0, 1)),
        ([rep(side=None)], (1, 1, 0, 1, 1, 0, 0)),
        ([rep(verdict="faulty", faults=["sag"])], (1, 1, 1, 0, 0, 1, 0)),
        ([rep(verdict="not-judged", judged=0.5)], (1, 1, 1, 0, 1, 0, 0)),
    ],
    ids=["same", "lost", "another", "one more", "other side", "no side", "a fault", "not judged"],
)
def test_what_is_not_the_same_is_seen(two, expected):
    assert same([rep()], two) == expected


def test_a_fault_that_could_not_be_judged_contradicts_none():
    assert same([rep(faults=["sag"])], [rep(judged=0.5)])[5] == 0
    assert same([rep(judged=0.5)], [rep(faults=["sag"])])[5] == 0
    assert same([rep(faults=["sag"])], [rep(judged=0.7)])[5] == 1


def test_the_table_has_a_line_for_each_and_one_for_all():
    rows = [Row("a", "dead-bug", "noise", compare({"reps": [rep()]}, {"reps": [rep(), rep(6, 9)]})),
            Row("b", "bird-dog", "shift", compare({"reps": [rep()]}, {"reps": [rep(side=None)]}))]  # fmt: skip
    assert as_table(rows, "change").splitlines()[2:] == [
        "| noise | 2 | 0.500 | 1.000 | 1.000 | 1.000 | 0 | 0 |",
        "| shift | 1 | 1.000 | 0.000 | 1.000 | 1.000 | 0 | 0 |",
        "| **all** | 3 | 0.667 | 0.500 | 1.000 | 1.000 | 0 | 0 |",
    ]


@pytest.mark.parametrize("paint", [noisy, shifted, scaled])
def test_a_change_of_the_pictures_is_there_and_can_not_be_seen(paint):
    rng = np.random.default_rng(1)
    picture = cv2.resize(rng.integers(0, 256, (18, 32, 3), np.uint8), (320, 180), interpolation=cv2.INTER_CUBIC)
    changed = paint(picture, 3)
    apart = np.abs(changed.astype(int) - picture)
    assert changed.shape == picture.shape
    assert 0.2 < apart.mean() < 8
    if paint is noisy:
        assert apart.max() == 1
        assert (noisy(picture, 4) != changed).any(), "each picture has noise of its own"


def test_the_changes_are_three_codecs_three_rates_and_later_starts():
    assert len({c.codec[1] for c in CHANGES if c.codec}) >= 3
    assert len([c for c in CHANGES if "libx264" in c.codec]) == 3
    assert sorted(c.drop for c in CHANGES if c.drop) == [1, 3, 5]
    assert len({c.name for c in CHANGES}) == len(CHANGES)


def test_a_clip_is_watched_once_as_it_is_and_once_a_change_and_kept(tmp_path):
    """A short film of somebody in the start pose: what was watched is compared from the cache."""
    film = cv2.VideoWriter(str(tmp_path / "clip.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (320, 180))
    for i in range(6):
        film.write(np.full((180, 320, 3), 40 + i, np.uint8))
    film.release()
    drop = next(c for c in CHANGES if c.drop == 3)
    [row] = rows_of([(tmp_path / "clip.avi", "dead-bug")], tmp_path / "kept", [drop], is_kept=False)
    assert (row.change, row.same.reps) == ("drop-3", 0)
    kept = {path.name: len(Recording(path)) for path in (tmp_path / "kept").iterdir()}
    assert kept == {"clip@as-it-is.npz": 6, "clip@drop-3.npz": 3}
    (tmp_path / "clip.avi").unlink()
    assert rows_of([(tmp_path / "clip.avi", "dead-bug")], tmp_path / "kept", [drop], is_kept=True) == [row]


@pytest.mark.parametrize("name", NAMES)
def test_the_noise_of_a_re_encoding_changes_no_count_and_no_side_and_contradicts_no_fault(name):
    [row] = rows_of_streams([(SMALL / f"{name}.poses.npz", name.partition(".")[0])], 1)
    assert row.same.reps == row.same.counted == row.same.sides
    assert row.same.reps >= 2 or "too-low" in name
    assert (row.same.contradictions, row.same.opposite_sides) == (0, 0)


def test_the_noise_has_the_size_that_was_measured_and_comes_and_goes():
    stream = list(Recording(SMALL / f"{NAMES[0]}.poses.npz"))
    changed = wobbled(stream, 1)
    xy, was = (np.array([p.xy_px for p, _ in s]) for s in (changed, stream))
    torso = np.median(np.hypot(*((was[:, 11] + was[:, 12] - was[:, 23] - was[:, 24]) / 2).T))
    apart = (xy - was) / torso
    assert 0.003 < np.nanstd(apart[:, 23]) < 0.005 < np.nanstd(apart[:, 25]) < 0.009
    steps = np.diff([p.t_s for p, _ in stream])
    together = np.nanmean(apart[1:, 23] * apart[:-1, 23]) / np.nanvar(apart[:, 23])
    assert together == pytest.approx(np.exp(-np.median(steps) / 0.15), abs=0.15)
    outline = np.array([b.offset_tl for _, b in changed]) - [b.offset_tl for _, b in stream]
    assert 0.0025 < np.nanstd(outline) < 0.0045
    assert [p.evidence.tobytes() for p, _ in changed] == [p.evidence.tobytes() for p, _ in stream]
    assert xy.tobytes() != np.array([p.xy_px for p, _ in wobbled(stream, 2)]).tobytes()
