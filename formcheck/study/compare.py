"""Two raters side by side, fault by fault: the table of their answers and what follows from it. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from formcheck.study import statistics as st
from formcheck.study.answers import ANSWERS, ANY, Answer
from formcheck.study.labels import Counted, Label

_AT = {answer: i for i, answer in enumerate(ANSWERS)}
FEW = 30
"""Pairs below which a figure is a hint at most."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers to one question about one thing."""

    person: str
    """Of whom: what one patient does hangs together."""
    exercise: str
    fault: str
    one: Answer
    two: Answer
    is_said: bool = True
    """Whether the second was said, rather than left by a signature."""


@dataclass(frozen=True, slots=True)
class Compared:
    """All pairs of one exercise and fault.

    Agreement, kappa, AC1, prevalence and bias are of the pairs in which both said yes or no; the others are counted.
    """

    exercise: str
    fault: str
    table: tuple[tuple[int, ...], ...]
    """Rows: the first rater's yes, no, can't tell; columns: the second's."""
    persons: int
    said: int
    """Pairs in which the second was said; the others were left by a signature."""
    agreement: st.Estimate
    kappa: st.Estimate
    kappa_check: st.Estimate
    """Kappa with the analytic interval, which takes repetitions for independent."""
    ac1: st.Estimate
    with_unsure: st.Estimate
    """Agreement of all pairs, `can't tell` as an answer of its own."""
    prevalence: float
    prevalence_index: float
    bias_index: float

    @property
    def n(self) -> int:
        """All pairs."""
        return sum(map(sum, self.table))

    @property
    def known(self) -> int:
        """Pairs in which both said yes or no."""
        return sum(sum(row[:2]) for row in self.table[:2])

    @property
    def unsure_one(self) -> int:
        """How often the first could not tell."""
        return sum(self.table[2])

    @property
    def unsure_two(self) -> int:
        """How often the second could not tell."""
        return sum(row[2] for row in self.table)

    @property
    def is_few(self) -> bool:
        """Whether there are too few to say much."""
        return self.known < FEW


def of_coach(labels: Iterable[Label]) -> list[Pair]:
    """The coach beside each who has labelled."""
    return [Pair(x.person, x.exercise, x.fault, x.coach, x.answer, x.how == "said") for x in labels]


def among(labels: Iterable[Label]) -> list[Pair]:
    """People beside one another: each two who have labelled the same repetition, the earlier first."""
    by_question: defaultdict[tuple[str, str, int, str], list[Label]] = defaultdict(list)
    for label in labels:
        by_question[label.session_id, label.set_id, label.rep, label.fault].append(label)
    return [
        Pair(a.person, a.exercise, a.fault, a.answer, b.answer, b.how == "said")
        for found in by_question.values()
        for a, b in combinations(sorted(found, key=lambda x: (str(x.utc), x.rater)), 2)
    ]


def compared(pairs: Iterable[Pair], seed: int = st.SEED) -> list[Compared]:
    """Each exercise and fault, any fault first."""
    groups: defaultdict[tuple[str, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair.exercise, pair.fault].append(pair)
    order = sorted(groups, key=lambda key: (key[0], key[1] != ANY, key[1]))
    return [compare(exercise, fault, groups[exercise, fault], seed) for exercise, fault in order]


def compare(exercise: str, fault: str, pairs: Sequence[Pair], seed: int = st.SEED) -> Compared:
    """One table and its figures."""
    tables = tables_of(pairs)
    both, known = tables[:, :2, :2], tables[:, :2, :2].sum(0)
    judged = both[both.sum((1, 2)) > 0]
    return Compared(
        exercise,
        fault,
        tuple(tuple(int(n) for n in row) for row in tables.sum(0)),
        len(tables),
        sum(pair.is_said for pair in pairs),
        st.by_patient(judged, st.agreement, seed),
        st.by_patient(judged, st.kappa, seed),
        st.kappa_analytic(known),
        st.by_patient(judged, st.ac1, seed),
        st.by_patient(tables, st.agreement, seed),
        st.prevalence(known),
        st.prevalence_index(known),
        st.bias_index(known),
    )


def tables_of(pairs: Sequence[Pair]) -> st.Floats:
    """(persons, 3, 3) tables, in order of the persons."""
    persons = {person: i for i, person in enumerate(sorted({pair.person for pair in pairs}))}
    counts = Counter((persons[pair.person], _AT[pair.one], _AT[pair.two]) for pair in pairs)
    tables = np.zeros((len(persons), len(ANSWERS), len(ANSWERS)))
    for place, count in counts.items():
        tables[place] = count
    return tables


@dataclass(frozen=True, slots=True)
class CountsCompared:
    """Counts of one exercise."""

    exercise: str
    sets: int
    persons: int
    same: int
    """Sets in which both counted the same."""
    limits: st.Limits
    icc: st.Icc


def counts_compared(counts: Iterable[tuple[str, str, float, float]], seed: int = st.SEED) -> list[CountsCompared]:
    """Counts side by side, by exercise: differences are the first less the second.

    Args:
        counts: person, exercise, first and second count.
        seed: for drawing patients.
    """
    by_exercise: defaultdict[str, list[tuple[str, float, float]]] = defaultdict(list)
    for person, exercise, one, two in counts:
        by_exercise[exercise].append((person, one, two))
    found = []
    for exercise, rows in sorted(by_exercise.items()):
        by_person: defaultdict[str, list[float]] = defaultdict(list)
        for person, one, two in rows:
            by_person[person].append(one - two)
        groups = [np.array(by_person[person]) for person in sorted(by_person)]
        both = np.array([(one, two) for _, one, two in rows], float)
        same = sum(one == two for _, one, two in rows)
        limits = st.bland_altman_by_patient(groups, seed)
        found.append(CountsCompared(exercise, len(rows), len(groups), same, limits, st.icc(both)))
    return found


def coach_counts(counted: Iterable[Counted]) -> list[tuple[str, str, float, float]]:
    """The coach's counts beside the signers', for `counts_compared`."""
    return [(one.person, one.exercise, one.coach, one.rater_count) for one in counted]


def difference(coach: Sequence[Pair], people: Sequence[Pair], seed: int = st.SEED) -> st.Estimate:
    """Agreement of the coach with people less that of people among themselves, the same patients drawn for both.

    Only pairs in which both said yes or no count.
    """
    persons = sorted({pair.person for pair in (*coach, *people)})
    both = [_known_tables(pairs, persons) for pairs in (coach, people)]
    if not persons:
        return st.UNKNOWN
    value = float(st.agreement(both[0].sum(0)) - st.agreement(both[1].sum(0)))
    if len(persons) < 2:
        return st.Estimate(value)
    drawn = st.weights(len(persons), seed)
    one, two = (st.agreement(np.tensordot(drawn, tables, 1)) for tables in both)
    return st.Estimate(value, *st.interval(one - two))


def _known_tables(pairs: Sequence[Pair], persons: Sequence[str]) -> st.Floats:
    found = np.zeros((len(persons), 2, 2))
    for pair in pairs:
        if "unsure" not in (pair.one, pair.two):
            found[persons.index(pair.person), ANSWERS.index(pair.one), ANSWERS.index(pair.two)] += 1
    return found
