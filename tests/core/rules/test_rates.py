"""How many pictures a second an exercise and each of its faults need."""

from dataclasses import replace

import pytest

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.running import EXERCISE as RUNNING
from formcheck.core.rules.rates import needed_rate, needed_rates
from formcheck.core.rules.setting import Settings


def test_three_pictures_fall_into_the_shortest_visit():
    assert needed_rate(DEAD_BUG) == pytest.approx(5.0)
    assert needed_rate(replace(DEAD_BUG, shortest_s=0.3)) == pytest.approx(10.0)


def test_a_fault_that_is_confirmed_sooner_needs_more():
    assert needed_rates(DEAD_BUG)["low-back-arch"] == pytest.approx(7.5)
    quick = Settings(DEAD_BUG.all_settings, {"confirm_s": 0.2})
    assert needed_rates(DEAD_BUG, quick)["low-back-arch"] == pytest.approx(15.0)


def test_no_fault_needs_less_than_counting():
    slow = Settings(DEAD_BUG.all_settings, {"confirm_s": 3.0, "out_min_s": 5.0})
    assert set(needed_rates(DEAD_BUG, slow).values()) == {needed_rate(DEAD_BUG)}


def test_a_time_that_is_judged_holds_five_pictures():
    assert needed_rates(BIRD_DOG)["short-hold"] == pytest.approx(5 / 0.8)
    short = Settings(BIRD_DOG.all_settings, {"hold_s": 1.0})
    assert needed_rates(BIRD_DOG, short)["short-hold"] == pytest.approx(5 / 0.4)


def test_a_run_needs_ten_and_what_happens_at_contact_needs_sixty_less_a_tolerance():
    needed = needed_rates(RUNNING)
    assert needed_rate(RUNNING) == pytest.approx(10.0)
    assert needed["low-cadence"] == pytest.approx(10.0)
    assert needed["overstride"] == needed["stiff"] == 55.0
