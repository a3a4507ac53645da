"""The person on the picture: mirrored, honest about what was seen, and never in blue when the back is unknown."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from formcheck.core.body.back import Back, unknown_back
from formcheck.core.body.pose import JOINT_COUNT, Evidence, Joint, Pose, Side, absent_pose
from formcheck.core.coach.snapshot import BackVerdict
from formcheck.screen import Canvas, Painter, ViewModel
from formcheck.screen.canvas import Box
from formcheck.screen.layout import arrange
from formcheck.screen.palette import BLUE, BONE_FAR, BONE_NEAR, GREY, ORANGE, WHITE, Colour
from formcheck.screen.person import LockFrame, draw_contour, draw_skeleton, person_scale
from formcheck.screen.projection import Projection, as_bgr, project, put_picture
from tests.screen.samples import WORKING, body, lost_outline, outline, room, view

SIZE = (1280, 720)
BLACK = np.zeros((720, 1280, 3), np.uint8)


def has_colour(pixels: NDArray[np.uint8], colour: Colour) -> bool:
    return bool((np.abs(pixels.astype(int) - colour[::-1]).max(axis=-1) <= 2).any())


def only(
    joint: Joint, x: float, y: float, evidence: Evidence = Evidence.MEASURED, size: tuple[int, int] = SIZE
) -> Pose:
    """A pose of one joint."""
    pose = absent_pose(0.0, 0, *size)
    xy, seen = pose.xy_px.copy(), pose.evidence.copy()
    xy[joint], seen[joint] = (x, y), evidence
    return replace(pose, xy_px=xy, evidence=seen, is_present=True)


def picture_of(canvas: Canvas) -> NDArray[np.uint8]:
    placed = project(*SIZE, arrange(canvas.size).picture, is_mirrored=True).box
    return canvas.view(placed)


@pytest.mark.parametrize(("is_mirrored", "share"), [(True, 0.75), (False, 0.25)])
def test_a_joint_on_the_left_is_drawn_where_the_mirror_shows_it(
    painter: Painter, is_mirrored: bool, share: float
) -> None:
    shown = ViewModel("", image=BLACK, pose=only(Joint.LEFT_WRIST, 320, 360), is_mirrored=is_mirrored)
    pixels = picture_of(painter.paint(shown, SIZE))
    rows, columns = np.nonzero((pixels == 255).all(axis=2))
    assert columns.mean() == pytest.approx(share * pixels.shape[1], abs=2)
    assert rows.mean() == pytest.approx(0.5 * pixels.shape[0], abs=2)


def test_the_picture_is_mirrored_and_the_words_are_not(painter: Painter) -> None:
    shown = replace(view(), pose=None)
    mirrored = painter.paint(shown, SIZE).pixels.copy()
    plain = painter.paint(replace(shown, is_mirrored=False), SIZE).pixels
    place = project(*SIZE, arrange(SIZE).picture, is_mirrored=True).box
    inside = np.zeros(mirrored.shape[:2], bool)
    inside[place.y : place.bottom, place.x : place.right] = True
    assert (mirrored[~inside] == plain[~inside]).all()
    a, b = mirrored[inside].reshape(place.h, place.w, 3), plain[inside].reshape(place.h, place.w, 3)
    assert (a == b[:, ::-1]).all()
    assert not (a == b).all()


def test_a_joint_sits_on_its_own_pixel_of_the_picture() -> None:
    image = BLACK.copy()
    image[480:482, 200:202] = 255
    canvas = Canvas(SIZE)
    place = project(*SIZE, Box(100, 50, 640, 360), is_mirrored=True)
    put_picture(canvas, image, place)
    rows, columns = np.nonzero(canvas.view(place.box).max(axis=2) > 100)
    x, y = place.point(200.5, 480.5)
    assert (columns.mean(), rows.mean()) == (pytest.approx(x, abs=0.6), pytest.approx(y, abs=0.6))


@pytest.mark.parametrize(
    ("evidence", "centre_is_drawn", "anything_is_drawn"),
    [(Evidence.MEASURED, True, True), (Evidence.PREDICTED, False, True), (Evidence.ABSENT, False, False)],
)
def test_evidence_shows(evidence: Evidence, centre_is_drawn: bool, anything_is_drawn: bool) -> None:
    pixels = np.full((200, 200, 3), 90, np.uint8)
    pose = only(Joint.LEFT_KNEE, 100, 100, evidence, (200, 200))
    draw_skeleton(pixels, pose, Projection(200, 200, Box(0, 0, 200, 200), False), None, 1.0)
    assert bool(pixels[100, 100, 0] != 90) is centre_is_drawn
    assert bool((pixels != 90).any()) is anything_is_drawn


def test_a_bone_to_a_predicted_joint_is_dashed() -> None:
    def covered(evidence: Evidence) -> float:
        pose = only(Joint.LEFT_HIP, 20, 100, size=(200, 200))
        pose.xy_px[Joint.LEFT_KNEE] = 180, 100
        pose.evidence[Joint.LEFT_KNEE] = evidence
        pixels = np.full((200, 200, 3), 90, np.uint8)
        draw_skeleton(pixels, pose, Projection(200, 200, Box(0, 0, 200, 200), False), None, 1.0)
        return float((pixels[100, 40:160, 0] == BONE_NEAR[0]).mean())

    assert covered(Evidence.MEASURED) == 1.0
    assert 0.2 < covered(Evidence.PREDICTED) < 0.8
    assert covered(Evidence.ABSENT) == 0.0


@pytest.mark.parametrize(("near", "expected"), [("left", BONE_NEAR), ("right", BONE_FAR), (None, BONE_NEAR)])
def test_the_far_side_is_drawn_paler(near: Side | None, expected: Colour) -> None:
    pose = only(Joint.LEFT_KNEE, 100, 100, size=(200, 200))
    pixels = np.zeros((200, 200, 3), np.uint8)
    draw_skeleton(pixels, pose, Projection(200, 200, Box(0, 0, 200, 200), False), near, 1.0)
    assert tuple(int(v) for v in pixels[100, 100, ::-1]) == expected


@pytest.mark.parametrize(
    ("verdict", "colour"), [("good", BLUE), ("fault", ORANGE), ("unsure", WHITE), ("open", WHITE), ("unknown", GREY)]
)
def test_the_outline_has_the_colour_of_the_verdict(verdict: BackVerdict, colour: Colour) -> None:
    pixels = BLACK.copy()
    draw_contour(pixels, outline(body()), verdict, Projection(*SIZE, Box(0, 0, *SIZE), True), 1.0)
    for other in {BLUE, ORANGE, WHITE, GREY}:
        assert has_colour(pixels, other) is (other == colour)


@pytest.mark.parametrize("verdict", ["good", "unsure", "fault", "unknown"])
def test_an_outline_that_cannot_be_judged_is_never_blue_or_orange(verdict: BackVerdict) -> None:
    pixels = BLACK.copy()
    draw_contour(pixels, lost_outline(body()), verdict, Projection(*SIZE, Box(0, 0, *SIZE), True), 1.0)
    assert has_colour(pixels, GREY)
    assert not has_colour(pixels, BLUE)
    assert not has_colour(pixels, ORANGE)


def test_an_unknown_back_leaves_no_blue_on_the_whole_screen(painter: Painter) -> None:
    snapshot = replace(WORKING, back="unknown", progress=0.0)
    shown = view(snapshot, back=lost_outline(body()))
    pixels = painter.paint(shown, SIZE).pixels
    assert not has_colour(pixels, BLUE)
    assert has_colour(painter.paint(view(replace(snapshot, back="good")), SIZE).pixels, BLUE)


def test_shapes_differ_too_not_colours_alone() -> None:
    looks = {}
    verdicts: tuple[BackVerdict, ...] = ("good", "unsure", "fault", "unknown")
    for verdict in verdicts:
        pixels = BLACK.copy()
        draw_contour(pixels, outline(body()), verdict, Projection(*SIZE, Box(0, 0, *SIZE), True), 1.0)
        looks[verdict] = (pixels.max(axis=2) > 60).tobytes()
    assert len(set(looks.values())) == len(verdicts)


def test_the_frame_rests_while_the_body_trembles_and_follows_when_it_moves() -> None:
    place, lock = Projection(*SIZE, Box(0, 0, *SIZE), True), LockFrame()
    first = lock.follow(body(), place)
    assert first is not None
    assert lock.follow(replace(body(), xy_px=body().xy_px + 20), place) == first
    for _ in range(40):
        moved = lock.follow(replace(body(), xy_px=body().xy_px + np.array([0, 90], np.float32)), place)
    assert moved is not None
    assert moved[1] > first[1] + 40
    assert lock.follow(None, place) is None
    assert lock.follow(absent_pose(0.0, 0, *SIZE), place) is None


def test_the_frame_says_you_and_only_when_somebody_is_there(painter: Painter) -> None:
    def texts(pose: Pose | None) -> set[str]:
        return {label.text for label in painter.paint(view(pose=pose), SIZE).labels}

    gone = replace(body(), is_present=False)
    assert (painter.paint(view(pose=gone), SIZE).pixels == Painter().paint(view(pose=None), SIZE).pixels).all()
    assert "You" in texts(body())
    assert "You" not in texts(absent_pose(0.0, 0, *SIZE))
    assert "You" not in texts(None)


def test_a_small_person_is_drawn_finer() -> None:
    assert person_scale((0, 0, 600, 300), 1.0) == 1.0
    assert person_scale((0, 0, 240, 180), 1.0) == pytest.approx(300 / 480)
    assert person_scale((0, 0, 20, 20), 1.0) == 0.5


@pytest.mark.parametrize(
    "size", [(161, 121), (160, 120), (720, 1280), (3840, 2160), (1, 1), (3, 2000), (2000, 3), (854, 480), (1366, 768)]
)
def test_any_size_of_picture(painter: Painter, size: tuple[int, int]) -> None:
    for window in ((1280, 720), (720, 1280), (801, 601)):
        shown = view(size=size)
        canvas = painter.paint(shown, window)
        place = project(*size, arrange(window).picture, is_mirrored=True).box
        assert arrange(window).picture.contains(place)
        assert (canvas.view(place) != 5).any()


@pytest.mark.parametrize("shape", [(90, 160), (90, 160, 1), (90, 160, 3), (90, 160, 4)])
def test_grey_and_four_channel_pictures(painter: Painter, shape: tuple[int, ...]) -> None:
    image = np.full(shape, 200, np.uint8)
    pixels = painter.paint(ViewModel("", image=image), SIZE).pixels
    place = project(160, 90, arrange(SIZE).picture, is_mirrored=True).box
    assert (pixels[place.y + place.h // 2, place.x + place.w // 2] == 200).all()


@pytest.mark.parametrize("image", [None, np.zeros((0, 0, 3), np.uint8), np.zeros((9, 9, 2), np.uint8)])
def test_no_usable_picture_is_said(painter: Painter, image: NDArray[np.uint8] | None) -> None:
    assert as_bgr(image) is None
    texts = {label.text for label in painter.paint(ViewModel("", image=image), SIZE).labels}
    assert "One moment, getting ready" in texts


numbers = st.one_of(st.floats(-1e7, 1e7, width=32), st.sampled_from([math.nan, math.inf, -math.inf]))


@settings(max_examples=60, deadline=None)
@given(
    xy=st.lists(st.tuples(numbers, numbers), min_size=JOINT_COUNT, max_size=JOINT_COUNT),
    evidence=st.lists(st.sampled_from(list(Evidence)), min_size=JOINT_COUNT, max_size=JOINT_COUNT),
    verdict=st.sampled_from(["good", "unsure", "fault", "unknown"]),
)
def test_wild_joints_never_raise(xy: list[tuple[float, float]], evidence: list[Evidence], verdict: BackVerdict) -> None:
    array = np.array(xy, np.float32)
    pose = Pose(0.0, 0, 320, 240, array, np.array(evidence, np.uint8))
    back = Back(0.0, array[:17, 0], array[:17, 0], array[:17])
    shown = ViewModel("", replace(WORKING, back=verdict), room(320, 240), pose, back)
    Painter().paint(shown, (640, 360))


def test_nothing_known_at_all(painter: Painter) -> None:
    nan = np.full((JOINT_COUNT, 2), np.nan, np.float32)
    pose = Pose(0.0, 0, *SIZE, nan, np.full(JOINT_COUNT, Evidence.MEASURED, np.uint8))
    painter.paint(view(pose=pose, back=unknown_back(0.0, "no-torso")), SIZE)


def test_a_bone_to_nowhere_is_not_drawn() -> None:
    pose = only(Joint.LEFT_HIP, 100, 100, size=(200, 200))
    pose.xy_px[Joint.LEFT_KNEE] = 180, math.nan
    pose.evidence[Joint.LEFT_KNEE] = Evidence.MEASURED
    pixels = np.full((200, 200, 3), 90, np.uint8)
    draw_skeleton(pixels, pose, Projection(200, 200, Box(0, 0, 200, 200), False), None, 1.0)
    drawn = np.argwhere((pixels != 90).any(axis=2))
    assert np.abs(drawn - 100).max() < 12


def test_the_faults_mark_on_the_outline_is_a_triangle() -> None:
    pixels = BLACK.copy()
    draw_contour(pixels, outline(body()), "fault", Projection(*SIZE, Box(0, 0, *SIZE), False), 1.0)
    x, y = (round(float(v)) for v in outline(body()).contour_px[8])
    mark = np.abs(pixels[y - 14 : y + 14, x - 14 : x + 14].astype(int) - ORANGE[::-1]).max(axis=2) <= 2
    top, bottom = mark[:10].any(axis=0).sum(), mark[20:].any(axis=0).sum()
    assert bottom > 1.5 * top


def test_the_frame_fits_at_once_when_the_window_changes_its_size() -> None:
    small, large = Projection(*SIZE, Box(0, 0, 640, 360), True), Projection(*SIZE, Box(0, 0, *SIZE), True)
    lock = LockFrame()
    lock.follow(body(), small)
    assert lock.follow(body(), large) == LockFrame().follow(body(), large)
