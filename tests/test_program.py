"""Programs: what a clinician writes is what is run, and what makes no sense is named with its line."""

from __future__ import annotations

import pytest

from formcheck.session.program import load_program, program_names
from formcheck.session.registry import load_exercises
from formcheck.system.errors import SettingsError

HEAD = 'title = "Mine"\n\n[[exercise]]\nname = "dead-bug"\nreps = 6\n\n'


def load(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return load_program(str(path), load_exercises())


@pytest.mark.parametrize("name", program_names())
def test_shipped_programs_load(name):
    program = load_program(name, load_exercises())
    assert program.sets
    assert 180 < program.length_s < 3600


def test_a_dose_is_what_was_written_and_the_exercise_says_the_rest(tmp_path):
    program = load(tmp_path, HEAD + '[[exercise]]\nname = "glute-bridge"\nhold_s = 8\nrest_s = 40\nsets = 2\n')
    first, second = program.sets[0], program.sets[-2]
    assert (first.exercise.name, first.reps, first.hold_s, first.overrides) == ("dead-bug", 6, 0.0, {})
    assert first.count == first.exercise.dose.sets
    assert (second.reps, second.hold_s, second.rest_s) == (second.exercise.dose.reps, 8.0, 40.0)
    assert second.overrides == {"hold_min_s": 7.2}
    assert program.sets[-1].rest_s == 0.0


def test_an_order_of_sides_gives_each_side_its_sets(tmp_path):
    program = load(tmp_path, 'title = "x"\n[[exercise]]\nname = "bird-dog"\nsets = 2\nsides = "right-first"\n')
    assert [(s.number, s.side) for s in program.sets] == [(1, "right"), (1, "left"), (2, "right"), (2, "left")]


def test_thresholds_of_a_patient_reach_the_set(tmp_path):
    program = load(tmp_path, HEAD + "[exercise.settings]\nreach_hip_deg = 130\n")
    assert program.sets[0].overrides == {"reach_hip_deg": 130}


def test_how_many_cues_are_spoken_may_be_written(tmp_path):
    assert load(tmp_path, HEAD).cues == "all"
    assert load(tmp_path, 'cues = "summary"\n' + HEAD).cues == "summary"


def test_the_length_counts_holds_and_rests(tmp_path):
    bridge = '[[exercise]]\nname = "glute-bridge"\nsets = 1\nreps = 10\nhold_s = {}\n'
    short = load(tmp_path, 'title = "x"\n' + bridge.format(5)).length_s
    assert load(tmp_path, 'title = "x"\n' + bridge.format(10)).length_s == short + 50
    with_more = 'title = "x"\n' + bridge.format(5) + "rest_s = 60\n" + '[[exercise]]\nname = "dead-bug"\nsets = 1\n'
    assert load(tmp_path, with_more).length_s > short + 60


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('title = "x"\n', 1, "exercise is missing"),
        ("title = 3\n" + HEAD.split("\n", 1)[1], 1, "title = 3"),
        (HEAD + '[[exercise]]\nname = "plank"\n', 8, "no exercise 'plank'"),
        (HEAD + '[[exercise]]\nname = "bird-dog"\nreps = 0\n', 9, "reps = 0"),
        (HEAD + '[[exercise]]\nname = "bird-dog"\nreps = 8\nrest_s = -1\n', 10, "rest_s = -1"),
        (HEAD + '[[exercise]]\nname = "bird-dog"\nspeed = 2\n', 9, "'speed' is not known here"),
        (HEAD + "[[exercise]]\nreps = 2\n", 7, "name is missing"),
        (
            HEAD + '[[exercise]]\nname = "bird-dog"\nhold_s = 1\n[[exercise]]\nname = "dead-bug"\nhold_s = 5\n',
            12,
            "not held",
        ),
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


def test_broken_toml_and_missing_files_are_one_sentence(tmp_path):
    with pytest.raises(SettingsError, match=r"not valid TOML: .*line 2"):
        load(tmp_path, 'title = "x"\nreps = = 3\n')
    with pytest.raises(SettingsError, match="no program 'nowhere'"):
        load_program("nowhere", load_exercises())
