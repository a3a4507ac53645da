"""Texts are English sentences, and know how they were put together."""

from __future__ import annotations

import copy
import pickle

import pytest

from formcheck.core.text import counted, listed, phrase


@pytest.mark.parametrize(
    ("text", "english"),
    [
        (phrase("Nothing was counted."), "Nothing was counted."),
        (phrase("{title}: done", title="Dead bug"), "Dead bug: done"),
        (phrase("for {s:.1f} s", s=2.54), "for 2.5 s"),
        (phrase("{fault:lower}", fault="Low back lifts"), "low back lifts"),
        (phrase("{what:upper}.", what="it went well"), "It went well."),
        (counted(1, "{n} set", "{n} sets"), "1 set"),
        (counted(3, "{n} set of {m}", "{n} sets of {m}", m=5), "3 sets of 5"),
        (counted(0, "{n} set", "{n} sets"), "0 sets"),
        (listed(["knees"]), "knees"),
        (listed(["knees", "feet", "back"]), "knees, feet and back"),
        (listed([]), ""),
    ],
    ids=lambda each: str(each) or "none",
)
def test_a_text_is_its_english_sentence(text: str, english: str) -> None:
    assert text == english


def test_a_text_can_be_copied_and_sent_to_another_process() -> None:
    text = counted(3, "{n} set", "{n} sets")
    for same in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert same == text
        assert (same.pattern, same.many, same.number, same.values) == ("{n} set", "{n} sets", 3, {"n": 3})
