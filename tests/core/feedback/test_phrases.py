"""Why a part can't be seen, what to do about it, and by which name it is said."""

import pytest

from formcheck.core.feedback.phrases import advice_for, not_judged_cue, reason_for, remedy_for, unseen_cue


@pytest.mark.parametrize(
    ("part", "cut", "back", "reason"),
    [
        ("feet", ("feet", "head"), "", "cut"),
        ("feet", ("head",), "", "hidden"),
        ("feet", (), "dark", "hidden"),
        ("back", ("back",), "dark", "dark"),
        ("back", (), "", "arm-in-front"),
        ("back", (), "no-torso", "arm-in-front"),
        ("body", ("body",), "dark", ""),
    ],
)
def test_each_part_has_the_reason_that_is_its_own(part, cut, back, reason):
    assert reason_for(part, cut, back) == reason


def test_the_advice_names_the_part_and_what_to_do():
    assert advice_for("feet", ("feet",)) == (
        "I can't see your feet. Move the camera back until all of you is in the picture."
    )
    assert advice_for("back", (), "dark") == "I can't see your low back. Turn on a light."
    assert advice_for("body") == "I can't see you. Step into the picture."
    assert remedy_for("body") == ""
    assert remedy_for("hips") == "Clear the view between you and the camera."


@pytest.mark.parametrize(
    ("part", "reason", "name", "text"),
    [
        ("body", "", "unseen.body", "I can't see you. Step into the picture."),
        ("feet", "cut", "unseen.feet-cut", "I can't see your feet. Move further away."),
        ("back", "arm-in-front", "unseen.back", "I can't see your back. Move your near arm."),
        ("back", "noise", "unseen.back-noise", "I can't judge your back. Use your hand."),
    ],
)
def test_what_is_said_of_an_unseen_part(part, reason, name, text):
    assert unseen_cue(part, reason) == (name, text)


@pytest.mark.parametrize(
    ("parts", "reason", "name", "text"),
    [
        (("knees",), "", "rep.not-judged", "I could not judge that one."),
        (("knees",), "dark", "rep.not-judged", "I could not judge that one."),
        (("back",), "", "rep.not-judged-back", "I could not judge your back."),
        (("knees", "back"), "dark", "rep.not-judged-back.dark", "I could not judge your back. More light, please."),
        (
            ("back",),
            "arm-in-front",
            "rep.not-judged-back.arm",
            "I could not judge your back. Move your near arm.",
        ),
        (("back",), "no-torso", "rep.not-judged-back", "I could not judge your back."),
    ],
)
def test_what_is_said_of_a_repetition_that_was_not_judged(parts, reason, name, text):
    assert not_judged_cue(parts, reason) == (name, text)
