"""Outcome forms: scored as their authors say, and refused where an answer is missing."""

import pytest

from formcheck.session import outcome
from formcheck.session.outcome import OutcomeError, checked, score_of

TICKED = {"item-1": "on", "item-5": "on", "item-24": "on", "whole": "on"}


def test_the_24_sentences_are_those_of_1983():
    assert len(set(outcome.RMDQ)) == 24
    assert outcome.RMDQ[0] == "I stay at home most of the time because of my back."
    assert outcome.RMDQ[23] == "I stay in bed most of the time because of my back."
    assert all("my back" in each.lower() for each in outcome.RMDQ)


def test_roland_morris_counts_what_is_ticked():
    answers, activities = checked("rmdq", TICKED)
    assert activities == ()
    assert [n for n, yes in enumerate(answers, 1) if yes] == [1, 5, 24]
    assert score_of("rmdq", answers) == 3
    assert score_of("rmdq", checked("rmdq", {"whole": "on"})[0]) == 0
    everything = {f"item-{n}": "on" for n in range(1, 25)} | {"whole": "on"}
    assert score_of("rmdq", checked("rmdq", everything)[0]) == 24


def test_none_ticked_is_none_only_where_all_were_gone_through():
    with pytest.raises(OutcomeError, match="gone through"):
        checked("rmdq", {"item-1": "on"})


@pytest.mark.parametrize("pain", ["0", "10", "7"])
def test_pain_is_one_number(pain):
    assert checked("nprs", {"pain": pain}) == ((int(pain),), ())


@pytest.mark.parametrize("pain", ["", "11", "-1", "3.5", "x", "٣", "007"])
def test_what_is_no_number_from_0_to_10_is_refused(pain):
    with pytest.raises(OutcomeError, match="0 to 10"):
        checked("nprs", {"pain": pain})


def test_psfs_is_the_mean_of_what_was_named():
    fields = {"activity-1": "lifting", "rating-1": "3", "activity-4": " sitting ", "rating-4": "8"}
    assert checked("psfs", fields) == ((3, 8), ("lifting", "sitting"))
    assert score_of("psfs", (3, 8)) == 5.5


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "at least one"),
        ({"activity-1": "lifting"}, "a number from 0 to 10 for activity 1"),
        ({"rating-2": "3"}, "Name activity 2"),
        ({"activity-1": "x" * 101, "rating-1": "3"}, "100 letters"),
        ({"activity-6": "lifting", "rating-6": "3"}, "at least one"),
    ],
)
def test_psfs_says_what_is_missing(fields, told):
    with pytest.raises(OutcomeError, match=told):
        checked("psfs", fields)
