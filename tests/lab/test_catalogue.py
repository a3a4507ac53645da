"""The catalogue: what a report that can't flatter needs is in it."""

import pytest

from formcheck.session.registry import load_exercises
from tests.lab.catalogue import list_scenarios
from tests.lab.people import TEST_PEOPLE, TUNE_PEOPLE
from tests.lab.render import hash_scenario

SCENARIOS = list_scenarios()
TEST = [s for s in SCENARIOS if s.split == "test"]
EXERCISES = sorted(load_exercises().exercises)
UNSIZED = {"same-side-twice", "same-side-limbs"}
"""Faults that are there or not."""
OF_BACK = {"low-back-arch", "back-sag", "back-round"}
LIFE = {"getting-down", "getting-up", "drinking", "scratching", "talking", "rolling", "leaving", "coming-back",
        "standing-up", "walking"}  # fmt: skip


def of(exercise, *kinds):
    return [s for s in TEST if s.exercise == exercise and s.kind in kinds]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_good_form_is_seen_on_many_bodies_in_every_view_and_both_directions(exercise):
    good = of(exercise, "good")
    assert len({s.figure.name for s in good}) >= 6
    assert {abs(s.scene.azimuth_deg) for s in good} >= {0.0, 10.0, 20.0, 40.0}
    assert {s.scene.head_at for s in good} == {"left", "right"}
    sides = {rep.side for s in good for rep in s.reps} | {s.base.get("side") for s in good}
    assert sides >= {"L", "R"} or sides >= {-1.0, 1.0} or sides == {"", None}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_fault_is_there_plainly_just_over_and_just_under(exercise):
    for fault in load_exercises().exercises[exercise].all_faults:
        kinds = {s.kind for s in of(exercise, "plain", "over", "under") if s.fault == fault.name}
        assert kinds == ({"plain"} if fault.name in UNSIZED else {"plain", "over", "under"}), fault.name


def test_life_and_other_people_are_there():
    assert {s.name.split(".")[3] for s in TEST if s.kind == "life"} >= LIFE
    assert {s.scene.visitor.kind for s in TEST if s.scene.visitor} == {"stands", "walks", "bends", "touches"}


def test_false_arches_are_looked_for_in_at_least_200_good_repetitions():
    clips = [s for name in ("dead-bug", "bird-dog") for s in of(name, "good", "plain", "over", "under", "room")]
    assert sum(len(s.reps) for s in clips if s.fault not in OF_BACK) >= 200


def test_the_back_gives_way_by_several_amounts_on_every_body():
    for name in ("dead-bug", "bird-dog"):
        sizes = of(name, "sizes")
        assert {s.figure.name for s in sizes} == {p.name for p in TEST_PEOPLE}
        assert all(len({str(rep.knobs) for rep in s.reps}) == 4 for s in sizes)


def test_nobody_is_in_both_splits_and_no_two_scenarios_are_one():
    assert not {p.name for p in TEST_PEOPLE} & {p.name for p in TUNE_PEOPLE}
    assert {s.figure.name for s in TEST} <= {p.name for p in TEST_PEOPLE}
    assert len({s.name for s in SCENARIOS}) == len({hash_scenario(s) for s in SCENARIOS}) == len(SCENARIOS)
