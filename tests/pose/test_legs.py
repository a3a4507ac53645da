"""Left and right kept through short swaps of the tracker."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.core.body.pose import ANKLE, HIP, JOINT_COUNT, MIRROR, SHOULDER, Side
from formcheck.pose.legs import ARM, LEG, SideKeeper
from formcheck.pose.tracker import RawPose

FPS = 20
TORSO_PX = 200.0


def pose(left_x: float, right_x: float = 0.0) -> RawPose:
    """Somebody who lies; all of a leg and of an arm is so many torso lengths from its place at rest."""
    xy = np.zeros((JOINT_COUNT, 2), np.float32)
    for left, x, y in ((True, left_x, 0.0), (False, right_x, 4.0)):
        side: Side = "left" if left else "right"
        xy[HIP[side]], xy[SHOULDER[side]] = (300, 400), (500, 400)
        for joint in LEG if left else [MIRROR[j] for j in LEG]:
            xy[joint] = 300 + TORSO_PX * x, 300 + y
        for joint in ARM if left else [MIRROR[j] for j in ARM]:
            xy[joint] = 500 + TORSO_PX * x, 200 + y
    return RawPose(xy, np.ones(JOINT_COUNT, np.float32))


def swapped(raw: RawPose, chains=(LEG, ARM)) -> RawPose:
    """The same with the labels of some chains exchanged, and nothing else."""
    order = np.arange(JOINT_COUNT)
    for chain in chains:
        for joint in chain:
            order[joint], order[MIRROR[joint]] = MIRROR[joint], joint
    return replace(raw, xy_px=raw.xy_px[order], visibility=raw.visibility[order])


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


@pytest.mark.parametrize(("seconds", "is_undone"), [(0.7, True), (1.0, False)])
def test_labels_that_stay_swapped_are_believed_after_a_while(seconds, is_undone):
    seen = [swapped(raw) if 30 <= i < 30 + round(seconds * FPS) else raw for i, raw in enumerate(out(2.0))]
    assert bool(kept(seen)[14 : 30 + round(seconds * FPS)].all()) is is_undone


def test_labels_that_change_while_the_limbs_are_together_are_the_trackers_own():
    """Nobody can tell them apart then: what it says when they part again is taken."""
    there, back = out(1.0), [pose(1 - i / 10) for i in range(1, 11)]
    seen = [*there, *back, *[swapped(raw) for raw in out(1.0)]]
    assert not kept(seen)[-15:].any()
