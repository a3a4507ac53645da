"""Tests of the laboratory's own arithmetic; they need neither anny nor pyvista."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.lab.kinematics import aim, find_zero, frame, rotate_x, unit
from tests.lab.limbs import share_rotation
from tests.lab.scenario import plan_reps
from tests.lab.scene import Framing, Scene, aim_camera
from tests.lab.tempo import Sway, ease, lay_out

TIMES = {"out_s": 2.0, "hold_s": 1.0, "back_s": 1.5, "rest_s": 0.5}


def test_ease_runs_from_0_to_1_without_turning_back() -> None:
    values = [ease(x) for x in np.linspace(-0.1, 1.1, 200)]
    assert values[0] == 0.0
    assert values[-1] == pytest.approx(1.0)
    assert all(later >= earlier for earlier, later in pairwise(values))


def test_timeline_is_continuous_and_repeatable() -> None:
    reps = plan_reps("LRL", TIMES, specials={1: {"out_s": 0.8, "arch_deg": 20.0}})
    first, second = (lay_out(reps, 2.0, 1.0, seed=5) for _ in range(2))
    assert first == second
    reach = [first.at(t).reach for t in np.arange(0.0, first.duration_s, 0.01)]
    assert max(abs(np.diff(reach))) < 0.03
    assert first.reps[1].knobs["arch_deg"] == 20.0
    assert first.spans[1].turn_s - first.spans[1].arrive_s == pytest.approx(1.0)


def test_sway_is_the_same_for_the_same_seed_and_small() -> None:
    values = [Sway(3).of("hip", t) for t in np.arange(0.0, 30.0, 0.1)]
    assert values == [Sway(3).of("hip", t) for t in np.arange(0.0, 30.0, 0.1)]
    assert max(map(abs, values)) < 2.0


def test_find_zero_meets_a_root_and_clamps_without_one() -> None:
    assert find_zero(lambda x: x**3 - 2.0, 0.0, 5.0) == pytest.approx(2.0 ** (1 / 3), abs=1e-4)
    assert find_zero(lambda x: x + 10.0, 0.0, 5.0) == 0.0


def test_aim_turns_a_segment_to_its_direction() -> None:
    rest, wanted, hinge = np.array([0.1, 0.0, -1.0]), unit(np.array([0.0, -1.0, 0.4])), np.array([1.0, 0.0, 0.0])
    turn = aim(rest, hinge, wanted, hinge)
    assert turn @ unit(rest) == pytest.approx(wanted)
    assert np.linalg.det(turn) == pytest.approx(1.0)
    assert frame(rest, hinge).T @ frame(rest, hinge) == pytest.approx(np.eye(3))


def test_half_a_rotation_twice_is_the_rotation() -> None:
    half = share_rotation(rotate_x(80.0), 0.5)
    assert half @ half == pytest.approx(rotate_x(80.0))


@pytest.mark.parametrize("head_at", ["left", "right"])
@pytest.mark.parametrize("head_y", [1.0, -1.0], ids=["face up", "face down"])
def test_the_head_lies_where_the_scene_wants_it(head_at: str, head_y: float) -> None:
    camera = aim_camera(Scene(head_at=head_at, azimuth_deg=10.0), Framing(0.0, 1.5, 0.3, head_y))
    pixels, depth = camera.project(np.array([[0.0, 0.6 * head_y, 0.2], [0.0, -0.6 * head_y, 0.2]]))
    assert (pixels[0, 0] > pixels[1, 0]) == (head_at == "right")
    assert depth.min() > 1.0


def test_floor_under_a_pixel_projects_back_to_it() -> None:
    camera = aim_camera(Scene(), Framing(-0.5, 1.5, 0.3, 1.0))
    x_m, y_m = camera.floor_under(np.array([400.0]), np.array([450.0]))
    pixels, _ = camera.project(np.array([[x_m[0], y_m[0], 0.0]]))
    assert pixels[0] == pytest.approx([400.0, 450.0])
