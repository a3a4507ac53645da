"""From labels to tables: who stands beside whom, and what is left out of which figure."""

from __future__ import annotations

import math

import pytest

from formcheck.study.answers import ANY
from formcheck.study.compare import Pair, among, coach_counts, compare, compared, counts_compared, of_coach
from formcheck.study.labels import counts_of, labels_of
from tests.study.conftest import ANN, BEN


def pairs(*rows):
    return [Pair(f"p{i}", "dead-bug", "x", one, two) for i, (n, one, two) in enumerate(rows) for _ in range(n)]


def test_can_not_tell_is_counted_and_left_out_of_kappa():
    found = compare("dead-bug", "x", pairs(
        (20, "yes", "yes"), (5, "yes", "no"), (10, "no", "yes"), (15, "no", "no"), (7, "unsure", "yes"),
        (3, "no", "unsure"), (2, "unsure", "unsure"),
    ))  # fmt: skip
    assert found.table == ((20, 5, 0), (10, 15, 3), (7, 0, 2))
    assert (found.n, found.known, found.unsure_one, found.unsure_two) == (62, 50, 9, 5)
    assert found.agreement.value == pytest.approx(0.70)
    assert found.kappa.value == pytest.approx(0.40)
    assert found.prevalence == pytest.approx((25 + 30) / 100)
    assert found.bias_index == pytest.approx(-0.1)
    assert found.with_unsure.value == pytest.approx(37 / 62)
    assert not found.is_few


def test_only_can_not_tell_gives_no_figure_but_is_shown():
    found = compare("dead-bug", "x", pairs((4, "unsure", "no")))
    assert (found.n, found.known, found.is_few) == (4, 0, True)
    assert math.isnan(found.agreement.value)
    assert math.isnan(found.kappa.value)
    assert found.with_unsure.value == 0.0


def test_coach_beside_clinician(clinic):
    session = clinic.session(person=clinic.person())
    clinic.say(session, 0, 3, "clean")
    clinic.sign(session)
    rows = {(each.exercise, each.fault): each for each in compared(of_coach(labels_of(clinic.kept(session))))}
    arch = rows["dead-bug", "low-back-arch"]
    assert arch.table == ((0, 1, 0), (0, 5, 0), (0, 0, 0))
    assert (arch.said, arch.n, arch.persons) == (1, 6, 1)
    assert rows["glute-bridge", "over-arch"].table == ((0, 0, 0), (0, 0, 0), (0, 0, 3))
    assert next(each.fault for each in rows.values() if each.exercise == "dead-bug") == ANY


def test_two_clinicians_on_the_same_repetition(clinic):
    session = clinic.session(("dead-bug",))
    clinic.say(session, 0, 3, "clean", by=ANN)
    clinic.say(session, 0, 5, "clean", by=BEN)
    assert among(labels_of(clinic.kept(session))) == []
    clinic.say(session, 0, 3, "not-judged", by=BEN)
    found = compared(among(labels_of(clinic.kept(session))))
    assert {each.table for each in found} == {((0, 0, 0), (0, 0, 1), (0, 0, 0))}


def test_the_earlier_one_stands_first(clinic):
    session = clinic.session(("dead-bug",))
    clinic.say(session, 0, 3, "clean", by=BEN)
    clinic.say(session, 0, 3, "not-judged", by=ANN)
    assert {(pair.one, pair.two) for pair in among(labels_of(clinic.kept(session)))} == {("no", "unsure")}


def test_patients_of_whom_nobody_could_tell_make_no_interval_wider():
    known = pairs((5, "yes", "yes"), (4, "yes", "no"), (3, "no", "no"), (6, "no", "no"))
    dark = [Pair(f"q{i}", "dead-bug", "x", "unsure", "no") for i in range(20)]
    one, two = (compare("dead-bug", "x", each) for each in (known, [*known, *dark]))
    assert (one.agreement, one.kappa, one.ac1) == (two.agreement, two.kappa, two.ac1)
    assert one.with_unsure != two.with_unsure


def test_counts_side_by_side(clinic):
    for i in range(3):
        session = clinic.session(("dead-bug",), clinic.person())
        if i:
            clinic.say(session, 0, 1, "clean", is_counted=False)
        clinic.sign(session)
    kept = [clinic.kept(s.session.session_id) for s in _all(clinic)]
    (found,) = counts_compared(coach_counts(count for each in kept for count in counts_of(each)))
    assert (found.sets, found.persons, found.same) == (3, 3, 1)
    assert found.limits.bias.value == pytest.approx(2 / 3)
    assert found.limits.high.value == pytest.approx(2 / 3 + 1.96 * math.sqrt(1 / 3), abs=1e-3)


def _all(clinic):
    from formcheck.store import open_store

    with open_store(clinic.where) as store:
        return store.kept()
