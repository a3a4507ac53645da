"""The result as a code: what a phone makes of it, in whatever language, and never more than fits."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import cv2
import numpy as np
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.kiosk.result import CLOSING, Result, Row, result_of
from formcheck.kiosk.takeaway import BYTES_MAX, CUT, FOLD_OCTETS, matrix_of, takeaway_of, view_of
from formcheck.session.program import load_program
from formcheck.session.record import Counts
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import ADVICE
from formcheck.session.texts import languages, translate
from tests.kiosk.sessions import BIRD_DOG, DEAD_BUG, ENDED, SECRET, dead_bug, done, session_of, usual
from tests.session.events import record_of, rep

REGISTRY = load_exercises()
FORMS = ("event", "calendar", "mail")


def unfolded(text: str) -> list[tuple[str, str]]:
    """The lines of an entry as a calendar reads them (RFC 5545, 3.1 and 3.3.11): names, and values unescaped."""
    assert text.endswith("\r\n")
    lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")[:-1]
    pairs = [line.partition(":")[::2] for line in lines]
    return [(name, re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)) for name, value in pairs]


def read_matrix(matrix: tuple[tuple[bool, ...], ...]) -> str:
    picture = np.kron(np.pad(~np.array(matrix), 4, constant_values=True), np.ones((6, 6))).astype(np.uint8) * 255
    return str(cv2.QRCodeDetectorAruco().detectAndDecode(picture)[0])


def rows(count: int, title: str = "Half-kneeling hip flexor stretch") -> tuple[Row, ...]:
    return tuple(Row(f"{title} {i}", Counts(7, 2, 1), 12) for i in range(count))


def result(count: int, **changes) -> Result:
    base = Result("Low back, daily", ENDED - timedelta(minutes=9), ENDED, rows(count), pain="Pain, 0 to 10: 3 before")
    return replace(base, headline="Dead bug: low back lifts (3 times)", advice="Stop there.", **changes)


# -- what is in it -------------------------------------------------------------------------------------------------


def test_a_calendar_reads_when_it_was_and_each_line_of_it(tmp_path):
    code = takeaway_of(result_of(usual(tmp_path), ENDED, REGISTRY), "en")
    entry = dict(unfolded(code.text))
    assert list(entry) == ["BEGIN", "SUMMARY", "DTSTART", "DTEND", "DESCRIPTION", "END"]
    assert entry["SUMMARY"] == "FormCheck: My program"
    assert (entry["DTSTART"], entry["DTEND"]) == ("20261130T142830", "20261130T143000")
    assert entry["DESCRIPTION"].split("\n") == [
        "Dead bug: 10 of 12, 7 clean, 2 with a fault, 1 not judged",
        "Bird dog: 0 of 32, not done",
        "Pain, 0 to 10: 3 before, 2 after",
        "Dead bug: low back lifts (2 times)",
        DEAD_BUG.all_faults[[rule.name for rule in DEAD_BUG.all_faults].index("low-back-arch")].cue,
        CLOSING,
    ]
    assert not code.is_cut


def test_what_was_not_seen_is_said_and_never_called_clean():
    unseen = done(record_of(*(rep(i, verdict="not-judged", not_judged=("back",)) for i in (1, 2, 3))))
    (row,) = result_of(session_of(unseen), ENDED, REGISTRY).rows
    assert row.text == "Dead bug: 3 times, 3 not judged"
    assert row.brief == "Dead bug 3: 0, 0, 3"


@pytest.mark.parametrize(
    ("pain", "line"),
    [
        ((4, None), "Pain, 0 to 10: 4 before"),
        ((None, 5), "Pain, 0 to 10: 5 after"),
        ((0, 0), "Pain, 0 to 10: 0 before, 0 after"),
        ((None, None), ""),
    ],
)
def test_pain_is_as_it_was_said(tmp_path, pain, line):
    assert result_of(usual(tmp_path, pain), ENDED, REGISTRY).pain == line


def test_after_pain_the_warning_stands_in_place_of_what_to_work_on(tmp_path):
    found = result_of(usual(tmp_path, (2, 7)), ENDED, REGISTRY)
    assert (found.warning, found.headline, found.advice) == (ADVICE["rising"], "", "")
    assert ADVICE["rising"] in dict(unfolded(takeaway_of(found, "en").text))["DESCRIPTION"]


def test_a_set_that_hurt_is_said_and_a_restarted_one_is_not_counted():
    thrown = done(record_of(rep(1), rep(2)), "restarted")
    (row,) = result_of(session_of(thrown, done(record_of(rep(1)), "hurt")), ENDED, REGISTRY).rows
    assert row.text == "Dead bug: once, 1 clean, stopped because it hurt"


def test_where_nothing_was_counted_that_is_what_it_says():
    (row,) = result_of(session_of(done(record_of())), ENDED, REGISTRY).rows
    assert row.text == row.brief == "Dead bug: Nothing was counted."
    (run,) = result_of(session_of(done(record_of(exercise=REGISTRY.get("running")))), ENDED, REGISTRY).rows
    assert run.text == "Running: Nothing was counted."


def test_what_was_measured_stands_in_place_of_repetitions():
    run = Row("Running", Counts(), 0, measured=(("Cadence", "168 steps/min"), ("Lean", "7 °")))
    assert run.text == run.brief == "Running: Cadence 168 steps/min, Lean 7 °"


def test_a_shipped_program_has_its_name_and_one_of_ones_own_has_none(tmp_path):
    shipped = session_of(dead_bug(), program=load_program("low-back-long", REGISTRY))
    assert result_of(shipped, ENDED, REGISTRY).title == "Low back, long"
    assert result_of(usual(tmp_path), ENDED, REGISTRY).title == "My program"
    assert result_of(session_of(dead_bug()), ENDED, REGISTRY).title == "Dead bug"
    assert result_of(session_of(), ENDED, REGISTRY).title == "My program"


@pytest.mark.parametrize("form", FORMS)
def test_no_name_and_no_identity_is_taken_along(tmp_path, form):
    session = usual(tmp_path)
    assert session.program is not None
    assert "Maria" in session.program.title
    text = takeaway_of(result_of(session, ENDED, REGISTRY), "en", form).text
    for secret in ("Maria", "Muster", SECRET, SECRET[:8]):
        assert secret not in text


# -- how it is written ---------------------------------------------------------------------------------------------


def test_signs_that_mean_something_to_a_calendar_are_escaped():
    odd = "A, b; c \\ d\\n: ,,"
    entry = dict(unfolded(takeaway_of(replace(result(1), title=odd, rows=rows(1, odd)), "en").text))
    assert entry["SUMMARY"] == f"FormCheck: {odd}"
    assert entry["DESCRIPTION"].split("\n")[0] == f"{odd} 0: 10 of 12, 7 clean, 2 with a fault, 1 not judged"


def test_the_long_form_is_a_calendar_of_its_own():
    text = takeaway_of(result(2), "en", "calendar").text
    names = [f"{name}:{value}" if name in ("BEGIN", "END") else name for name, value in unfolded(text)]
    assert names == [
        "BEGIN:VCALENDAR", "VERSION", "PRODID", "BEGIN:VEVENT", "UID", "DTSTAMP", "SUMMARY", "DTSTART", "DTEND",
        "DESCRIPTION", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip


def test_a_letter_has_the_day_in_its_subject_and_the_lines_in_its_body():
    url = urlsplit(takeaway_of(result(1), "en", "mail").text)
    assert (url.scheme, url.path) == ("mailto", "")
    fields = parse_qs(url.query, strict_parsing=True)
    assert fields["subject"] == ["FormCheck: Low back, daily, 2026-11-30"]
    assert fields["body"][0].split("\r\n")[-1] == CLOSING


@pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
def test_it_is_in_the_persons_language(tmp_path, language):
    code = takeaway_of(result_of(usual(tmp_path), ENDED, REGISTRY), language)
    description = dict(unfolded(code.text))["DESCRIPTION"]
    assert translate(BIRD_DOG.title, language) in description
    assert BIRD_DOG.title not in description
    assert len(code.text.encode()) <= BYTES_MAX


# -- how much fits -------------------------------------------------------------------------------------------------


def test_seven_exercises_fit_whole():
    code = takeaway_of(result(7, rows=rows(7, "Glute bridge")), "en")
    assert not code.is_cut
    assert code.text.count("Glute bridge") == 7


def test_what_is_too_long_is_first_given_in_numbers_then_left_out_by_whole_lines_and_says_so():
    brief = dict(unfolded(takeaway_of(result(9), "en").text))["DESCRIPTION"].split("\n")
    assert brief[:2] == [
        "Done / asked: clean, with a fault, not judged",
        "Half-kneeling hip flexor stretch 0 10/12: 7, 2, 1",
    ]
    code = takeaway_of(result(40), "en")
    lines = dict(unfolded(code.text))["DESCRIPTION"].split("\n")
    kept = [line for line in lines if line.startswith("Half-kneeling")]
    assert kept == [f"Half-kneeling hip flexor stretch {i} 10/12: 7, 2, 1" for i in range(len(kept))]
    assert f"{40 - len(kept)} more exercises had no room here." in lines
    assert lines[-4:] == ["Pain, 0 to 10: 3 before", "Dead bug: low back lifts (3 times)", "Stop there.", CLOSING]
    assert code.is_cut
    assert CUT in view_of(code).lines
    assert CUT not in view_of(takeaway_of(result(2), "en")).lines


def test_one_byte_less_than_needed_is_too_little():
    accented = result(3, title="Bas du dos, à l'été")
    whole = takeaway_of(accented, "en", bytes_max=2000)
    needed = len(whole.text.encode())
    assert needed > len(whole.text), "letters of two bytes are in it"
    assert takeaway_of(accented, "en", bytes_max=needed).text == whole.text
    assert len(takeaway_of(accented, "en", bytes_max=needed - 1).text.encode()) < needed


def test_what_to_work_on_goes_before_pain_does():
    for words in ({"advice": "word " * 200}, {"headline": "word " * 200}):
        code = takeaway_of(replace(result(3), **words), "en")
        entry = dict(unfolded(code.text))
        assert entry["SUMMARY"] == "FormCheck: Low back, daily"
        assert entry["DESCRIPTION"].split("\n")[-2 if "headline" in words else -3] == "Pain, 0 to 10: 3 before"
        assert "word" not in entry["DESCRIPTION"]
        assert code.is_cut


def test_letters_with_accents_are_utf_8_in_the_code():
    text = "Dos à plat, été"
    whole = segno.make_qr(text.encode(), error="l")
    assert matrix_of(text) == tuple(tuple(map(bool, row)) for row in whole.matrix)


def test_the_warning_is_the_last_to_go():
    warned = replace(result(40), headline="", advice="", warning=ADVICE["strong"])
    code = takeaway_of(warned, "fr", bytes_max=400)
    assert translate(ADVICE["strong"], "fr") in dict(unfolded(code.text))["DESCRIPTION"]
    endless = takeaway_of(replace(warned, title="word " * 300), "en")
    kept = dict(unfolded(endless.text))["DESCRIPTION"].split("\n")
    assert kept == ["Pain, 0 to 10: 3 before", ADVICE["strong"], CLOSING]
    assert len(endless.text.encode()) <= BYTES_MAX
    assert endless.is_cut


@settings(max_examples=120, deadline=None)
@given(
    titles=st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60), max_size=30),
    advice=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=400),
    form=st.sampled_from(FORMS),
    language=st.sampled_from(languages()),
)
def test_whatever_was_done_it_fits_and_every_line_is_a_line(titles, advice, form, language):
    made = tuple(Row(title, Counts(1, 2, 3), 12) for title in titles)
    code = takeaway_of(replace(result(0, rows=made), advice=advice), language, form)
    assert len(code.text.encode()) <= BYTES_MAX
    assert translate(CLOSING, language).split()[0] in code.text
    if form == "mail":
        assert code.text.isascii()
        return
    for line in code.text.split("\r\n"):
        assert len(line.encode()) <= FOLD_OCTETS
        assert "\n" not in line
    wanted = ["BEGIN", "SUMMARY", "DTSTART", "DTEND", "DESCRIPTION", "END"]
    names = [name for name, _ in unfolded(code.text)]
    assert [name for name in names if name in wanted[1:5]] == wanted[1:5]
    assert form == "calendar" or names == wanted


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", languages())
def test_a_reader_reads_the_code(tmp_path, form, language):
    code = takeaway_of(result_of(usual(tmp_path), ENDED, REGISTRY), language, form)
    assert read_matrix(code.matrix) == code.text


def test_a_code_of_700_bytes_is_read_and_has_89_modules():
    text = ("é" * 20 + "Half-kneeling hip flexor stretch 10/12: 7, 2, 1\n" * 20)[: BYTES_MAX - 20]
    assert len(text.encode()) == BYTES_MAX
    matrix = matrix_of(text)
    assert len(matrix) == len(matrix[0]) == 89
    assert read_matrix(matrix) == text
