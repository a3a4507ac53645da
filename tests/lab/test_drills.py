"""Tests of the drills on one body, whose mesh lies in ``bodies/`` so that anny isn't needed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.lab.body import CACHE_VARIABLE, RestBody, load_body
from tests.lab.drill import Drill
from tests.lab.families import FAMILIES, Family
from tests.lab.glute_bridge import OVERHEAD, lie_for_bridge
from tests.lab.kinematics import skin
from tests.lab.life import LIVES
from tests.lab.pelvic_tilt import EAR, HIPS, HOLLOW, TORSO, PelvicTilt, lie_for_tilt, look
from tests.lab.people import ANNA
from tests.lab.practice import start_drill
from tests.lab.tempo import Rep, Sway
from tests.lab.truth import JOINTS, count_reps, locate_joints

CALM = Sway(0, 0.0)
FRAME_S = 1.0 / 15.0
ON_THE_FLOOR = [family for family in FAMILIES if family.exercise != "running"]
"""Runners fly."""


@pytest.fixture(scope="module")
def anna() -> RestBody:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(Path(__file__).parent / "bodies"))
        return load_body(ANNA)


@pytest.fixture(scope="module")
def tilt(anna: RestBody) -> PelvicTilt:
    return lie_for_tilt(anna, {"arms": 1.0})


def rep_of(drill_name: str, **knobs: float) -> Rep:
    family = next(family for family in FAMILIES if family.exercise == drill_name)
    return Rep(family.sides[0].strip("-"), 1.5, 2.0, 1.5, 1.0, knobs)


def lowest_m(drill: Drill, rep: Rep, reach: float) -> float:
    posed = drill.pose(rep, reach, 0.5, CALM, 0.0)
    return float(skin(posed, drill.body.vertices_m[::3], drill.body.weights[::3])[:, 2].min())


@pytest.mark.parametrize("family", ON_THE_FLOOR, ids=lambda family: family.exercise)
@pytest.mark.parametrize("reach", [0.0, 0.5, 1.0])
def test_bodies_rest_on_the_floor(family: Family, reach: float, anna: RestBody) -> None:
    drill = start_drill(family.exercise, anna, family.bases[0])
    assert -0.035 < lowest_m(drill, rep_of(family.exercise), reach) < 0.012


@pytest.mark.parametrize("family", ON_THE_FLOOR, ids=lambda family: family.exercise)
def test_joints_move_without_jumps(family: Family, anna: RestBody) -> None:
    drill, rep = start_drill(family.exercise, anna, family.bases[0]), rep_of(family.exercise)
    places = []
    for step in np.linspace(0.0, 1.0, 25):
        joints = locate_joints(drill.pose(rep, float(step), 0.0, CALM, float(step)))
        places.append(np.stack([joints[name] for name in JOINTS]))
    assert max(float(np.abs(after - before).max()) for before, after in pairwise(places)) < 0.09


@pytest.mark.parametrize("life", list(LIVES))
def test_life_moves_without_jumps_and_never_hovers(life: str, anna: RestBody) -> None:
    drill = start_drill("glute-bridge", anna, {"life": float(list(LIVES).index(life))})
    rep, before = Rep("", 1.0, 1.0, 1.0, 1.0), None
    for t_s in np.arange(2.0, 12.0, FRAME_S):
        posed = drill.pose(rep, 0.0, 0.0, CALM, float(t_s))
        joints = np.stack(list(locate_joints(posed).values()))
        assert before is None or float(np.abs(joints - before).max()) < 0.20
        before = joints
    assert -0.02 < lowest_m(drill, rep, 0.0) < 0.01


@pytest.mark.parametrize(("knob", "value", "which"), [
    ("flat_tl", 0.008, HOLLOW), ("flat_tl", 0.03, HOLLOW), ("rise_tl", 0.072, HIPS), ("ear_tl", 0.16, EAR),
])  # fmt: skip
def test_a_tilts_knobs_are_true_lengths(knob: str, value: float, which: int, tilt: PelvicTilt) -> None:
    start, there = (look(tilt.pose(rep_of("pelvic-tilt", **{knob: value}), reach, 0.0, CALM, 0.0)) for reach in (0, 1))
    assert abs(there[which] - start[which]) / start[TORSO] == pytest.approx(value, rel=0.06)


def test_a_tilt_leaves_the_feet_where_they_are(tilt: PelvicTilt) -> None:
    start, there = (tilt.pose(rep_of("pelvic-tilt"), reach, 0.0, CALM, 0.0) for reach in (0.0, 1.0))
    assert there.joint("foot.L") == pytest.approx(start.joint("foot.L"), abs=0.004)
    assert there.joint("upperarm01.L") == pytest.approx(start.joint("upperarm01.L"), abs=0.015)


def test_a_lost_tilt_stays_lost(tilt: PelvicTilt) -> None:
    rep = rep_of("pelvic-tilt", flat_tl=0.02, lost=0.5)
    flat = [tilt.row(rep, 1.0, progress)["flat_tl"] for progress in (0.0, 0.3, 0.6, 1.0)]
    assert flat == pytest.approx([0.02, 0.02, 0.01, 0.01])


@pytest.mark.parametrize(("knobs", "hold_s", "name", "over"), [
    ({"rise_tl": 0.072}, 5.4, "hips-lift", True), ({"rise_tl": 0.048}, 5.4, "hips-lift", False),
    ({"flat_tl": 0.008}, 5.4, "no-flattening", True), ({"flat_tl": 0.012}, 5.4, "no-flattening", False),
    ({"lost": 0.36}, 2.0, "tilt-lost", True), ({"lost": 0.24}, 5.4, "tilt-lost", False),
    ({"ear_tl": 0.096}, 5.4, "head-lift", True), ({"ear_tl": 0.064}, 5.4, "head-lift", False),
    ({}, 3.6, "short-hold", True), ({}, 5.1, "short-hold", False),
])  # fmt: skip
def test_a_tilts_blemishes(knobs: dict[str, float], hold_s: float, name: str, over: bool, tilt: PelvicTilt) -> None:
    found = {blemish.name: blemish.over for blemish in tilt.blemishes((rep_of("pelvic-tilt", **knobs),), 0, hold_s)}
    assert found.get(name) is over
    assert [other for other, is_over in found.items() if is_over and other != name] == []


def test_an_attempt_is_no_repetition() -> None:
    cycles: list[dict[str, Any]] = [
        {"index": n, "side": None, "start_s": 5.0 * n, "end_s": 5.0 * n + 4.0, "faults": []} for n in (1, 2, 3)
    ]
    faults: list[dict[str, Any]] = [{"name": "no-flattening", "rep": 2}, {"name": "head-lift", "rep": 3}]
    reps, attempts = count_reps(cycles, faults, [])
    assert [(rep["index"], rep["faults"]) for rep in reps] == [(1, []), (2, ["head-lift"])]
    assert [(attempt["start_s"], attempt["reason"]) for attempt in attempts] == [(10.0, "no-flattening")]
    assert [fault["rep"] for fault in faults] == [None, 2]


@pytest.mark.parametrize("reach", [0.0, 1.0])
def test_the_arms_of_a_bridge_lie_beside_the_body_or_overhead(reach: float, anna: RestBody) -> None:
    beside, overhead = (lie_for_bridge(anna, {"arms": arms}) for arms in (0.0, OVERHEAD))
    for drill, sign in ((beside, -1.0), (overhead, 1.0)):
        posed = drill.pose(rep_of("glute-bridge"), reach, 0.5, Sway(0, 0.0), 0.0)
        for side in "LR":
            shoulder, wrist = posed.joint(f"upperarm01.{side}"), posed.joint(f"wrist.{side}")
            assert sign * (wrist[1] - shoulder[1]) > 0.2
            assert wrist[2] < 0.12
