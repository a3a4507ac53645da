"""Left and right kept through swaps of the tracker: by where the limbs were going, and by the order in depth."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.core.body.pose import ANKLE, ELBOW, HIP, JOINT_COUNT, KNEE, MIRROR, SHOULDER, Joint
from formcheck.pose.legs import ARM, LEG, SideKeeper
from formcheck.pose.tracker import RawPose

FPS = 20
TORSO_PX = 200.0
NEAR, FAR = -0.1, 0.1
"""Depth of a leg, picture widths: the left one is the near one."""


def pose(left_x: float, right_x: float = 0.0, depth: tuple[float, float] | None = None) -> RawPose:
    """Somebody who lies; all of a leg and of an arm is so many torso lengths from its place at rest."""
    xy = np.zeros((JOINT_COUNT, 2), np.float32)
    for side, x, y in (("left", left_x, 0.0), ("right", right_x, 4.0)):
        xy[HIP[side]], xy[SHOULDER[side]] = (300, 400), (500, 400)
        for joint in LEG if side == "left" else [MIRROR[j] for j in LEG]:
            xy[joint] = 300 + TORSO_PX * x, 300 + y
        for joint in ARM if side == "left" else [MIRROR[j] for j in ARM]:
            xy[joint] = 500 + TORSO_PX * x, 200 + y
    told = None
    if depth is not None:
        told = np.zeros(JOINT_COUNT, np.float32)
        told[HIP["left"]], told[HIP["right"]] = NEAR, FAR
        for pair in (KNEE, ANKLE):
            told[pair["left"]], told[pair["right"]] = depth
    return RawPose(xy, np.ones(JOINT_COUNT, np.float32), None, 1.0, told)


def swapped(raw: RawPose, chains=(LEG, ARM)) -> RawPose:
    """The same with the labels of some chains exchanged, and nothing else."""
    order = np.arange(JOINT_COUNT)
    for chain in chains:
        for joint in chain:
            order[joint], order[MIRROR[joint]] = MIRROR[joint], joint
    depth = None if raw.depth is None else raw.depth[order]
    return replace(raw, xy_px=raw.xy_px[order], visibility=raw.visibility[order], depth=depth)


def out(seconds: float, way_tl: float = 1.0, lead_s: float = 0.5) -> list[RawPose]:
    """At rest, then the left limbs go out within half a second and stay there."""
    rest = [pose(0.0)] * round(lead_s * FPS)
    way = [pose(way_tl * i / 10) for i in range(1, 11)]
    return [*rest, *way, *[pose(way_tl)] * round(seconds * FPS)]


def kept(raws: list[RawPose]) -> np.ndarray:
    """(n,) whether the left ankle and elbow were told to be where they are: further out than the right ones."""
    keeper = SideKeeper()
    found = [keeper.keep(raw, i / FPS) for i, raw in enumerate(raws)]
    return np.array([r.xy_px[ANKLE["left"], 0] > r.xy_px[ANKLE["right"], 0] for r in found])


@pytest.mark.parametrize("chains", [(LEG,), (ARM,), (LEG, ARM)], ids=["legs", "arms", "both"])
def test_a_swap_of_half_a_second_is_undone_and_nothing_else_is_touched(chains):
    true = out(2.0)
    seen = [swapped(raw, chains) if 30 <= i < 40 else raw for i, raw in enumerate(true)]
    keeper = SideKeeper()
    for i, (raw, was) in enumerate(zip(seen, true, strict=True)):
        assert keeper.keep(raw, i / FPS).xy_px.tobytes() == was.xy_px.tobytes()


@pytest.mark.parametrize(
    ("apart_s", "swap_s", "is_undone"),
    [(0.0, 0.7, True), (0.0, 1.5, False), (1.5, 1.9, True), (1.5, 2.8, False), (9.0, 2.6, True), (9.0, 3.2, False)],
)
def test_the_longer_the_limbs_were_told_rightly_the_longer_a_swap_is_not_believed(apart_s, swap_s, is_undone):
    """What was told for 1.5 s outweighs 1.9 s of the opposite, and never more than 2.8."""
    true = out(apart_s + swap_s + 0.5)
    begin = 20 + round(apart_s * FPS)
    seen = [swapped(raw) if begin <= i < begin + round(swap_s * FPS) else raw for i, raw in enumerate(true)]
    assert bool(kept(seen)[14 : begin + round(swap_s * FPS)].all()) is is_undone


def test_labels_that_change_while_the_limbs_are_together_are_the_trackers_own():
    """Nobody can tell them apart then: what it says when they part again is taken."""
    there, back = out(1.0), [pose(1 - i / 10) for i in range(1, 11)]
    seen = [*there, *back, *[swapped(raw) for raw in out(1.0)]]
    assert not kept(seen)[-15:].any()


def test_limbs_that_pass_each_other_quickly_keep_their_names():
    """Each is nearer to where the other one was than to where it was itself: where they were going counts."""
    seen = [pose(-0.9 + 0.16 * i, 0.9 - 0.16 * i) for i in range(12)]
    keeper = SideKeeper()
    for i, raw in enumerate(seen):
        found = keeper.keep(raw, i / FPS)
        assert found.xy_px[ANKLE["left"], 0] == raw.xy_px[ANKLE["left"], 0]


@pytest.mark.parametrize(("seconds", "is_undone"), [(0.1, False), (1.0, True), (9.0, True)])
def test_a_near_leg_that_lies_behind_the_far_one_was_swapped(seconds, is_undone):
    """The labels were swapped while the legs were together: only the depth tells, after a moment, and for good."""
    wrong = pose(0.0, 1.0, (FAR, NEAR))
    seen = [*[pose(0.0, depth=(NEAR, FAR))] * 20, *[wrong] * round(seconds * FPS)]
    assert bool(kept(seen)[-1]) is is_undone


def test_once_its_depth_is_right_again_a_leg_has_its_own_name():
    wrong, right = pose(0.0, 1.0, (FAR, NEAR)), pose(1.0, 0.0, (NEAR, FAR))
    together = [pose(0.0, depth=(NEAR, FAR))] * 10
    seen = [*together, *[wrong] * 20, *together, *[right] * 20]
    assert kept(seen)[-10:].all()


@pytest.mark.parametrize("depth", [(FAR, NEAR), (0.01, -0.01), (NEAR, FAR), None])
def test_one_picture_or_a_small_difference_in_depth_swaps_nothing(depth):
    right = pose(1.0, 0.0, (NEAR, FAR))
    odd = [pose(1.0, 0.0, depth)] if depth == (FAR, NEAR) else [pose(1.0, 0.0, depth)] * 40
    assert kept([*[pose(0.0, depth=(NEAR, FAR))] * 10, *[right] * 10, *odd, *[right] * 10])[10:].all()


def test_arms_may_cross_in_depth():
    raw = pose(1.0, 0.0, (NEAR, FAR))
    depth = raw.depth.copy()
    depth[ELBOW["left"]], depth[ELBOW["right"]] = FAR, NEAR
    keeper = SideKeeper()
    for i in range(40):
        found = keeper.keep(replace(raw, depth=depth), i / FPS)
    assert found.xy_px[Joint.LEFT_ELBOW, 0] > found.xy_px[Joint.RIGHT_ELBOW, 0]
