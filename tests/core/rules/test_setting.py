"""Settings: declared, documented, overridden within their range."""

import pytest

from formcheck.core.rules.setting import Settings
from formcheck.session.registry import load, load_exercises
from formcheck.session.settings import load_settings
from formcheck.system.errors import SettingsError, UnknownExerciseError

ALL = load_exercises().exercises


@pytest.mark.parametrize("exercise", ALL.values(), ids=lambda e: e.name)
def test_every_number_is_inside_its_own_range_and_documented(exercise):
    for setting in exercise.all_settings:
        assert setting.low <= setting.value <= setting.high, setting.name
        assert setting.unit
        assert len(setting.why) > 15, setting.name


@pytest.mark.parametrize("exercise", ALL.values(), ids=lambda e: e.name)
def test_every_fault_has_its_whole_page(exercise):
    known = Settings(exercise.all_settings)
    for rule in exercise.all_faults:
        for heading in ("checks", "why", "how", "limits", "cue", "source"):
            assert getattr(rule, heading).strip(), f"{rule.name}: {heading}"
        assert not getattr(rule, "limit", "") or rule.limit in known


def test_no_step_says_for_how_long_to_hold():
    """The steps stand below the planned dose, "10 times, hold 8 s": a number of their own would contradict it."""
    held = [e for e in load_exercises().exercises.values() if e.hold_s() > 0]
    assert len(held) >= 5
    assert not [step for exercise in held for step in exercise.steps if "second" in step]


def test_the_fault_names_are_those_of_the_contract():
    expected = {
        "dead-bug": "low-back-arch holding-leg-drift too-fast arms-drop same-side-twice partial-reach",
        "bird-dog": "back-sag back-round leg-too-high short-hold same-side-limbs partial-reach weight-shift head-drop",
        "glute-bridge": "too-low over-arch hips-sag short-hold feet-too-far",
    }
    for name, faults in expected.items():
        assert {r.name for r in ALL[name].all_faults} == set(faults.split())


def test_settings_are_a_mapping_of_all_that_is_declared():
    declared = ALL["dead-bug"].all_settings
    settings = Settings(declared, {"arch_deg": 20})
    assert len(settings) == len(declared)
    assert dict(settings) == {**{s.name: s.value for s in declared}, "arch_deg": 20}


@pytest.mark.parametrize("exercise", ALL.values(), ids=lambda e: e.name)
def test_an_exercises_own_number_stands_for_the_common_one(exercise):
    names = [s.name for s in exercise.all_settings]
    assert len(set(names)) == len(names)
    assert all(Settings(exercise.all_settings)[s.name] == s.value for s in exercise.settings)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("arm_live_s", 0.2, 5.0),
        ("arm_recording_s", 0.05, 5.0),
        ("confirm_s", 0.1, 3.0),
        ("hold_gap_s", 0.0, 2.0),
        ("judged_share_min", 0.0, 1.0),
        ("pause_s", 1.0, 30.0),
        ("unseen_s", 0.2, 5.0),
    ],
)
def test_a_common_setting_may_be_changed_so_far_and_no_further(name, low, high):
    declared = ALL["dead-bug"].all_settings
    for value in (low, high):
        assert Settings(declared, {name: value})[name] == value
    for value in (low - 0.01, high + 0.01):
        with pytest.raises(ValueError, match=name):
            Settings(declared, {name: value})


def test_a_settings_file_is_read(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text("[dead-bug]\nreach_hip_deg = 130\n")
    assert load_settings(path, load_exercises()) == {"dead-bug": {"reach_hip_deg": 130}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[dead-bug]\nreach_hip_deg = 500\n", "use 110 to 175 deg"),
        ("[dead-bug]\nreach_hip_deg = 'far'\n", "must be a number"),
        ("[dead-bug]\nreach_hip_deg = nan\n", "must be a number"),
        ("[dead-bug]\nreach_hip_deg = true\n", "must be a number"),
        ("[dead-bug]\nreach = 130\n", "is not a setting"),
        ("[dead-bug]\narch_tl = 0.03\n", "'arch_tl' is now 'arch_deg', in degrees."),
        ("[dead-bug]\narch_t = 0.03\n", "'arch_t' is now 'arch_deg', in degrees."),
        ("[bird-dog]\nsag_tl = 0.03\n", "'sag_tl' is now 'sag_deg', in degrees."),
        (
            "[bird-dog]\nround_hysteresis_tl = 0.03\n",
            "'round_hysteresis_tl' is now 'round_hysteresis_deg', in degrees.",
        ),
        ("[piriformis-stretch]\nround_tl = 0.03\n", "'round_tl' is now 'round_deg', in degrees."),
        ("[bird-dog]\nhold_tl = 0.03\n", "'hold_tl' is not a setting"),
        ("[squat]\ndepth = 90\n", "no exercise [squat]"),
        ("dead-bug = 3\n", "as a table"),
        ("[dead-bug\n", "not valid TOML"),
    ],
)
def test_nonsense_in_a_settings_file_is_told_in_a_sentence(tmp_path, text, says):
    path = tmp_path / "s.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as error:
        load_settings(path, load_exercises())
    assert says in str(error.value)


def test_where_a_length_is_still_a_length_its_old_name_keeps_its_meaning(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text("[running]\nbehind_t = 0.05\n[bird-dog]\nshift_t = 0.2\n")
    found = load_settings(path, load_exercises())
    for name, setting, value in (("running", "behind_tl", 0.05), ("bird-dog", "shift_tl", 0.2)):
        assert Settings(ALL[name].all_settings, found[name])[setting] == value


def test_a_missing_settings_file_is_told(tmp_path):
    with pytest.raises(SettingsError, match="can't be read"):
        load_settings(tmp_path / "none.toml", load_exercises())


class Point:
    """An entry point of a stranger's package."""

    dist = None

    def __init__(self, name, target):
        self.name, self._target = name, target

    def load(self):
        if isinstance(self._target, Exception):
            raise self._target
        return self._target


def test_a_strangers_broken_exercise_is_reported_and_skipped():
    points = [
        Point("dead-bug", ALL["dead-bug"]),
        Point("broken", ImportError("no module named x")),
        Point("wrong", 42),
        Point("renamed", ALL["bird-dog"]),
    ]
    registry = load(points)
    assert list(registry.exercises) == ["dead-bug"]
    assert set(registry.broken) == {"broken", "wrong", "renamed"}
    with pytest.raises(UnknownExerciseError, match="no module named x"):
        registry.get("broken")
    with pytest.raises(UnknownExerciseError, match="Known: dead-bug"):
        registry.get("squat")
