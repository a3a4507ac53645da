"""The strange split: drawn the same each time, used by nobody else, its truth the way that is really gone."""

from pathlib import Path

import numpy as np
import pytest

from tests.lab.body import CACHE_VARIABLE, RestBody, load_body
from tests.lab.catalogue import list_scenarios
from tests.lab.held import held_s, held_way_deg
from tests.lab.people import ANNA
from tests.lab.render import hash_scenario
from tests.lab.strange.catalogue import KINDS, list_strangers
from tests.lab.strange.easings import FAMILIES, LEFT, THERE, Stay, StrangeRep, Way
from tests.lab.strange.people import StrangeFigure, StrangeLook
from tests.lab.strange.rooms import StrangeScene
from tests.lab.tempo import Rep, Span, lay_out
from tests.lab.truth import turn_deg

CLIPS = list_strangers()
SPAN = Span(1.0, 3.0, 5.0, 7.0)


@pytest.fixture(scope="module")
def anna():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(Path(__file__).parent / "bodies"))
        return load_body(ANNA)


def test_the_same_seed_draws_the_same_clips():
    assert [hash_scenario(s) for s in list_strangers()] == [hash_scenario(s) for s in CLIPS]
    assert len({hash_scenario(s) for s in CLIPS}) == len({s.name for s in CLIPS}) == 340


def test_no_drawing_shows_anybody_of_another():
    first, second, third = ({s.figure.name for s in part} for part in (CLIPS[:60], CLIPS[60:200], CLIPS[200:]))
    assert not first & second
    assert not (first | second) & third
    assert len(first | second) >= 40
    assert len(third) >= 20


def test_strangers_are_nobody_of_the_other_splits():
    others = list_scenarios()
    assert not {s.figure.name for s in CLIPS} & {s.figure.name for s in others}
    assert {s.split for s in CLIPS} == {"strange"}
    assert not any(isinstance(rep, StrangeRep) for s in others for rep in s.reps)


def test_any_beginning_of_the_list_has_all_exercises():
    for first in (0, 60, 200):
        assert {s.exercise for s in CLIPS[first : first + 7]} == set(KINDS)
    assert {s.exercise for s in CLIPS[-14:]} == set(KINDS)


def test_about_four_in_ten_repetitions_carry_a_fault():
    usual = KINDS["dead-bug"].times["out_s"][0]
    reps = [rep for s in CLIPS if s.exercise == "dead-bug" for rep in s.reps]
    faulty = [bool(rep.knobs) or rep.out_s < 0.5 * usual for rep in reps]
    assert 0.25 < np.mean(faulty) < 0.6


def test_nothing_outside_the_package_imports_it():
    lab = Path(__file__).parent
    for path in lab.rglob("*.py"):
        if path.parent.name != "strange" and path != Path(__file__):
            assert "lab.strange" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("size", [0.0, 0.4, 1.0])
def test_every_easing_goes_from_0_to_1_without_leaps(family, size):
    reach = np.array([Way(family, size).at(p) for p in np.linspace(0.0, 1.0, 401)])
    assert reach[0] == pytest.approx(0.0)
    assert reach[-1] == pytest.approx(1.0)
    assert np.abs(np.diff(reach)).max() < 0.02
    assert reach.min() >= 0.0
    assert reach.max() <= 1.08


@pytest.mark.parametrize("family", FAMILIES)
def test_a_repetition_has_no_leap_where_its_phases_meet(family):
    rep = StrangeRep("L", 2.0, 2.0, 2.0, 1.0, out=Way(family), back=Way(family), stay=Stay(0.05, 0.01, 0.01))
    reach = np.array([rep.reach(*SPAN.phase_at(t)) for t in np.arange(1.0, 7.0, 0.005)])
    assert np.abs(np.diff(reach)).max() < 0.03
    assert abs(reach[0]) < 0.01
    assert abs(reach[-1]) < 0.01


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_seen_lies_within_what_is_commanded_and_fits_the_samples(family):
    rep = StrangeRep("L", 2.0, 2.0, 2.0, 1.0, out=Way(family), back=Way(family))
    seen = rep.seen(SPAN)
    assert SPAN.start_s <= seen.start_s < seen.arrive_s <= SPAN.arrive_s + 0.02
    assert SPAN.turn_s - 0.02 <= seen.turn_s < seen.end_s <= SPAN.end_s
    times = np.arange(1.0, 7.0, 0.01)
    reach = np.array([rep.reach(*SPAN.phase_at(float(t))) for t in times])
    assert (reach[times < seen.start_s - 0.005] < LEFT).all()
    assert (reach[times > seen.end_s + 0.005] < LEFT).all()
    assert (reach[times < seen.arrive_s - 0.005] < THERE).all()


def test_a_slow_beginning_starts_later_than_commanded_and_a_quick_one_at_once():
    slow, quick = (StrangeRep("", 2.0, 2.0, 2.0, 1.0, out=Way(name, 1.0)) for name in ("power-in", "power-out"))
    assert slow.seen(SPAN).start_s > 1.5
    assert quick.seen(SPAN).start_s < 1.05


def test_good_dead_bugs_are_never_seen_to_be_too_fast():
    for clip in CLIPS:
        if clip.exercise == "dead-bug":
            spans = lay_out(clip.reps, clip.lead_s, clip.tail_s, clip.seed, jitter=0.0).spans
            for rep, span in zip(clip.reps, spans, strict=True):
                seen = rep.seen(span)
                assert rep.out_s < 0.95 or seen.arrive_s - seen.start_s > 2.0


def test_ordinary_repetitions_are_as_they_were():
    rep = Rep("L", 2.0, 2.0, 2.0, 1.0)
    assert rep.seen(SPAN) is SPAN
    assert lay_out((rep,), 1.0, 1.0, 3, jitter=0.0).at(2.0).reach == pytest.approx(0.51, abs=0.05)


def test_a_body_is_moulded_and_keeps_its_feet_on_the_floor(anna: RestBody):
    figure = StrangeFigure("x", 1.0, 0.7, 0.5, 0.45, 1.66, round_deg=18.0, hollow_deg=10.0, buttocks_m=0.02)
    moulded = figure.mould(anna)
    ankle, head = anna.bone("foot.L"), anna.bone("head")
    assert np.allclose(moulded.heads_m[ankle], anna.heads_m[ankle], atol=1e-6)
    assert moulded.heads_m[head, 1] < anna.heads_m[head, 1] - 0.01
    assert moulded.vertices_m[:, 1].max() > anna.vertices_m[:, 1].max()
    assert ANNA.mould(anna) is anna


def test_shorts_show_the_legs():
    palette = np.zeros((3, 7, 3), np.uint8) + np.arange(7, dtype=np.uint8)[None, :, None] * 30
    worn = StrangeLook(skin=(9, 9, 9), legs=0.5).paint(palette)
    zone = worn[1, 24:48]
    assert (zone[:12] == 9).all()
    assert (zone[12:] == 30).all()


def test_a_camera_that_stalls_shows_the_picture_before():
    scene = StrangeScene(fps=10, stalls_s=(1.0,))
    taken = [np.full((1, 1), n, np.uint8) for n in range(20)]
    shown = [int(picture[0, 0]) for picture in scene.deliver(iter(taken))]
    assert len(shown) == 20
    assert shown[8:15] == [8, 9, 9, 9, 9, 13, 14]


def test_a_hold_beyond_straight_is_timed_by_the_side_view():
    """The angle in space folds back some degrees before 180, as knees stand apart; one or two pictures may jump."""
    times = np.arange(0.0, 10.0, 0.1)
    true = np.interp(times, [0, 2, 4, 7, 9, 10], [120, 120, 203, 203, 120, 120])
    folded = np.where(true > 170, 340 - true, true)
    jumps = true.copy()
    jumps[[30, 84, 85]] = 280.0
    expected = held_s(times, held_way_deg({"held_left_deg": true}, "left"))
    assert expected == pytest.approx(3.0 + 2 * 5 / 41.5, abs=0.2)
    assert held_s(times, held_way_deg({"held_left_deg": jumps}, "left")) == pytest.approx(expected)
    assert held_s(times, held_way_deg({"hip_left_deg": folded}, "left")) < 2.0, "as older renders tell it"


@pytest.mark.parametrize("hip_deg", [90.0, 175.0, 205.0])
def test_an_angle_of_the_side_view_goes_on_beyond_straight(hip_deg):
    turn = np.radians(hip_deg)
    side = {"shoulder": (0.0, 1.0, 0.0), "hip": (0.0, 0.0, 0.0), "knee": (0.3, np.cos(turn), np.sin(turn))}
    joints = {f"{name}_left": np.array(place) for name, place in side.items()}
    assert turn_deg(joints, "left") == pytest.approx(hip_deg)
