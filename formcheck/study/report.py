"""The report of a study: ratings in, one page of HTML out that needs nothing else; raters among themselves first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import cast

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from formcheck import __version__
from formcheck.study import statistics as st
from formcheck.study import words
from formcheck.study.answers import ANY, COACH, Answer
from formcheck.study.compare import FEW, Compared, CountsCompared, Pair, compared, counts_compared, difference
from formcheck.study.grras import Item, items
from formcheck.study.ratings import Rated, Ratings, by_question
from formcheck.study.sheets import COUNT

Counts = tuple[str, str, float, float]


@dataclass(frozen=True, slots=True)
class Handed:
    """What one rater handed in."""

    rater: str
    asked: int
    answered: int
    unsure: int
    open: int


@dataclass(frozen=True, slots=True)
class Voted:
    """More than two raters at once, of one exercise and question."""

    exercise: str
    fault: str
    clips: int
    agreement: float
    fleiss: float
    ac1: float


@dataclass(frozen=True, slots=True)
class Apart:
    """The coach's agreement with raters less theirs among themselves."""

    exercise: str
    about: str
    difference: st.Estimate


@dataclass(frozen=True, slots=True)
class CountedByAll:
    """Counts of one exercise by all raters: only clips that each of them counted."""

    exercise: str
    icc: st.Icc


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of a study."""

    handed: list[Handed]
    people: list[Compared]
    votes: list[Voted]
    coach: list[Compared]
    apart: list[Apart]
    again: list[Compared]
    people_counts: list[CountsCompared]
    people_icc: list[CountedByAll]
    coach_counts: list[CountsCompared]
    grras: list[Item]
    is_by_clip: bool
    """Whether nobody said whose clip is whose, so that each counts as a person of its own."""


def report_of(ratings: Ratings) -> Report:
    """Compute all figures; patients are drawn by the study's own seed."""
    key, seed = ratings.key, ratings.key.seed
    first = by_question(ratings.rated)
    people = list(_people(ratings, first))
    coach = list(_coach(ratings, first))
    again, repeats = _again(ratings)
    titles = {clip.exercise for clip in key.clips}
    return Report(
        [_handed(ratings.rated, rater) for rater in ratings.raters],
        compared(people, seed),
        _votes(ratings, first),
        compared(coach, seed),
        [one for exercise in sorted(titles) for one in _apart(exercise, coach, people, seed)],
        compared(again, seed),
        counts_compared(_people_counts(ratings, first), seed),
        _counted_by_all(ratings, first),
        counts_compared(_coach_counts(ratings, first), seed),
        items(ratings, repeats),
        all(clip.person == clip.name for clip in key.clips),
    )


def _handed(rated: Iterable[Rated], rater: str) -> Handed:
    mine = [each.answer for each in rated if each.rater == rater]
    unsure, left = mine.count("unsure"), mine.count(None)
    return Handed(rater, len(mine), len(mine) - unsure - left, unsure, left)


def _people(ratings: Ratings, first: Mapping[tuple[int, str], Mapping[str, str]]) -> Iterable[Pair]:
    for (number, question), answers in first.items():
        clip = ratings.clip(number)
        for one, two in combinations(sorted(answers), 2):
            if question != COUNT:
                yield Pair(clip.person, clip.exercise, question, _answer(answers[one]), _answer(answers[two]))


def _coach(ratings: Ratings, first: Mapping[tuple[int, str], Mapping[str, str]]) -> Iterable[Pair]:
    for (number, question), answers in first.items():
        clip = ratings.clip(number)
        for rater in sorted(answers):
            if question != COUNT:
                told = clip.coach.answers.get(question, "unsure")
                yield Pair(clip.person, clip.exercise, question, told, _answer(answers[rater]))


def _answer(text: str) -> Answer:
    return cast("Answer", text)


def _again(ratings: Ratings) -> tuple[list[Pair], int]:
    """The same rater's first and second answer; and how many clips were rated again."""
    first = by_question(ratings.rated)
    pairs, clips = [], set()
    for each in ratings.rated:
        was = first.get((each.clip, each.question), {}).get(each.rater)
        if each.is_repeat and each.answer is not None and was is not None:
            clips.add((each.rater, each.clip))
            if each.question != COUNT:
                clip = ratings.clip(each.clip)
                pairs.append(Pair(clip.person, clip.exercise, each.question, _answer(was), _answer(each.answer)))
    return pairs, len(clips)


def _votes(ratings: Ratings, first: Mapping[tuple[int, str], Mapping[str, str]]) -> list[Voted]:
    """For more than two raters; empty for two."""
    if len(ratings.raters) < 3:
        return []
    found: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for (number, question), answers in first.items():
        counted = Counter(answers.values())
        if question != COUNT and counted["yes"] + counted["no"] > 1:
            found[ratings.clip(number).exercise, question].append((counted["yes"], counted["no"]))
    order = sorted(found, key=lambda each: (each[0], each[1] != ANY, each[1]))
    return [_voted(exercise, fault, np.array(found[exercise, fault], float)) for exercise, fault in order]


def _voted(exercise: str, fault: str, votes: st.Floats) -> Voted:
    figures = st.agreement_of_votes(votes), st.fleiss(votes), st.ac1_of_votes(votes)
    return Voted(exercise, fault, len(votes), *figures)


def _apart(exercise: str, coach: list[Pair], people: list[Pair], seed: int) -> list[Apart]:
    def of(pairs: list[Pair], is_any: bool) -> list[Pair]:
        return [pair for pair in pairs if pair.exercise == exercise and (pair.fault == ANY) == is_any]

    return [
        Apart(exercise, about, difference(of(coach, is_any), of(people, is_any), seed))
        for about, is_any in (("any fault", True), ("each fault", False))
    ]


# -- counts ----------------------------------------------------------------------------------------------------------


def _numbers(first: Mapping[tuple[int, str], Mapping[str, str]]) -> Iterable[tuple[int, dict[str, int]]]:
    for (number, question), answers in first.items():
        if question == COUNT:
            yield number, {rater: int(text) for rater, text in sorted(answers.items()) if text != "unsure"}


def _people_counts(ratings: Ratings, first: Mapping[tuple[int, str], Mapping[str, str]]) -> Iterable[Counts]:
    for number, counted in _numbers(first):
        clip = ratings.clip(number)
        for one, two in combinations(counted.values(), 2):
            yield clip.person, clip.exercise, one, two


def _coach_counts(ratings: Ratings, first: Mapping[tuple[int, str], Mapping[str, str]]) -> Iterable[Counts]:
    for number, counted in _numbers(first):
        clip = ratings.clip(number)
        for value in counted.values():
            yield clip.person, clip.exercise, clip.coach.reps, value


def _counted_by_all(ratings: Ratings, first: Mapping[tuple[int, str], Mapping[str, str]]) -> list[CountedByAll]:
    rows: defaultdict[str, list[list[int]]] = defaultdict(list)
    for number, counted in _numbers(first):
        if len(counted) == len(ratings.raters) > 1:
            rows[ratings.clip(number).exercise].append(list(counted.values()))
    return [CountedByAll(exercise, st.icc(np.array(found, float))) for exercise, found in sorted(rows.items())]


# -- the page --------------------------------------------------------------------------------------------------------


def as_html(ratings: Ratings, margin: float | None = None) -> str:
    """The report as one page without a script.

    Args:
        ratings: what was handed in.
        margin: how much less the coach may agree with raters than they among themselves; None: nothing is said of it.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    key = ratings.key
    titles = {clip.exercise: clip.title for clip in key.clips}
    asked = {(clip.exercise, name): text for clip in key.clips for name, text in clip.questions.items()}
    return environment.get_template("report.html").render(
        r=report_of(ratings),
        ratings=ratings,
        key=key,
        app=__version__,
        persons=len({clip.person for clip in key.clips}),
        title=lambda exercise: titles[exercise],
        fault=lambda each: asked[each.exercise, each.fault],
        margin=margin,
        few=FEW,
        draws=st.DRAWS,
        coach=COACH,
        w=words,
    )
