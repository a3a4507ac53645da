"""Whose turn it is to speak, with the true lengths of the clips that ship, each limit from both sides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.core.feedback.queue import Order, SpeechQueue, clip_name
from formcheck.core.rules.events import Cue, CueKind
from tests.core.feedback.heard import INDEX, length_s

KINDS: tuple[CueKind, ...] = ("safety", "form", "setup", "count", "praise")
CLIPS: dict[CueKind, str] = {
    "safety": "safety.hurt",
    "form": "dead-bug.low-back-arch",
    "setup": "setup.armed",
    "count": "count.3",
    "praise": "dead-bug.low-back-arch-praise",
}
"""A cue of each kind, as the product gives them."""
OTHERS: dict[CueKind, str] = {
    **CLIPS,
    "form": "dead-bug.too-fast",
    "setup": "setup.start-pose",
    "count": "hold.2",
    "praise": "dead-bug.arms-drop-praise",
}


def cue(kind: CueKind, name: str = "", **changes: bool) -> Cue:
    return Cue(0.0, kind, name or CLIPS[kind], "Text.", "ding" if kind == "count" else "voice", **changes)


def last(name: str, kind: CueKind = "praise") -> Cue:
    return cue(kind, name, must_be_heard=True)


def played(offers: list[tuple[float, Cue]], until_s: float = 16.0) -> list[tuple[float, str]]:
    """What is started (and "hush" for what is cut off) in turns of 20 ms."""
    queue, out, left = SpeechQueue(length_s), [], sorted(offers, key=lambda item: item[0])
    for turn in range(round(until_s * 50)):
        now_s = turn / 50
        while left and left[0][0] <= now_s + 1e-9:
            queue.offer(left.pop(0)[1])
        order = queue.next_audio(now_s)
        out += [(now_s, "hush")] if order.is_stop else []
        out += [(now_s, order.clip)] if order.clip else []
    return out


def names(offers: list[tuple[float, Cue]]) -> list[str]:
    return [name for _, name in played(offers)]


def clip(kind: CueKind) -> str:
    return clip_name(CLIPS[kind])


@pytest.mark.parametrize("first", KINDS)
@pytest.mark.parametrize("second", KINDS)
def test_who_cuts_off_whom(first: CueKind, second: CueKind) -> None:
    cuts = {
        "safety": {"form", "setup", "count", "praise"}, "form": {"praise"}, "setup": set(),
        "count": {"praise"}, "praise": set(),
    }  # fmt: skip
    log = names([(0.0, cue(first)), (0.3, cue(second, OTHERS[second]))])
    assert log[0] == clip(first)
    assert ("hush" in log) is (first in cuts[second])


def test_a_higher_cue_starts_right_after_the_fade() -> None:
    (_, _), (cut_s, hush), (start_s, name) = played([(0.0, cue("form")), (1.0, cue("safety"))])
    assert (hush, name, cut_s) == ("hush", "safety.hurt", 1.0)
    assert 0.12 <= start_s - cut_s <= 0.14


def urgent(name: str = "dead-bug.low-back-arch") -> Cue:
    return cue("form", name, is_urgent=True)


@pytest.mark.parametrize("first", ["form", "setup", "count", "praise"])
def test_what_is_urgent_cuts_off_whatever_can_wait(first: CueKind) -> None:
    log = names([(0.0, cue(first, OTHERS[first])), (0.3, urgent())])
    assert log == [clip_name(OTHERS[first]), "hush", "dead-bug.low-back-arch"]


def test_what_is_urgent_cuts_off_neither_safety_nor_what_is_urgent_nor_the_end_of_a_set() -> None:
    for first in (cue("safety"), urgent("dead-bug.arms-drop"), last("dead-bug.done")):
        assert "hush" not in names([(0.0, first), (0.3, urgent())])


@pytest.mark.parametrize(
    ("second", "gap_s"),
    [
        (cue("form", "dead-bug.too-fast"), 1.5),
        (cue("setup"), 1.5),
        (cue("praise"), 1.5),
        (urgent(), 0.12),
        (cue("safety"), 0.12),
        (cue("setup", is_joined=True), 0.12),
    ],
    ids=["form", "setup", "praise", "urgent", "safety", "the same sentence"],
)
def test_between_two_sentences_is_a_silence_unless_the_second_is_urgent(second: Cue, gap_s: float) -> None:
    ends_s = length_s("framing.good")
    log = played([(0.0, cue("setup", "framing.good")), (ends_s + 0.01, second)])
    assert ends_s + gap_s <= log[1][0] <= ends_s + gap_s + 0.021


def test_a_number_needs_no_silence_and_makes_none() -> None:
    ends_s = length_s("framing.good")
    log = played([(0.0, cue("setup", "framing.good")), (ends_s + 0.2, cue("count")), (ends_s + 0.2, cue("praise"))])
    assert ends_s + 0.2 - 1e-9 <= log[1][0] <= ends_s + 0.221
    begins_s = max(ends_s + 1.5, log[1][0] + length_s("number.3") + 0.12)
    assert begins_s - 1e-9 <= log[2][0] <= begins_s + 0.021


def test_what_has_become_untrue_is_dropped_while_it_waits_and_said_to_its_end_once_it_is_heard() -> None:
    queue = SpeechQueue(length_s)
    for item in (cue("setup"), cue("form")):
        queue.offer(item)
        queue.next_audio(0.0)
    queue.withdraw("dead-bug.low-back-arch", "setup.armed")
    order = outcomes(queue, [n / 10 for n in range(80)])
    assert not order.is_stop
    assert [c.name for c in order.lost] == ["dead-bug.low-back-arch"]
    assert order.played == ()


def test_what_is_not_spoken_takes_no_time() -> None:
    queue = SpeechQueue(length_s)
    queue.offer(cue("count", "hold.7", is_spoken=False))
    order = queue.next_audio(0.0)
    assert (order.clip, [c.name for c in order.played]) == ("", ["hold.7"])


@pytest.mark.parametrize(("kind", "wait_s"), [("form", 3.0), ("setup", 5.5), ("praise", 3.0)])
@pytest.mark.parametrize("is_just_in_time", [True, False])
def test_each_kind_waits_so_long_and_no_longer(kind: CueKind, wait_s: float, is_just_in_time: bool) -> None:
    before = ["pain.strong", "pain.rising"]
    free_s = sum(length_s(name) for name in before) + 0.12 + 1.5
    at_s = free_s - wait_s + (0.05 if is_just_in_time else -0.05)
    log = names([*((0.0, last(name, "safety")) for name in before), (at_s, cue(kind))])
    assert (clip(kind) in log) is is_just_in_time


def test_what_must_be_heard_waits_for_as_long_as_it_takes_in_its_order() -> None:
    offers = [(0.0, last("safety.hurt", "safety"))]
    offers += [
        (0.1, last("number.3", "count")),
        (0.1, last("dead-bug.done")),
        (0.1, last("dead-bug.shorter-reach", "setup")),
    ]
    assert names(offers) == ["safety.hurt", "number.3", "dead-bug.done", "dead-bug.shorter-reach"]


@pytest.mark.parametrize("kind", ["form", "setup", "count", "praise"])
def test_what_must_be_heard_is_cut_off_by_nothing_but_safety(kind: CueKind) -> None:
    log = names([(0.0, last("number.12", "count")), (0.0, last("dead-bug.done")), (0.2, cue(kind))])
    assert log[:1] == ["number.12"]
    assert "hush" not in log
    assert "dead-bug.done" in log


def test_after_safety_it_is_said_again() -> None:
    log = names([(0.0, last("dead-bug.done")), (0.5, cue("safety"))])
    assert log == ["dead-bug.done", "hush", "safety.hurt", "dead-bug.done"]


def test_after_safety_the_order_is_as_it_was() -> None:
    log = names([(0.0, last("number.12", "count")), (0.0, last("dead-bug.done")), (0.2, cue("safety"))])
    assert log == ["number.12", "hush", "safety.hurt", "number.12", "dead-bug.done"]


def test_an_announcement_does_not_cut_off_praise_and_comes_before_a_late_number() -> None:
    offers = [
        (0.0, cue("praise")),
        (1.0, last("dead-bug.title", "setup")),
        (1.0, cue("praise", "dead-bug.arms-drop-praise")),
    ]
    assert names(offers) == ["dead-bug.low-back-arch-praise", "dead-bug.title"]


def test_the_end_of_a_set_comes_before_a_number_of_the_same_moment() -> None:
    log = names([(0.0, last("dead-bug.done")), (0.0, cue("count"))])
    assert log == ["dead-bug.done"]


def test_a_correction_is_not_held_up_by_announcements() -> None:
    offers = [(0.0, cue("setup")), (1.4, cue("form")), (1.5, last("dead-bug.title", "setup"))]
    assert names(offers) == ["setup.armed", "dead-bug.low-back-arch", "dead-bug.title"]


def test_of_several_waiting_the_most_important_is_said() -> None:
    offers = [(0.0, cue("safety")), (1.8, cue("form")), (1.9, cue("praise"))]
    assert names(offers) == ["safety.hurt", "dead-bug.low-back-arch"]


def test_a_newer_cue_of_the_same_kind_stands_for_the_one_that_waits() -> None:
    offers = [(0.0, cue("setup")), (0.5, cue("setup", "framing.dark")), (0.6, cue("setup", "framing.good"))]
    assert names(offers) == ["setup.armed", "framing.good"]


def test_a_number_comes_before_praise_of_the_same_moment() -> None:
    assert names([(0.0, cue("praise")), (0.0, cue("count"))]) == ["number.3", "dead-bug.low-back-arch-praise"]


def test_a_number_of_this_moment_comes_before_a_sentence_that_waits_for_its_silence() -> None:
    at_s = length_s("dead-bug.too-fast") + 0.12
    offers = [(0.0, cue("form", "dead-bug.too-fast")), (at_s - 0.1, cue("form")), (at_s, cue("count"))]
    assert names(offers) == ["dead-bug.too-fast", "number.3", "dead-bug.low-back-arch"]


def test_every_second_of_a_hold_is_said_up_to_sixty() -> None:
    offers = [(float(n), cue("count", f"hold.{n}")) for n in range(1, 61)]
    assert played(offers, 62.0) == [(float(n), f"number.{n}") for n in range(1, 61)]


def test_what_is_being_said_is_not_said_twice() -> None:
    assert names([(0.0, cue("form")), (0.5, cue("form"))]) == ["dead-bug.low-back-arch"]


def outcomes(queue: SpeechQueue, times: list[float]) -> Order:
    """All that was played and lost over some turns."""
    orders = [queue.next_audio(t) for t in times]
    return Order(
        any(o.is_stop for o in orders),
        "",
        tuple(c for o in orders for c in o.played),
        tuple(c for o in orders for c in o.lost),
    )


def test_every_cue_is_told_to_be_heard_or_lost_once() -> None:
    queue = SpeechQueue(length_s)
    given = [cue("form"), cue("count"), cue("praise"), cue("setup"), last("dead-bug.done")]
    for item in given:
        queue.offer(item)
    order = outcomes(queue, [n / 20 for n in range(300)])
    assert sorted(c.name for c in (*order.played, *order.lost)) == sorted(c.name for c in given)
    assert {c.name for c in order.lost} == {"dead-bug.low-back-arch-praise"}


def test_a_cue_that_was_cut_off_is_lost() -> None:
    queue = SpeechQueue(length_s)
    queue.offer(cue("form"))
    queue.next_audio(0.0)
    queue.offer(cue("safety"))
    assert [c.name for c in queue.next_audio(0.5).lost] == ["dead-bug.low-back-arch"]


@pytest.mark.parametrize("is_silent", [True, False])
def test_what_cannot_be_heard_counts_as_shown(is_silent: bool) -> None:
    queue = SpeechQueue(length_s, is_silent)
    mute = [cue("form", "no.such-clip"), Cue(0.0, "setup", "setup.armed", "Text.", "")]
    for item in [*mute, *([cue("form")] if is_silent else [])]:
        queue.offer(item)
    order = queue.next_audio(0.0)
    assert order.clip == ""
    assert order.lost == ()
    assert len(order.played) == (3 if is_silent else 2)


def test_a_cue_without_a_clip_interrupts_nothing() -> None:
    assert names([(0.0, cue("praise")), (0.4, cue("safety", "no.such-clip"))]) == ["dead-bug.low-back-arch-praise"]


def test_cancelled_by_name() -> None:
    queue = SpeechQueue(length_s)
    for item in (cue("setup"), last("dead-bug.title", "setup"), last("session.left", "setup")):
        queue.offer(item)
    queue.next_audio(0.0)
    queue.cancel("dead-bug.title")
    order = outcomes(queue, [1.0, 2.0, 4.0])
    assert [c.name for c in order.lost] == ["dead-bug.title"]
    assert [c.name for c in order.played] == ["session.left"]
    assert not order.is_stop


def test_cancelling_what_is_playing_stops_it() -> None:
    queue = SpeechQueue(length_s)
    queue.offer(cue("setup"))
    queue.next_audio(0.0)
    queue.cancel("setup.armed")
    order = queue.next_audio(0.1)
    assert (order.is_stop, [c.name for c in order.lost]) == (True, ["setup.armed"])
    assert not queue.is_speaking(0.1)
    queue.offer(cue("form"))
    assert queue.next_audio(0.2).clip == "dead-bug.low-back-arch", "what was stopped blocks nothing"


def test_cancelling_everything() -> None:
    queue = SpeechQueue(length_s)
    queue.offer(cue("setup"))
    queue.next_audio(0.0)
    queue.offer(last("dead-bug.done"))
    queue.cancel()
    order = outcomes(queue, [0.1, 5.0])
    assert order.is_stop
    assert [c.name for c in order.lost] == ["dead-bug.done", "setup.armed"]
    assert not queue.next_audio(6.0).clip


def test_silence_falls_at_once_and_what_waits_counts_as_shown() -> None:
    queue = SpeechQueue(length_s)
    queue.offer(cue("setup"))
    queue.next_audio(0.0)
    queue.offer(last("dead-bug.done"))
    assert queue.is_waiting
    queue.silence(True)
    order = queue.next_audio(0.1)
    assert (order.is_stop, [c.name for c in order.played], order.lost) == (True, ["dead-bug.done"], ())
    assert not queue.is_waiting
    queue.silence(False)
    queue.offer(cue("form"))
    assert queue.next_audio(0.2).clip == "dead-bug.low-back-arch"


def test_speaking_ends_with_the_clip_and_its_silence() -> None:
    queue = SpeechQueue(length_s)
    queue.offer(cue("form"))
    queue.next_audio(0.0)
    assert queue.is_speaking(length_s("dead-bug.low-back-arch") + 0.11)
    assert not queue.is_speaking(length_s("dead-bug.low-back-arch") + 0.12)


@pytest.mark.parametrize(
    ("cue_name", "name"),
    [
        ("count.3", "number.3"),
        ("hold.12", "number.12"),
        ("dead-bug.too-fast", "dead-bug.too-fast"),
        ("hold.end", "hold.end"),
        ("number.4", "number.4"),
    ],
)
def test_clip_of_a_cue(cue_name: str, name: str) -> None:
    assert clip_name(cue_name) == name


SPOKEN = {kind: [name for name in INDEX if not name.startswith("number.")][i::5] for i, kind in enumerate(KINDS)}
"""All shipped sentences, dealt out to the kinds."""


@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from(KINDS), st.integers(0, 30)), max_size=25))
def test_never_two_at_once_and_each_is_heard_or_lost(items: list[tuple[int, CueKind, int]]) -> None:
    queue, free_s, told = SpeechQueue(length_s), 0.0, 0
    offers = sorted(items)
    for turn in range(1200):
        now_s = turn / 50
        while offers and offers[0][0] <= turn:
            _, kind, n = offers.pop(0)
            queue.offer(cue(kind, SPOKEN[kind][n]))
        order = queue.next_audio(now_s)
        told += len(order.played) + len(order.lost)
        free_s = now_s + 0.12 if order.is_stop else free_s
        if order.clip:
            assert now_s >= free_s - 1e-9, "two at once"
            free_s = now_s + length_s(order.clip) + 0.12
    assert told >= len(items)
    assert not queue.is_waiting
