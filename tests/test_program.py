"""Programs: what a clinician writes is what is run, and what makes no sense is named with its line."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from formcheck.session.program import dose_in_words, load_program, program_names
from formcheck.session.registry import load_exercises
from formcheck.session.settings import load_settings
from formcheck.system.assets import asset
from formcheck.system.errors import SettingsError

HEAD = 'title = "Mine"\n\n[[exercise]]\nname = "dead-bug"\nreps = 6\n\n'
MONDAY = date(2026, 11, 30)
WEEK = [MONDAY + timedelta(days) for days in range(7)]


def load(tmp_path, text, today=MONDAY):
    path = tmp_path / "mine.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_program(str(path), load_exercises(), today)


def names(program):
    return {planned.exercise.name for planned in program.sets}


# -- those that ship -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("today", WEEK, ids=lambda day: f"{day:%A}")
def test_the_daily_program_takes_five_to_ten_minutes(today):
    program = load_program("low-back-daily", load_exercises(), today)
    assert 5 <= program.minutes <= 10


def test_a_week_of_the_daily_program_covers_the_six_exercises():
    week = [names(load_program("low-back-daily", load_exercises(), day)) for day in WEEK]
    six = {"pelvic-tilt", "glute-bridge", "dead-bug", "bird-dog", "hip-flexor-stretch", "piriformis-stretch"}
    assert set().union(*week) == six
    assert all(week), "there is something to do on every day"


def test_the_long_program_has_the_doses_of_the_page_of_exercises():
    program = load_program("low-back-long", load_exercises(), MONDAY)
    doses = {name: [p for p in program.sets if p.exercise.name == name] for name in names(program)}
    assert {name: (len(sets), sets[0].total_reps, sets[0].hold_s) for name, sets in doses.items()} == {
        "pelvic-tilt": (3, 10, 5),
        "glute-bridge": (1, 10, 5),
        "dead-bug": (3, 12, 0),
        "bird-dog": (3, 16, 2),
        "hip-flexor-stretch": (2, 2, 20),
        "piriformis-stretch": (2, 1, 20),
    }
    assert program.minutes > 20


@pytest.mark.parametrize("name", program_names())
def test_every_program_that_ships_gets_by_with_the_exercises_own_thresholds(name):
    for day in WEEK:
        for planned in load_program(name, load_exercises(), day).sets:
            assert set(planned.overrides) <= {"hold_s"}


@pytest.mark.parametrize("name", ["dead-bug", "bird-dog", "glute-bridge"])
def test_the_announced_length_is_that_of_people_who_were_timed(tmp_path, name):
    """The truth of the rendered clips that ship says when each repetition begins, and how long it is held."""
    reps = json.loads(asset("clips", f"demo-{name}.truth.json").read_text())["reps"]
    each_s = (reps[-1]["start_s"] - reps[0]["start_s"]) / (len(reps) - 1)
    held_s = sum(rep["hold_s"] for rep in reps[:-1]) / (len(reps) - 1)
    text = f'title = "x"\n[[exercise]]\nname = "{name}"\nsets = 1\nreps = '
    once, twice = (load(tmp_path, f"{text}{n}\n").sets[0] for n in (1, 2))
    announced_s = (twice.length_s - once.length_s) / (twice.total_reps - once.total_reps)
    is_held = once.hold_s > 0  # a dead bug is not: its turn is part of the movement
    assert announced_s - once.hold_s == pytest.approx(each_s - held_s * is_held, abs=1.3)


# -- what is written -----------------------------------------------------------------------------------------------


def test_a_dose_is_what_was_written_and_the_exercise_says_the_rest(tmp_path):
    program = load(tmp_path, HEAD + '[[exercise]]\nname = "glute-bridge"\nhold_s = 8\nrest_s = 40\nsets = 2\n')
    first, second = program.sets[0], program.sets[-2]
    assert (first.exercise.name, first.reps, first.hold_s, first.overrides) == ("dead-bug", 6, 0.0, {})
    assert [p.number for p in program.sets if p.exercise.name == "dead-bug"] == [1, 2, 3]
    assert (second.reps, second.hold_s, second.rest_s) == (10, 8.0, 40.0)
    assert program.sets[-1].rest_s == 0.0


def test_the_hold_that_is_asked_for_is_the_one_that_the_exercise_goes_by(tmp_path):
    program = load(tmp_path, 'title = "x"\n[[exercise]]\nname = "piriformis-stretch"\nhold_s = 150\n')
    planned = program.sets[0]
    assert planned.overrides == {"hold_s": 150}
    assert planned.hold_s == 150
    assert "hold 150 s" in planned.in_words
    by_settings = HEAD + '[[exercise]]\nname = "glute-bridge"\n[exercise.settings]\nhold_s = 7\n'
    assert load(tmp_path, by_settings).sets[-1].hold_s == 7


def test_an_order_of_sides_gives_each_side_its_sets(tmp_path):
    program = load(tmp_path, 'title = "x"\n[[exercise]]\nname = "bird-dog"\nsets = 2\nsides = "right-first"\n')
    assert [(s.number, s.side) for s in program.sets] == [(1, "right"), (1, "left"), (2, "right"), (2, "left")]
    assert not any(s.is_per_side for s in program.sets)


@pytest.mark.parametrize(
    ("exercise", "words", "total"),
    [
        ('"dead-bug"\nreps = 12', "12 times", 12),
        ('"bird-dog"\nreps = 8', "8 a side, hold 2 s", 16),
        ('"bird-dog"\nreps = 8\nsides = "left-first"', "8 times, hold 2 s, left side", 8),
        ('"piriformis-stretch"\nreps = 1\nsides = "right-first"', "once, hold 20 s, right side", 1),
        ('"glute-bridge"\nreps = 10', "10 times, hold 5 s", 10),
        ('"running"', "10 s or longer", 1),
    ],
)
def test_a_set_says_its_dose_with_the_side_that_it_is_for(tmp_path, exercise, words, total):
    planned = load(tmp_path, f'title = "x"\n[[exercise]]\nname = {exercise}\n').sets[0]
    assert (planned.in_words, planned.total_reps) == (words, total)


@pytest.mark.parametrize(
    ("name", "words"),
    [("dead-bug", "3 × 12"), ("bird-dog", "3 × 8 a side, hold 2 s"), ("piriformis-stretch", "1 a side, hold 20 s")],
)
def test_the_menu_says_the_dose_of_an_exercise(name, words):
    assert dose_in_words(load_exercises().get(name)) == words


def test_thresholds_of_a_patient_reach_the_set(tmp_path):
    program = load(tmp_path, HEAD + "[exercise.settings]\nreach_hip_deg = 130\n")
    assert program.sets[0].overrides == {"reach_hip_deg": 130}


def test_how_many_cues_are_spoken_may_be_written(tmp_path):
    assert load(tmp_path, HEAD).cues is None, "by how often it was done"
    assert load(tmp_path, 'cues = "summary"\n' + HEAD).cues == "summary"


def test_the_length_counts_holds_rests_and_both_sides(tmp_path):
    bridge = '[[exercise]]\nname = "glute-bridge"\nsets = 1\nreps = 10\nhold_s = {}\n'
    short = load(tmp_path, 'title = "x"\n' + bridge.format(5)).length_s
    assert load(tmp_path, 'title = "x"\n' + bridge.format(10)).length_s == short + 50
    with_more = 'title = "x"\n' + bridge.format(5) + "rest_s = 60\n" + '[[exercise]]\nname = "dead-bug"\nsets = 1\n'
    assert load(tmp_path, with_more).length_s > short + 60
    bird_dog = 'title = "x"\n[[exercise]]\nname = "bird-dog"\nsets = 1\nreps = 8\nrest_s = 0\n'
    one_side_twice = load(tmp_path, bird_dog + 'sides = "left-first"\n')
    assert load(tmp_path, bird_dog).sets[0].total_reps == sum(s.total_reps for s in one_side_twice.sets)


# -- days ----------------------------------------------------------------------------------------------------------

TWO_DAYS = """title = "x"
[[exercise]]
name = "glute-bridge"
days = ["mon", "wed"]
[[exercise]]
name = "dead-bug"
days = ["wed"]
"""


@pytest.mark.parametrize(("day", "done"), [(0, {"glute-bridge"}), (2, {"glute-bridge", "dead-bug"})])
def test_an_exercise_is_done_on_its_days(tmp_path, day, done):
    program = load(tmp_path, TWO_DAYS, WEEK[day])
    assert names(program) == done
    assert program.sets[-1].rest_s == 0.0


def test_without_a_day_all_of_it_is_planned(tmp_path):
    assert names(load(tmp_path, TWO_DAYS, None)) == {"glute-bridge", "dead-bug"}


def test_a_day_without_an_exercise_is_said(tmp_path):
    with pytest.raises(SettingsError, match="no exercise for a Tuesday"):
        load(tmp_path, TWO_DAYS, WEEK[1])


def test_a_mistake_in_an_exercise_of_another_day_is_found_today(tmp_path):
    with pytest.raises(SettingsError, match="line 7: there is no exercise 'bug'"):
        load(tmp_path, TWO_DAYS.replace("dead-bug", "bug").replace('"x"\n', '"x"\ncues = "all"\n'))


# -- what identifies a program -------------------------------------------------------------------------------------


def test_the_hash_is_of_what_is_asked_for_and_not_of_what_it_is_called(tmp_path):
    of = load(tmp_path, HEAD).hash
    assert len(of) == 64
    assert load(tmp_path, HEAD.replace("Mine", "Ms Jane Miller") + "# a comment\n").hash == of
    assert load(tmp_path, TWO_DAYS, WEEK[0]).hash == load(tmp_path, TWO_DAYS, WEEK[2]).hash


@pytest.mark.parametrize(
    "other",
    [
        HEAD.replace("6", "7"),
        HEAD.replace("dead-bug", "bird-dog"),
        HEAD + "sets = 2\n",
        HEAD + "rest_s = 21\n",
        HEAD + 'sides = "left-first"\n',
        HEAD + 'days = ["mon"]\n',
        HEAD + "[exercise.settings]\nreach_hip_deg = 131\n",
    ],
)
def test_another_dose_is_another_hash(tmp_path, other):
    assert load(tmp_path, other).hash != load(tmp_path, HEAD).hash


# -- mistakes ------------------------------------------------------------------------------------------------------

NOT_HELD = HEAD + '[[exercise]]\nname = "bird-dog"\nhold_s = 1\n[[exercise]]\nname = "dead-bug"\nhold_s = 5\n'


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('title = "x"\n', 1, "exercise is missing."),
        ("title = 3\n" + HEAD.split("\n", 1)[1], 1, "title = 3"),
        (HEAD + '[[exercise]]\nname = "plank"\n', 8, "no exercise 'plank'"),
        (HEAD + '[[exercise]]\nname = "bird-dog"\nreps = 0\n', 9, "reps = 0"),
        (HEAD + '[[exercise]]\nname = "bird-dog"\nreps = true\n', 9, "reps = True"),
        (HEAD + '[[exercise]]\nname = "bird-dog"\nreps = "8"\n', 9, "reps = '8'"),
        (HEAD + '[[exercise]]\nname = "bird-dog"\nreps = 8\nrest_s = -1\n', 10, "rest_s = -1"),
        (HEAD + '[[exercise]]\nname = "bird-dog"\nreps = 8\nrest_s = nan\n', 10, "rest_s = nan"),
        (HEAD + '[[exercise]]\nname = "bird-dog"\nspeed = 2\n', 9, "'speed' is not known here; known: days, hold_s"),
        (HEAD + '[[exercise]]\nname = "bird-dog"\nrep = 2\n', 9, "'rep' is not known here; did you mean reps."),
        (HEAD + '[[exercise]]\nname = "bird-dog"\ndays = ["monday"]\n', 9, "'monday'"),
        (HEAD + '[[exercise]]\nname = "bird-dog"\ndays = []\n', 9, "days = []"),
        (HEAD + "[[exercise]]\nreps = 2\n", 7, "name is missing."),
        (NOT_HELD, 12, "not held"),
        (HEAD + '[[exercise]]\nname = "glute-bridge"\nhold_s = 5\nsettings = { hold_s = 4 }\n', 9, "too"),
        (HEAD + '[[exercise]]\nname = "glute-bridge"\nsides = "left-first"\n', 9, "has no sides"),
        (HEAD + "[exercise.settings]\nreach_hip_deg = 300\n", 8, "reach_hip_deg = 300 makes no sense"),
        (HEAD + "[exercise.settings]\nreach = 3\n", 8, "'reach' is not a setting"),
        ('title = "x"\ncues = "some"\n' + HEAD.split("\n", 1)[1], 2, "cues = 'some'"),
        ('title = "x"\nlanguage = "tlh"\n' + HEAD.split("\n", 1)[1], 2, "no texts in 'tlh'"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_line(tmp_path, text, line, said):
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    assert f"line {line}: " in str(caught.value)
    assert said in str(caught.value)
    assert "more mistake" not in str(caught.value), "there is only one"


@pytest.mark.parametrize(
    ("text", "line", "said", "more"),
    [
        ('titel = "x"\n' + HEAD.split("\n", 1)[1], 1, "'titel' is not known here; did you mean title.", ""),
        (HEAD.replace("name =", "nome ="), 4, "'nome' is not known here; did you mean name.", ""),
        (HEAD.replace("reps = 6", "reps = 0\nsets = 0"), 5, "reps = 0", " 1 more mistake after it."),
        (
            "title = 3\n" + HEAD.split("\n", 1)[1].replace("6", "0\nrest = 1"),
            1,
            "title = 3",
            " 2 more mistakes after it.",
        ),
        (HEAD.replace("reps = 6", "rest = 1\nreps = 0"), 5, "'rest' is not known", " 1 more mistake after it."),
    ],
)
def test_the_first_mistake_is_told_and_how_many_follow(tmp_path, text, line, said, more):
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    assert f"line {line}: {said}" in str(caught.value)
    assert str(caught.value).partition(". ")[2] == more.strip() or (
        not more and "more mistake" not in str(caught.value)
    )


BOTH = {
    "program": (lambda path: load_program(str(path), load_exercises(), MONDAY).title, 'title = "ä"\n' + HEAD[15:]),
    "settings": (lambda path: load_settings(path, load_exercises())["dead-bug"], "[dead-bug]\nreach_hip_deg = 120\n"),
}
"""The two kinds of file that a clinician writes: how it is loaded, and one that is right."""


@pytest.mark.parametrize("kind", BOTH)
class TestBothKindsOfFile:
    """A program and a settings file are read by one loader."""

    def refused(self, tmp_path, kind, content):
        path = tmp_path / "mine.toml"
        path.write_bytes(content)
        with pytest.raises(SettingsError) as caught:
            BOTH[kind][0](path)
        text = str(caught.value)
        assert text.startswith(str(path))
        assert "\n" not in text.removesuffix("\n")
        assert len(text) < len(str(path)) + 200, "one readable sentence"
        assert caught.value.exit_code == 5
        return text

    def test_a_byte_order_mark_is_let_pass(self, tmp_path, kind):
        loader, right = BOTH[kind]
        path = tmp_path / "mine.toml"
        path.write_text(right, encoding="utf-8")
        plain = loader(path)
        path.write_text(right, encoding="utf-8-sig")
        assert loader(path) == plain

    @pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
    def test_another_encoding_is_named(self, tmp_path, kind, encoding):
        text = self.refused(tmp_path, kind, ("# ä\n" + BOTH[kind][1]).encode(encoding))
        assert "UTF-8" in text

    @pytest.mark.parametrize("digits", [310, 6000])
    def test_a_number_that_is_far_too_long(self, tmp_path, kind, digits):
        long = BOTH[kind][1].replace("120", "9" * digits).replace("reps = 6", "reps = " + "9" * digits)
        assert "line" in self.refused(tmp_path, kind, long.encode())

    def test_a_number_that_is_too_large_and_fits(self, tmp_path, kind):
        large = BOTH[kind][1].replace("120", "9" * 200).replace("reps = 6", "reps = " + "9" * 200)
        self.refused(tmp_path, kind, large.encode())

    def test_deep_nesting(self, tmp_path, kind):
        self.refused(tmp_path, kind, ("title = " + "[" * 5000 + "]" * 5000).encode())
        self.refused(tmp_path, kind, ("title = " + "[" * 200 + "]" * 200).encode())

    def test_what_is_no_toml_is_told_with_its_line(self, tmp_path, kind):
        assert "line 2" in self.refused(tmp_path, kind, b'title = "x"\nreps = = 3\n')

    def test_a_folder_is_no_file(self, tmp_path, kind):
        with pytest.raises(SettingsError) as caught:
            BOTH[kind][0](tmp_path)
        assert str(tmp_path) in str(caught.value)


def test_a_setting_is_named_with_the_line_in_its_own_table(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[glute-bridge]\nhold_s = 5\n[bird-dog]\nhold_s = 999\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"line 4: hold_s = 999"):
        load_settings(path, load_exercises())


def test_a_program_that_is_not_there_names_those_that_are():
    with pytest.raises(SettingsError, match=r"no program 'nowhere'\. Use low-back-daily, low-back-long"):
        load_program("nowhere", load_exercises(), MONDAY)


def test_a_program_may_stand_anywhere(tmp_path, monkeypatch):
    (tmp_path / "mine.toml").write_text(HEAD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_program(str(Path("mine.toml")), load_exercises(), MONDAY).title == "Mine"
