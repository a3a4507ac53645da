"""Single stick figures: the body alone, in torso lengths, as filmed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.core.body.back import unknown_back
from formcheck.core.body.pose import Evidence, Joint
from formcheck.core.body.tracked import track
from formcheck.session.figures import figure_of
from tests.replay import recorded

POSE, BACK = recorded("dead-bug")[150]


def seen(pose=POSE, back=BACK):
    return track(pose, back, "supine")


def places(figure):
    return np.array([(np.nan, np.nan) if joint is None else joint for joint in (*figure.joints, *figure.back)])


def test_the_middle_of_the_hips_is_the_origin_and_the_torso_one_long():
    figure = figure_of(seen(), "s-1", 3, "low-back-arch")
    hips = np.mean([figure.joints[Joint.LEFT_HIP], figure.joints[Joint.RIGHT_HIP]], axis=0)
    shoulders = np.mean([figure.joints[Joint.LEFT_SHOULDER], figure.joints[Joint.RIGHT_SHOULDER]], axis=0)
    assert hips == pytest.approx((0, 0), abs=0.002)
    assert np.hypot(*shoulders) == pytest.approx(1, abs=0.002)
    assert (figure.set_id, figure.rep, figure.fault) == ("s-1", 3, "low-back-arch")


def test_left_and_right_are_as_filmed():
    figure = figure_of(seen(), "s-1")
    drawn = np.sign(figure.joints[Joint.NOSE][0])
    filmed = np.sign(POSE.point(Joint.NOSE)[0] - POSE.point(Joint.LEFT_HIP)[0])
    assert drawn == filmed
    assert figure.joints[Joint.LEFT_KNEE] != figure.joints[Joint.RIGHT_KNEE]


def test_the_outline_goes_from_the_shoulder_to_the_hip():
    back = [point for point in figure_of(seen(), "s-1").back if point is not None]
    shoulder = figure_of(seen(), "s-1").joints[Joint.LEFT_SHOULDER]
    assert np.hypot(*np.subtract(back[0], shoulder)) < np.hypot(*np.subtract(back[-1], shoulder))


@given(scale=st.floats(0.2, 5.0), dx=st.floats(-900, 900), dy=st.floats(-900, 900))
@settings(max_examples=30, deadline=None)
def test_neither_size_nor_place_in_the_picture_matters(scale, dx, dy):
    shift = np.array([dx, dy], np.float32)
    pose = replace(POSE, xy_px=np.asarray(POSE.xy_px * scale + shift, np.float32))
    back = replace(BACK, contour_px=np.asarray(BACK.contour_px * scale + shift, np.float32))
    moved, still = figure_of(seen(pose, back), "s-1"), figure_of(seen(), "s-1")
    np.testing.assert_allclose(places(moved), places(still), atol=0.004)


def test_what_was_not_seen_is_not_drawn():
    evidence = POSE.evidence.copy()
    evidence[Joint.LEFT_KNEE], evidence[Joint.RIGHT_HIP] = Evidence.PREDICTED, Evidence.ABSENT
    figure = figure_of(seen(replace(POSE, evidence=evidence), unknown_back(POSE.t_s, "dark")), "s-1")
    assert figure.joints[Joint.LEFT_KNEE] is None
    assert figure.joints[Joint.LEFT_HIP] == pytest.approx((0, 0), abs=0.002), "the one hip that was seen"
    assert figure.back == ()


def test_without_hips_there_is_no_figure():
    evidence = POSE.evidence.copy()
    evidence[[Joint.LEFT_HIP, Joint.RIGHT_HIP]] = Evidence.PREDICTED
    assert figure_of(seen(replace(POSE, evidence=evidence)), "s-1") is None
