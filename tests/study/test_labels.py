"""Which labels a store holds: what was said, what a signature leaves, and what is no label at all."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest

from formcheck.session.document import Amended, Told
from formcheck.study.answers import ANY
from formcheck.study.labels import as_csv, coach_answers, counts_of, labels_of
from tests.kept import kept
from tests.study.conftest import ANN, BEN

DEAD_BUG = {"low-back-arch", "holding-leg-drift", "arms-drop", "too-fast", "same-side-twice", ANY}


def found(clinic, session, at=0, index=3, by=None):
    """By rater and fault what was said of one repetition, and how."""
    kept = clinic.kept(session)
    set_id = kept.session.sets[at].set_id
    return {
        (x.rater, x.fault) if by is None else x.fault: (x.answer, x.how)
        for x in labels_of(kept)
        if (x.set_id, x.rep) == (set_id, index) and by in (None, x.rater)
    }


def test_what_nobody_touched_is_no_label(clinic):
    session = clinic.session()
    assert labels_of(clinic.kept(session)) == []
    assert counts_of(clinic.kept(session)) == []
    clinic.say(session, 0, 3, "clean")
    assert {label.rep for label in labels_of(clinic.kept(session))} == {3}


def test_this_was_fine_says_no_to_every_fault(clinic):
    session = clinic.session()
    clinic.say(session, 0, 3, "clean")
    assert found(clinic, session, by=ANN) == {fault: ("no", "said") for fault in DEAD_BUG}
    coach = {x.fault: x.coach for x in labels_of(clinic.kept(session))}
    assert {fault for fault, answer in coach.items() if answer == "yes"} == {"low-back-arch", ANY}


def test_can_not_be_judged_is_an_answer_of_its_own(clinic):
    session = clinic.session()
    clinic.say(session, 0, 3, "not-judged")
    assert {answer for answer, _ in found(clinic, session, by=ANN).values()} == {"unsure"}


def test_a_fault_that_is_added_speaks_of_itself_only(clinic):
    session = clinic.session()
    clinic.say(session, 0, 3, "faulty", ["arms-drop", "low-back-arch"])
    assert found(clinic, session, by=ANN) == {"arms-drop": ("yes", "said"), ANY: ("yes", "said")}
    clinic.say(session, 0, 3, "faulty", ["arms-drop"], by=BEN)
    assert found(clinic, session, by=BEN) == {"low-back-arch": ("no", "said"), ANY: ("yes", "said")}


def test_a_fault_that_was_corrected_live(clinic):
    session = clinic.session()
    clinic.say_fault(session, 0, 3, "low-back-arch", False)
    assert found(clinic, session, by=ANN) == {"low-back-arch": ("no", "said"), ANY: ("no", "said")}
    clinic.say_fault(session, 0, 4, "arms-drop", True)
    assert found(clinic, session, index=4, by=ANN) == {"arms-drop": ("yes", "said"), ANY: ("yes", "said")}


def test_whoever_takes_their_word_back_has_said_nothing(clinic):
    session = clinic.session()
    clinic.say(session, 0, 3, "clean")
    clinic.say(session, 0, 3, "faulty", ["low-back-arch"])
    assert found(clinic, session) == {}
    clinic.say(session, 0, 3, "clean")
    clinic.say(session, 0, 3, "faulty", ["low-back-arch"], by=BEN)
    assert found(clinic, session, by=BEN) == {"low-back-arch": ("yes", "said"), ANY: ("yes", "said")}
    assert found(clinic, session, by=ANN)["low-back-arch"] == ("no", "said")


def test_what_does_not_count_has_no_faults(clinic):
    session = clinic.session()
    clinic.say(session, 0, 3, "faulty", ["low-back-arch"], is_counted=False)
    clinic.sign(session)
    assert found(clinic, session) == {}
    assert found(clinic, session, index=2) != {}
    (count,) = [c for c in counts_of(clinic.kept(session)) if c.exercise == "dead-bug"]
    assert (count.coach, count.rater_count, count.rater) == (6, 5, ANN)


def test_a_repetition_that_was_added_counts_once_it_is_signed_and_has_no_label(clinic):
    session = clinic.session()
    index = clinic.add(session, 0)
    clinic.sign(session)
    kept = clinic.kept(session)
    assert index < 0
    assert index not in {label.rep for label in labels_of(kept)}
    (count,) = [c for c in counts_of(kept) if c.exercise == "dead-bug"]
    assert (count.coach, count.rater_count) == (6, 7)
    clinic.say(session, 0, index, "clean", is_counted=False)
    clinic.sign(session, by=BEN)
    counts = {c.rater: c.rater_count for c in counts_of(clinic.kept(session)) if c.exercise == "dead-bug"}
    assert counts[BEN] == 6


def test_a_signature_leaves_what_stands(clinic):
    session = clinic.session()
    clinic.say(session, 0, 3, "clean")
    clinic.sign(session, by=BEN)
    labels = labels_of(clinic.kept(session))
    assert Counter((x.rater, x.how) for x in labels if x.rep == 3 and x.exercise == "dead-bug") == {
        (ANN, "said"): len(DEAD_BUG),
        (BEN, "signed"): len(DEAD_BUG),
    }
    assert {x.rater for x in labels if x.rep != 3} == {BEN}
    for x in labels:
        if x.how == "signed" and (x.exercise, x.rep) != ("dead-bug", 3):
            assert x.answer == x.coach


def test_whoever_corrects_and_signs_has_said_what_they_said(clinic):
    session = clinic.session()
    clinic.say(session, 0, 3, "faulty", ["arms-drop", "low-back-arch"])
    clinic.sign(session)
    mine = found(clinic, session, by=ANN)
    assert mine["arms-drop"] == ("yes", "said")
    assert mine["low-back-arch"] == ("yes", "signed")
    assert mine["too-fast"] == ("no", "signed")


def test_an_addendum_does_not_change_what_an_earlier_signature_left(clinic):
    session = clinic.session()
    clinic.sign(session, by=BEN)
    clinic.say(session, 0, 3, "clean")
    assert found(clinic, session, by=BEN)["low-back-arch"] == ("yes", "signed")
    assert found(clinic, session, by=ANN)["low-back-arch"] == ("no", "said")
    assert [c.rater_count for c in counts_of(clinic.kept(session)) if c.exercise == "dead-bug"] == [6]
    clinic.say(session, 0, 2, "clean", is_counted=False)
    assert [c.rater_count for c in counts_of(clinic.kept(session)) if c.exercise == "dead-bug"] == [6]
    clinic.sign(session, by=BEN)
    assert [c.rater_count for c in counts_of(clinic.kept(session)) if c.exercise == "dead-bug"] == [5]
    assert found(clinic, session, by=BEN)["low-back-arch"] == ("no", "signed")


def test_what_the_coach_did_not_judge_stays_unknown(clinic):
    session = clinic.session()
    clinic.sign(session)
    bridge = {x.fault: (x.coach, x.answer) for x in labels_of(clinic.kept(session))
              if (x.exercise, x.rep) == ("glute-bridge", 1)}  # fmt: skip
    assert bridge["over-arch"] == ("unsure", "unsure")
    assert bridge["hips-sag"] == ("no", "no")
    assert bridge[ANY] == ("unsure", "unsure")
    second = {x.fault: x.coach for x in labels_of(clinic.kept(session))
              if (x.exercise, x.rep) == ("glute-bridge", 2)}  # fmt: skip
    assert (second["short-hold"], second["over-arch"], second[ANY]) == ("yes", "unsure", "yes")


@pytest.mark.parametrize(("least", "answer"), [(0.147, "no"), (0.1471, "unsure")])
def test_how_much_must_have_been_judged_is_what_was_set_then(least, answer):
    given = kept(is_signed=True)
    origin = given.session.provenance.model_copy(update={"settings": {"glute-bridge": {"judged_share_min": least}}})
    bridge = given.session.sets[2]
    changed = given.model_copy(update={"session": given.session.model_copy(update={"provenance": origin})})
    assert coach_answers(changed, bridge, bridge.reps[0])["over-arch"] == answer


def test_what_the_coach_itself_took_back_it_did_not_judge():
    given = kept()
    one = given.session.sets[0]
    rep = one.reps[2]
    told = Told(side=rep.side, verdict="faulty", faults=("low-back-arch", "too-fast"))
    judged = rep.judged | {"low-back-arch": 0.0}
    now = rep.model_copy(update={"judged": judged, "verdict": "faulty", "faults": ("too-fast",), "told": told})
    alone = now.model_copy(update={"told": told.model_copy(update={"faults": ("low-back-arch",)})})
    withdrawn = Amended(set_id=one.set_id, kind="BackWithdrawn", was=["low-back-arch"])
    changed = given.model_copy(update={"amended": (withdrawn,)})
    answers = coach_answers(changed, one, now)
    assert (answers["low-back-arch"], answers["too-fast"], answers[ANY]) == ("unsure", "yes", "yes")
    answers = coach_answers(changed, one, alone)
    assert (answers["low-back-arch"], answers[ANY]) == ("unsure", "unsure")
    assert coach_answers(given, one, alone)["low-back-arch"] == "yes"


def test_a_set_that_was_thrown_away_has_no_labels():
    given = kept(is_signed=True)
    assert {x.exercise for x in labels_of(given)} == {"dead-bug", "bird-dog", "glute-bridge"}
    sets = (given.session.sets[0].model_copy(update={"outcome": "restarted"}), *given.session.sets[1:])
    changed = given.model_copy(update={"session": given.session.model_copy(update={"sets": sets})})
    assert {x.exercise for x in labels_of(changed)} == {"bird-dog", "glute-bridge"}
    assert {x.exercise for x in counts_of(changed)} == {"bird-dog", "glute-bridge"}


def test_what_nobody_has_said_is_nobodys_label(clinic):
    session = clinic.session()
    clinic.say(session, 0, 3, "clean", by="")
    assert labels_of(clinic.kept(session)) == []


def test_what_was_put_back_stands_again_as_the_coach_told_it(clinic):
    session = clinic.session()
    clinic.say(session, 2, 2, "clean")
    clinic.say(session, 2, 2, "faulty", ["short-hold"])
    clinic.sign(session, by=BEN)
    mine = found(clinic, session, at=2, index=2, by=BEN)
    assert (mine["short-hold"], mine["over-arch"]) == (("yes", "signed"), ("unsure", "signed"))


def test_a_session_of_nobody_hangs_together_by_itself(clinic):
    session = clinic.session(("dead-bug",))
    clinic.sign(session)
    assert {x.person for x in labels_of(clinic.kept(session))} == {session}
    assert {x.person for x in counts_of(clinic.kept(session))} == {session}


def test_labels_as_csv(clinic):
    person = clinic.person()
    session = clinic.session(("dead-bug",), person)
    clinic.say(session, 0, 3, "clean", by="=cmd|' /C calc'!A0")
    rows = list(csv.DictReader(io.StringIO(as_csv(labels_of(clinic.kept(session))).decode(), newline="")))
    assert len(rows) == len(DEAD_BUG)
    assert {row["person"] for row in rows} == {person}
    assert {row["rater"] for row in rows} == {"'=cmd|' /C calc'!A0"}
    arch = next(row for row in rows if row["fault"] == "low-back-arch")
    assert (arch["coach"], arch["label"], arch["how"], arch["repetition"]) == ("yes", "no", "said", "3")
    assert arch["utc"].endswith("+00:00")
