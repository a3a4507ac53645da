"""Each figure against a worked example that was published, or against the same thing counted another way."""

from __future__ import annotations

import math

import numpy as np
import pytest

from formcheck.study import statistics as st
from formcheck.study.tails import f_below, f_quantile, t_quantile


def table(*rows):
    return np.array(rows, float)


# -- quantiles -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "d1", "d2", "expected"),
    [  # tables of F that every textbook prints
        (0.95, 1, 1, 161.448), (0.95, 5, 10, 3.3258), (0.95, 3, 20, 3.0984), (0.99, 4, 8, 7.0061),
        (0.975, 5, 18, 3.3820), (0.975, 15, 5, 6.4277), (0.95, 10, 120, 1.9105), (0.05, 4, 8, 0.16554),
    ],
)  # fmt: skip
def test_quantiles_of_f(p, d1, d2, expected):
    assert f_quantile(p, d1, d2) == pytest.approx(expected, rel=1e-4)
    assert f_below(f_quantile(p, d1, d2), d1, d2) == pytest.approx(p, abs=1e-10)


@pytest.mark.parametrize(("d", "expected"), [(1, 12.7062), (5, 2.5706), (16, 2.1199), (30, 2.0423), (1000, 1.9623)])
def test_quantiles_of_t(d, expected):
    assert t_quantile(0.975, d) == pytest.approx(expected, abs=1e-4)


# -- kappa -----------------------------------------------------------------------------------------------------------

FLEISS_2003 = table([75, 1, 4], [5, 4, 1], [0, 0, 10])
"""Fleiss, Levin & Paik, Statistical Methods for Rates and Proportions, 2003, table 18.1."""


def test_kappa_of_a_textbook():
    assert float(st.agreement(FLEISS_2003)) == pytest.approx(0.89)
    assert float(st.kappa(FLEISS_2003)) == pytest.approx(0.676, abs=5e-4)
    assert st.kappa_sd(FLEISS_2003) == pytest.approx(0.088, abs=1e-3)
    found = st.kappa_analytic(FLEISS_2003)
    assert (found.low, found.high) == pytest.approx((0.504, 0.848), abs=2e-3)


@pytest.mark.parametrize(
    ("rows", "agreed", "kappa", "ac1"),
    [
        # Feinstein & Cicchetti 1990: the same agreement, and a kappa that falls with the prevalence
        (([40, 9], [6, 45]), 0.85, 0.70, 0.70),
        (([80, 10], [5, 5]), 0.85, 0.32, 0.81),
        # Gwet 2002: almost all of one kind
        (([118, 5], [2, 0]), 0.944, -0.0234, 0.9408),
        (([20, 5], [10, 15]), 0.70, 0.40, 0.40),
    ],
)
def test_the_paradox_of_kappa(rows, agreed, kappa, ac1):
    assert float(st.agreement(table(*rows))) == pytest.approx(agreed, abs=5e-4)
    assert float(st.kappa(table(*rows))) == pytest.approx(kappa, abs=5e-3)
    assert float(st.ac1(table(*rows))) == pytest.approx(ac1, abs=1e-2)


def test_gwet_s_own_example_to_four_digits():
    assert float(st.ac1(table([118, 5], [2, 0]))) == pytest.approx(0.9408, abs=5e-5)
    assert float(st.kappa(table([118, 5], [2, 0]))) == pytest.approx(-0.0234, abs=5e-5)


def test_prevalence_and_bias():
    one = table([80, 10], [5, 5])
    assert st.prevalence_index(one) == pytest.approx(0.75)
    assert st.bias_index(one) == pytest.approx(0.05)
    assert st.prevalence(one) == pytest.approx(0.875)


def test_what_can_not_be_computed_is_unknown():
    assert math.isnan(float(st.kappa(table([9, 0], [0, 0]))))
    assert float(st.agreement(table([9, 0], [0, 0]))) == 1.0
    assert float(st.ac1(table([9, 0], [0, 0]))) == 1.0
    for figure in (st.agreement, st.kappa, st.ac1):
        assert math.isnan(float(figure(table([0, 0], [0, 0]))))
    assert math.isnan(st.kappa_sd(table([0, 0], [0, 0])))
    assert math.isnan(st.prevalence(table([0, 0], [0, 0])))


# -- by patient ------------------------------------------------------------------------------------------------------


def test_with_one_thing_a_patient_both_intervals_agree():
    ones = np.concatenate([
        np.repeat(np.eye(9)[i].reshape(1, 3, 3), int(count), axis=0) for i, count in enumerate(FLEISS_2003.ravel())
    ])  # fmt: skip
    found, check = st.by_patient(ones, st.kappa), st.kappa_analytic(FLEISS_2003)
    assert found.value == check.value
    assert found.low == pytest.approx(check.low, abs=0.05)
    assert found.high == pytest.approx(check.high, abs=0.05)


def test_what_one_patient_does_hangs_together():
    """Ten patients, each ten times the same: no more is known than of ten things."""
    per = np.array([table([1, 0], [0, 0])] * 4 + [table([0, 0], [0, 1])] * 4 + [table([0, 1], [0, 0])] * 2)
    once, tenfold = st.by_patient(per, st.agreement), st.by_patient(10 * per, st.agreement)
    assert once == tenfold
    assert (once.low, once.high) == pytest.approx((0.5, 1.0), abs=0.11)
    loose = st.by_patient(np.repeat(per, 10, axis=0), st.agreement)
    assert loose.high - loose.low < 0.5 * (tenfold.high - tenfold.low)


def test_the_same_seed_gives_the_same_interval():
    per = np.random.default_rng(3).integers(0, 4, (20, 2, 2)).astype(float)
    assert st.by_patient(per, st.kappa, 5) == st.by_patient(per, st.kappa, 5)
    assert st.by_patient(per, st.kappa, 5) != st.by_patient(per, st.kappa, 6)


def test_one_patient_has_no_interval():
    found = st.by_patient(table([5, 1], [1, 5])[None], st.kappa)
    assert found.value == pytest.approx(2 / 3)
    assert math.isnan(found.low)
    assert math.isnan(st.by_patient(np.empty((0, 2, 2)), st.kappa).value)


def test_an_interval_of_what_is_mostly_unknown_is_unknown():
    assert all(math.isnan(end) for end in st.interval(np.array([0.5] * 94 + [math.nan] * 6)))
    assert not any(math.isnan(end) for end in st.interval(np.array([0.5] * 95 + [math.nan] * 5)))


# -- many raters -----------------------------------------------------------------------------------------------------

FLEISS_1971 = np.array([
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
])  # fmt: skip
"""The worked example of Fleiss' kappa that is copied everywhere: 14 raters, 10 things."""


def test_fleiss_kappa():
    assert st.fleiss(FLEISS_1971) == pytest.approx(0.210, abs=5e-4)
    assert st.agreement_of_votes(FLEISS_1971) == pytest.approx(0.378, abs=5e-4)


def test_of_two_raters_the_votes_give_the_same_ac1():
    votes = np.array([[2, 0]] * 80 + [[1, 1]] * 15 + [[0, 2]] * 5)
    assert st.ac1_of_votes(votes) == pytest.approx(float(st.ac1(table([80, 10], [5, 5]))))
    assert st.agreement_of_votes(votes) == pytest.approx(0.85)


def test_what_one_rater_alone_has_rated_says_nothing():
    assert st.fleiss(np.vstack([FLEISS_1971, [[1, 0, 0, 0, 0]] * 5])) == st.fleiss(FLEISS_1971)
    assert math.isnan(st.fleiss(np.array([[1, 0]])))


# -- ICC -------------------------------------------------------------------------------------------------------------

SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)
"""Shrout & Fleiss 1979, table 2."""


def test_icc_of_shrout_and_fleiss():
    found = st.icc(SHROUT_FLEISS)
    assert [round(each.value, 2) for each in (found.one, found.two, found.three)] == [0.17, 0.29, 0.71]
    assert (found.n, found.raters) == (6, 4)


@pytest.mark.parametrize(("name", "low", "high"), [("one", -0.13, 0.72), ("two", 0.02, 0.76), ("three", 0.34, 0.95)])
def test_intervals_of_icc(name, low, high):
    """As the R package psych prints them for the same table."""
    found = getattr(st.icc(SHROUT_FLEISS), name)
    assert (round(found.low, 2), round(found.high, 2)) == (low, high)


def test_a_rater_who_always_gives_two_more():
    found = st.icc(np.array([[1, 3], [2, 4], [5, 7], [9, 11]], float))
    assert found.three.value == pytest.approx(1.0)
    assert found.two.value < 0.9
    assert math.isnan(st.icc(np.full((3, 2), 4.0)).one.value)
    assert math.isnan(st.icc(np.array([[1.0, 2.0]])).one.value)


# -- Bland-Altman ----------------------------------------------------------------------------------------------------

WRIGHT = np.array([494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427], float)
MINI = np.array([512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451], float)
"""Peak flow by two meters, litres a minute (Bland & Altman 1986, first measurements)."""


def test_bland_and_altman_s_own_example():
    found = st.bland_altman(WRIGHT - MINI)
    assert found.n == 17
    assert found.bias.value == pytest.approx(-2.1, abs=0.05)
    assert found.sd == pytest.approx(38.8, abs=0.05)
    assert (found.bias.low, found.bias.high) == pytest.approx((-22.0, 17.8), abs=0.1)
    # the paper takes 2 in place of 1.96
    assert (found.bias.value - 2 * found.sd, found.bias.value + 2 * found.sd) == pytest.approx((-79.7, 75.5), abs=0.1)
    assert found.low.value == pytest.approx(-2.118 - 1.96 * 38.765, abs=0.01)
    assert found.high.value == pytest.approx(-2.118 + 1.96 * 38.765, abs=0.01)
    assert found.low.high - found.low.low == pytest.approx(-45.1 + 114.3, abs=0.5)
    assert found.high.high - found.high.low == pytest.approx(110.1 - 40.9, abs=0.5)


def test_limits_by_patient():
    one_each = [np.array([d]) for d in WRIGHT - MINI]
    found, check = st.bland_altman_by_patient(one_each), st.bland_altman(WRIGHT - MINI)
    assert found.bias.value == check.bias.value
    assert (found.bias.low, found.bias.high) == pytest.approx((check.bias.low, check.bias.high), abs=5)
    copied = st.bland_altman_by_patient([np.repeat(each, 9) for each in one_each])
    assert copied.bias.high - copied.bias.low == pytest.approx(found.bias.high - found.bias.low)
    alone = st.bland_altman_by_patient([WRIGHT - MINI])
    assert math.isnan(alone.bias.low)
    assert st.bland_altman(np.empty(0)).n == 0
    assert math.isnan(st.bland_altman(np.array([3.0])).low.value)
