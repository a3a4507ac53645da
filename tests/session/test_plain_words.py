"""What is said is plain: short sentences of simple words, which somebody understands who learned the language late."""

from __future__ import annotations

import re

import pytest

from formcheck.session.texts import catalogue


def words(text: str) -> frozenset[str]:
    """Those of a text, in small letters."""
    return frozenset(re.findall(r"[a-z']+", text.lower()))


SIMPLE = words(
    """
    a about again ahead all aloud am and anyway are as ask at away back before begin behind both breathe breathing
    bright bring calm camera can can't ceiling chair change changed check clean clear clinic close closer come
    computer could count curtain cushion dark did do done down drop each earlier else end ends enough exercise
    exercising far fault feel few find fix flat floor for forward from front further go good ground hard height held
    here high higher hold how hurt hurts i if in into is it its judge judged keep kept kneel know land lately lean
    leaned leave left less let level lie lies lift lifts light like line little lock long longer look loose lost lot
    low lower lowered made make many mat minutes missing moment more move near need needs next not nothing now of on
    once one only or other out over pain part paused person picture pictures please plug point position press
    pressing programs pull push put quick reach ready real relax remember remembered rest rested right room round
    run running save say second seconds see sends session sessions set shall shirt short side sides sideways sink
    sit slow slowly so softly somebody speed stand start stay stayed step steps still stop stopped straight stretch
    swapped table take takes tall ten that the them then there this tight tighten tighter tilt time times to today
    together too toward trying turn under until up upside use view walk was weight well went were what when who why
    will with yet you your zero
    choose code does first hello no phone raise read result screen sees sent slip these type wait want
    """
)
"""Words of everyday English. A new text that needs another one is not plain: say it with these, or think twice."""
BODY = words(
    """
    ankle ankles arm arms back belly bent body buttocks chest feet foot hand hands head heel hip hips knee knees leg
    legs shoulders tailbone tingles
    """
)
"""Parts of the body, and how they feel."""
NAMES = words("bird bridge bug dead dog english flexor glute hip pelvic piriformis running stretch tilt")
"""Of the exercises, as professionals call them, and of the language."""
WORDS_MAX = 12

TEXTS = {name: text for name, text in catalogue().items() if not name.startswith(("number.", "page."))}
"""What the coach says. Pages are read aloud as they stand: who must ask a doctor first can't be said in fewer words."""


def test_what_is_said_is_made_of_simple_words() -> None:
    unplain = {name: text for name, text in TEXTS.items() if words(text) - allowed(name)}
    assert unplain == {}
    assert {name: text for name, text in TEXTS.items() if len(text.split()) > WORDS_MAX} == {}


def allowed(name: str) -> frozenset[str]:
    return SIMPLE | BODY | (NAMES if name.endswith((".title", ".done", ".name")) else frozenset())


@pytest.mark.parametrize("text", ["Slow as honey.", "Keep the mat squashed.", "Mend it.", "Melt into it."])
def test_a_picture_in_words_would_be_noticed(text: str) -> None:
    assert words(text) - SIMPLE - BODY


def test_a_later_time_is_told_in_three_words() -> None:
    again = {name: text for name, text in TEXTS.items() if name.endswith("-again")}
    assert len(again) > 30
    assert {name: text for name, text in again.items() if len(text.split()) > 3} == {}
