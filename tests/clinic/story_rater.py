"""A second clinician rates blind, with a form that needs no network; the report is made of it."""

from __future__ import annotations

import csv

import pytest

from formcheck.study.ratings import read_ratings
from formcheck.study.report import as_html
from tests.clinic.conftest import SIZES
from tests.study import kit


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study"
    return folder, kit.made(folder, n=2, repeats=0.5)


@pytest.mark.parametrize("size", SIZES)
def test_a_second_clinician_rates_blind(study, tmp_path, tab, size):
    folder, key = study
    rater = tab(f"file://{folder}/rater-2", size, "dark" if size == "tablet" else "light")
    rater.context.set_offline(True)
    rater.go("/form.html")
    assert "Clip 1 of 3. 3 not answered in full yet." in rater.words()
    assert drawn(rater.page) > 500
    rater.shot(f"rating-{size}")
    assert rater.barriers() == []
    for clip in range(3):
        rate(rater.page, clip)
    assert "All are answered: save them." in rater.words()
    mine = saved(rater.page, tmp_path)
    with mine.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["answer"] for row in rows if row["question"] == "count"] == ["6", "unsure", "6"]
    assert [row["answer"] for row in rows if row["question"] == "low-back-arch"] == ["unsure", "no", "no"]
    other = kit.rated(tmp_path, key, "rater-1", lambda asked: "6" if asked.question == "count" else "no")
    html = tmp_path / "report.html"
    html.write_text(as_html(read_ratings(folder, [other, mine])))
    report = tab(f"file://{tmp_path}", size)
    report.go("/report.html")
    report.shot(f"study-report-{size}")
    assert "Raters among themselves" in report.words()
    assert report.barriers() == []


def rate(page, clip):
    """Answer all that is asked of a clip, and go on to the next."""
    low_back = page.get_by_role("group", name="Low back lifts").get_by_label("can't tell")
    if clip == 1:
        page.get_by_role("group", name="Repetitions").get_by_label("can't tell").check()
    else:
        page.get_by_label("counted").fill("6")
        page.get_by_label("counted").press("Tab")
    for group in page.get_by_role("group").all()[1:]:
        group.get_by_label("no", exact=True).check()
    if clip == 0:
        low_back.check()
        page.reload()  # it goes on with the next clip, and what was answered is still there
        page.get_by_role("button", name="Earlier").click()
        assert low_back.is_checked()
    if clip < 2:
        page.get_by_role("button", name="Next clip").click()


def saved(page, folder):
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save my answers (CSV)").click()
    assert coming.value.suggested_filename == "ratings-rater-2.csv"
    coming.value.save_as(folder / "ratings-rater-2.csv")
    return folder / "ratings-rater-2.csv"


def drawn(page):
    """How many pixels of the figure are drawn."""
    return page.evaluate(
        "(() => { const c = document.getElementById('figure');"
        " const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);"
        " return data.filter((value, i) => i % 4 === 3 && value).length })()"
    )


def test_by_keyboard_alone(study, tab):
    folder, _ = study
    rater = tab(f"file://{folder}/rater-1")
    rater.go("/form.html")
    keys = rater.page.keyboard
    for _ in range(4):
        keys.press("Tab")
    assert rater.page.evaluate("document.activeElement.name") == "count"
    keys.type("6")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Space")
    keys.press("ArrowRight")
    assert rater.page.get_by_role("group", name="Any fault at all").get_by_label("no", exact=True).is_checked()
    assert rater.page.get_by_label("counted").input_value() == "6"
