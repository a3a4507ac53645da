"""The report, read as a browser reads it: its numbers are the sessions' own, and nothing in it runs or is fetched."""

import re
import zlib
from datetime import UTC, timedelta, timezone
from html.parser import HTMLParser

import pytest

from formcheck.export.report import html_of, pdf_of, person_page, session_page
from formcheck.session.document import FaultSpan, Figure
from tests.export.given import (
    EVERY,
    UNTIL,
    figure,
    hurt,
    restarted,
    run,
    steered,
    unknown,
    weeks,
    with_attempt,
    with_session,
    with_set,
    withdrawn,
)
from tests.kept import BEGAN, PERSON, kept

EMPTY_TAGS = {"meta", "link", "img", "br", "input"}
BLOCKS = {"p", "li", "h1", "h2", "td", "th", "figcaption"}


class Reader(HTMLParser):
    """Headings with their sentences, tables and drawings; every tag with what it holds."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.sections, self.text, self._open = [], {"": []}, "", []
        self.tables, self.drawings = {}, {}
        self._title, self._said = "", ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY_TAGS:
            self._open.append(tag)
        if tag in BLOCKS:
            self._said = ""
        if tag == "tr":
            self.tables.setdefault(self._title, []).append([])

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag, f"{tag} is closed and was not open"
        said = " ".join(self._said.split())
        if tag == "h2":
            self._title = said
            self.sections[said] = []
        elif tag in ("p", "li", "h1"):
            self.sections[self._title].append(said)
        elif tag in ("td", "th"):
            self.tables[self._title][-1].append(said)
        elif tag == "figcaption":
            self.drawings.setdefault(self._title, []).append(said)

    def handle_data(self, data):
        if not self._open or self._open[-1] not in ("style", "script"):
            self._said += data
            self.text += data


def session(one, paper="a4", **options):
    return Reader(html_of(session_page(one, zone=UTC, **options), paper))


def person(given, until=UNTIL, **options):
    return Reader(html_of(person_page(given, person=PERSON, until=until, zone=UTC, **options), "a4"))


def rows(page, title):
    head, *others = page.tables[title]
    return [dict(zip(head, row, strict=True)) for row in others]


def test_the_counts_are_the_sessions_own():
    one = kept()
    page = session(one)
    found = rows(page, "What was planned and done")
    for row, done in zip(found, one.session.sets, strict=True):
        assert row["Exercise"] == f"{done.title}, set 1"
        verdicts = [rep.verdict for rep in done.reps]
        assert int(row["Done"]) == len(verdicts)
        assert int(row["Clean"]) == verdicts.count("clean")
        assert int(row["With a fault"]) == verdicts.count("faulty")
        assert int(row["Not judged"]) == verdicts.count("not-judged")
        assert row["Held"] == f"{sum(rep.hold_s for rep in done.reps):.1f} s"
    assert [row["Asked"] for row in found] == ["–", "2.0 s hold", "5.0 s hold"]
    assert page.sections[""][0] == "Session of Monday 2 November 2026, 07:30 (UTC+00:00)"
    assert "13repetitions" in page.sections[""]
    assert "2not judged" in page.sections[""]
    assert "3 → 2pain before → after" in page.sections[""]


def test_each_exercise_says_its_faults_hold_range_and_back():
    one = kept()
    page = session(one)
    reps = one.session.sets[1].reps
    said = " ".join(page.sections["Bird dog"])
    assert f"{sum(rep.hold_s >= 2.0 for rep in reps)} of 4 repetitions held as long as was asked (2.0 s)." in said
    reaches = [100 * rep.reach for rep in reps]
    assert f"from {min(reaches):.0f} % to {max(reaches):.0f} %" in said
    assert "29.1° ± 3.7° in repetition 2" in said
    faults = rows(page, "Bird dog")
    assert [(row["Fault"], row["Repetitions"]) for row in faults] == [("Back sags", "1"), ("Short hold", "1")]
    assert [row["Measured"] for row in faults] == ["29.1°", "0.5 s"]
    assert [row["What is said"] for row in faults] == [
        "Pull your belly up, back flat.",
        "Hold longer before you come back.",
    ]
    assert page.drawings["Bird dog"] == [
        "Range by repetition, % of what counts",
        "Bend of the low back, °, with its standard deviation",
        "Hold by repetition, s",
    ]
    assert "1 movement began and did not count: hips too low." in page.sections["Glute bridge"]


def test_what_was_not_seen_is_said():
    found = rows(session(kept()), "What was not seen")
    assert [row["Not judged"] for row in found] == ["0 of 6", "0 of 4", "2 of 3"]
    assert found[2]["How well it was judged"] == "hips 100 %, feet 100 %, back 24 %"
    assert "back not judged in 3 repetitions" in found[2]["What was missing, and what would help"]
    assert "2 of 13 repetitions could not be judged." in session(kept()).sections["What was not seen"]
    (row,) = rows(session(run()), "What was not seen")
    assert row["What was missing, and what would help"] == "feet not seen: Move the camera back"
    assert row["Not seen"] == "3.5 s"


def test_another_threshold_or_dose_shows_both_values_by_whom_and_why():
    reach, dose = rows(session(steered()), "Changed during the sets")
    assert list(reach.values()) == [
        "Dead bug, set 1", "reach_hip_deg", "140", "120", "clinician 1", "sore hip", "2 Nov 2026",
    ]  # fmt: skip
    assert list(dose.values())[1:4] == ["reps", "–", "8"]
    assert "Changed during the sets" not in session(kept()).sections


def test_a_correction_shows_both_values_by_whom_and_why():
    page = session(kept(is_amended=True, is_signed=True))
    (row,) = rows(page, "Corrections")
    assert row["What"] == "Dead bug, set 1, repetition 3"
    assert row["The coach told"] == "with a fault: low back arch, left"
    assert row["Now held to be"] == "clean, left"
    assert (row["By"], row["Why"], row["When"]) == ("clinician", "seen from the side", "2 Nov 2026")
    assert "Repetition 3: shown as corrected; what the coach told stands below." in page.sections["Dead bug"]
    assert any(line.startswith("Signed by clinician, Monday 2 November 2026, 09:30") for line in page.sections[""])
    (added,) = rows(session(steered()), "Corrections")
    assert (added["What"], added["The coach told"]) == ("Dead bug, set 1, added repetition 1", "not counted")
    assert added["Now held to be"] == "with a fault: Low back lifts, left"
    assert "1 repetition added that the coach has not counted." in session(steered()).sections["Dead bug"]
    coach, addendum = rows(session(withdrawn()), "Corrections")
    assert (coach["By"], coach["When"]) == ("coach", "–")
    assert (addendum["The coach told"], addendum["Now held to be"]) == ("a fault", "no fault")
    assert addendum["When"] == "3 Nov 2026 (addendum)"
    assert "It was corrected by an addendum after it was signed." in session(withdrawn()).sections[""]


def test_what_was_planned_and_not_done_is_there_and_what_was_thrown_away_is_not():
    page = session(restarted())
    first, bridge, missed = rows(page, "What was planned and done")
    assert (first["Asked"], first["Done"]) == ("12", "5")
    assert bridge["Exercise"] == "Glute bridge, set 1"
    assert (missed["Exercise"], missed["How it ended"], missed["Done"]) == ("Dead bug, set 2", "not done", "0")
    assert "It was broken off for lack of time." in page.sections["What was planned and done"]
    assert "Bird dog" not in page.text


def test_thresholds_that_differ_and_versions():
    one = restarted()
    page = session(one)
    title = "Thresholds that differ from the defaults"
    found = [tuple(row.values()) for row in rows(page, title)]
    assert found == [("Dead bug", "arch_deg", "14"), ("Dead bug", "out_min_s", "1.25")]
    (source,) = rows(page, "Where the numbers come from")
    assert source["FormCheck"] == one.session.provenance.app
    digests = one.session.provenance.models.values()
    assert all(digest[:16] in source["Models (beginning of their SHA-256)"] for digest in digests)
    assert source["Camera"] == "1280 × 720 pixels"
    assert session(kept()).sections[title] == ["Every threshold was the default."]


def test_what_is_empty_is_a_sentence():
    page = session(EVERY["nothing"]())
    assert "No set was done." in page.sections["What was planned and done"]
    assert "Nothing was corrected: everything stands as the coach told it." in page.sections["Corrections"]
    assert "Effort was not asked." in page.sections["Pain and effort"]
    page = session(unknown())
    assert "Nobody was named." in page.sections[""]
    assert page.sections[""][0] == "Session at a time that is not known"
    assert "Pain before was not asked, or not answered." in page.sections["Pain and effort"]
    assert "Low back: its bend could not be measured." in page.sections["Glute bridge"]
    assert "No version was kept." in page.sections["Where the numbers come from"]
    assert "Which thresholds held was not kept." in page.sections["Thresholds that differ from the defaults"]
    assert "This session is not over." in session(EVERY["open"]()).sections[""]
    page = person([])
    assert page.sections["Sessions"][0] == "No session was kept in these weeks."
    page = person([kept()], until=UNTIL + timedelta(days=300))
    assert "The last one that was kept is of 2 Nov 2026." in page.sections["Sessions"]


def test_a_run_says_what_it_measured():
    page = session(run())
    assert "Cadence: 168 steps/min." in page.sections["Running"]
    assert [row["Fault"] for row in rows(page, "Running")] == ["overstride"]
    assert "Last measured: Cadence: 168 steps/min." in person([run()]).sections["Running"]


def test_stick_figures_are_drawn_where_they_were_kept_and_nothing_is_said_where_not():
    one = kept()
    assert "Stick figures" not in session(one).text
    dog = one.session.sets[1]
    sagging = next(rep for rep in dog.reps if "back-sag" in rep.faults)
    best = next(rep for rep in dog.reps if rep.verdict == "clean")
    one = one.model_copy(update={"figures": (figure(one, 1, best), figure(one, 1, sagging, "back-sag"))})
    page = session(one)
    captions = [f"Back sags, repetition {sagging.index}", f"Furthest reach, repetition {best.index}"]
    assert page.drawings["Bird dog"][-2:] == captions
    assert "Stick figures" not in " ".join(page.sections["Dead bug"])
    drawn = [attrs for tag, attrs in page.tags if tag == "svg" and attrs["aria-label"].startswith("Back sags")]
    assert len(drawn) == 1


def test_a_figure_of_which_too_little_was_seen_is_left_out():
    one = kept()
    blind = Figure(set_id=one.session.sets[0].set_id, rep=1, joints=(None,) * 33)
    short = Figure(set_id=one.session.sets[1].set_id, rep=1, joints=((0.0, 0.0),), back=((0.0, 0.0),))
    assert "Stick figures" not in session(one.model_copy(update={"figures": (blind, short)})).text


@pytest.mark.parametrize("name", EVERY)
def test_every_session_makes_a_page_that_is_whole_and_stands_for_itself(name):
    one = EVERY[name]()
    for html in (
        html_of(session_page(one, zone=UTC), "a4"),
        html_of(person_page([one], person=PERSON, until=UNTIL, zone=UTC), "letter"),
    ):
        page = Reader(html)
        assert page._open == []
        names = {tag for tag, _ in page.tags}
        assert not names & {"script", "link", "img", "iframe", "object", "a", "image", "use"}
        for _, attrs in page.tags:
            assert not {"src", "href", "xlink:href"} & attrs.keys()
            assert not any(key.startswith("on") for key in attrs)
        assert not re.search(r"https?:|//|url\(|@import|nan|None|Undefined", html)
        assert not re.search(r"diagnos|treat", html, re.IGNORECASE)


def test_every_colour_is_a_grey():
    html = html_of(session_page(kept(), zone=UTC), "a4") + html_of(
        person_page(weeks(6), person=PERSON, until=UNTIL), "a4"
    )
    colours = set(re.findall(r"#([0-9a-f]{3}|[0-9a-f]{6})\b", html))
    assert colours
    assert all(len(set(colour)) == 1 for colour in colours)


HOSTILE = "<script>alert(1)</script>\"'&<b>"


def test_what_people_typed_is_shown_as_text():
    one = kept(is_amended=True, is_signed=True)
    amended = one.amended[0].model_copy(
        update={"why": HOSTILE, "by": HOSTILE, "now": {"verdict": HOSTILE, "side": HOSTILE}}
    )
    figures = (figure(one, 0, one.session.sets[0].reps[0], HOSTILE),)
    one = one.model_copy(update={"station": HOSTILE, "amended": (amended,), "figures": figures})
    one = with_set(one, 0, title=HOSTILE, faults={HOSTILE: 1}, exercise=HOSTILE)
    one = with_session(one, effort={HOSTILE: 3})
    for page in (session(one, name=HOSTILE), person([one], name=HOSTILE)):
        assert "script" not in {tag for tag, _ in page.tags}
        assert page.sections[""][1] == HOSTILE
        (row,) = rows(page, "Corrections")
        assert (row["By"], row["Why"]) == (HOSTILE, HOSTILE)
        assert HOSTILE in page.sections or HOSTILE in page.text
        labels = [attrs["aria-label"] for tag, attrs in page.tags if tag == "svg"]
        assert any(HOSTILE in label for label in labels)


def test_no_name_stands_there_unless_it_is_given():
    assert session(kept()).sections[""][1] == f"Person {PERSON}"
    assert session(kept(), name="Ada L.").sections[""][1] == "Ada L."
    assert person([kept()], name="Ada L.").sections[""][1] == "Ada L."


def test_times_follow_the_clock_of_the_zone():
    page = session_page(kept(), zone=timezone(timedelta(hours=-8)))
    assert page.title == "Session of Sunday 1 November 2026, 23:30 (UTC-08:00)"


def test_eight_weeks_of_a_person():
    given = weeks(24)
    page = person(given)
    assert page.sections[""][0] == "8 weeks: 2 Nov 2026 to 27 Dec 2026"
    found = rows(page, "Sessions")
    assert [row["Day"] for row in found][:3] == ["2 Nov 2026", "4 Nov 2026", "6 Nov 2026"]
    for row, one in zip(found, given, strict=True):
        verdicts = [rep.verdict for done in one.session.sets for rep in done.reps]
        counts = [int(row[name]) for name in ("Clean", "With a fault", "Not judged")]
        assert counts == [verdicts.count(verdict) for verdict in ("clean", "faulty", "not-judged")]
        assert row["Pain"] == f"{one.session.pain.before} → {one.session.pain.after}"
    assert "24sessions" in page.sections[""]
    assert page.drawings["Sessions"] == ["Sessions a week, by the week's first day"]
    assert page.drawings["Pain and effort over time"] == ["Pain, 0 to 10", "Effort, 0 to 10"]
    assert list(page.sections)[3:6] == ["Dead bug", "Bird dog", "Glute bridge"]
    assert page.drawings["Glute bridge"][0] == "Repetitions by session"
    faults = rows(page, "Glute bridge")
    assert [tuple(row.values()) for row in faults] == [("Short hold", "8 of 24", "8 of 24")]


def test_the_backs_change_is_told_with_what_is_more_than_noise():
    first, last = weeks(2, days=14)
    said = " ".join(person([first, last]).sections["Bird dog"])
    assert "29.1° ± 3.7° in the first session, 29.1° ± 3.7° in the last" in said
    assert "The difference of 0.0° is no more than the least that is a change, 10.3° (95 %)." in said
    flat = tuple(rep.model_copy(update={"back_deg": 3.0}) for rep in last.session.sets[1].reps)
    said = " ".join(person([first, with_set(last, 1, reps=flat)]).sections["Bird dog"])
    assert "The difference of 26.1° is more than the least that is a change, 9.6° (95 %)." in said
    blind = tuple(rep.model_copy(update={"back_sd_deg": None}) for rep in last.session.sets[1].reps)
    said = " ".join(person([first, with_set(last, 1, reps=blind)]).sections["Bird dog"])
    assert "Whether that is a change is not known." in said


def test_only_the_sessions_of_the_weeks_count():
    given = weeks(24)
    assert len(rows(person(given, weeks=1), "Sessions")) == 3
    assert len(rows(person(given, weeks=4), "Sessions")) == 12
    assert len(rows(person(given, until=BEGAN), "Sessions")) == 1


def test_with_many_sessions_a_bar_is_a_weeks():
    assert person(weeks(60)).drawings["Dead bug"][0] == "Repetitions by week, by its first day"


def test_what_was_measured_of_a_fault_that_no_longer_stands_is_left_out():
    one = kept()
    dead_bug = one.session.sets[0]
    gone = FaultSpan(
        name="too-fast", start_s=13.7, end_s=18.0, magnitude=0.2, unit="s"
    )  # in repetition 3, which is not
    found = rows(session(with_set(one, 0, fault_spans=(*dead_bug.fault_spans, gone))), "Dead bug")
    assert [row["Measured"] for row in found if row["Fault"] == "Too fast"] == ["0.9 s"]
    again = FaultSpan(name="too-fast", start_s=26.0, end_s=27.0, magnitude=0.2, unit="s")
    found = rows(session(with_set(one, 0, fault_spans=(*dead_bug.fault_spans, again))), "Dead bug")
    assert [row["Measured"] for row in found if row["Fault"] == "Too fast"] == ["0.2 s to 0.9 s"]


def test_a_session_that_hurt_is_named():
    assert "It was broken off because of pain." in session(hurt()).sections["What was planned and done"]
    assert "Broken off because of pain: 2 Nov 2026." in person([hurt()]).sections["Pain and effort over time"]


def test_a_movement_that_did_not_count_is_told():
    assert "1 movement began and did not count: too short." in session(with_attempt(kept())).sections["Dead bug"]


def unpacked(stream):
    """What is in a stream of a PDF; nothing where it is not packed."""
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return b""


@pytest.mark.parametrize(("paper", "size"), [("a4", (595.28, 841.89)), ("letter", (612.0, 792.0))])
def test_the_pdf_has_the_papers_size(paper, size):
    html = html_of(session_page(kept(), zone=UTC), paper)
    assert f"size: {paper} portrait" in html
    made = pdf_of(html)
    assert made.startswith(b"%PDF-")
    inside = b"".join(unpacked(part) for part in re.findall(rb"stream\r?\n(.*?)endstream", made, re.DOTALL))
    boxes = [tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([\d. ]+)\]", made + inside)]
    assert 1 < len(boxes) < 6
    for left, bottom, right, top in boxes:
        assert (right - left, top - bottom) == pytest.approx(size, abs=0.1)


# -- in another language ---------------------------------------------------------------------------------------------

SAME = re.compile(
    r"FormCheck( [\d.]+)?|[\d.,−± %°×→–]*( s| pixels)?|.*SHA-256.*|Person .*|[a-z-]+ [0-9a-f]{16};.*"
    r"|[a-z]+(_[a-z]+)+|clinician \d"
)
"""What stands there alike in every language."""
VERBATIM = {"overstride", "laptop", "reps", "seen from the side", "it was small", "sore hip", "tired"}
"""Names of a fault whose words nobody kept, of a station, of a dose; reasons that were typed."""
ALIKE = {("fr", "Corrections"), ("fr", "coach")}


def told(page):
    """Every text on a page, in order."""
    yield from (sentence for said in page.sections.values() for sentence in said)
    yield from (cell for table in page.tables.values() for row in table for cell in row)
    yield from (caption for captions in page.drawings.values() for caption in captions)
    yield from page.sections
    yield from (attrs["aria-label"] for _, attrs in page.tags if "aria-label" in attrs)


@pytest.mark.parametrize("language", ["fr", "es"])
@pytest.mark.parametrize("name", EVERY)
def test_no_english_is_left(name, language):
    one = EVERY[name]()
    pages = (session_page(one, zone=UTC), person_page([one], person=PERSON, until=UNTIL, zone=UTC))
    for made in pages:
        english, other = (Reader(html_of(made, "a4", code)) for code in ("en", language))
        for text, translated in zip(told(english), told(other), strict=True):
            is_alike = SAME.fullmatch(text) or text in VERBATIM or (language, text) in ALIKE
            assert text != translated or is_alike, text


def test_numbers_dates_and_counts_are_those_of_the_language():
    page = Reader(html_of(session_page(kept(), zone=UTC), "a4", "fr"))
    assert page.sections[""][0] == "Séance du lundi 2 novembre 2026, 07:30 (UTC+00:00)"
    assert [row["Demandé"] for row in rows(page, "Ce qui était prévu et fait")][1] == "maintien 2,0 s"
    assert "13répétitions" in page.sections[""]
    assert "29,1° ± 3,7°, répétition 2" in " ".join(page.sections["Chien d'arrêt"])
    assert ("html", {"lang": "fr"}) in page.tags
    spanish = Reader(html_of(person_page(weeks(6), person=PERSON, until=UNTIL, zone=UTC), "a4", "es"))
    assert spanish.sections[""][0].startswith("8 semanas: del ")
    assert any(
        re.fullmatch(r"\d nov\.", label)
        for label in re.findall(
            r">([^<]+)</text>", html_of(person_page(weeks(6), person=PERSON, until=UNTIL, zone=UTC), "a4", "es")
        )
    )


def test_what_somebody_typed_is_never_translated():
    page = Reader(html_of(session_page(kept(), name="Clean", zone=UTC), "a4", "fr"))
    assert page.sections[""][1] == "Clean"
    one = kept(is_amended=True)
    amended = one.amended[0].model_copy(update={"why": "Clean"})
    page = Reader(html_of(session_page(one.model_copy(update={"amended": (amended,)}), zone=UTC), "a4", "fr"))
    assert rows(page, "Corrections")[0]["Pourquoi"] == "Clean"
