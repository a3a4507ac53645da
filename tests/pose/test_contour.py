"""The back's outline on drawn bodies of known shape: shirts, belts, mats and arms must not be taken for it."""

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest

from formcheck.core.body.back import STATIONS, sagitta_tl, unknown_back
from formcheck.core.body.measure import measure, with_back
from formcheck.core.body.pose import ELBOW, HIP, SHOULDER, WRIST
from formcheck.pose.contour import agree, contour
from formcheck.pose.mask_edge import mask_edge
from formcheck.pose.tracker import RawPose
from formcheck.testing import Stance
from formcheck.testing.stances import Lens, pose_of

TORSO, HIP_PX, SIZE = 250, (500, 400), (1280, 720)
LENS = Lens(torso_px=TORSO, hip_px=HIP_PX, size=SIZE)
MASK_PIXEL = 4
"""8 mm on a body whose torso is half a metre."""
SHIRT, TROUSERS, SHADOW, MAT, FLOOR, WALL = (
    (150, 60, 40), (95, 90, 85), (25, 28, 24), (120, 130, 60), (70, 110, 150), (190, 195, 200)
)  # fmt: skip
RIM_PX = 1.4
"""The last 3 mm of a body that faces the floor are as dark as its shadow, as on rendered people."""
ERROR_MAX_PX = 1.5
"""3 mm. A stripe, a hem or a rim lies at least 8 px from the outline."""


def depth_at(share, hollow):
    """Depth of the back below the hip-shoulder line, torso lengths."""
    return 0.24 - hollow * np.exp(-(((share - 0.45) / 0.16) ** 2))


def side_on():
    """A pose whose two sides lie one behind the other."""
    pose = pose_of(Stance(), 0.0, lens=LENS)
    xy = pose.xy_px.copy()
    for pair in (SHOULDER, HIP, ELBOW, WRIST):
        xy[pair["right"]] = xy[pair["left"]]
    return replace(pose, xy_px=xy)


def lying(hollow=0.06, *, swallowed=1.0, paint=None, mat=MAT, hide=None):
    """A pose on the back, its raw tracking and its picture.

    Args:
        hollow: depth of the gap under the low back, torso lengths.
        swallowed: how much of the gap the mask takes for body.
        paint: draws on the clothes, before the floor is laid.
        mat: colour of the mat.
        hide: draws over everything, arms for example.
    """
    width, height = SIZE
    x = np.arange(width)
    share = (x - HIP_PX[0]) / TORSO
    back = HIP_PX[1] + TORSO * depth_at(share, hollow)
    front = HIP_PX[1] - 0.20 * TORSO
    rows = np.arange(height)[:, None]
    picture = np.full((height, width, 3), WALL, np.float32)
    picture[:] = np.where((rows < front)[..., None], WALL, np.where((share < 0.15)[None, :, None], TROUSERS, SHIRT))
    if paint:
        paint(picture, back)
    body = (rows >= front) & (rows < back) & (share > -0.5) & (share < 1.3)
    shade = 1.0 - 0.45 * np.clip((rows - front) / (0.44 * TORSO), 0, 1)
    picture *= np.where(body, shade, 1.0)[..., None]
    ground = HIP_PX[1] + 0.24 * TORSO
    picture[(rows >= back - RIM_PX) & body.any(axis=0)] = SHADOW
    below = rows[:, 0] >= ground + 6
    picture[below], picture[int(ground + 46) :] = mat, FLOOR
    picture = cv2.GaussianBlur(picture, (0, 0), 1.2) + np.random.default_rng(4).normal(0, 2.5, picture.shape)
    edge = back + swallowed * (ground - back)
    pose = side_on()
    picture = np.clip(picture, 0, 255).astype(np.uint8)
    if hide:
        pose = hide(picture, pose)
    seen = ((rows >= front) & (rows < edge)).astype(np.float32)
    small = cv2.resize(seen, (width // MASK_PIXEL, height // MASK_PIXEL), interpolation=cv2.INTER_AREA)
    mask = cv2.resize(cv2.GaussianBlur(small, (0, 0), 0.8), SIZE, interpolation=cv2.INTER_LINEAR)
    return pose, RawPose(pose.xy_px, np.ones(33, np.float32), mask), picture


def error_px(hollow, **scene):
    """Greatest distance of the read outline from the drawn one, in pixels across the back."""
    pose, raw, picture = lying(hollow, **scene)
    back = contour(pose, raw, measure(pose, "supine"), picture)
    assert back.is_known, back.unknown
    return float(np.nanmax(np.abs(back.offset_tl - depth_at(np.array(STATIONS), hollow))) * TORSO)


@pytest.mark.parametrize("hollow", [0.0, 0.02, 0.04, 0.06])
@pytest.mark.parametrize("swallowed", [0.0, 0.5, 1.0])
def test_the_outline_is_found_within_three_millimetres(hollow, swallowed):
    """Even where the mask takes the whole gap under the back for body."""
    assert error_px(hollow, swallowed=swallowed) < ERROR_MAX_PX


def test_the_picture_tells_a_hollow_that_the_mask_swallows():
    hollows = []
    for depth in (0.0, 0.06):
        pose, raw, picture = lying(depth)
        hollows.append([sagitta_tl(contour(pose, raw, measure(pose, "supine"), p).offset_tl) for p in (None, picture)])
    by_mask, by_picture = np.subtract(hollows[1], hollows[0])
    truth = sagitta_tl(depth_at(np.array(STATIONS), 0.06).astype(np.float32))
    assert by_mask < 0.3 * truth
    assert by_picture == pytest.approx(truth, abs=0.006)


def hem(picture, _):
    """The shirt ends at the waist, over trousers of another colour."""
    picture[:, : HIP_PX[0] + round(0.32 * TORSO)] = (200, 200, 210)


def belt(picture, _):
    """A light belt round the waist."""
    at = HIP_PX[0] + round(0.22 * TORSO)
    picture[:, at : at + 14] = (210, 220, 230)


def hoops(picture, _):
    """Stripes round the body."""
    for x in range(0, SIZE[0], 24):
        picture[:, x : x + 12] = (225, 225, 225)


def side_stripe(picture, back):
    """A stripe along the flank that follows the back, 12 px inside it."""
    for x, y in enumerate(back):
        picture[int(y) - 22 : int(y) - 12, x] = (225, 225, 225)


@pytest.mark.parametrize("paint", [hem, belt, hoops, side_stripe])
def test_clothes_are_not_the_back(paint):
    assert error_px(0.04, paint=paint) < ERROR_MAX_PX


def mat_stripes(picture, pose):
    """Light stripes on the mat, along the body."""
    for y in range(HIP_PX[1] + round(0.24 * TORSO) + 14, HIP_PX[1] + round(0.24 * TORSO) + 44, 10):
        picture[y : y + 4] = (230, 230, 230)
    return pose


@pytest.mark.parametrize("scene", [{"mat": (20, 20, 20)}, {"mat": (240, 240, 240)}, {"hide": mat_stripes}])
def test_the_mat_is_not_the_back(scene):
    """A black mat with a strong edge to the floor, a white one, and stripes."""
    assert error_px(0.04, **scene) < ERROR_MAX_PX


def test_an_arm_before_the_back_makes_it_unknown():
    def arm(picture, pose):
        xy = pose.xy_px.copy()
        xy[ELBOW["left"]] = HIP_PX[0] + 0.60 * TORSO, HIP_PX[1] + 0.22 * TORSO
        xy[WRIST["left"]] = HIP_PX[0] + 0.25 * TORSO, HIP_PX[1] + 0.22 * TORSO
        cv2.line(picture, *(tuple(map(int, xy[j["left"]])) for j in (ELBOW, WRIST)), (140, 160, 210), 30)
        return replace(pose, xy_px=xy)

    pose, raw, picture = lying(0.04, hide=arm)
    assert contour(pose, raw, measure(pose, "supine"), picture).unknown == "arm-in-front"


def test_little_contrast_gives_a_wide_interval_and_less_of_it_no_outline():
    """Shirt, shadow and mat of nearly one colour: the outline is guessed, and says so."""
    pose, raw, picture = lying(0.04)

    def dulled(share):
        return (110 + (picture.astype(np.float32) - 110) * share).astype(np.uint8)

    clear, dull = (contour(pose, raw, measure(pose, "supine"), dulled(share)).sd_tl for share in (1.0, 0.2))
    assert np.nanmean(dull) > 1.3 * np.nanmean(clear)
    assert contour(pose, raw, measure(pose, "supine"), dulled(0.03)).unknown


def test_an_edge_far_outside_the_mask_is_not_the_back():
    """A shirt in the mat's colour: the next edge is the mat's own rim, and the picture alone would take it."""
    pose, raw, picture = lying(0.04)
    offset = contour(pose, raw, measure(pose, "supine"), picture).contour_px
    below = picture.copy()
    rim = int(np.nanmax(offset[:, 1])) + round(0.045 * 200)
    shirt = picture[round(float(offset[8, 1])) - 12, round(float(offset[8, 0]))]
    for x in range(picture.shape[1]):
        column = raw.mask[:, x] > 0.5
        if column.any():
            below[int(np.flatnonzero(column).max()) - 3 : rim, x] = shirt
    read = contour(pose, raw, measure(pose, "supine"), below)
    assert read.unknown or np.nanmax(np.abs(read.contour_px[:, 1] - offset[:, 1])) < 0.03 * 200


def test_readers_are_interchangeable():
    pose, raw, picture = lying(0.04)
    alone, chosen = (
        contour(pose, raw, measure(pose, "supine")),
        contour(pose, raw, measure(pose, "supine"), picture, mask_edge),
    )
    assert np.array_equal(alone.offset_tl, chosen.offset_tl)


# -- two readers -----------------------------------------------------------------------------------------------------


def reading(offset_tl, sd_tl, missing=()):
    """What one reader says, the same at each station."""
    offset, sd = np.full(len(STATIONS), offset_tl, np.float32), np.full(len(STATIONS), sd_tl, np.float32)
    offset[list(missing)] = sd[list(missing)] = np.nan
    return offset, sd


FREE = np.full(len(STATIONS), 1.0, np.float32)
"""Every arm is a torso length away."""


def test_readers_that_agree_are_believed_as_one_of_them():
    """Both look at one picture: two of them are no second witness."""
    found = agree(reading(0.20, 0.005), reading(0.20, 0.005), FREE)
    assert found.offset_tl == pytest.approx(0.20)
    assert found.sd_tl == pytest.approx(0.005)


def test_the_surer_reader_counts_for_more():
    found = agree(reading(0.20, 0.003), reading(0.21, 0.009), FREE)
    assert (found.offset_tl < 0.203).all()
    assert (found.offset_tl > 0.20).all()
    assert agree(reading(0.21, 0.009), reading(0.20, 0.003), FREE).offset_tl == pytest.approx(found.offset_tl)


def test_the_doubt_grows_as_the_readers_part():
    sds = [
        float(agree(reading(0.20, 0.005), reading(0.20 + apart, 0.005), FREE).sd_tl[0])
        for apart in (0, 0.01, 0.02, 0.06)
    ]
    assert sds == sorted(sds)
    assert sds[0] < sds[1]
    assert sds[-1] > 0.025, "either may be wrong by the whole difference"


@pytest.mark.parametrize(("arm_tl", "is_used"), [(0.05, False), (0.34, False), (0.36, True), (math.nan, True)])
def test_near_an_arm_the_network_alone_reads(arm_tl, is_used):
    """Mask and picture take the arm for the back."""
    found = agree(reading(0.30, 0.002), reading(0.20, 0.01), np.full(len(STATIONS), arm_tl, np.float32))
    assert (found.offset_tl > 0.25).all() if is_used else found.offset_tl == pytest.approx(0.20)


@pytest.mark.parametrize("missing", [(0, 8), range(17)], ids=["at two stations", "everywhere"])
def test_where_one_reader_is_missing_the_other_stands_alone_and_no_surer(missing):
    found = agree(reading(0.30, 0.004, missing), reading(0.20, 0.005), FREE)
    at = list(missing)
    assert np.isfinite(found.offset_tl).all()
    assert found.offset_tl[at] == pytest.approx(0.20)
    assert (found.sd_tl[at] >= 0.005).all()
    others = np.setdiff1d(np.arange(17), at)
    assert (found.offset_tl[others] > 0.25).all()


def test_an_outline_has_the_consensus_of_its_readers_beside_its_own_reading():
    pose, raw, picture = lying(0.04)

    def learned(_picture, _raw, _trunk):
        return reading(0.22, 0.005)

    plain, known = (contour(pose, raw, measure(pose, "supine"), picture, beside_arm=r) for r in (None, learned))
    assert plain.consensus is None
    assert known.consensus is not None
    assert known.consensus.offset_tl == pytest.approx((known.offset_tl + 0.22) / 2, abs=0.05)
    assert with_back(measure(pose, "supine"), plain).contour.offset_tl == pytest.approx(plain.offset_tl, nan_ok=True)
    assert with_back(measure(pose, "supine"), known).contour is known.consensus


def test_behind_an_arm_the_hollow_is_unknown_and_the_consensus_stays():
    hidden = unknown_back(0.0, "arm-in-front", agree(reading(0.2, 0.02), reading(0.2, 0.02), FREE))
    body = with_back(measure(side_on(), "supine"), hidden)
    assert np.isnan(body.sagitta_tl)
    assert body.contour is hidden.consensus
    assert body.back_unknown == "arm-in-front"
