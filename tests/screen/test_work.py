"""The working screen says what it is told: stage, holds, faults, what can't be seen, camera, sound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.core.body.back import unknown_back
from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import absent_pose
from formcheck.core.coach.snapshot import ActiveFault, Snapshot
from formcheck.core.rules.events import CueKind, Paused
from formcheck.screen import (
    CameraState,
    Caption,
    Painter,
    Sign,
    Slowness,
    Tally,
    ViewModel,
    Wording,
    not_judged_text,
)
from formcheck.screen.canvas import Canvas
from formcheck.screen.layout import arrange
from formcheck.screen.palette import BLUE, BLUE_TEXT, ORANGE, ORANGE_TEXT, TRACK, Colour
from formcheck.screen.words import PAUSES, Words
from formcheck.session.registry import load_exercises
from formcheck.testing import Filmed, Stance, film, judge
from tests.screen.samples import ARCH, CHECKS, DEBUG, FAST, HOLDING, WORKING, trace, view

SIZE = (1280, 720)


def texts(painter: Painter, shown: ViewModel) -> list[str]:
    return [label.text.replace("\N{NO-BREAK SPACE}", " ") for label in painter.paint(shown, SIZE).labels]


def amount(canvas: Canvas, place: str, colour: Colour) -> int:
    pixels = canvas.view(getattr(arrange(SIZE), place))
    return int((np.abs(pixels.astype(int) - colour[::-1]).max(axis=2) <= 2).sum())


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (view(), ["Dead bug", "Left leg: lower the leg slowly", "3", "of 12", "2 clean · 1 with a fault", "Back flat"]),
        (view(replace(WORKING, target_reps=0)), ["2 clean · 1 with a fault"]),
        (view(tally=Tally(4, 1, 2)), ["4 clean · 1 with a fault · 2 not judged"]),
        (view(replace(WORKING, clean_reps=2, not_judged_reps=1)), ["2 clean · 1 not judged"]),
        (view(is_per_side=True), ["of 12 a side"]),
        (view(notice="3: could not judge your back"), ["3: could not judge your back"]),
        (view(sign=Sign("skip", 0.5)), ["Skip"]),
        (view(sign=Sign("stop", 0.5)), ["Stop"]),
        (view(sign=Sign("hurt", 0.5)), ["It hurts"]),
        (view(replace(WORKING, back="good"), wording=Wording(back_good="Back long")), ["Back long"]),
        (view(replace(WORKING, back="open", phase="rest")), ["Relaxed"]),
        (view(replace(WORKING, back="open", phase="outbound")), ["Not flat yet"]),
        (view(replace(WORKING, side=None)), ["Lower the leg slowly"]),
        (view(replace(WORKING, posture="quadruped"), wording=Wording()), ["Back level"]),
        (view(replace(WORKING, back="unknown")), ["Back: can't judge"]),
        (view(replace(WORKING, back="unsure")), ["Back: not sure"]),
        (view(replace(WORKING, back="fault", faults=(FAST, ARCH))), ["Low back lifts", "Too fast"]),
        (view(replace(WORKING, back="fault")), ["Back moved"]),
        (view(replace(WORKING, faults=(ActiveFault("my-own-fault", "", 1),))), ["My own fault"]),
        (view(HOLDING), ["3", "of 5 s"]),
        (view(Snapshot(stage="countdown", countdown_s=9.01)), ["Starting in", "10"]),
        (view(Snapshot(stage="countdown", countdown_s=0.4)), ["1"]),
        (view(Snapshot(start_checks=CHECKS)), ["Start position", *(c.text for c in CHECKS)]),
        (view(Snapshot(start_checks=CHECKS)), ["Yes", "Not yet", "Can't see"]),
        (view(Snapshot(start_checks=CHECKS, reps=4, target_reps=9)), ["Back to the start position", "4 of 9 done"]),
        (view(replace(WORKING, stage="paused", pause_reason="You sat up.")), ["Paused", "You sat up.", "3"]),
        (view(replace(WORKING, stage="done")), ["Set complete"]),
        (view(replace(WORKING, unseen_part="hips", advice="Move back.")), ["I can't see your hips.", "Move back."]),
        (view(replace(WORKING, unseen_part="tail")), ["I can't see your tail."]),
        (view(camera=CameraState("lost", "Trying again.")), ["Camera lost", "Trying again."]),
        (view(image=None, camera=CameraState("lost", "Trying again.")), ["Camera lost", "Trying again."]),
        (view(image=None, camera=CameraState("opening")), ["Waiting for the camera"]),
        (view(image=None), ["One moment, getting ready"]),
        (view(caption=Caption("Other leg.", "form")), ["Other leg."]),
        (view(debug=DEBUG), ["29.7 pictures/s, 12 dropped", "latency 61 ms, p95 88 ms", "people seen: 2"]),
    ],
)  # fmt: skip
def test_what_is_told_is_shown(painter: Painter, shown: ViewModel, expected: list[str]) -> None:
    written = texts(painter, shown)
    for text in expected:
        assert text in written


def test_quiet_when_all_is_well(painter: Painter) -> None:
    written = texts(painter, view())
    assert not {"Sound off", "No sound card", "Skip", "Camera lost", "Paused"} & set(written)
    assert not any("dropped" in text for text in written)


def test_before_the_first_picture_nothing_is_said_of_the_person(painter: Painter) -> None:
    written = texts(painter, view(Snapshot(stage="setup", start_checks=CHECKS), image=None, pose=None))
    assert "One moment, getting ready" in written
    assert not {"Setting up", "Start position", "Can't see", "Not yet"} & set(written)


def test_what_could_not_be_judged_of_a_repetition_is_named() -> None:
    assert not_judged_text(3, ("back",)) == "3: could not judge your back"
    assert not_judged_text(4, ("knees", "back")) == "4: could not judge your knees and your back"
    assert not_judged_text(6, ("rate", "back")) == "6: could not judge your back and what is quick: too few pictures"
    assert not_judged_text(5, ()) == "5: could not judge all of it"


def test_a_relaxed_back_is_not_a_flat_one(painter: Painter) -> None:
    canvas = painter.paint(view(replace(WORKING, back="open", phase="rest"), pose=None), SIZE)
    assert amount(canvas, "ring", BLUE) == 0
    assert amount(painter.paint(view(replace(WORKING, back="good"), pose=None), SIZE), "ring", BLUE) > 2000


def test_the_ring_of_the_sign_fills_in_the_colour_of_what_it_means(painter: Painter) -> None:
    def coloured(sign: Sign, colour: Colour) -> int:
        return amount(painter.paint(view(pose=None, sign=sign), SIZE), "picture", colour)

    assert coloured(Sign("hurt", 0.9), ORANGE) > coloured(Sign("hurt", 0.3), ORANGE) + 300
    assert coloured(Sign("skip", 0.9), ORANGE) == 0
    bare = painter.paint(view(pose=None), SIZE).pixels.copy()
    assert (painter.paint(view(pose=None, sign=Sign("skip", 0.0)), SIZE).pixels == bare).all()


@pytest.mark.parametrize(
    ("slowness", "shows"),
    [
        ("some", ["This computer is too slow", "Close other programs. I can't judge everything."]),
        ("all", ["This computer is too slow", "Close other programs. I can't count like this."]),
        ("camera", ["Too few pictures", "Turn on a light. I can't judge everything."]),
        ("camera-all", ["Too few pictures", "Turn on a light. I can't count like this."]),
    ],
)
def test_what_comes_too_slowly_is_shown_with_what_to_do(painter: Painter, slowness: Slowness, shows: list[str]) -> None:
    assert set(shows) <= set(texts(painter, view(WORKING, slowness=slowness)))
    assert not set(shows) & set(texts(painter, view(replace(WORKING, stage="done"), slowness=slowness)))
    paused = texts(painter, view(replace(WORKING, stage="paused", pause_reason="late-poses"), slowness=slowness))
    assert "This computer was too slow for a moment. Take the start position to go on." in paused
    unseen = texts(painter, view(replace(WORKING, unseen_part="hips"), slowness=slowness))
    assert set(shows) <= set(unseen), "a machine that is too slow may be why nothing is seen"


def test_a_lost_camera_comes_before_a_pause_and_a_pause_before_what_cannot_be_seen(painter: Painter) -> None:
    snapshot = replace(WORKING, stage="paused", unseen_part="hips", pause_reason="You sat up.")
    both = texts(painter, view(snapshot, camera=CameraState("lost", "Trying again.")))
    assert "Camera lost" in both
    assert "Paused" not in both
    assert "I can't see your hips." not in texts(painter, view(snapshot))


@pytest.mark.parametrize(("hold_s", "low", "high"), [(0.0, 0, 0), (2.5, 0.45, 0.55), (5.0, 0.97, 1), (60.0, 0.97, 1)])
def test_the_ring_fills_with_the_hold(painter: Painter, hold_s: float, low: float, high: float) -> None:
    canvas = painter.paint(view(replace(HOLDING, hold_s=hold_s)), SIZE)
    full, rest = amount(canvas, "ring", BLUE), amount(canvas, "ring", TRACK)
    assert low <= full / (full + rest) <= high


@pytest.mark.parametrize(("progress", "share"), [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0), (7.0, 1.0), (float("nan"), 0.0)])
def test_the_bar_fills_with_the_movement(painter: Painter, progress: float, share: float) -> None:
    canvas = painter.paint(view(replace(WORKING, progress=progress)), SIZE)
    full, rest = amount(canvas, "bar", BLUE), amount(canvas, "bar", TRACK)
    assert full / (full + rest) == pytest.approx(share, abs=0.03)


def test_the_back_is_a_blue_disc_or_an_orange_triangle(painter: Painter) -> None:
    good = painter.paint(view(WORKING, pose=None), SIZE)
    layout = arrange(SIZE)
    tall = good.view(layout.ring)
    assert amount(good, "ring", BLUE) > 2000
    assert amount(good, "ring", ORANGE) == 0
    disc = np.abs(tall.astype(int) - BLUE[::-1]).max(axis=2) <= 2
    bad = painter.paint(view(replace(WORKING, back="fault"), pose=None), SIZE)
    assert amount(bad, "ring", ORANGE) > 2000
    assert amount(bad, "ring", BLUE) == 0
    wide = np.abs(bad.view(layout.ring).astype(int) - ORANGE[::-1]).max(axis=2) <= 2
    disc_rows, wide_rows = (np.flatnonzero(shape.any(axis=1)) for shape in (disc, wide))
    assert disc[disc_rows[-8]].sum() < disc[disc_rows[len(disc_rows) // 2]].sum()
    assert wide[wide_rows[-8]].sum() > wide[wide_rows[len(wide_rows) // 2]].sum()


@pytest.mark.parametrize("kind", ["safety", "form", "count", "praise", "setup"])
def test_each_kind_of_cue_has_its_own_mark(painter: Painter, kind: CueKind) -> None:
    kinds: tuple[CueKind, ...] = ("safety", "form", "count", "praise", "setup")
    mark = arrange(SIZE).caption.columns(0.0, 0.1)
    looks = {k: painter.paint(view(caption=Caption("Go.", k)), SIZE).view(mark).tobytes() for k in kinds}
    assert [k for k in kinds if looks[k] == looks[kind]] == [kind]


def test_an_empty_text_is_not_translated() -> None:
    assert Words(lambda _: "Project-Id-Version: ...")("") == ""


def corner(shown: ViewModel) -> np.ndarray:
    """The picture's upper right corner, where the trace stands."""
    picture = arrange(SIZE).picture
    pixels = Painter().paint(shown, SIZE).pixels
    return pixels[picture.y : picture.y + 110, picture.right - 245 : picture.right].astype(int)


def marked(pixels: np.ndarray, colour: Colour) -> np.ndarray:
    """(rows, columns) of the pixels of a colour."""
    return np.argwhere(np.abs(pixels - colour[::-1]).max(axis=2) <= 12)


def test_the_trace_shows_the_back_against_its_limit_and_breaks_where_it_was_not_seen():
    flat, arched = (
        marked(corner(view(replace(WORKING, back="fault", back_trace=trace(peak)))), ORANGE_TEXT)
        for peak in (0.0, 15.0)
    )
    assert arched[:, 0].min() < flat[:, 0].min() - 8
    whole = marked(corner(view(replace(WORKING, back_trace=trace(7.0)))), BLUE_TEXT)
    torn = marked(corner(view(replace(WORKING, back_trace=trace(7.0, gap=True)))), BLUE_TEXT)
    missing = set(whole[:, 1].tolist()) - set(torn[:, 1].tolist())
    assert len(missing) > 30


def test_the_trace_shows_how_uncertain_it_is():
    plain, wide = (corner(view(replace(WORKING, back_trace=trace(spread=spread)))) for spread in (0.0, 4.0))
    assert (plain != wide).any(axis=2).sum() > 1000


def test_the_line_of_a_tilt_is_a_goal_and_not_a_limit():
    tilt = replace(WORKING, back="open", back_trace=trace(0.0, spread=0.006, arch_limit=0.0, round_limit=0.009))
    goal, limit = (corner(view(tilt, wording=Wording(is_of_outline=is_goal))) for is_goal in (True, False))
    assert len(marked(goal, ORANGE_TEXT)) == 0 < len(marked(goal, BLUE_TEXT))
    assert len(marked(limit, ORANGE_TEXT)) > 0


def test_no_trace_without_a_limit_or_while_nothing_is_counted():
    bare = corner(view(WORKING))
    assert (corner(view(replace(WORKING, back_trace=trace(arch_limit=0.0)))) == bare).all()
    paused = replace(WORKING, stage="paused", pause_reason="You sat up.")
    assert (corner(view(replace(paused, back_trace=trace()))) == corner(view(paused))).all()


STOPPED = {
    "paused": view(replace(WORKING, stage="paused", pause_reason="held", faults=(FAST,))),
    "done": view(replace(WORKING, stage="done", faults=(FAST,))),
    "camera lost": view(replace(WORKING, faults=(FAST,)), camera=CameraState("lost", "Trying again.")),
    "hold, paused": view(replace(HOLDING, stage="paused", pause_reason="held", faults=(FAST,))),
}


@pytest.mark.parametrize("shown", STOPPED.values(), ids=STOPPED)
def test_nothing_is_claimed_of_what_is_not_judged_now(painter: Painter, shown: ViewModel) -> None:
    written = " ".join(texts(painter, shown))
    for claim in ("Back", "Left leg", "ower the leg", "old, back flat", "Too fast"):
        assert claim not in written
    assert "2 clean · 1 with a fault" in written, "what was counted stays"
    canvas = painter.canvas
    assert amount(canvas, "back", BLUE) == amount(canvas, "picture", BLUE) == 0
    goes_on = texts(painter, replace(shown, snapshot=replace(shown.snapshot, stage="working"), camera=CameraState()))
    assert "Too fast" in goes_on


@pytest.mark.parametrize("reason", PAUSES)
def test_a_pause_is_told_in_words_with_what_to_do(painter: Painter, reason: str) -> None:
    shown = texts(painter, view(replace(WORKING, stage="paused", pause_reason=reason)))
    assert PAUSES[reason] in shown
    assert reason not in shown


def test_the_reasons_for_which_a_set_pauses_have_words() -> None:
    lying = Limbs(hip_deg=90, knee_deg=90, shoulder_deg=90, elbow_deg=175)
    start = film([(0, Stance("supine", lying, lying)), (2, Stance("supine", lying, lying))])
    sitting = film(
        [(0, Stance("supine", lying, lying, trunk_deg=70)), (3, Stance("supine", lying, lying, trunk_deg=70))]
    )
    gone = [(absent_pose(p.t_s, p.index, p.width, p.height), unknown_back(p.t_s, "no-torso")) for p, _ in sitting]
    ends = {"sits up": later(sitting, 2.1), "leaves": later(gone, 2.1), "the picture stands still": later(start, 15.0)}
    exercise = load_exercises().get("dead-bug")
    found = {
        name: [e.reason for e in judge(exercise, [*start, *end]) if isinstance(e, Paused)] for name, end in ends.items()
    }
    assert found == {"sits up": ["left-position"], "leaves": ["nobody"], "the picture stands still": ["picture-gap"]}
    assert all(reason in PAUSES for reasons in found.values() for reason in reasons)


def later(frames: list[Filmed], by_s: float) -> list[Filmed]:
    return [(replace(p, t_s=p.t_s + by_s), replace(b, t_s=b.t_s + by_s)) for p, b in frames]
