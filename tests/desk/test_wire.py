"""What is said over the wire: round trips, limits, and twelve thousand messages that make no sense."""

from __future__ import annotations

import json
import math
import random
from copy import deepcopy
from typing import Any

import pytest

from formcheck.core.rules import events
from formcheck.core.rules.events import RepCompleted
from formcheck.desk import wire
from formcheck.session.wire import event_out

FUZZED = 12_000
KEY, SIGNATURE = "ab" * 32, "cd" * 64


def entry(*found: events.Event, i: int = 4) -> wire.EntrySaid:
    body: dict[str, Any] = {"events": [event_out(event) for event in found]}
    return wire.EntrySaid(k=9, session_id="s", i=i, kind="events", set_id="s-1", utc="2026-11-30T08:00:00Z", body=body)


def rep(**values) -> wire.EntrySaid:
    return entry(
        RepCompleted(12.5, 3, "left", 10.0, 11.0, 2.0, set_id="s-1", seq=7, measures={"out_s": 1.25}, **values)
    )


def frame() -> wire.Frame:
    back = wire.Outline(
        xy=[1234, 567] * 16 + [None, None], value=-12.345, spread=2.345, margin=1.234, arch_limit=8.0,
        round_limit=8.0, verdict="unsure",
    )  # fmt: skip
    return wire.Frame(
        set_id="01890a5d-ac96-774b-bcce-b302099a8057", t_s=123_456.789, made_ms=1_790_000_000_000, width=1920,
        height=1080, xy=[-1234, 1079] * 33, evidence="210" * 11, back=back, stage="working", phase="out",
        phase_text="Lower the leg and the arm on the other side", side="right", reps=12, clean=8, faulty=3,
        not_judged=1, target=20, hold_s=2.5, hold_target_s=5.0, faults=["low-back-arch", "knee-angle"],
        unseen="shoulders", fps=14.9,
    )  # fmt: skip


FROM_STATION = [
    wire.Hello(key=KEY, name="Kiosk 2", app="0.3.0", signature=SIGNATURE),
    wire.PairAnswer(share="f" * 768, proof=KEY),
    frame(),
    rep(verdict="faulty", faults=("low-back-arch",), judged={"low-back-arch": 0.9}),
    wire.EntrySaid(k=0, session_id="s", i=0, kind="session", person="ab" * 16, body={"program": None}),
    wire.EntrySaid(k=1, session_id="s", i=1, kind="end", is_kept=False, body={"is_interrupted": True}),
    wire.Status(
        page="set",
        set_id="s-1",
        exercise="dead-bug",
        stage="working",
        reps=3,
        hurts=True,
        kept=4,
        settings={"reach_hip_deg": 120.0},
        asked=12,
    ),
    wire.CueSaid(set_id="s-1", t_s=3.0, name="dead-bug.low-back-arch", kind="form", text="Press the low back down."),
    wire.Done(id=3, ok=False, text="That is so already."),
]
FROM_DESK = [
    wire.Challenge(nonce=KEY),
    wire.Welcome(station="0123456789abcdef", desk="Room 1"),
    wire.Unpaired(),
    wire.PairShare(share="1f"),
    wire.PairProof(proof=KEY),
    wire.PairProof(),
    wire.Refused(why="No."),
    wire.Ack(k=12),
    wire.Amend(id=1, by="clinician", set_id="s-1", rep=2, what="fault", fault="low-back-arch", why="I saw it"),
    wire.Steer(id=2, to="change-side"),
    wire.Say(id=3, line="Breathe out, slowly – très bien."),
    wire.Threshold(id=4, set_id="s-1", setting="reach_hip_deg", value=120.0, why="sore hip"),
    wire.Dose(id=5, set_id="s-1", reps=6, why="tired"),
    wire.Amend(id=6, set_id="s-1", what="add", verdict="faulty", fault="low-back-arch", side="left"),
]


@pytest.mark.parametrize("said", FROM_STATION, ids=lambda said: said.m)
def test_what_a_station_says_is_read_as_it_was_said(said):
    assert wire.from_station(wire.encode(said)) == said


@pytest.mark.parametrize("said", FROM_DESK, ids=lambda said: f"{said.m}")
def test_what_the_desk_says_is_read_as_it_was_said(said):
    assert wire.from_desk(wire.encode(said)) == said


def test_the_longest_frame_is_no_longer_than_promised():
    longest = frame().model_copy(
        update={"xy": [-wire.PIXEL_MAX] * 66, "faults": [f"a-name-of-a-fault-that-is-long-{i}" for i in range(6)]}
    )
    assert len(wire.encode(frame()).encode()) <= 1100
    assert len(wire.encode(longest).encode()) <= wire.FRAME_MAX


def test_nobody_is_taken_for_the_other_end():
    for said in FROM_DESK:
        with pytest.raises(wire.MessageError):
            wire.from_station(wire.encode(said))
    for said in FROM_STATION:
        with pytest.raises(wire.MessageError):
            wire.from_desk(wire.encode(said))


@pytest.mark.parametrize(
    "body",
    [
        {"m": "challenge", "v": 1, "nonce": KEY},
        {"m": "challenge", "v": 1, "nonce": KEY, "kind": "of the future"},
        {"m": "welcome", "v": 99, "station": "a"},
    ],
    ids=["the same fields", "another field", "a welcome"],
)
def test_another_version_is_refused_with_a_sentence_whatever_else_it_has(body):
    with pytest.raises(wire.VersionError, match=r"speaks version .* Update the older"):
        wire.from_desk(json.dumps(body))


def test_the_version_is_always_said():
    assert all('"v":2' in wire.encode(said) for said in (FROM_STATION[0], FROM_DESK[0], FROM_DESK[1]))


def test_what_is_not_a_number_comes_through_an_event_and_nowhere_else():
    event = RepCompleted(1.0, 1, None, math.nan, math.inf, 0.0, set_id="s-1", seq=0)
    heard = wire.from_station(wire.encode(entry(event)))
    assert isinstance(heard, wire.EntrySaid)
    (back,) = heard.events
    assert isinstance(back, RepCompleted)
    assert math.isnan(back.start_s)
    assert back.peak_s == math.inf
    text = wire.encode(frame())
    for bad in ("NaN", "Infinity", "1e999", '"NaN"'):
        with pytest.raises(wire.MessageError):
            wire.from_station(text.replace("123456.789", bad))


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("set_id", "../x"), ("body", 7), ("body", []), ("k", -1), ("n", "0"), ("i", -1),
        ("kind", "amend"),
        ("kind", "sign"), ("utc", "yesterday"), ("utc", "2026-11-30T08:00:00"), ("person", "Ann"), ("session_id", ""),
        ("session_id", "../x"),
    ],
)  # fmt: skip
def test_an_entry_that_makes_no_sense_is_refused(change, value):
    body = json.loads(wire.encode(rep()))
    wire.from_station(json.dumps(body))
    with pytest.raises(wire.MessageError):
        wire.from_station(json.dumps(body | {change: value}))


NO_EVENTS: dict[str, Any] = {
    "another set": rep().model_copy(update={"set_id": "s-2"}),
    "no time": entry(RepCompleted(math.nan, set_id="s-1", seq=0)),
    **{
        str(body): rep().model_copy(update={"body": body})
        for body in (
            {}, {"events": 7}, {"events": [7]}, {"events": [{"event": "Opened"}]},
            {"events": [{"event": "Any", "t_s": 1}]}, {"events": [{"event": "Event", "t_s": 1}]},
            {"events": [{"event": "__builtins__"}]},
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("said", NO_EVENTS.values(), ids=list(NO_EVENTS))
def test_what_is_no_event_of_its_set_is_taken_for_none(said):
    heard = wire.from_station(wire.encode(said))
    assert isinstance(heard, wire.EntrySaid)
    with pytest.raises(wire.MessageError):
        heard.events  # noqa: B018 - that it is asked for is what raises


def test_every_event_of_the_coach_goes_through():
    kinds = [
        kind for kind in vars(events).values()
        if isinstance(kind, type) and issubclass(kind, events.Event) and kind is not events.Event
    ]  # fmt: skip
    assert len(kinds) > 15
    for kind in kinds:
        event = kind(3.25, set_id="s-1", seq=4)
        heard = wire.from_station(wire.encode(entry(event)))
        assert isinstance(heard, wire.EntrySaid)
        assert [event_out(each) for each in heard.events] == [event_out(event)]


def test_an_error_tells_where_and_never_what():
    with pytest.raises(wire.MessageError) as caught:
        wire.from_station(json.dumps({"m": "status", "title": "Anna Example " * 20}))
    assert "title" in str(caught.value)
    assert "Anna" not in str(caught.value)


def test_a_line_for_the_patients_screen_has_no_signs_that_steer_a_terminal():
    for line in ("a\x1b[2J", "a\nb", "\u202ereversed"):
        with pytest.raises(wire.MessageError):
            wire.from_desk(json.dumps({"m": "say", "line": line}))


def test_too_long_is_refused_both_ways():
    with pytest.raises(wire.MessageError, match="too long"):
        wire.from_station(b" " * (wire.MESSAGE_MAX + 1))
    with pytest.raises(wire.MessageError, match="longer than"):
        wire.encode(rep().model_copy(update={"body": {"event": "x" * wire.MESSAGE_MAX}}))


# -- fuzz --------------------------------------------------------------------------------------------------------------

ODD: list[object] = [
    None, True, -1, 0, 2**63, 10**400, 1e308, -0.0, "", "\x00", "\ud800", "NaN", "a" * 3000, [], {}, [[]], {"m": {}},
    "' OR 1=1", "<script>", "../../etc/passwd", "٣", "=cmd|'/c calc'!A0",
]  # fmt: skip


def spoiled(draw: random.Random) -> str | bytes:
    """One message that somebody has spoiled in one of many ways."""
    text = wire.encode(draw.choice([*FROM_STATION, *FROM_DESK]))
    way = draw.randrange(7)
    if way == 0:
        data = bytearray(text.encode())
        for _ in range(draw.randint(1, 6)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        return bytes(data)
    if way == 1:
        return text[: draw.randrange(len(text))]
    if way == 2:
        return draw.randbytes(draw.randrange(400))
    if way == 3:
        return draw.choice('[{"') * draw.choice([1, 50, 5000, wire.MESSAGE_MAX, 3 * wire.MESSAGE_MAX])
    body = json.loads(text)
    for _ in range(draw.randint(1, 3)):
        _spoil(draw, body)
    return json.dumps(body, ensure_ascii=draw.random() < 0.5)


def _spoil(draw: random.Random, body: dict[str, Any]) -> None:
    name = draw.choice([*body, "extra", "v", "n"])
    kind = draw.randrange(3)
    inner = body.get(name)
    if kind == 0:
        body.pop(name, None)
    elif kind == 1 and isinstance(inner, dict):
        _spoil(draw, inner)
    elif kind == 1 and isinstance(inner, list) and inner:
        inner[draw.randrange(len(inner))] = deepcopy(draw.choice(ODD))
    else:
        body[name] = deepcopy(draw.choice(ODD))


def test_twelve_thousand_spoiled_messages_raise_one_kind_of_error_or_make_sense():
    draw = random.Random(20261130)
    refused = longest = 0
    for _ in range(FUZZED):
        said = spoiled(draw)
        for read in (wire.from_station, wire.from_desk):
            try:
                heard = read(said)
            except wire.MessageError as error:
                refused += 1
                longest = max(longest, len(error.text))
            else:
                again = read(wire.encode(heard))
                assert wire.encode(again) == wire.encode(heard), "what is let through can be said again"
    assert longest <= wire.WHY_MAX
    assert FUZZED < refused < 2 * FUZZED, "some of it makes sense to one of the ends"
