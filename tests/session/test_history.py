"""How an exercise went from session to session: numbers of the repetitions, None where nothing is known."""

from datetime import timedelta
from statistics import fmean, median

import pytest

from formcheck.session import history
from formcheck.session.document import ProgramDocument
from formcheck.session.history import history_of
from tests import kept


def session(number, days=0, names=("bird-dog",), **changes):
    return kept.kept(names, kept.BEGAN + timedelta(days=days), number, **changes)


def changed(made, **changes):
    return made.model_copy(update={"session": made.session.model_copy(update=changes)})


def with_thresholds(made, **values):
    source = made.session.provenance.model_copy(update={"settings": {"bird-dog": values}})
    return changed(made, provenance=source)


def with_reps(made, **values):
    sets = tuple(
        one.model_copy(update={"reps": tuple(rep.model_copy(update=values) for rep in one.reps)})
        for one in made.session.sets
    )
    return changed(made, sets=sets)


def test_a_point_is_what_was_measured_in_a_session():
    made = session(1, pain=(5, 3), effort=7)
    (one,) = made.session.sets
    held = one.model_copy(update={"target_hold_s": 2.0})
    (point,) = history_of([changed(made, sets=(held,))], "bird-dog")
    assert (point.session_id, point.at) == (made.session.session_id, kept.BEGAN)
    assert (point.clean, point.faulty, point.not_judged) == (2, 2, 0)
    assert point.reps == len(one.reps) == 4
    assert point.hold_s == pytest.approx(fmean(rep.hold_s for rep in one.reps))
    assert point.hold_target_s == 2.0
    assert point.reach == pytest.approx(median(rep.reach for rep in one.reps))
    assert point.back_deg == pytest.approx(median(rep.back_deg for rep in one.reps))
    assert point.back_sd_deg == pytest.approx(median(rep.back_sd_deg for rep in one.reps))
    assert (point.pain_before, point.pain_after, point.effort) == (5, 3, 7)
    assert point.faults == dict(one.faults)


def test_what_is_not_known_is_none_and_never_0():
    made = with_reps(session(1, pain=(None, None), effort=None), reach=None, back_deg=None, back_sd_deg=None)
    sets = tuple(one.model_copy(update={"target_hold_s": None}) for one in made.session.sets)
    (point,) = history_of([changed(made, sets=sets)], "bird-dog")
    unknown = (point.hold_s, point.hold_target_s, point.reach, point.back_deg, point.back_sd_deg)
    assert unknown == (None,) * 5
    assert (point.pain_before, point.pain_after, point.effort) == (None,) * 3


def test_a_bend_of_a_back_that_was_not_judged_is_left_out():
    made = with_reps(session(1), not_judged=("back",), faults=(), verdict="not-judged")
    (point,) = history_of([made], "bird-dog")
    assert (point.clean, point.faulty, point.not_judged) == (0, 0, 4)
    assert point.back_deg is None
    assert point.back_sd_deg is None


def test_only_sessions_in_which_it_was_done_and_in_their_order():
    past = [session(1), session(2, 1, ("dead-bug",)), session(3, 2, ("bird-dog", "dead-bug"))]
    assert [point.at for point in history_of(past, "bird-dog")] == [kept.BEGAN, kept.BEGAN + timedelta(days=2)]
    assert history_of(past, "running") == []
    assert history.exercises_in(past) == {"bird-dog": "Bird dog", "dead-bug": "Dead bug"}


def test_a_change_of_a_threshold_is_marked_where_it_began():
    past = [
        session(1), with_thresholds(session(2, 1), sag_deg=12.0), with_thresholds(session(3, 2), sag_deg=12.0),
        session(4, 3, ("dead-bug",)), with_thresholds(session(5, 4), sag_deg=8.0), session(6, 5),
    ]  # fmt: skip
    assert [point.marks for point in history_of(past, "bird-dog")] == [
        (), ("sag_deg: default → 12",), (), ("sag_deg: 12 → 8",), ("sag_deg: 8 → default",),
    ]  # fmt: skip


def test_a_change_within_a_set_is_marked():
    made = session(1)
    (one,) = made.session.sets
    one = one.model_copy(update={"settings_changes": ({"t_s": 3.0, "settings": {"sag_deg": 9.0}, "why": "x"},)})
    (point,) = history_of([changed(made, sets=(one,))], "bird-dog")
    assert point.marks == ("sag_deg → 9 during a set",)


def test_a_change_of_the_program_is_marked_by_its_version():
    programs = [None, "a" * 64, "a" * 64, "b" * 64, None]
    past = []
    for number, digest in enumerate(programs, 1):
        made = session(number, number)
        past.append(changed(made, program=None if digest is None else ProgramDocument(hash=digest, sets=1)))
    ids = [made.session.session_id for made in past]
    versions = {ids[1]: 1, ids[2]: 1, ids[3]: None}
    assert [point.marks for point in history_of(past, "bird-dog", versions)] == [
        (), ("Program: none → version 1",), (), ("Program: version 1 → another one (bbbbbb)",),
        ("Program: another one (bbbbbb) → none",),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "least"), [(3.0, 4.0, 9.8), (0.0, 1.0, 1.96), (None, 4.0, None), (3.0, None, None)]
)
def test_the_least_change_is_that_of_both_doubts(one, other, least):
    found = history.least_change_deg(one, other)
    assert found == (None if least is None else pytest.approx(least))
