"""Views to draw in tests and in the gallery: hand-made bodies, ordinary texts and the longest ones."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import segno
from numpy.typing import NDArray

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.glute_bridge import EXERCISE as GLUTE_BRIDGE
from exercises.pelvic_tilt import EXERCISE as PELVIC_TILT
from formcheck.app.options import options_view
from formcheck.app.pages.cameras import NO_PICTURE
from formcheck.core.body.back import STATIONS, Back, unknown_back
from formcheck.core.body.pose import JOINT_COUNT, Evidence, Joint, Pose
from formcheck.core.coach.snapshot import ActiveFault, BackVerdict, Number, Snapshot, StartCheck
from formcheck.core.coach.trace import Trace, TracePoint
from formcheck.core.feedback.phrases import ADVICE, KIOSK, PAGES
from formcheck.core.rules.events import Verdict
from formcheck.kiosk.staff import menu_of
from formcheck.screen import (
    ACCEPT_HINT,
    END_HINTS,
    KIOSK_HELP_KEYS,
    ONLY_SKIP_HINTS,
    SETUP_HINTS,
    TURN_HINTS,
    AttractView,
    BandLine,
    Bar,
    CameraPicture,
    CameraState,
    CamerasView,
    Caption,
    Card,
    Chart,
    ChoiceView,
    ConfirmView,
    ConsentView,
    Course,
    DebugNumbers,
    DemonstrationView,
    HelpView,
    KeypadView,
    MenuView,
    MessageView,
    Option,
    Pane,
    ProgressView,
    ReplayView,
    ReportRow,
    ReportView,
    SafetyView,
    ScaleView,
    Scene,
    Series,
    Sign,
    SoundState,
    StillThereView,
    SummaryView,
    TakeawayView,
    Tally,
    View,
    ViewModel,
    WeekBar,
    Wording,
    not_judged_text,
)
from formcheck.system.wishes import Wishes, Wishing

SIZES = ((1280, 720), (1920, 1080), (800, 600), (1080, 1920))

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


def trace(peak: float = 7.0, gap: bool = False, **changes: float) -> Trace:
    """A dead bug's last ten seconds in degrees: flat, an arch that comes and goes; with a stretch that was not seen."""
    ages = np.arange(10.0, 0.0, -0.1)
    values = peak * np.clip(np.sin((10.0 - ages) * 1.3), 0.0, 1.0)
    if gap:
        values[30:50] = np.nan
    points = tuple(TracePoint(float(a), float(v)) for a, v in zip(ages, values, strict=True))
    return replace(Trace(points, 2.0, 0.6, 10.0), **changes)  # type: ignore[arg-type]


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
PAIN = ScaleView(
    "How is your pain now?", "7 exercises in 9 sets, about 10 minutes.", low_word="No pain", high_word="Worst pain",
    skips_in_s=19.3,
)  # fmt: skip
HURT = ChoiceView(
    "Stop. Rest until it is calm.",
    (Option("end", "End the session", "and rest"), Option("go-on", "Next exercise", "when it is calm")),
    skips_in_s=19.3, auto_text="Ends the session by itself in {n} s.", hints=END_HINTS,
)  # fmt: skip
WHY = ChoiceView(
    "Why do you stop?",
    (Option("pain", "Pain"), Option("too-tired", "Too tired"), Option("no-time", "No time"), Option("other", "Other")),
    "You need not say.", skips_in_s=29.0, hints=ONLY_SKIP_HINTS,
)  # fmt: skip
CONFIRM = ConfirmView(
    "End the session?", Option("yes", "End it", "what was done is kept"), Option("no", "Go on"), skips_in_s=12.0
)
VERDICTS_OF_REPS: tuple[Verdict, ...] = ("clean", "clean", "faulty", "not-judged")


def report(sets: int = 6, warning: str = "", **changes: object) -> ReportView:
    """The report of a session: clean repetitions, faulty ones, some not judged, attempts, backs that are not known."""
    bars = tuple(
        Bar(float("nan"), float("nan"), "not-judged", is_attempt=True)
        if i == 6
        else Bar(1.0 + 0.05 * (i % 4), float("nan") if i % 4 == 3 else -0.4 + 0.21 * i, VERDICTS_OF_REPS[i % 4])
        for i in range(12)
    )
    text = "12 / 12, 9 clean, held 128 s"
    rows = tuple(ReportRow(f"Half-kneeling hip flexor stretch {i}", text, bars, i % 3 != 2) for i in range(sets))
    tiles = (("Repetitions", "58 / 62"), ("Clean", "51"), ("With a fault", "3"), ("Not judged", "4"),
             ("Held", "128 s"), ("Time", "14 min"))  # fmt: skip
    view = ReportView("Low back, daily", tiles, rows, headline="Dead bug: low back lifts (3 times)",
                      advice="Stop there. Keep the mat squashed.", warning=warning)  # fmt: skip
    return replace(view, **changes)  # type: ignore[arg-type]


WORKING = Snapshot(
    stage="working", phase="outbound", phase_text="Lower the leg slowly", side="left", reps=3, target_reps=12,
    clean_reps=2, progress=0.6, back="good",
)  # fmt: skip
ARCH = ActiveFault("low-back-arch", "Stop there. Keep the mat squashed.", 2)
FAST = ActiveFault("too-fast", "Slow as honey.", 1)
HOLDING = replace(
    WORKING, phase="end-range", phase_text="Hold, back flat", hold_s=3.4, hold_target_s=5.0, posture="quadruped"
)

TILT = Snapshot(
    stage="working", phase="rest", phase_text="Breathe in", reps=3, target_reps=10, clean_reps=3, hold_target_s=5.0,
    back="open", back_trace=trace(0.0, spread=0.006, arch_limit=0.0, round_limit=0.009),
)  # fmt: skip

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
    base = ViewModel(title="Dead bug", snapshot=snapshot, image=room(*size), pose=pose, back=outline(pose),
                     wording=Wording.of(DEAD_BUG))  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def cards(count: int) -> tuple[Card, ...]:
    """Cards of the three exercises, then of strangers' ones."""
    known = [(e.name, e.title, e.line, "3 sets of 10 a side, hold 2 s", e.film()) for e in
             (DEAD_BUG, BIRD_DOG, GLUTE_BRIDGE)]  # fmt: skip
    strangers = [
        (f"clinic-{i}", f"Half-kneeling hip flexor stretch {i}", "Tuck your tailbone and rock forward a little.",
         "3 holds of 30 s on each side", BIRD_DOG.film())
        for i in range(count)
    ]  # fmt: skip
    return tuple(Card(*card) for card in [*known, *strangers][:count])


def demonstration(fault: str) -> DemonstrationView:
    """A fault beside the right movement."""
    rule = next(rule for rule in DEAD_BUG.all_faults if rule.name == fault)
    scenes = (Scene(DEAD_BUG.film(), "Like this"), Scene(DEAD_BUG.film(fault), rule.short))
    return DemonstrationView("Dead bug", scenes, rule.cue, (2, 7))


NOTE = "No fault was seen in the 12 that I could judge. Long holds are shortened."


def pane(**changes: object) -> Pane:
    """A repetition that is half done."""
    pose = body(640, 360)
    same = Pane("Best: number 12, right side", pose, outline(pose), "right", 0.5, is_of_back=True)
    return replace(same, **changes)  # type: ignore[arg-type]


def progress(**changes: object) -> ProgressView:
    """A dead bug over eight weeks, with a week without it."""
    nan = float("nan")
    effort = Series((6.0, 6.0, nan, 5.0, 5.0, 4.0, 4.0, 3.0), name="Effort, 0 to 10")
    pain = Series((3.0, 3.0, nan, 2.0, 3.0, 2.0, 2.0, 1.0), name="Pain after")
    back = Series((9.0, 8.0, nan, 6.0, 5.0, -2.0, 1.0, 2.0), (4.0, 4.0, nan, 4.0, 4.0, 4.0, 4.0, 4.0))
    bars = tuple(WeekBar(2 + i, 6 - i // 2, i % 3) if i != 2 else WeekBar() for i in range(8))
    same = ProgressView(
        "Dead bug",
        "Your back stayed flat in 9 of 12; three weeks ago in 5 of 12.",
        (("Done this week", "2 of 3 days"), ("Judged", "12 of 13")),
        (
            Chart("Repetitions a week", "9 of 12 clean", bars=bars),
            Chart("Range (line: counts)", "128 %", (), (Series(tuple(1 + i / 20 for i in range(8))),), 0, 1.6, 1.0),
            Chart(
                "Hold (line: asked for)", "4.6 s", (), (Series((3.0, 3.5, nan, 4.0, 4.0, 4.2, 4.4, 4.6)),), 0, 6.5, 5.0
            ),
            Chart("Back's bend (line: none)", "+2° ± 4°", (), (back,), -20, 20, 0.0),
            Chart("Pain and effort", "pain 1, effort 3", (), (effort, pain), 0, 10),
        ),
    )
    return replace(same, **changes)  # type: ignore[arg-type]


RUNNING = Snapshot(
    stage="working", phase="end-range", phase_text="Run tall", posture="upright", figure="158", figure_text="steps/min",
    numbers=(
        Number("Cadence", "158", "steps/min", 160.0, 190.0, False),
        Number("Lean", "7", "°", -3.0, 18.0, True),
        Number("Bounce", "9.8", "cm", 3.0, 10.0, True),
        Number("Hip extension", "", "°", 5.0, float("nan"), None),
    ),
)  # fmt: skip
"""Somebody on a treadmill."""

_LANDING = ((0.0, 0.07), (0.06, 1.05), (0.14, 1.43), (0.0, 1.1), (-0.01, 0.05), (0.01, 0.08), (-0.24, -0.76),
            (0.23, -0.76), (-0.94, -1.21), (0.13, -1.71))  # fmt: skip
_UNDER = ((0.0, -0.07), (0.03, 0.93), (0.15, 1.32), (0.03, 0.97), (0.0, -0.09), (0.0, -0.07), (0.22, -0.84),
          (0.14, -0.91), (-0.46, -1.2), (-0.36, -1.73))  # fmt: skip
_PUSH = ((0.0, -0.02), (-0.01, 1.03), (0.14, 1.42), (0.04, 1.07), (0.03, -0.04), (-0.03, -0.01), (0.43, -0.65),
         (-0.18, -0.86), (0.24, -1.43), None)  # fmt: skip
CYCLE = (_LANDING, _LANDING, _UNDER, _UNDER, _PUSH, _PUSH) * 2
"""The average step of the demo's runner; the foot that pushes off was not seen."""
BANDS = (
    BandLine("Cadence", "158 steps/min", 158.0, 160.0, 190.0),
    BandLine("Lean", "7 °", 7.0, -3.0, 18.0),
    BandLine("Bounce", "9.8 cm", 9.8, 3.0, 10.0),
    BandLine("Hip extension", "12 °", 12.0, 5.0, float("nan")),
    BandLine("Shank before contact", "14 °", 14.0, float("nan"), 3.0),
)
OPTIONS = options_view(Wishing(Wishes(large=True, flash=True)), is_fullscreen=False, is_heard=True)
CAMERAS = CamerasView(
    (
        CameraPicture("0", "Integrated Webcam HD", room(640, 360)),
        CameraPicture("2", "USB 2.0 Camera with a long name (0c45:6366)", None, NO_PICTURE),
        CameraPicture("4", "Capture card", room(480, 640)),
    ),
    2,
)  # fmt: skip
DEBUG = DebugNumbers(29.7, 12, 61.0, 88.0, 2, ("full model, 1280x720",))
VERDICTS: tuple[BackVerdict, ...] = ("good", "open", "unsure", "fault", "unknown")


@cache
def work_views(size: tuple[int, int] = (1280, 720)) -> dict[str, ViewModel]:
    """Every state of the working screen, by name."""
    waiting = Snapshot(stage="waiting", target_reps=12, start_checks=CHECKS)
    fault = replace(WORKING, back="fault", faults=(ARCH, FAST), clean_reps=1, reps=12)
    fault = replace(fault, back_trace=trace(15.0, gap=True))
    unseen = replace(WORKING, back="unknown", unseen_part="hips", advice="Clear the view between you and the camera.")
    longest = view(
        LONG_SNAPSHOT,
        size,
        caption=Caption(LONG_CUE, "form"),
        debug=DEBUG,
        tally=Tally(12, 10, 6),
        is_per_side=True,
        notice=not_judged_text(28, ("shoulders", "back")),
    )
    return {
        "countdown": view(Snapshot(stage="countdown", countdown_s=9.6, target_reps=12), size,
                          caption=Caption("Take your time getting into position.", "setup"),
                          film=DEAD_BUG.film()),
        "waiting": view(waiting, size, caption=Caption("Take the start position and hold still.", "setup"),
                        film=DEAD_BUG.film()),
        "waiting-nobody": view(waiting, size, pose=None, back=None, film=DEAD_BUG.film()),
        "waiting-long": view(replace(waiting, start_checks=LONG_CHECKS, reps=11), size),
        "working-good": view(WORKING, size, caption=Caption("Nicely controlled.", "praise")),
        "too-slow": view(WORKING, size, slowness="all",
                         caption=Caption("This computer is slow. Close other programs.", "setup")),
        "too-slow-in-part": view(WORKING, size, slowness="some"),
        "too-few-pictures": view(WORKING, size, slowness="camera"),
        "working-fault": view(fault, size,
                              caption=Caption(ARCH.cue, "form", DEAD_BUG.film("low-back-arch", is_remedy=True))),
        "not-judged": view(replace(WORKING, back="unknown", reps=7, clean_reps=4, not_judged_reps=2), size,
                           back=lost_outline(body(*size)), tally=Tally(4, 1, 2), is_per_side=True,
                           notice=not_judged_text(7, ("back",))),
        "tilt-rest": view(TILT, size, wording=Wording.of(PELVIC_TILT), title="Pelvic tilt"),
        "tilt-flat": view(replace(TILT, phase="end-range", back="good", progress=1.0, phase_text="Hold, back flat"),
                          size, wording=Wording.of(PELVIC_TILT), title="Pelvic tilt"),
        "fewer-cues": view(Snapshot(stage="countdown", countdown_s=9.6, target_reps=12), size,
                           news="Fewer cues today: you have done this 3 times."),
        "sign-skip": view(WORKING, size, sign=Sign("skip", 0.7)),
        "sign-stop": view(WORKING, size, sign=Sign("stop", 0.5)),
        "sign-hurt": view(WORKING, size, sign=Sign("hurt", 0.9)),
        "working-unsure": view(replace(WORKING, back="unsure"), size),
        "hold": view(HOLDING, size, caption=Caption("3", "count"), title="Bird dog"),
        "safety": view(HOLDING, size, caption=Caption("Stop. Rest until it is calm.", "safety")),
        "setup": view(
            Snapshot(stage="setup", start_checks=FRAMING_CHECKS, setup_text="Feet cut off. Move toward your head.",
                     setup_arrow="left"), size, caption=Caption("Feet cut off. Move toward your head.", "setup"),
            hints=SETUP_HINTS),
        "rest": view(Snapshot(stage="countdown", countdown_s=17.2, target_reps=12), size, course=COURSE,
                     film=DEAD_BUG.film()),
        "course": view(replace(WORKING, stage="paused", pause_reason="left"), size,
                       course=COURSE, sign=Sign("stop", 0.6)),
        "unseen": view(unseen, size, caption=Caption("I can't see your hips.", "setup"),
                       back=lost_outline(body(*size)), debug=DEBUG),
        "paused": view(replace(WORKING, stage="paused", pause_reason="You left the start position."), size,
                       caption=Caption("Paused. Take the start position to go on.", "setup")),
        "done": view(replace(WORKING, stage="done", reps=12, clean_reps=9), size,
                     caption=Caption("Well done. Your set is complete.", "praise")),
        "camera-lost": view(WORKING, size, camera=CameraState("lost", "The camera stopped. Trying again in 4 s.")),
        "no-camera": view(Snapshot(target_reps=12), size, image=None, pose=None, back=None,
                          camera=CameraState("opening", "Opening camera 0.")),
        "no-picture-setup": view(Snapshot(stage="setup", start_checks=FRAMING_CHECKS), size, image=None, pose=None,
                                 back=None, hints=SETUP_HINTS),
        "longest": longest,
        "run": view(RUNNING, size, title="Running", caption=Caption("Quick, light steps.", "form")),
        "gentle": view(Snapshot(stage="countdown", countdown_s=17.0, target_reps=12), size,
                       caption=Caption(DEAD_BUG.seated, "setup")),
    }  # fmt: skip


def pages() -> dict[str, View]:
    """Every page without a camera picture, by name."""
    judged = SummaryView(
        "Dead bug", Tally(9, 3, 0), 12, attempts=(("Short reach", 2),), fault="Low back lifts", fault_count=3,
        cue="Stop there. Keep the mat squashed.",
    )  # fmt: skip
    unseen = SummaryView(
        "Dead bug", Tally(0, 0, 3), 12, is_done=False,
        unjudged=(("I could not judge your back.", ADVICE["outline-lost"]),),
    )  # fmt: skip
    advice = "Check the number with 'formcheck cameras', close other programs that use the camera, then try again."
    missing = "No camera found. Plug one in, or check its cable."
    run = SummaryView("Running", is_done=True, bands=BANDS, cycle=CYCLE, fault="Few steps", cue="Quick, light steps.")
    return {
        "options": OPTIONS,
        "cameras": CAMERAS,
        "camera-one": CamerasView(CAMERAS.cameras[:1], 0, PAGES["page.camera-one"]),
        "camera-none": CamerasView((), 0, PAGES["page.camera-none"]),
        "run-summary": run,
        "run-summary-short": replace(run, cycle=(), bands=BANDS[:2], fault="", cue=""),
        "menu-0": MenuView(),
        "menu-3": MenuView(cards(3)),
        "menu-7": MenuView(
            cards(7), notice="One exercise could not be loaded: clinic-knee. Run 'formcheck exercises'."
        ),
        "menu-12": MenuView(cards(12)),
        "help": HelpView(),
        "help-of-one": HelpView(BIRD_DOG.film()),
        "demonstration": demonstration("low-back-arch"),
        "demonstration-time": demonstration("too-fast"),
        "message": MessageView("Camera 3 can't be opened.", advice),
        "message-info": MessageView("Loading the pose model.", is_error=False),
        "message-retry": MessageView(missing, "FormCheck tries again by itself.", retries_in_s=2.4),
        "summary": judged,
        "summary-unseen": unseen,
        "safety": SafetyView(),
        **kiosk_pages(),
        "pain": PAIN,
        "pain-marked": replace(PAIN, chosen=7, auto_text="Takes 7 by itself in {n} s."),
        "hurt": HURT,
        "why": WHY,
        "confirm": CONFIRM,
        "report": report(),
        "report-long": report(9, "Your pain went up. Rest now, do less next time, and ask your clinician."),
        "report-hurt": report(2, "Stop. Rest until it is calm.", ended="stopped because it hurt", headline="",
                              advice=""),
        "report-clean": report(3, is_all_clean=True, headline="", advice=""),
        "progress": progress(),
        "progress-long": progress(
            title="Half-kneeling hip flexor stretch", place=(6, 7), praise="You rested when it hurt. That was right.",
            proposal="More had a fault than not: next time 10 repetitions instead of 12?", is_accepted=True,
            sentence="Seven weeks ago your back stayed level in 107 of 128; seven weeks ago in 100 of 120.",
            hints=(*TURN_HINTS, ACCEPT_HINT, *ONLY_SKIP_HINTS),
        ),
        "progress-run": progress(title="Running", charts=progress().charts[-1:], tiles=progress().tiles[:1]),
        "progress-bare": progress(charts=()),
        "replay": ReplayView("Dead bug", (pane(), pane(fault="Low back lifts", mark=0.4, is_fault_now=True)), NOTE),
        "replay-one": ReplayView("Dead bug", (pane(),), NOTE),
        "replay-none": ReplayView("Dead bug", (), NOTE),
        "takeaway": TAKEAWAY,
        "takeaway-small": TakeawayView(code("A few words."), "Take it along", TAKEAWAY.lines[:1]),
        "report-empty": ReportView("Low back, daily", (("Repetitions", "0 / 62"),), (), ended="stopped early"),
        "summary-clean": SummaryView("Glute bridge", Tally(10), 10, hold_total_s=52.4),
        "summary-empty": SummaryView("Glute bridge", target_reps=10, is_done=False,
                                     attempts=(("Another movement", 3), ("Short hold", 1))),
        "summary-long": SummaryView(
            "Half-kneeling hip flexor stretch", Tally(12, 10, 6), 15, True, False,
            (("Could not see all of it", 12), ("The picture stood still", 3), ("Same-side arm and leg", 2)), 128.0,
            "Same-side arm and leg", 12, LONG_CUE, (("I could not judge your shoulders.", LONG_CUE),),
        ),
    }  # fmt: skip


POINT = KIOSK["kiosk.point"]
PROGRAMS = (
    Option("low-back-daily", "Low back, daily", "7 exercises in 9 sets, about 10 min"),
    Option("exercises", "Single exercises", "choose one of them"),
    Option("code", "My program", "with a code or a slip from your clinician"),
)
FORGOTTEN = (
    "The camera sees this, and only while you are here.",
    KIOSK["kiosk.private"],
    "When you go, everything is forgotten.",
)
AGREE = ChoiceView(
    "Hello. The camera sees how you move. Is that all right?",
    (Option("yes", "Yes, go on"), Option("no", "No, thank you")), POINT, hints=(), is_pointed=True,
)  # fmt: skip
NONE_OF_THESE = ChoiceView(
    KIOSK["kiosk.safety"], (Option("none", "None of these"), Option("some", "One of these")), POINT, hints=(),
    is_pointed=True,
)  # fmt: skip
CLINIC = "Practice for physiotherapy and rehabilitation at the old park"
CLINIC_LINE = ("Ask us at the desk if anything is unclear; " * 4)[:139] + "."
NIGHT_VIEW = AttractView(clinic=CLINIC, line=CLINIC_LINE, is_dim=True)
"""At night: of low contrast on purpose, so that an empty room stays dark."""


def kiosk_pages() -> dict[str, View]:
    """The pages that only a kiosk shows, by name, with the longest texts that a clinic may set."""
    pin = KeypadView("PIN", "\N{BULLET}" * 12, trouble="Too many wrong PINs. Wait, then try again.")
    number = KeypadView(
        "My program", "1234 5678 9012", "Hold your slip to the camera, or type its eight digits.",
        "This code is not known here. Ask at the desk for a new one.",
    )  # fmt: skip
    pointed = ChoiceView("What do you want to do?", PROGRAMS, POINT, hints=(), is_pointed=True, forming=(1, 0.6))
    ending = replace(HURT, options=HURT.options[:1], note=POINT, hints=(), is_pointed=True)
    return {
        "attract": AttractView(DEAD_BUG.film(), DEAD_BUG.title, CLINIC, CLINIC_LINE,
                               "The camera is missing. Please tell the staff."),
        "attract-bare": AttractView(),
        "consent": ConsentView(replace(AGREE, forming=(0, 0.4)), FORGOTTEN, room()),
        "consent-no-picture": ConsentView(AGREE, FORGOTTEN),
        "camera-picture": ConsentView(ChoiceView("Camera", (Option("left", "Back"),), hints=()), (), room(720, 1280)),
        "safety-asked": SafetyView((), replace(NONE_OF_THESE, marked=1)),
        "pointed": pointed,
        "pointed-two": replace(pointed, options=PROGRAMS[:2], forming=None, marked=0),
        "pointed-one": ending,
        "still-there": StillThereView(10),
        "still-there-long": StillThereView(40),
        "pin": pin,
        "pin-unset": KeypadView("PIN", note="No PIN is set. See the clinic's handbook."),
        "number": number,
        "kiosk-help": HelpView(DEAD_BUG.film(), keys=KIOSK_HELP_KEYS),
        "staff": menu_of(0.75, "en"),
    }  # fmt: skip


def code(text: str) -> tuple[tuple[bool, ...], ...]:
    """A text as a QR code's modules."""
    return tuple(tuple(map(bool, row)) for row in segno.make_qr(text, error="l", encoding="utf-8").matrix)


TAKEN = (("Dead bug: 10 of 12, 7 clean, 2 with a fault, 1 not judged\n" * 12)[:680]) + "é" * 10
"""As much as a code holds, 700 bytes."""
TAKEAWAY = TakeawayView(
    code(TAKEN),
    "Take it along",
    (
        "Hold your phone's camera to this.",
        "Tap what your phone shows: your result becomes an entry in its calendar.",
        "The code itself holds the result, without your name. Nothing is sent.",
        "It was too long for the code: the last lines are left out.",
    ),
    42.0,
)


SOUNDS = {
    "loud": SoundState("on", "Volume 60 %"),
    "muted": SoundState("muted", "Sound is off. Press M to turn it on."),
    "none": SoundState("none", "No sound: no sound card could be opened. The coach goes on in writing."),
}
"""What every page may have to say about the sound."""
