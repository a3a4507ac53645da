"""The policy of speech, with an invented time and invented clips of 2 s (numbers 0.8 s)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.core.feedback.queue import GAP_S, MAX_WAIT_S, PRIORITY, SETUP_WAIT_S, SpeechQueue, clip_name
from formcheck.core.rules.events import Cue, CueKind

SPEECH_S, NUMBER_S = 2.0, 0.8
KINDS: list[CueKind] = ["safety", "form", "setup", "count", "praise"]


def duration_s(clip: str) -> float:
    if clip.startswith("missing"):
        return 0.0
    return NUMBER_S if clip.startswith("number") else SPEECH_S


def cue(kind: CueKind, name: str = "") -> Cue:
    default = "count.3" if kind == "count" else f"{kind}.text"
    return Cue(0.0, kind, name or default, "Text.", "ding" if kind == "count" else "voice")


def played(offers: list[tuple[float, Cue]], until_s: float = 10.0) -> list[tuple[float, str]]:
    """What is started (and "hush" for what is cut off) when pictures come 25 times a second."""
    queue, out, left = SpeechQueue(duration_s), [], list(offers)
    for tick in range(round(until_s * 25)):
        now_s = tick / 25
        orders = [queue.update(now_s)]
        while left and left[0][0] <= now_s:
            orders.append(queue.offer(left.pop(0)[1], now_s))
        for order in orders:
            out += [(now_s, "hush")] if order.is_stop else []
            out += [(now_s, order.clip)] if order.clip else []
    return out


def names(offers: list[tuple[float, Cue]]) -> list[str]:
    return [name for _, name in played(offers)]


PAIRS: dict[str, tuple[CueKind, CueKind, float, list[str]]] = {
    "safety cuts off form": ("form", "safety", 0.4, ["form.text", "hush", "safety.text"]),
    "safety cuts off setup": ("setup", "safety", 0.4, ["setup.text", "hush", "safety.text"]),
    "form cuts off a number": ("count", "form", 0.4, ["number.3", "hush", "form.text"]),
    "form cuts off praise": ("praise", "form", 0.4, ["praise.text", "hush", "form.text"]),
    "encouragement never silences a count": ("praise", "count", 0.4, ["praise.text", "hush", "number.3"]),
    "setup talks like form and does not cut it off": ("form", "setup", 1.0, ["form.text", "setup.text"]),
    "form waits for setup": ("setup", "form", 1.0, ["setup.text", "form.text"]),
    "praise waits for the number": ("count", "praise", 0.0, ["number.3", "praise.text"]),
    "praise waits a little for form": ("form", "praise", 1.0, ["form.text", "praise.text"]),
    "praise that would come too late is dropped": ("form", "praise", 0.4, ["form.text"]),
    "form that would come too late is dropped": ("safety", "form", 0.4, ["safety.text"]),
    "what can't be seen is still true after a sentence": ("safety", "setup", 0.0, ["safety.text", "setup.text"]),
    "a number is not said after the fact": ("form", "count", 1.8, ["form.text"]),
    "after the first is over the second is said at once": ("form", "form", 3.0, ["form.text", "form.text"]),
    "what is being said is not said twice": ("form", "form", 1.0, ["form.text"]),
}


@pytest.mark.parametrize(("first", "second", "after_s", "expected"), PAIRS.values(), ids=PAIRS.keys())
def test_two_cues(first: CueKind, second: CueKind, after_s: float, expected: list[str]) -> None:
    assert names([(0.0, cue(first)), (after_s, cue(second))]) == expected


def test_a_higher_cue_starts_right_after_the_fade() -> None:
    (_, _), (cut_s, hush), (start_s, clip) = played([(0.0, cue("form")), (1.0, cue("safety"))])
    assert (hush, clip, cut_s) == ("hush", "safety.text", 1.0)
    assert GAP_S <= start_s - cut_s <= GAP_S + 0.04


def test_a_waiting_cue_starts_when_the_speech_is_over() -> None:
    (_, (start_s, _)) = played([(0.0, cue("form", "a")), (1.0, cue("form", "b"))])
    assert SPEECH_S + GAP_S <= start_s <= SPEECH_S + GAP_S + 0.04


def test_the_end_of_the_set_is_said_after_a_long_correction() -> None:
    assert names([(0.0, cue("form")), (0.04, cue("count")), (0.04, cue("praise", "set.done"))]) == [
        "form.text",
        "set.done",
    ]


def test_of_several_waiting_the_most_important_is_said() -> None:
    offers = [(0.0, cue("safety")), (1.0, cue("form", "a")), (1.1, cue("praise"))]
    assert names(offers) == ["safety.text", "a"]


def test_of_several_equals_waiting_the_newest_is_said() -> None:
    assert names([(0.0, cue("form", "a")), (1.0, cue("form", "b")), (1.1, cue("form", "c"))]) == ["a", "c"]


def test_in_the_gap_after_an_interruption_the_more_important_cue_wins() -> None:
    offers = [(0.0, cue("praise")), (1.0, cue("form")), (1.04, cue("praise", "later")), (1.04, cue("safety"))]
    assert names(offers) == ["praise.text", "hush", "safety.text"]


def test_a_waiting_cue_is_not_overtaken_by_a_number() -> None:
    assert names([(0.0, cue("form", "a")), (1.0, cue("form", "b")), (2.08, cue("count"))]) == ["a", "b"]


def test_every_second_of_a_hold_is_said() -> None:
    offers = [(float(n), cue("count", f"hold.{n}")) for n in range(1, 6)]
    assert played(offers) == [(float(n), f"number.{n}") for n in range(1, 6)]


def test_a_missing_clip_neither_interrupts_nor_blocks() -> None:
    offers = [(0.0, cue("praise")), (0.4, cue("safety", "missing.clip"))]
    assert names(offers) == ["praise.text"]
    assert names([(0.0, cue("form", "missing.clip")), (0.0, cue("form"))]) == ["form.text"]


def test_clear_falls_silent_and_forgets() -> None:
    queue = SpeechQueue(duration_s)
    queue.offer(cue("form", "a"), 0.0)
    queue.offer(cue("form", "b"), 1.0)
    assert queue.is_speaking(1.0)
    assert queue.clear().is_stop
    assert not queue.is_speaking(1.0)
    assert queue.update(2.5).clip == ""
    assert not queue.clear().is_stop


def test_speaking_ends_with_the_clip() -> None:
    queue = SpeechQueue(duration_s)
    queue.offer(cue("form"), 0.0)
    assert queue.is_speaking(SPEECH_S)
    assert not queue.is_speaking(SPEECH_S + GAP_S)


@pytest.mark.parametrize(
    ("cue_name", "clip"),
    [
        ("count.3", "number.3"),
        ("hold.12", "number.12"),
        ("dead-bug.too-fast", "dead-bug.too-fast"),
        ("hold.end", "hold.end"),
        ("number.4", "number.4"),
    ],
)
def test_clip_of_a_cue(cue_name: str, clip: str) -> None:
    assert clip_name(cue_name) == clip


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from(KINDS), st.integers(1, 4)), max_size=25))
def test_never_two_at_once_never_stale_and_never_cut_by_a_lower_one(items: list[tuple[int, CueKind, int]]) -> None:
    offers = [(t / 25, cue(k, f"{k}.{i}")) for i, (t, k, _) in enumerate(sorted(items, key=lambda x: x[0]))]
    offered = {clip_name(c.name): (t, c) for t, c in offers}
    log = played(offers, until_s=15.0)
    for at, (now_s, name) in enumerate(log):
        if name == "hush":
            continue
        since_s, its_cue = offered[name]
        assert -1e-9 <= now_s - since_s <= (SETUP_WAIT_S if its_cue.kind == "setup" else MAX_WAIT_S) + 1e-9
        if at + 1 < len(log):
            end_s, following = log[at + 1]
            if following == "hush":
                assert PRIORITY[offered[log[at + 2][1]][1].kind] > PRIORITY[offered[name][1].kind]
            else:
                assert end_s >= now_s + duration_s(name)
