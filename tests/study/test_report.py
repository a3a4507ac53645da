"""From ratings to the report: what is refused, what is counted, what stands first."""

from __future__ import annotations

import re

import pytest

from formcheck.study.ratings import read_ratings
from formcheck.study.report import as_html, report_of
from formcheck.study.sheets import COUNT
from formcheck.system.errors import FormcheckError
from tests.study import kit

ANY = "any-fault"


def no(asked):
    return "6" if asked.question == COUNT else "no"


def study(tmp_path, *rules, n=8, **more):
    """A study of n clips that each of these raters has rated by a rule; its ratings."""
    folder = tmp_path / "study"
    key = kit.made(folder, n=n, raters=max(len(rules), 1), **more)
    files = [kit.rated(tmp_path, key, f"rater-{i}", rule) for i, rule in enumerate(rules, 1)]
    return folder, key, files


def words(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html.partition("</style>")[2]).split())


def row(rows, fault):
    return next(each for each in rows if each.fault == fault)


# -- figures ---------------------------------------------------------------------------------------------------------


def test_raters_and_coach_side_by_side(tmp_path):
    def one(asked):
        return "7" if asked.question == COUNT else "yes" if asked.question == ANY and asked.clip <= 4 else "no"

    def two(asked):
        if asked.question == COUNT:
            return "6" if asked.clip > 1 else "unsure"
        return (
            "unsure"
            if asked.question == ANY and asked.clip == 8
            else "yes"
            if asked.question == ANY and asked.clip <= 3
            else "no"
        )

    folder, _, files = study(tmp_path, one, two)
    found = report_of(read_ratings(folder, files))
    people = row(found.people, ANY)
    assert people.table == ((3, 1, 0), (0, 3, 1), (0, 0, 0))
    assert people.persons == 4
    coach = row(found.coach, ANY)
    assert coach.table == ((0, 0, 0), (7, 8, 1), (0, 0, 0))
    assert coach.agreement.value == pytest.approx(8 / 15)
    apart = next(each for each in found.apart if each.about == "any fault")
    assert apart.difference.value == pytest.approx(8 / 15 - 6 / 7)
    assert apart.difference.low < apart.difference.value < apart.difference.high
    (counts,) = found.people_counts
    assert (counts.sets, counts.same, counts.limits.bias.value) == (7, 0, 1.0)
    (by_coach,) = found.coach_counts
    assert (by_coach.sets, by_coach.same) == (15, 7)
    assert by_coach.limits.bias.value == pytest.approx(-8 / 15)
    assert [each.icc.n for each in found.people_icc] == [7]


def test_only_first_showings_count_and_the_second_is_of_the_same_rater(tmp_path):
    def wavering(asked):
        return "6" if asked.question == COUNT else "yes" if asked.is_repeat else "no"

    folder, key, files = study(tmp_path, wavering, no)
    found = report_of(read_ratings(folder, files))
    assert row(found.people, ANY).table == ((0, 0, 0), (0, 8, 0), (0, 0, 0))
    assert key["repeats"] == 4
    assert row(found.again, ANY).table == ((0, 0, 0), (4, 4, 0), (0, 0, 0))


def test_what_was_left_open_is_counted_apart(tmp_path):
    def lazy(asked):
        return "" if asked.clip == 1 else "unsure" if asked.question == COUNT else "no"

    folder, _, files = study(tmp_path, lazy, no, repeats=0.0)
    found = report_of(read_ratings(folder, files))
    assert row(found.people, ANY).n == 7
    one = found.handed[0]
    assert (one.asked, one.answered, one.unsure, one.open) == (64, 49, 7, 8)
    assert found.people_icc == []


def test_three_raters_at_once(tmp_path):
    def odd(asked):
        return "6" if asked.question == COUNT else "yes" if asked.question == ANY and asked.clip % 2 else "no"

    folder, _, files = study(tmp_path, odd, odd, no)
    found = report_of(read_ratings(folder, files))
    votes = row(found.votes, ANY)
    # four clips of 2 to 1, four of one mind: (4 x 1/3 + 4) / 8; chance of 1/3 yes and 2/3 no
    assert votes.agreement == pytest.approx(2 / 3)
    assert votes.fleiss == pytest.approx((2 / 3 - 5 / 9) / (1 - 5 / 9))
    assert votes.clips == 8
    assert row(found.people, ANY).n == 24


# -- the page --------------------------------------------------------------------------------------------------------


def test_the_page_stands_for_itself(tmp_path):
    folder, key, files = study(tmp_path, no, no)
    ratings = read_ratings(folder, files)
    html = as_html(ratings, 0.1)
    assert "<script" not in html
    assert not re.search(r"https?://", html)
    text = words(html)
    assert text.index("Raters among themselves") < text.index("Coach and raters") < text.index("GRRAS")
    for name in ("key.json", "rater-1.csv", "rater-2.csv"):
        assert name in text
    for digest in (ratings.key_sha256, *ratings.files.values(), key["sheets"][1]["sha256"]):
        assert digest in text
    assert "Not worse by more than 10 %" in text
    assert text.count("Open:") >= 7
    assert as_html(read_ratings(folder, files), 0.1) == html


@pytest.mark.parametrize(("margin", "word"), [(0.5, "shown"), (0.0, "not shown"), (None, "")])
def test_whether_the_coach_is_not_worse(tmp_path, margin, word):
    def some(asked):
        return "6" if asked.question == COUNT else "yes" if asked.question == ANY and asked.clip in (1, 4) else "no"

    folder, _, files = study(tmp_path, some, some, n=16)
    text = words(as_html(read_ratings(folder, files), margin))
    found = re.search(r"any fault −\d+ % \(−\d+ % to \S+ %\)\s*(not shown|shown)?", text)
    assert (found[1] or "") == word


def test_one_rater_alone_is_said(tmp_path):
    folder, _, files = study(tmp_path, no, no)
    alone = read_ratings(folder, files[:1])
    assert report_of(alone).people_icc == []
    text = words(as_html(alone))
    assert "missing: rater-2" in text
    assert "Only one rater has handed in" in text


def test_clips_that_nobody_owns_are_said(tmp_path):
    from dataclasses import replace

    from formcheck.study.sheets import write_sheets

    clips = [replace(clip, person=clip.name) for clip in kit.many(4)]
    key = write_sheets(tmp_path / "s", clips, kit.all_no, raters=1, repeats=0.0, seed=1)
    file = kit.rated(tmp_path, key, "rater-1", no)
    assert "Each clip counts as a person of its own" in words(as_html(read_ratings(tmp_path / "s", [file])))


# -- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.replace("study,sheet", "sheet,study"), "have the columns"),
        (lambda t: t.replace(",", ";"), "have the columns"),
        (lambda _: "", "have the columns"),
        (lambda t: t.replace(",no,", ",maybe,", 1), "row 3: maybe is no answer"),
        (lambda t: t.replace(",count,6", ",count,yes", 1), "row 2: yes is no answer"),
        (lambda t: t.replace(",count,6", ",count,-1", 1), "row 2: -1 is no answer"),
        (lambda t: t.replace(",count,6", ",count,1000", 1), "row 2: 1000 is no answer"),
        (lambda t: t.replace(",count,6", ",count,²", 1), "is no answer"),
        (lambda t: t.replace("rater-1,1,", "rater-1,99,", 1), "row 2: that was not asked"),
        (lambda t: t.replace("any-fault", "no-such", 1), "row 3: that was not asked"),
        (lambda t: t.replace("rater-1,1,", "rater-2,1,", 1), "no such sheet"),
        (lambda t: t + t.splitlines()[1] + "\r\n", "rated before"),
        (lambda t: re.sub(r"(?m)^[0-9a-f]{16}", "0" * 16, t), "another study"),
        (lambda t: t[:-2] + ",more\r\n", "was changed"),
        (lambda t: t + '"' + "x" * 200_000, "can't be read as CSV"),
    ],
)
def test_ratings_that_make_no_sense_are_a_sentence(tmp_path, change, words):
    folder, _, (file, _) = study(tmp_path, no, no)
    text = file.read_bytes().decode()
    assert change(text) != text
    file.write_bytes(change(text).encode())
    with pytest.raises(FormcheckError, match=words):
        read_ratings(folder, [file])


@pytest.mark.parametrize("count", ["0", "999", "unsure", ""])
def test_every_count_that_can_be_is_taken(tmp_path, count):
    folder, _, (file, _) = study(tmp_path, no, no)
    file.write_bytes(file.read_bytes().replace(b",count,6", f",count,{count}".encode(), 1))
    assert next(each.answer for each in read_ratings(folder, [file]).rated) == (count or None)


def test_a_byte_order_mark_is_no_trouble(tmp_path):
    folder, _, files = study(tmp_path, no, no)
    files[0].write_bytes(b"\xef\xbb\xbf" + files[0].read_bytes())
    assert read_ratings(folder, files).raters == ["rater-1", "rater-2"]


def test_nobody_hands_in_twice(tmp_path):
    folder, _, files = study(tmp_path, no, no)
    with pytest.raises(FormcheckError, match="rater-1 has handed in twice"):
        read_ratings(folder, [files[0], files[0]])


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b'{"schema": "formcheck.study-key/1"}', b"\xff", b"[" * 50_000]
)
def test_a_key_that_is_none_is_a_sentence(tmp_path, content):
    (tmp_path / "key.json").write_bytes(content)
    with pytest.raises(FormcheckError, match="not the key of a study"):
        read_ratings(tmp_path, [])
    with pytest.raises(FormcheckError, match="formcheck study sheets"):
        read_ratings(tmp_path / "elsewhere", [])


@pytest.mark.parametrize("clip", [0, 99, -1])
def test_a_key_that_leads_nowhere_is_refused(tmp_path, clip):
    folder, _, files = study(tmp_path, no)
    text = (folder / "key.json").read_text()
    (folder / "key.json").write_text(re.sub(r'("order": \[\s*{\s*"place": 1,\s*"clip": )\d+', rf"\g<1>{clip}", text))
    assert (folder / "key.json").read_text() != text
    with pytest.raises(FormcheckError, match="not the key of a study"):
        read_ratings(folder, files)
