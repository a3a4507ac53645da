"""Tests of what the camera of the laboratory can see; they need neither anny nor pyvista."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.lab.catalogue import SHIPPED
from tests.lab.lens import Lens
from tests.lab.people import TEST_PEOPLE, TUNE_PEOPLE
from tests.lab.props import make_box, walk_dog
from tests.lab.render import hash_scenario, is_done
from tests.lab.scene import Framing, Scene, Visitor, aim_camera
from tests.lab.sight import frame_box
from tests.lab.studio import find_region

FRAMING = Framing(-0.5, 1.7, 0.3, 1.0)


def test_tune_and_test_share_nobody_and_are_spread_alike() -> None:
    assert not {figure.name for figure in TUNE_PEOPLE} & {figure.name for figure in TEST_PEOPLE}
    for people in (TUNE_PEOPLE, TEST_PEOPLE):
        assert len(people) >= 7
        assert {figure.sex for figure in people} == {0.0, 1.0}
        assert min(sum(figure.look.skin) for figure in people) < 200
        assert max(sum(figure.look.skin) for figure in people) > 650
        assert max(figure.weight for figure in people) - min(figure.weight for figure in people) > 0.4
        assert max(figure.height_m for figure in people) - min(figure.height_m for figure in people) > 0.3


def test_roll_turns_the_picture_clockwise_about_its_middle() -> None:
    points = np.array([[0.0, -0.5, 0.3], [0.0, 0.1, 0.3]])
    upright, rolled = (aim_camera(Scene(roll_deg=deg), FRAMING).project(points)[0] for deg in (0.0, 10.0))
    assert rolled[0] == pytest.approx(upright[0], abs=0.5)
    before, after = upright[1] - upright[0], rolled[1] - rolled[0]
    turned = np.degrees(np.arctan2(after[1], after[0]) - np.arctan2(before[1], before[0]))
    assert turned == pytest.approx(10.0, abs=0.3)


def test_a_rolled_camera_still_knows_the_floor() -> None:
    camera = aim_camera(Scene(roll_deg=7.0), FRAMING)
    x_m, y_m = camera.floor_under(np.array([300.0]), np.array([460.0]))
    pixels, _ = camera.project(np.array([[x_m[0], y_m[0], 0.0]]))
    assert pixels[0] == pytest.approx([300.0, 460.0])


def test_a_box_covers_what_is_behind_it_alone() -> None:
    box = make_box((1.0, 0.0, 0.3), (0.2, 0.4, 0.6), (0, 0, 0), hides=True)
    points = np.array([[0.0, 0.0, 0.3], [0.0, 0.9, 0.3], [1.5, 0.0, 0.3]])
    assert box.covers(np.array([3.0, 0.0, 0.3]), points).tolist() == [True, False, False]


def test_the_dog_comes_and_goes() -> None:
    scene = Scene(dog_box=True)
    camera = aim_camera(scene, FRAMING)
    assert [walk_dog(scene, camera, t) is not None for t in (0.0, 5.0, 9.0)] == [False, True, False]
    assert walk_dog(Scene(), camera, 5.0) is None


def test_low_light_is_darker_and_noisier() -> None:
    grey = np.full((120, 160, 3), 120.0, dtype=np.float32)
    shots = {}
    for light in ("normal", "low"):
        shots[light] = Lens(Scene(width=160, height=120, light=light), seed=1).develop(grey.copy())
    assert shots["low"].mean() < 0.5 * shots["normal"].mean()
    assert shots["low"].std() > 2.0 * shots["normal"].std()


def test_the_region_holds_every_joint_and_stays_in_the_picture() -> None:
    camera = aim_camera(Scene(), FRAMING)
    joints = np.array([[0.1, -1.0, 0.1], [-0.1, 0.2, 0.5]])
    left, top, right, bottom = find_region(camera, joints)
    pixels, _ = camera.project(joints)
    assert (pixels > [left, top]).all()
    assert (pixels < [right, bottom]).all()
    assert left >= 0
    assert right <= camera.width
    assert bottom <= camera.height


def test_nobody_has_no_box() -> None:
    assert np.isnan(frame_box(aim_camera(Scene(), FRAMING), None)).all()


def test_a_scenario_is_done_only_with_its_own_hash(tmp_path: Path) -> None:
    scenario = SHIPPED[0]
    visited = replace(scenario, scene=replace(scenario.scene, visitor=Visitor("stands", TUNE_PEOPLE[1])))
    assert hash_scenario(scenario) != hash_scenario(visited)
    assert not is_done(scenario, tmp_path)
    (tmp_path / f"{scenario.name}.mp4").touch()
    truth = f'{{"scenario_hash": "{hash_scenario(scenario)}"}}'
    (tmp_path / f"{scenario.name}.truth.json").write_text(truth, encoding="utf-8")
    assert is_done(scenario, tmp_path)
    assert not is_done(visited, tmp_path)
