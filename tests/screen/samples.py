"""Views to draw in tests and in the gallery: hand-made bodies, ordinary texts and the longest ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import STATIONS, Back, unknown_back
from formcheck.core.body.pose import JOINT_COUNT, Evidence, Joint, Pose
from formcheck.core.coach.snapshot import ActiveFault, BackVerdict, Snapshot, StartCheck
from formcheck.core.coach.trace import Trace, TracePoint
from formcheck.screen import (
    SETUP_HINTS,
    Bar,
    CameraState,
    Caption,
    Card,
    ChoiceView,
    Course,
    DebugNumbers,
    HelpView,
    MenuView,
    MessageView,
    Option,
    ReportRow,
    ReportView,
    SafetyView,
    SoundState,
    SummaryView,
    View,
    ViewModel,
    figure_for,
)

SIZES = ((1280, 720), (1920, 1080), (800, 600), (720, 1280))

_DEAD_BUG = {
    Joint.NOSE: (0.17, 0.66), Joint.LEFT_EAR: (0.19, 0.69), Joint.RIGHT_EAR: (0.19, 0.69),
    Joint.LEFT_SHOULDER: (0.28, 0.72), Joint.RIGHT_SHOULDER: (0.29, 0.71),
    Joint.LEFT_ELBOW: (0.29, 0.54), Joint.RIGHT_ELBOW: (0.30, 0.53),
    Joint.LEFT_WRIST: (0.29, 0.38), Joint.RIGHT_WRIST: (0.31, 0.37),
    Joint.LEFT_HIP: (0.51, 0.73), Joint.RIGHT_HIP: (0.52, 0.72),
    Joint.LEFT_KNEE: (0.53, 0.46), Joint.RIGHT_KNEE: (0.70, 0.62),
    Joint.LEFT_ANKLE: (0.70, 0.45), Joint.RIGHT_ANKLE: (0.87, 0.64),
    Joint.LEFT_HEEL: (0.72, 0.48), Joint.RIGHT_HEEL: (0.89, 0.67),
    Joint.LEFT_TOE: (0.74, 0.40), Joint.RIGHT_TOE: (0.91, 0.58),
}  # fmt: skip
"""Shares of the picture: lying, head to the left, so that the right side is near."""


def body(width: int = 1280, height: int = 720) -> Pose:
    """A dead bug, all joints measured, but for the far wrist (predicted) and the face (absent)."""
    xy = np.full((JOINT_COUNT, 2), np.nan, np.float32)
    evidence = np.zeros(JOINT_COUNT, np.uint8)
    for joint, (x, y) in _DEAD_BUG.items():
        xy[joint] = x * width, y * height
        evidence[joint] = Evidence.MEASURED
    evidence[Joint.LEFT_WRIST] = Evidence.PREDICTED
    return Pose(0.0, 0, width, height, xy, evidence)


def outline(pose: Pose) -> Back:
    """The under-side of that body's back."""
    hip, shoulder = pose.point(Joint.RIGHT_HIP), pose.point(Joint.RIGHT_SHOULDER)
    along = np.array(STATIONS, np.float32)[:, None]
    contour = hip + along * (shoulder - hip)
    contour[:, 1] += pose.height * (0.075 - 0.02 * np.sin(np.pi * along[:, 0]))
    offsets = np.full(len(STATIONS), 0.2, np.float32)
    return Back(0.0, offsets, np.full(len(STATIONS), 0.01, np.float32), contour.astype(np.float32))


def lost_outline(pose: Pose) -> Back:
    """A contour that is drawn but must not be judged."""
    return replace(unknown_back(0.0, "oblique"), contour_px=outline(pose).contour_px)


def room(width: int = 1280, height: int = 720) -> NDArray[np.uint8]:
    """A bright room with a mat, darker to the left: unlike its own mirror image."""
    image = np.full((height, width, 3), 205, np.uint8)
    image[:, : width // 3] = (120, 140, 150)
    image[round(0.8 * height) :] = (120, 90, 70)
    return image


CHECKS = (
    StartCheck("Lie on your back", True),
    StartCheck("Knees over your hips", True),
    StartCheck("Other knee over your hip", None),
    StartCheck("Shins level with the floor", False),
    StartCheck("Other shin level too", None),
    StartCheck("Arms straight up", True),
)


def trace(peak_tl: float = 0.02, gap: bool = False, **changes: float) -> Trace:
    """A dead bug's last ten seconds: flat, an arch that comes and goes; with a stretch that was not seen."""
    ages = np.arange(10.0, 0.0, -0.1)
    values = peak_tl * np.clip(np.sin((10.0 - ages) * 1.3), 0.0, 1.0)
    if gap:
        values[30:50] = np.nan
    points = tuple(TracePoint(float(a), float(v)) for a, v in zip(ages, values, strict=True))
    return replace(Trace(points, 0.006, 0.03), **changes)  # type: ignore[arg-type]


FRAMING_CHECKS = (
    StartCheck("Enough light", True),
    StartCheck("One person in the picture", True),
    StartCheck("Whole body in the picture", False),
    StartCheck("Side-on to the camera", True),
    StartCheck("Camera near, low and level", None),
)

COURSE = Course(
    3, 8, "12 times, left side",
    (
        "Lie on your back, arms straight up, hips and knees at right angles.",
        "Tuck your tailbone so that your low back lies flat.",
        "Straighten one leg slowly and lower it toward the floor.",
        "Breathe out and bring it back. Change legs.",
    ),
)  # fmt: skip
PAIN = ChoiceView(
    "How is your pain now?",
    (Option("mild", "None or mild", "0 to 3"), Option("moderate", "Moderate", "4 or 5"),
     Option("strong", "Strong", "6 to 10")), skips_in_s=19.3,
)  # fmt: skip


def report(sets: int = 6, warning: str = "") -> ReportView:
    """The report of a session with clean repetitions, faulty ones, and backs that are not known."""
    bars = tuple(Bar(1.0 + 0.03 * (i % 4), (-0.4 + 0.21 * i) if i % 5 else float("nan"), i % 4 != 2) for i in range(12))
    rows = tuple(ReportRow(f"Half-kneeling hip flexor stretch {i}", "12 / 12, 9 clean", bars, i % 3 != 2)
                 for i in range(sets))  # fmt: skip
    tiles = (("Repetitions", "58 / 62"), ("Clean", "51 / 58"), ("Held", "128 s"), ("Time", "14 min"))
    return ReportView("Low back, daily", tiles, rows, "Dead bug: low back lifts (3 times)",
                      "Stop there. Keep the mat squashed.", warning)  # fmt: skip


WORKING = Snapshot(
    stage="working", phase="outbound", phase_text="Lower the leg slowly", side="left", reps=3, target_reps=12,
    clean_reps=2, progress=0.6, back="good",
)  # fmt: skip
ARCH = ActiveFault("low-back-arch", "Stop there. Keep the mat squashed.", 2)
FAST = ActiveFault("too-fast", "Slow as honey.", 1)
HOLDING = replace(
    WORKING, phase="end-range", phase_text="Hold, back flat", hold_s=3.4, hold_target_s=5.0, posture="quadruped"
)

LONG_CUE = "I can't judge your back from here. Feel it with your hand."
LONG_SNAPSHOT = Snapshot(
    stage="working", phase="return", phase_text="Breathe out, bring it slowly all the way back", side="right", reps=28,
    target_reps=30, clean_reps=28, progress=1.0, hold_s=28.0, hold_target_s=30.0, back="fault",
    faults=(ActiveFault("no-flattening", LONG_CUE, 3), ActiveFault("same-side-limbs", LONG_CUE, 2)),
    unseen_part="shoulders", advice="Clear the view between you and the camera.",
)  # fmt: skip
LONG_CHECKS = tuple(
    StartCheck("Both knees bent at a right angle above the hips", state) for state in (True, False, None) * 2
)


def view(snapshot: Snapshot = WORKING, size: tuple[int, int] = (1280, 720), **changes: object) -> ViewModel:
    """A working screen of the sample body."""
    pose = body(*size)
    base = ViewModel(title="Dead bug", snapshot=snapshot, image=room(*size), pose=pose, back=outline(pose))
    return replace(base, **changes)  # type: ignore[arg-type]


def cards(count: int) -> tuple[Card, ...]:
    """Cards of the three exercises, then of strangers' ones."""
    known = (
        ("dead-bug", "Dead bug", "Lower one straight leg, keep your low back on the mat.", "3 sets of 12"),
        ("bird-dog", "Bird dog", "On hands and knees, reach long with opposite arm and leg.", "3 sets of 10, hold 2 s"),
        ("glute-bridge", "Glute bridge", "Lift your hips until body and thighs are in line.", "3 sets of 10, hold 5 s"),
    )
    strangers = [
        (f"clinic-{i}", f"Half-kneeling hip flexor stretch {i}", "Tuck your tailbone and rock forward a little.",
         "3 holds of 30 s on each side")
        for i in range(count)
    ]  # fmt: skip
    named = [*known, *strangers][:count]
    return tuple(Card(name, title, line, dose, figure_for(name)) for name, title, line, dose in named)


DEBUG = DebugNumbers(29.7, 12, 61.0, 88.0, 2, ("full model, 1280x720",))
VERDICTS: tuple[BackVerdict, ...] = ("good", "unsure", "fault", "unknown")


def work_views(size: tuple[int, int] = (1280, 720)) -> dict[str, ViewModel]:
    """Every state of the working screen, by name."""
    waiting = Snapshot(stage="waiting", target_reps=12, start_checks=CHECKS)
    fault = replace(WORKING, back="fault", faults=(ARCH, FAST), clean_reps=1, reps=12)
    fault = replace(fault, back_trace=trace(0.045, gap=True))
    unseen = replace(WORKING, back="unknown", unseen_part="hips", advice="Clear the view between you and the camera.")
    longest = view(LONG_SNAPSHOT, size, caption=Caption(LONG_CUE, "form"), sound=SoundState("none"), debug=DEBUG)
    return {
        "countdown": view(Snapshot(stage="countdown", countdown_s=9.6, target_reps=12), size,
                          caption=Caption("Take your time getting into position.", "setup")),
        "waiting": view(waiting, size, caption=Caption("Take the start position and hold still.", "setup")),
        "waiting-long": view(replace(waiting, start_checks=LONG_CHECKS, reps=11), size),
        "working-good": view(WORKING, size, caption=Caption("Nicely controlled.", "praise")),
        "working-fault": view(fault, size, caption=Caption(ARCH.cue, "form"), sound=SoundState("muted")),
        "working-unsure": view(replace(WORKING, back="unsure"), size),
        "hold": view(HOLDING, size, caption=Caption("3", "count"), title="Bird dog"),
        "safety": view(HOLDING, size, caption=Caption("Stop if anything hurts.", "safety"),
                       sound=SoundState("on", "Volume 60 %")),
        "setup": view(
            Snapshot(stage="setup", start_checks=FRAMING_CHECKS, setup_text="Feet cut off. Move toward your head.",
                     setup_arrow="left"), size, caption=Caption("Feet cut off. Move toward your head.", "setup"),
            hints=SETUP_HINTS),
        "rest": view(Snapshot(stage="countdown", countdown_s=17.2, target_reps=12), size, course=COURSE),
        "course": view(replace(WORKING, stage="paused", pause_reason="left"), size,
                       course=replace(COURSE, sign_share=0.6)),
        "unseen": view(unseen, size, caption=Caption("I can't see your hips.", "setup"),
                       back=lost_outline(body(*size)), debug=DEBUG),
        "paused": view(replace(WORKING, stage="paused", pause_reason="You left the start position."), size,
                       caption=Caption("Paused. Take the start position to go on.", "setup")),
        "done": view(replace(WORKING, stage="done", reps=12, clean_reps=9), size,
                     caption=Caption("Well done. Your set is complete.", "praise")),
        "camera-lost": view(WORKING, size, camera=CameraState("lost", "The camera stopped. Trying again in 4 s.")),
        "no-camera": view(Snapshot(target_reps=12), size, image=None, pose=None, back=None,
                          camera=CameraState("opening", "Opening camera 0.")),
        "longest": longest,
    }  # fmt: skip


def pages() -> dict[str, View]:
    """Every page without a camera picture, by name."""
    summary = SummaryView("Dead bug", 12, 12, 9, 0.0, "low-back-arch", 3, "Stop there. Keep the mat squashed.")
    advice = "Check the number with 'formcheck cameras', close other programs that use the camera, then try again."
    return {
        "menu-0": MenuView(),
        "menu-3": MenuView(cards(3), sound=SoundState("none")),
        "menu-7": MenuView(
            cards(7), notice="One exercise could not be loaded: clinic-knee. Run 'formcheck exercises'."
        ),
        "menu-12": MenuView(cards(12)),
        "help": HelpView(),
        "message": MessageView("Camera 3 can't be opened.", advice),
        "message-info": MessageView("Loading the pose model.", is_error=False),
        "summary": summary,
        "safety": SafetyView(),
        "pain": PAIN,
        "report": report(),
        "report-long": report(9, "Your pain went up. Rest now, do less next time, and ask your clinician."),
        "report-empty": ReportView("Low back, daily", (("Repetitions", "0 / 62"),), ()),
        "summary-clean": SummaryView("Glute bridge", 10, 10, 10, 52.4),
        "summary-long": SummaryView(
            "Half-kneeling hip flexor stretch", 28, 30, 28, 128.0, "same-side-limbs", 12, LONG_CUE
        ),
    }
