"""Which joints count as seen: a bone that has grown beyond what bodies have discredits its end, one that was only
foreshortened before does not."""

import numpy as np
import pytest

from formcheck.core.body.pose import Evidence, Joint
from formcheck.pose.evidence import JointVisibility
from formcheck.pose.tracker import RawPose
from tests.core.setup.front import HANGING, OUT, Arm, person

IN_LAP = Arm(10.0, 75.0, 0.0)
RATE = 8.0


def judged(*poses):
    """The evidence of the last of some poses."""
    judge = JointVisibility()
    for i, pose in enumerate(poses):
        raw = RawPose(np.nan_to_num(pose.xy_px, nan=-50.0), np.ones(33, np.float32))
        evidence = judge.judge(raw, i / RATE, pose.width, pose.height)
    return evidence


def raised(arm_before):
    """Somebody raises an arm bit by bit after some seconds in which it was seen otherwise."""
    before = [person(right=arm_before)] * 40
    first, last = (np.array([arm.out_deg, arm.ahead_deg, arm.bent_deg]) for arm in (arm_before, OUT))
    way = [first + share * (last - first) for share in np.linspace(0, 1, 12)]
    return [*before, *(person(right=Arm(*angles)) for angles in way), person(right=OUT)]


@pytest.mark.parametrize("before", [HANGING, IN_LAP], ids=["hung down", "lay in the lap"])
def test_an_arm_that_is_raised_is_seen_wherever_it_was_before(before):
    evidence = judged(*raised(before))
    assert evidence[Joint.RIGHT_ELBOW] == evidence[Joint.RIGHT_WRIST] == Evidence.MEASURED


def test_a_forearm_longer_than_any_body_has_is_a_guess():
    steps = []
    for stretch in (1.0, 1.25, 1.5, 1.8):
        step = person(right=OUT)
        elbow, wrist = step.xy_px[Joint.RIGHT_ELBOW].copy(), step.xy_px[Joint.RIGHT_WRIST].copy()
        step.xy_px[Joint.RIGHT_WRIST] = elbow + np.float32(stretch) * (wrist - elbow)
        steps.append(step)
    evidence = judged(*[person(right=OUT)] * 40, *steps)
    assert evidence[Joint.RIGHT_WRIST] == Evidence.PREDICTED
    assert evidence[Joint.RIGHT_ELBOW] == Evidence.MEASURED
