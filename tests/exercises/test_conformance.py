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
from formcheck.core.rules.exercise import Fault, Reach
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
    "hip-flexor-stretch": (HIP_FLEXOR_STRETCH, Performance(hip_flexor_stretch("LL"), 2)),
    "piriformis-stretch": (PIRIFORMIS_STRETCH, Performance(piriformis_stretch("LL"), 2)),
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
        return Reach(way, way if next(pictures) % 200 < 180 else 0.0)

    return reach


def choking(m):
    way = share(float(int(m.body.best(lambda x: x.hip_deg))), 128, 165)
    return Reach(way, way)


BAD_FAULT = Fault(
    "Bad Name", 1, "Mind this now.", checks="", why="w", how="h", limits="l", source="s", limit="top_hip_deg"
)
ODD = replace(BAD_FAULT, name="odd", checks="c", cue="No")

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
}


def test_there_is_a_bad_exercise_for_every_check():
    assert list(BAD) == [check.__name__ for check in CHECKS]


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.__name__)
def test_a_bad_exercise_is_seen(check):
    with pytest.raises(ConformanceError):
        check(BAD[check.__name__], BRIDGING)


def test_all_problems_are_told_at_once():
    found = problems(replace(BRIDGE, required_parts=("arms",), faults=(ODD,)), BRIDGING)
    assert [line.split(":")[0] for line in found] == ["abstains_when_blind", "has_words_for_everything"]
