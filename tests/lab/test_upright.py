"""Tests of the upright drills on one body, whose mesh lies in ``bodies/`` so that anny isn't needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.lab.body import CACHE_VARIABLE, Floats, RestBody, load_body
from tests.lab.catalogue import list_scenarios
from tests.lab.drill import Drill
from tests.lab.families import Family, Fault
from tests.lab.families_upright import FAMILIES, list_upright
from tests.lab.gait_curves import GAITS, along
from tests.lab.hip_flexor import HipFlexor, half_kneel
from tests.lab.kinematics import Posed, skin
from tests.lab.limbs import OTHER
from tests.lab.people import ANNA
from tests.lab.piriformis import SEAT_M, Piriformis, sit_down
from tests.lab.practice import start_drill
from tests.lab.running import Running, stand_tall
from tests.lab.strides import measure_strides
from tests.lab.tempo import Rep, Sway
from tests.lab.truth import JOINTS, locate_joints
from tests.lab.upright import middle

CALM = Sway(0, 0.0)
REACHES = (0.0, 0.2, 0.4, 0.6, 1.0)
SIDES = {"L": 1.0, "R": -1.0}
RUN_RATE_HZ = 120.0


@pytest.fixture(scope="module")
def anna() -> RestBody:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(Path(__file__).parent / "bodies"))
        return load_body(ANNA)


@pytest.fixture(scope="module", params=SIDES)
def lunge(request: pytest.FixtureRequest, anna: RestBody) -> HipFlexor:
    return half_kneel(anna, {"side": SIDES[request.param], "hold_s": 4.0})


@pytest.fixture(scope="module", params=SIDES)
def seat(request: pytest.FixtureRequest, anna: RestBody) -> Piriformis:
    return sit_down(anna, {"side": SIDES[request.param], "hold_s": 4.0})


@pytest.fixture(scope="module")
def runner(anna: RestBody) -> Running:
    return stand_tall(anna, {})


def rep(**knobs: float) -> Rep:
    return Rep("", 2.0, 4.0, 2.0, 1.0, knobs)


def lowest_m(posed: Posed, *bones: str, near: str = "", within_m: float = 9.0) -> float:
    """Height of the lowest skin that some bones carry, within a distance of a joint."""
    mask = posed.body.carried_by(*bones)
    points = skin(posed, posed.body.vertices_m[mask], posed.body.weights[mask])
    close = np.linalg.norm(points - posed.joint(near), axis=1) < within_m if near else slice(None)
    return float(points[close, 2].min())


def places(drill: Drill, what: Rep, times_s: Floats, reach: float | None = None) -> Floats:
    """All joints at times, (times, joints, 3); the reach grows with the time unless it is given."""
    shares = np.linspace(0.0, 1.0, len(times_s)) if reach is None else np.full(len(times_s), reach)
    found = [
        locate_joints(drill.pose(what, float(share), 0.0, CALM, float(t)))
        for t, share in zip(times_s, shares, strict=True)
    ]
    return np.array([[joints[name] for name in JOINTS] for joints in found])


@pytest.mark.parametrize("knobs", [{}, {"lumbar_deg": 33.0}, {"lean_deg": 31.0}, {"shift_deg": 33.0}], ids=str)
def test_the_lunge_keeps_knee_and_feet_where_they_are(lunge: HipFlexor, knobs: dict[str, float]) -> None:
    own, front = lunge.side, OTHER[lunge.side]
    for reach in REACHES:
        posed = lunge.pose(rep(**knobs), reach, 0.0, CALM, 0.0)
        assert posed.joint(f"lowerleg01.{own}")[1:] == pytest.approx(lunge.knee_m[1:], abs=1e-3)
        assert posed.joint(f"foot.{front}") == pytest.approx(lunge.ankle_m, abs=1e-3)
        knee = lowest_m(posed, f"lowerleg01.{own}", f"upperleg02.{own}", near=f"lowerleg01.{own}", within_m=0.16)
        for height in (knee, lowest_m(posed, f"foot.{own}"), lowest_m(posed, f"foot.{front}")):
            assert -0.020 < height < 0.008


def test_the_lunge_measures_what_its_knobs_ask_for(lunge: HipFlexor) -> None:
    start = lunge.measures(lunge.pose(rep(), 0.0, 0.0, CALM, 0.0), rep())
    peak = lunge.measures(lunge.pose(rep(shift_deg=22.0, lean_deg=25.0), 1.0, 0.0, CALM, 0.0), rep())
    assert start["shift_tl"] == pytest.approx(0.0, abs=0.01)
    assert start["front_knee_deg"] == pytest.approx(98.0, abs=1.0)
    assert peak["extension_deg"] == pytest.approx(22.0, abs=0.5)
    assert peak["lean_deg"] == pytest.approx(25.0, abs=0.7)
    assert peak["stretch"] == pytest.approx(peak["shift_tl"] / 0.10)


@pytest.mark.parametrize("wanted_deg", [-7.0, 33.0])
def test_the_arch_is_between_pelvis_and_chest(lunge: HipFlexor, wanted_deg: float) -> None:
    posed = lunge.pose(rep(lumbar_deg=wanted_deg), 1.0, 0.0, CALM, 0.0)
    pelvis, chest = (posed.rotations[posed.body.bone(bone)] for bone in ("root", "spine01"))
    bend = pelvis.T @ chest
    assert float(np.degrees(np.arctan2(bend[1, 2], bend[1, 1]))) == pytest.approx(wanted_deg, abs=0.1)


def test_the_hips_bounce_once_a_second_by_what_is_asked_for(lunge: HipFlexor) -> None:
    what = rep(bounce_tl=0.08)
    hold = np.linspace(0.0, 1.0, 161)
    shift = np.array([lunge.measures(lunge.pose(what, 1.0, float(h), CALM, 0.0), what)["shift_tl"] for h in hold])
    middle_half = shift[40:120]
    assert np.ptp(middle_half) == pytest.approx(0.08, abs=0.008)
    turns = np.flatnonzero(np.diff(np.sign(np.diff(shift))) != 0)
    assert len(turns) == pytest.approx(2 * what.hold_s, abs=1.1)


def test_the_sitter_stays_on_the_seat_and_on_the_standing_foot(seat: Piriformis) -> None:
    standing = OTHER[seat.side]
    for reach in REACHES:
        posed = seat.pose(rep(), reach, 0.0, CALM, 0.0)
        assert middle(posed, "upperleg01") == pytest.approx(seat.hip_m, abs=1e-6)
        assert posed.joint(f"foot.{standing}") == pytest.approx(seat.ankles_m[standing], abs=1e-3)
        assert -0.014 < lowest_m(posed, f"foot.{standing}") < 0.004
        seated = lowest_m(posed, "root", "pelvis", "upperleg", near="root", within_m=0.22)
        assert SEAT_M - 0.030 < seated < SEAT_M + 0.008


def test_the_ankle_crosses_onto_the_knee_and_back_down(seat: Piriformis) -> None:
    gaps = [seat.measures(seat.pose(rep(), reach, 0.0, CALM, 0.0), rep())["ankle_knee_tl"] for reach in REACHES]
    assert gaps[-1] < 0.30
    assert gaps[0] > 0.7
    start = seat.pose(rep(), 0.0, 0.0, CALM, 0.0)
    assert -0.014 < lowest_m(start, f"foot.{seat.side}") < 0.004


def test_the_crossing_leg_goes_over_the_other_knee_not_through_it(seat: Piriformis) -> None:
    own, other = seat.side, OTHER[seat.side]
    mask = seat.body.carried_by(f"lowerleg01.{own}", f"lowerleg02.{own}", f"foot.{own}")
    for reach in np.linspace(0.0, 1.0, 21):
        posed = seat.pose(rep(), float(reach), 0.0, CALM, 0.0)
        points = skin(posed, seat.body.vertices_m[mask], seat.body.weights[mask])
        hip, knee, ankle = (posed.joint(f"{bone}.{other}") for bone in ("upperleg01", "lowerleg01", "foot"))
        for a, b, thick_m in ((hip, knee, 0.035), (knee, ankle, 0.03)):
            share = np.clip((points - a) @ (b - a) / float((b - a) @ (b - a)), 0.0, 1.0)
            assert np.linalg.norm(points - a - share[:, None] * (b - a), axis=1).min() > thick_m


@pytest.mark.parametrize("wanted_deg", [4.0, 33.0, 76.0])
def test_the_sitter_leans_as_asked_and_only_then_is_it_a_stretch(seat: Piriformis, wanted_deg: float) -> None:
    what = rep(lean_deg=wanted_deg)
    found = seat.measures(seat.pose(what, 1.0, 0.5, CALM, 0.0), what)
    assert found["lean_deg"] == pytest.approx(wanted_deg, abs=1.2)
    assert (found["stretch"] >= 1.0) == (wanted_deg > 20.0)


@pytest.mark.parametrize("exercise", ["hip-flexor-stretch", "piriformis-stretch"])
def test_stretches_move_without_jumps(exercise: str, anna: RestBody) -> None:
    drill = start_drill(exercise, anna, {"side": 1.0})
    row = places(drill, rep(), np.linspace(0.0, 2.0, 61))
    assert np.abs(np.diff(row, axis=0)).max() < 0.08


def test_a_curve_goes_through_its_keys_and_closes() -> None:
    for gait in GAITS:
        for keys in (gait.thigh, gait.knee, gait.sole):
            assert [along(keys, key / 100.0) for key in keys] == pytest.approx(list(keys.values()))
            assert along(keys, 0.9999) == pytest.approx(along(keys, 0.0), abs=0.5)


@pytest.mark.parametrize("gait", [0.0, 1.0, 2.0], ids=["runs", "in place", "walks"])
def test_runners_have_no_jumps_and_no_foot_in_the_deck(gait: float, anna: RestBody) -> None:
    run = stand_tall(anna, {"gait": gait})
    times = np.arange(0.0, 0.8, 1.0 / RUN_RATE_HZ)
    posed = [run.pose(rep(), 1.0, 0.5, CALM, float(t)) for t in times]
    soles = np.array([[run.sole_m(p, side) for side in "LR"] for p in posed])
    assert soles.min() > -0.004
    assert np.abs(np.diff(places(run, rep(), times, reach=1.0), axis=0)).max() < 9.0 / RUN_RATE_HZ
    lower = soles.min(axis=1)
    assert (np.mean(lower < 0.006) > 0.97) == (gait == 2.0)
    assert (lower.max() > 0.010) == (gait != 2.0)


def test_standing_before_the_run_is_on_both_soles(runner: Running) -> None:
    posed = runner.pose(rep(), 0.0, 0.0, CALM, 0.0)
    assert [runner.sole_m(posed, side) for side in "LR"] == pytest.approx([0.0, 0.0], abs=0.004)
    assert runner.measures(posed, rep())["lean_deg"] == pytest.approx(1.0, abs=0.5)


@pytest.mark.parametrize("asked_spm", [138.0, 180.0])
def test_the_feet_land_as_often_as_the_truth_says(runner: Running, asked_spm: float) -> None:
    what = rep(cadence_spm=asked_spm)
    times = np.arange(0.0, 3.0, 1.0 / RUN_RATE_HZ)
    posed = [runner.pose(what, 1.0, 0.5, CALM, float(t)) for t in times]
    lands = np.sort(np.concatenate([_landings(np.array([runner.sole_m(p, s) for p in posed])) for s in "LR"]))
    counted = 60.0 * RUN_RATE_HZ * (len(lands) - 1) / float(lands[-1] - lands[0])
    assert counted == pytest.approx(asked_spm, abs=2.0)
    assert measure_strides(runner, what)["cadence_spm"] == pytest.approx(counted, abs=2.0)


def _landings(sole_m: Floats) -> Floats:
    on = sole_m < 0.006
    return np.flatnonzero(on[1:] & ~on[:-1])


def test_a_good_run_is_what_the_literature_calls_ordinary(runner: Running) -> None:
    found = measure_strides(runner, rep())
    assert 4.0 < found["trunk_lean_deg"] < 8.0
    assert 6.0 < found["vertical_oscillation_cm"] < 10.0
    assert 0.20 < found["contact_s"] < 0.32
    assert -3.0 < found["overstride_deg"] < 8.0
    assert found["stance_knee_deg"] > 43.0
    assert found["hip_extension_deg"] > 5.0
    assert found["hips_behind_t"] < 0.0


@pytest.mark.parametrize(
    ("knobs", "key", "more"),
    [
        ({"bounce_m": 0.13}, "vertical_oscillation_cm", 3.0),
        ({"overstride_deg": 16.0}, "overstride_deg", 6.0),
        ({"knee_deg": -20.0}, "stance_knee_deg", -6.0),
        ({"extension_deg": -16.0}, "hip_extension_deg", -5.0),
        ({"hunch_deg": 27.0}, "shoulder_hunch_t", 0.1),
        ({"back_deg": 14.0}, "hips_behind_t", 0.2),
        ({"lean_deg": 36.0}, "waist_lean_deg", 10.0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_knob_of_the_run_shows_in_what_is_measured(
    runner: Running, knobs: dict[str, float], key: str, more: float
) -> None:
    gained = measure_strides(runner, rep(**knobs))[key] - measure_strides(runner, rep())[key]
    assert gained / more > 1.0


@pytest.mark.parametrize("kind", ["plain", "over", "under"])
@pytest.mark.parametrize("family", FAMILIES[:2], ids=lambda family: family.exercise)
def test_stretches_hold_the_fault_that_is_asked_for(family: Family, kind: str, anna: RestBody) -> None:
    for fault in family.faults:
        base = {"side": 1.0, "hold_s": 4.0, **fault.bases.get(kind, {})}
        drill = start_drill(family.exercise, anna, base)
        hold_s = fault.knobs(kind).get("hold_s", 5.0) + 1.1  # of the ways, within 5 degrees of the furthest
        found = {b.name: b.over for b in drill.blemishes((rep(**fault.knobs(kind)),), 0, hold_s)}
        assert found == {fault.name: kind != "under"}


@pytest.mark.parametrize("fault", FAMILIES[2].faults, ids=lambda fault: fault.name)
def test_runs_hold_the_fault_that_is_asked_for(fault: Fault, runner: Running) -> None:
    for kind in ("plain", "under"):
        found = {b.name: b.over for b in runner.blemishes((rep(**fault.knobs(kind)),), 0, 0.0)}
        assert found[fault.name] == (kind == "plain")


def test_the_clips_have_names_of_their_own_and_both_sides() -> None:
    clips, everything = list_upright(), [scenario.name for scenario in list_scenarios()]
    assert len(everything) == len(set(everything))
    assert {clip.name for clip in clips} <= set(everything)
    for exercise in ("hip-flexor-stretch", "piriformis-stretch"):
        good = [clip for clip in clips if clip.exercise == exercise and clip.kind == "good"]
        assert {clip.reps[0].side for clip in good} == {"L", "R"}
        assert {clip.scene.head_at for clip in good} == {"left", "right"}
        assert {abs(clip.scene.azimuth_deg) for clip in good} == {0.0, 10.0, 20.0, 40.0}
