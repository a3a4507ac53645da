"""What is said of a repetition: clean, faulty or not judged, by what could be seen while it mattered."""

from dataclasses import replace

import pytest

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.glute_bridge import EXERCISE as GLUTE_BRIDGE
from exercises.hip_flexor_stretch import EXERCISE as HIP_FLEXOR
from exercises.pelvic_tilt import EXERCISE as PELVIC_TILT
from exercises.piriformis_stretch import EXERCISE as PIRIFORMIS
from exercises.running import EXERCISE as RUNNING
from formcheck.core.body.back import unknown_back
from formcheck.core.body.pose import ELBOW, HIP, KNEE, WRIST
from formcheck.core.rules.events import BoutEnded, RepCompleted, UnseenEnded, UnseenStarted
from formcheck.testing import film, hidden, judge, without_back
from tests.exercises.runner import RUN, record, times
from tests.exercises.scripts import (
    TILT,
    bird_dog,
    dead_bug,
    glute_bridge,
    hip_flexor_stretch,
    pelvic_tilt,
    piriformis_stretch,
)


def reps(exercise, frames, **settings):
    return [e for e in judge(exercise, frames, **settings) if isinstance(e, RepCompleted)]


def back_lost(frames, begin_s, end_s):
    """The outline is lost for a while."""
    return [(p, unknown_back(p.t_s, "arm-in-front") if begin_s <= p.t_s < end_s else b) for p, b in frames]


@pytest.mark.parametrize(
    ("exercise", "keys"),
    [
        (DEAD_BUG, dead_bug("LR")),
        (BIRD_DOG, bird_dog("LR")),
        (GLUTE_BRIDGE, glute_bridge(2)),
        (PELVIC_TILT, pelvic_tilt(2)),
        (PELVIC_TILT, pelvic_tilt(1, hold_s=9.0)),
        (HIP_FLEXOR, hip_flexor_stretch("LL")),
        (PIRIFORMIS, piriformis_stretch("LL")),
    ],
    ids=["dead bug", "bird dog", "bridge", "tilt", "long tilt", "hip flexor", "piriformis"],
)
def test_what_is_done_rightly_and_seen_is_clean(exercise, keys):
    found = reps(exercise, film(keys))
    assert found
    assert [(r.verdict, r.not_judged, r.faults) for r in found] == [("clean", (), ())] * len(found)
    assert all(share >= 0.9 for r in found for share in r.judged.values())


@pytest.mark.parametrize(
    ("exercise", "keys"),
    [
        (DEAD_BUG, dead_bug("L")),
        (BIRD_DOG, bird_dog("L")),
        (GLUTE_BRIDGE, glute_bridge(1)),
        (HIP_FLEXOR, hip_flexor_stretch("L")),
        (PIRIFORMIS, piriformis_stretch("L")),
    ],
    ids=["dead bug", "bird dog", "bridge", "hip flexor", "piriformis"],
)
def test_a_back_that_was_never_seen_makes_no_clean_repetition(exercise, keys):
    [rep] = reps(exercise, without_back(film(keys)))
    assert (rep.verdict, rep.faults, rep.not_judged) == ("not-judged", (), ("back",))


def test_a_fault_that_is_seen_without_the_back_is_one_and_the_back_is_named_all_the_same():
    [rep] = reps(DEAD_BUG, without_back(film(dead_bug("L", drift_deg=40))))
    assert (rep.verdict, rep.faults, rep.not_judged) == ("faulty", ("holding-leg-drift",), ("back",))


def test_hips_beyond_the_line_decide_without_the_back():
    [rep] = reps(GLUTE_BRIDGE, without_back(film(glute_bridge(1, hip_deg=205))))
    assert (rep.verdict, rep.faults, rep.not_judged) == ("faulty", ("over-arch",), ())


@pytest.mark.parametrize(("lost_s", "verdict"), [(1.2, "clean"), (1.6, "not-judged")])
def test_sixty_percent_of_the_time_that_matters_must_be_judged(lost_s, verdict):
    """The moving part of this dead bug takes 3.4 s: it begins a third of the way out."""
    [rep] = reps(DEAD_BUG, back_lost(film(dead_bug("L")), 2.2, 2.2 + lost_s))
    assert rep.judged["low-back-arch"] == pytest.approx(1 - lost_s / 3.4, abs=0.04)
    assert rep.verdict == verdict


@pytest.mark.parametrize(("least", "verdict"), [(0.45, "clean"), (0.55, "not-judged")])
def test_the_share_is_a_setting(least, verdict):
    [rep] = reps(DEAD_BUG, back_lost(film(dead_bug("L")), 2.2, 3.9), judged_share_min=least)
    assert rep.verdict == verdict


def test_what_is_lost_between_repetitions_is_no_matter():
    first, second = reps(DEAD_BUG, back_lost(film(dead_bug("LR", rest_s=3.0)), 8.0, 10.0))
    assert first.verdict == second.verdict == "clean"


def test_a_fault_of_the_rest_belongs_to_the_repetition_after_it():
    rest_s = 4.0
    frames = film(glute_bridge(2, rest_s=rest_s))
    second_s = rest_s + 1.5 + 5.2 + 1.8
    covered = hidden(frames, *KNEE.values())
    mixed = [
        c if second_s + 0.3 < f[0].t_s < second_s + rest_s - 1.5 else f for f, c in zip(frames, covered, strict=True)
    ]
    first, second = reps(GLUTE_BRIDGE, mixed, pause_s=20.0)
    assert (first.judged["feet-too-far"], first.verdict) == (pytest.approx(1.0), "clean")
    assert second.judged["feet-too-far"] < 0.8


def test_a_hold_that_was_not_seen_whole_is_not_called_short_nor_long_enough():
    frames = film(glute_bridge(1, hold_s=3.0))
    gone = hidden(frames, *HIP.values(), *KNEE.values())
    [rep] = reps(GLUTE_BRIDGE, [c if 4.0 <= f[0].t_s <= 5.2 else f for f, c in zip(frames, gone, strict=True)])
    assert (rep.faults, rep.verdict, rep.not_judged) == ((), "not-judged", ("hips",))
    assert rep.judged["short-hold"] == 0.0


def test_a_stretch_that_was_not_seen_whole_is_not_called_short():
    frames = film(hip_flexor_stretch("L", hold_s=17.0))
    gone = hidden(frames, *HIP.values(), *KNEE.values())
    [rep] = reps(HIP_FLEXOR, [c if 8.0 <= f[0].t_s <= 9.5 else f for f, c in zip(frames, gone, strict=True)])
    assert rep.faults == ()
    assert (rep.verdict, rep.judged["short-hold"]) == ("not-judged", 0.0)


def test_a_way_down_that_was_not_seen_is_not_timed():
    frames = film(dead_bug("L"))
    gone = hidden(frames, *KNEE.values())
    [rep] = reps(DEAD_BUG, [c if 1.2 <= f[0].t_s <= 3.0 else f for f, c in zip(frames, gone, strict=True)])
    assert "out_s" not in rep.measures
    assert (rep.judged["too-fast"], rep.verdict) == (0.0, "not-judged")


def test_in_a_shirt_that_fills_the_gap_a_hold_is_not_timed():
    loose = [(t, replace(s, sagitta_tl=s.sagitta_tl - 0.042)) for t, s in pelvic_tilt(1, flat_tl=0.005)]
    assert TILT.sagitta_tl - 0.042 < 0.01
    [rep] = reps(PELVIC_TILT, film(loose))
    assert (rep.faults, rep.judged["short-hold"], rep.not_judged) == ((), 0.0, ("back",))


def test_a_hold_of_ten_seconds_is_judged_like_any_other():
    [long] = reps(PELVIC_TILT, film(pelvic_tilt(1, hold_s=14.0)), hold_s=10.0)
    assert long.verdict == "clean"


def test_the_own_arm_need_not_be_seen_where_the_opposite_one_is_long():
    frames = hidden(film(bird_dog("L")), ELBOW["left"], WRIST["left"])
    [rep] = reps(BIRD_DOG, frames, unseen_s=5.0)
    assert rep.judged["same-side-limbs"] == pytest.approx(1.0, abs=0.05)
    assert rep.verdict == "clean"


def test_measures_are_of_the_cycle_alone():
    """An arch between two repetitions is none of theirs."""
    keys = dead_bug("LR", rest_s=3.0, lumbar_deg=7)
    mid_s = 3.0 + 4.5 + 1.5
    rest = keys[0][1]
    arched = [
        (mid_s - 0.6, rest),
        (mid_s - 0.2, replace(rest, lumbar_deg=45)),
        (mid_s, replace(rest, lumbar_deg=45)),
    ]
    keys = sorted([*keys, *arched, (mid_s + 0.3, rest)], key=lambda key: key[0])
    for rep in reps(DEAD_BUG, film(keys)):
        assert rep.measures["back_change_tl"] < 0.02
        assert 0 < rep.measures["back_change_deg"] < 10
        assert rep.measures["rom_fraction"] == pytest.approx(1.5, abs=0.1)


def test_a_back_that_rounds_is_a_negative_change_and_one_not_seen_is_none():
    [rep] = reps(BIRD_DOG, film(bird_dog("L", lumbar_deg=-30)))
    assert rep.measures["back_change_deg"] < -10
    assert rep.measures["back_change_tl"] < -0.02
    [blind] = reps(BIRD_DOG, without_back(film(bird_dog("L"))))
    assert not {"back_change_tl", "back_change_deg"} & set(blind.measures)


def test_a_good_run_that_is_seen_well_is_clean_and_one_without_its_back_is_not_judged():
    frames = record(RUN, times(12, 60), stand_s=2.0)
    [seen] = [e for e in judge(RUNNING, frames) if isinstance(e, BoutEnded)]
    [blind] = [e for e in judge(RUNNING, without_back(frames)) if isinstance(e, BoutEnded)]
    assert (seen.verdict, seen.not_judged, seen.faults) == ("clean", (), ())
    assert (blind.verdict, blind.not_judged) == ("not-judged", ("back",))
    assert "low-hip-extension" not in seen.judged, "it matters only along with another fault"


def test_a_run_in_few_pictures_says_what_it_could_not_judge():
    [bout] = [e for e in judge(RUNNING, record(RUN, times(12, 24), stand_s=2.0)) if isinstance(e, BoutEnded)]
    assert bout.verdict == "not-judged"
    assert bout.not_judged == ("rate",)
    assert bout.why_not_judged == {"overstride": "rate", "stiff": "rate"}
    assert bout.judged["overstride"] == bout.judged["stiff"] == 0.0


def test_an_unseen_back_is_told_in_spans_and_the_set_begins_all_the_same():
    events = judge(DEAD_BUG, back_lost(film(dead_bug("LR")), 3.0, 5.0))
    [started] = [e for e in events if isinstance(e, UnseenStarted)]
    [ended] = [e for e in events if isinstance(e, UnseenEnded)]
    assert (started.part, started.reason, ended.part) == ("back", "arm-in-front", "back")
    assert (ended.start_s, ended.t_s) == (pytest.approx(3.2, abs=0.2), pytest.approx(5.5, abs=0.3))


def test_a_back_that_showed_too_late_is_compared_from_the_next_rest_on():
    """It shows when the first leg is on its way: that repetition is not judged, the next one is."""
    first, second = (
        r for r in judge(DEAD_BUG, back_lost(film(dead_bug("LR")), 0.0, 3.0)) if isinstance(r, RepCompleted)
    )
    assert (first.verdict, first.not_judged) == ("not-judged", ("back",))
    assert (second.verdict, second.not_judged) == ("clean", ())


def test_a_back_that_never_shows_at_rest_is_unseen_for_all_of_the_set():
    frames = film(dead_bug("LR"))
    moves = [(r.start_s + 0.5, r.t_s - 0.5) for r in judge(DEAD_BUG, frames) if isinstance(r, RepCompleted)]
    ends = [0.0, *(t for move in moves for t in move), frames[-1][0].t_s + 1.0]
    for begin_s, end_s in zip(ends[::2], ends[1::2], strict=True):
        frames = back_lost(frames, begin_s, end_s)
    events = judge(DEAD_BUG, frames)
    assert [r.not_judged for r in events if isinstance(r, RepCompleted)] == [("back",)] * 2
    [ended] = [e for e in events if isinstance(e, UnseenEnded)]
    assert (ended.part, ended.t_s) == ("back", pytest.approx(frames[-1][0].t_s))
