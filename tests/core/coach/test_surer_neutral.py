"""The outline of the own start is taken from a later rest only where that one shows it more surely."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.core.body.back import Contour
from formcheck.core.body.baseline import Baseline
from formcheck.core.body.measure import Body
from formcheck.core.coach.neutral import SurerNeutral


def outline(offset_tl, sd_tl):
    return Contour(np.full(17, offset_tl, np.float32), np.full(17, sd_tl, np.float32))


def rest(start, contour, *, seconds=1.0, is_rest=True):
    """The outline of the start after a rest at 15 pictures a second."""
    neutral, baseline = SurerNeutral(), Baseline(Body(0.0, contour=start))
    for i in range(round(seconds * 15) + 1):
        baseline = neutral.update(Body(i / 15, contour=contour), baseline, is_rest=is_rest)
    return baseline.body.contour


@pytest.mark.parametrize(("sd_tl", "is_taken"), [(0.003, True), (0.0068, True), (0.0072, False), (0.02, False)])
def test_a_surer_outline_replaces_the_first_one(sd_tl, is_taken):
    """Of a start that is known to 0.01, one of no more than 0.007 is surer by enough."""
    now = rest(outline(0.10, 0.01), outline(0.13, sd_tl))
    assert now.offset_tl[8] == pytest.approx(0.13 if is_taken else 0.10)


def test_a_back_that_the_start_did_not_show_is_taken_when_it_shows():
    assert rest(None, outline(0.13, 0.02)).offset_tl[8] == pytest.approx(0.13)
    assert rest(None, None) is None


@pytest.mark.parametrize(("seconds", "is_taken"), [(0.6, False), (1.0, True)])
def test_a_short_rest_is_none(seconds, is_taken):
    assert (rest(None, outline(0.13, 0.003), seconds=seconds) is not None) is is_taken


def test_while_somebody_moves_nothing_is_taken():
    assert rest(None, outline(0.13, 0.003), is_rest=False) is None


def test_an_outline_of_which_half_is_missing_is_not_taken():
    half = outline(0.13, 0.003)
    half.offset_tl[8:] = np.nan
    assert rest(None, half) is None
    assert rest(None, replace(half, offset_tl=np.full(17, 0.13, np.float32))) is not None
