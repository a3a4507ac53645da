"""Every exercise that ships conforms, and the suite sees each kind of bad exercise."""

import itertools
import math
from dataclasses import replace

import pytest

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.glute_bridge import EXERCISE as GLUTE_BRIDGE
from exercises.hip_flexor_stretch import EXERCISE as HIP_FLEXOR_STRETCH
from exercises.pelvic_tilt import EXERCISE as PELVIC_TILT
from exercises.piriformis_stretch import EXERCISE as PIRIFORMIS_STRETCH
from exercises.running import EXERCISE as RUNNING
from formcheck.core.body.quantities import share
from formcheck.core.body.stance import limbs
from formcheck.core.rules.demonstration import Demonstration, Step, Wrong
from formcheck.core.rules.exercise import Fault, Reach
from formcheck.session.guard import NoExerciseError, check_exercise
from formcheck.session.registry import load_exercises
from formcheck.testing import CHECKS, ConformanceError, Performance, problems
from tests.exercises.runner import RIGHT_RUN
from tests.exercises.scripts import (
    bird_dog,
    dead_bug,
    glute_bridge,
    hip_flexor_stretch,
    pelvic_tilt,
    piriformis_stretch,
)

RIGHT = {
    "dead-bug": (DEAD_BUG, Performance(dead_bug("LRL"), 3)),
    "bird-dog": (BIRD_DOG, Performance(bird_dog("LRL"), 3)),
    "glute-bridge": (GLUTE_BRIDGE, Performance(glute_bridge(2), 2)),
    "pelvic-tilt": (PELVIC_TILT, Performance(pelvic_tilt(2), 2)),
    "hip-flexor-stretch": (HIP_FLEXOR_STRETCH, Performance(hip_flexor_stretch("L"), 1)),
    "piriformis-stretch": (PIRIFORMIS_STRETCH, Performance(piriformis_stretch("L"), 1)),
    "running": (RUNNING, RIGHT_RUN),
}
BRIDGE, BRIDGING = RIGHT["glute-bridge"]


def test_every_exercise_that_ships_is_checked():
    assert set(load_exercises().exercises) == set(RIGHT)


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.__name__)
@pytest.mark.parametrize("name", RIGHT)
def test_it_conforms(name, check):
    check(*RIGHT[name])


def by_the_clock(m):
    way = 0.5 - 0.7 * math.cos(m.body.t_s)
    return Reach(way, way)


def of_the_left(m):
    way = share(m.body.left.hip_deg, m.start.body.left.hip_deg, 165)
    return Reach(way if m.body.near == "left" else 0.0, way if m.body.near == "left" else 0.0)


def in_pixels(m):
    way = share(m.body.best(lambda x: x.hip_deg), m.start.body.best(lambda x: x.hip_deg), 165)
    return Reach(way, way if m.body.torso_px > 100 else 0.0)


def counting_pictures():
    pictures = itertools.count()

    def reach(m):
        way = share(m.body.best(lambda x: x.hip_deg), m.start.body.best(lambda x: x.hip_deg), 165)
        way = way if next(pictures) % 70 < 45 else 0.0
        return Reach(way, way)

    return reach


def choking(m):
    way = share(float(int(m.body.best(lambda x: x.hip_deg))), 128, 165)
    return Reach(way, way)


GOOD_FAULT = Fault(
    "odd", 1, "Mind this now.", checks="c", why="w", how="h", limits="l", source="s", limit="top_hip_deg",
    short="Odd", parts=("hips",),
)  # fmt: skip
BAD_FAULT = replace(GOOD_FAULT, name="Bad Name", checks="")
ODD = replace(GOOD_FAULT, cue="No")

BAD = {
    "counts_a_right_performance": replace(BRIDGE, reach=lambda _m: Reach(0.0, 0.0)),
    "abstains_when_blind": replace(BRIDGE, required_parts=("arms",)),
    "counts_no_rep_without_a_cycle": replace(BRIDGE, reach=by_the_clock),
    "knows_left_from_right": replace(BRIDGE, reach=of_the_left),
    "is_free_of_scale": replace(BRIDGE, reach=in_pixels),
    "is_free_of_frame_rate": replace(BRIDGE, reach=counting_pictures()),
    "survives_what_is_not_a_number": replace(BRIDGE, reach=choking),
    "gives_the_same_twice": replace(BRIDGE, reach=counting_pictures()),
    "documents_its_faults": replace(BRIDGE, faults=(BAD_FAULT,)),
    "has_words_for_everything": replace(BRIDGE, faults=(ODD,)),
    "shows_how_it_is_done": replace(BRIDGE, demonstration=Demonstration(BRIDGE.shown.start, BRIDGE.shown.steps[:1])),
}


def test_there_is_a_bad_exercise_for_every_check():
    assert list(BAD) == [check.__name__ for check in CHECKS]


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.__name__)
def test_a_bad_exercise_is_seen(check):
    with pytest.raises(ConformanceError):
        check(BAD[check.__name__], BRIDGING)


def test_all_problems_are_told_at_once():
    found = problems(replace(BRIDGE, required_parts=("arms",), faults=(ODD,), demonstration=None), BRIDGING)
    assert [line.split(":")[0] for line in found] == ["abstains_when_blind", "has_words_for_everything"]


def told(check, **changes):
    """What a check says of a bridge that is changed."""
    with pytest.raises(ConformanceError) as problem:
        next(c for c in CHECKS if c.__name__ == check)(replace(BRIDGE, **changes), BRIDGING)
    return str(problem.value)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"parts": ()}, "needs `parts`"),
        ({"parts": ("elbows",)}, "needs `parts`"),
        ({"limit": "nothing_deg"}, "The limit of 'odd' is 'nothing_deg'"),
        ({"hysteresis": "nothing_deg"}, "The hysteresis of 'odd' is 'nothing_deg'"),
        ({"confirm": "nothing_s"}, "The confirm of 'odd' is 'nothing_s'"),
        ({"of_back": "arch"}, "name it in its `parts`"),
    ],
)
def test_what_a_fault_needs_is_asked_for(changes, says):
    assert says in told("documents_its_faults", faults=(replace(GOOD_FAULT, **changes),))


@pytest.mark.parametrize("short", ["", "far too many words for this"])
def test_a_fault_has_a_short_name(short):
    assert "`short`" in told("has_words_for_everything", faults=(replace(GOOD_FAULT, short=short),))


def test_a_hold_has_both_its_settings():
    only = tuple(s for s in BRIDGE.settings if s.name != "hold_share")
    assert "hold_s and hold_share" in told("documents_its_faults", settings=only)
    assert "'nothing_s', which is no setting" in told("documents_its_faults", least_hold="nothing_s")


def test_a_figure_is_optional_and_lies_in_its_box():
    assert "box" in told("has_words_for_everything", figure=(((0.5, 1.2), (0.5, 0.5)),))


SHOWN = BRIDGE.shown
LOOSE = replace(SHOWN.start, trunk_deg=float("nan"))
SUNK = limbs(SHOWN.start, "left", hip_deg=210)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"steps": SHOWN.steps[:1]}, "does not end where it begins"),
        ({"start": LOOSE, "steps": ()}, "an angle that is unknown"),
        ({"planted": (), "faults": {}, "steps": (Step(SUNK, 1.0), *SHOWN.steps[1:])}, "into the floor"),
        ({"faults": {"over-arch": Wrong("low back")}}, "can't be told from the right movement"),
        ({"faults": {"short-hold": Wrong("time", pace=0.98)}}, "can't be told from the right movement"),
        ({"faults": {"dancing": Wrong("hips", pace=0.3)}}, "dancing, which is no fault of it"),
        ({"faults": {}, "steps": (Step(SHOWN.faults["too-low"].poses[1], 2.0, 5.0), SHOWN.steps[1])}, "not counted"),
        ({"faults": {}, "steps": (replace(SHOWN.steps[0], stay_s=0.4, count=0), SHOWN.steps[1])}, "short-hold"),
    ],
)
def test_what_a_demonstration_lacks_is_told(changes, says):
    assert says in told("shows_how_it_is_done", demonstration=replace(SHOWN, **changes))


def test_a_strangers_demonstration_without_an_angle_is_refused_when_it_is_loaded():
    with pytest.raises(NoExerciseError, match="angle that is unknown"):
        check_exercise(replace(BRIDGE, demonstration=replace(SHOWN, start=LOOSE)))
    check_exercise(BRIDGE)
