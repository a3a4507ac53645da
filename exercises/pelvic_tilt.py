"""Pelvic tilt: on the back, knees bent; tilt the pelvis so that the low back lies flat, hold, let go."""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck.core.body.kit.lumbar import SHOWN, flattened, hold_asked_s, is_told, lost_again
from formcheck.core.body.kit.supine import ear_rise_tl, foot_deg, hips_open_deg, hips_rise_tl, legs_travel_tl
from formcheck.core.body.measure import Limbs
from formcheck.core.body.quantities import worst
from formcheck.core.body.stance import Stance
from formcheck.core.rules.demonstration import Demonstration, Step, Wrong
from formcheck.core.rules.exercise import Check, Dose, EndFault, Exercise, Fault, Reach, RepFacts, RuleContext
from formcheck.core.rules.pace import Pace
from formcheck.core.rules.setting import Setting, Settings

SETTINGS = (
    Setting("trunk_max_deg", 20, "deg", 5, 45, "Lying: 10 [P] + camera height and roll."),
    Setting("start_hip_low_deg", 95, "deg", 60, 130, "Hips on the floor: 105-145 [P] less the measured error."),
    Setting("start_hip_high_deg", 155, "deg", 120, 172, "As above; bias +5, error 7 (measured)."),
    Setting("start_knee_low_deg", 38, "deg", 20, 80, "Knees bent, 45-110 [P] less the measured error."),
    Setting("start_knee_high_deg", 120, "deg", 90, 150, "Steep shins to far feet, as above."),
    Setting("flat_tl", 0.009, "torso lengths", 0.004, 0.05, "10 deg of tilt close 0.010 (geometry), read as 0.87."),
    Setting("gap_tl", 0.028, "torso lengths", 0.0, 0.1, "Tight shirts show 0.025-0.051, loose ones 0.007-0.023."),
    Setting("foot_deg", 25, "deg", 5, 40, "Feet on the floor, seen from the hip: level; in tabletop at 45 (geometry)."),
    Setting("legs_tl", 0.12, "torso lengths", 0.06, 0.5, "Feet and knees stay: a tilt moves them by 0.03 (measured)."),
    Setting("foot_low_deg", -45, "deg", -80, 0, "Feet further below the hips are not on the same floor [P]."),
    Setting("stay_slack_deg", 10, "deg", 0, 30, "The trunk may tilt this much further while one moves [P]."),
    Setting("attempt_share", 0.45, "share of hold", 0.1, 1, "What is shorter was no attempt to hold: not told [P]."),
    Setting("short_share", 0.8, "share of range", 0.3, 1, "A tilt is told to have failed below this: the error [P]."),
    Setting("break_share", 1.25, "share of limit", 1, 3, "Hips lifted by this times their limit end a hold [P]."),
    Setting("bridge_share", 2.7, "share of limit", 1.5, 6, "Hips lifted by this times their limit are a bridge [P]."),
    Setting(
        "let_go_share", 0.75, "share of flattening", 0.5, 1, "A tilt that has gone so far is let go, not lost [P]."
    ),
    Setting("hold_s", 5, "s", 0, 180, "Seconds to hold: 5, later 10 [S]."),
    Setting(
        "hold_share", 0.9, "share of hold", 0.1, 1, "A hold of less of it is short: counting aloud is no clock [P]."
    ),
    Setting("hold_least_s", 0.6, "s", 0.0, 5, "Shorter are no tilts [P]; a demonstration held 0.7-0.9 (measured)."),
    Setting("rise_tl", 0.045, "torso lengths", 0.03, 0.3, "Hips 0.06 off the floor [P]; 0.6-0.8 shows (renders)."),
    Setting("open_deg", 20, "deg", 10, 60, "Hips open as in a bridge: 10 [P] + 10 of margin."),
    Setting("lift_share", 1.0, "share of limit", 0.5, 3, "The limits are rise_tl and open_deg; this scales both."),
    Setting("lost_share", 0.3, "share of flattening", 0.1, 0.8, "Gap that comes back during the hold [P]."),
    Setting("confirm_s", 0.8, "s", 0.1, 3, "Letting go passes through the lost part in less (cosine over 1.5 s: 0.5)."),
    Setting("head_tl", 0.08, "torso lengths", 0.04, 0.3, "Rise of the ear [P]."),
    Setting("arm_recording_s", 0.6, "s", 0.3, 5, "The outline's own noise takes ten pictures to learn."),
    Setting(
        "lift_hysteresis_share", 0.2, "share of limit", 0, 0.8, "It ends this far below lift_share: no flicker [P]."
    ),
    Setting(
        "lost_hysteresis_share",
        0.1,
        "share of flattening",
        0,
        0.4,
        "It ends this far below lost_share: no flicker [P].",
    ),
    Setting("head_hysteresis_tl", 0.02, "torso lengths", 0, 0.08, "It ends this far below head_tl: no flicker [P]."),
)
LIFTED = 0.6
"""Share of the way that lifted hips count as: enough to begin an attempt, too little to be in the range."""


def start(s: Settings) -> tuple[Check, ...]:
    """On the back, knees bent, feet flat; with the low back in view tilts count, without it hips that lift are told."""
    hip, knee = (s["start_hip_low_deg"], s["start_hip_high_deg"]), (s["start_knee_low_deg"], s["start_knee_high_deg"])
    return (
        Check("Lie on your back", lambda b: b.trunk_deg, -s["trunk_max_deg"], s["trunk_max_deg"], spot="trunk"),
        Check("Hips on the floor", lambda b: b.best(lambda x: x.hip_deg), *hip, spot="hips"),
        Check("Knees bent, feet flat", lambda b: b.best(lambda x: x.knee_deg), *knee, spot="near knee"),
        Check(
            "Both feet on the floor", lambda b: foot_deg(b, b.near), s["foot_low_deg"], s["foot_deg"], spot="near foot"
        ),
        Check(
            "Other foot too",
            lambda b: foot_deg(b, b.far),
            s["foot_low_deg"],
            s["foot_deg"],
            is_optional=True,
            spot="far foot",
        ),
        Check(
            "Near arm away, gap in view",
            lambda b: b.steady_sagitta_tl,
            SHOWN * s["flat_tl"],
            math.inf,
            of_back=True,
            spot="near hand",
        ),
    )


def invariants(s: Settings) -> tuple[Check, ...]:
    """Lying all the time."""
    most = s["trunk_max_deg"] + s["stay_slack_deg"]
    return (Check("Stay on your back", lambda b: b.trunk_deg, -most, most),)


def lift(m: RuleContext) -> float:
    """How far the hips have risen or opened, each as a share of its limit; the worse one."""
    rise, opened = hips_rise_tl(m.body, m.start), hips_open_deg(m.body, m.start)
    return worst(rise / m.settings["rise_tl"], opened / m.settings["open_deg"])


def reach(m: RuleContext) -> Reach:
    """The gap under the low back closes, while the hips and the feet stay."""
    flat, best = (flattened(b, m.start, m.settings["flat_tl"]) if b else 0.0 for b in (m.body, m.top))
    if (lifted := lift(m)) > m.settings["break_share"]:
        return Reach(LIFTED, 0.0, is_other=lifted > m.settings["bridge_share"])
    if legs_travel_tl(m.body, m.start) > m.settings["legs_tl"]:
        return Reach(math.nan, math.nan)  # legs that move bend the back with them
    moved = min(flat / max(best, 1.0), 1.0)  # the way back is a share of the own tilt
    return Reach(moved, flat, is_good=flat >= best * (1 - m.settings["lost_share"]))


def held_s(s: Settings) -> float:
    """Seconds of a hold from which it is not short."""
    return s["hold_s"] * s["hold_share"]


def lost(m: RuleContext) -> float:
    """Share of the flattening that has gone again before the hold is over; letting go whole is no loss."""
    if m.top is None or not is_to_be_held(m):
        return math.nan
    return 0.0 if (gone := lost_again(m.body, m.top, m.start)) >= m.settings["let_go_share"] else gone


def is_to_be_held(m: RuleContext) -> bool:
    """Whether a tilt was reached and is still to be held."""
    s = m.settings
    return m.top is not None and m.hold_s < hold_asked_s(m.start, s["gap_tl"], s["flat_tl"], held_s(s))


def short_hold(f: RepFacts, s: Settings) -> float | None:
    """Seconds of the hold, if too few; NaN where so little of the gap shows that it can't be timed."""
    if "tilt-lost" in f.faults:
        return None  # it is told as that
    asked_s = hold_asked_s(f.start, s["gap_tl"], s["flat_tl"], held_s(s))
    return f.short_hold(asked_s) if asked_s else math.nan


def not_flat(f: RepFacts, s: Settings) -> float | None:
    """Share of the range that an attempt reached; where no gap shows nobody is told to close it."""
    is_tilt = not f.is_other and f.length_s >= s["hold_s"] * s["attempt_share"] and f.peak_rom < s["short_share"]
    return f.peak_rom if is_tilt and is_told(f.start, s["gap_tl"]) else None


# fmt: off
FAULTS = (
    Fault("hips-lift", 2, "Keep your hips on the mat.",
          short="Hips lift", again="Hips down.", praise="Your hips stayed down.", parts=("hips",),
          checks="The hips leave the floor.", why="A tilt rolls the pelvis; a bridge is another exercise.",
          how="Height of the hips and their angle, against the start; each as a share of its limit.",
          limits="Nothing under 3 cm.", source="[P]", unit="share of limit", measure=lift, limit="lift_share",
          hysteresis="lift_hysteresis_share", during=("rest", "outbound", "end-range", "return")),
    Fault("tilt-lost", 2, "Keep pressing your back down.",
          short="Tilt lost", again="Keep pressing.", praise="Your back stayed flat.", parts=("back",),
          checks="The gap opens again before the count is over.", why="The hold trains the belly.", source="[P]",
          how="Outline of the back against the flattest of this hold.", limits="As for the outline: arms, cloth, view.",
          unit="share of flattening", measure=lost, matters=is_to_be_held,
          limit="lost_share", hysteresis="lost_hysteresis_share", during=("end-range", "return")),
    Fault("head-lift", 1, "Rest your head on the floor.",
          short="Head lifts", again="Head down.", praise="Your head stayed down.", parts=("head",),
          checks="The head or the shoulders curl up.", why="The belly should work, not the neck.",
          how="Rise of the ear against the start.", limits="Needs the ear in view.", source="[P]", unit="torso lengths",
          measure=lambda m: ear_rise_tl(m.body, m.start), limit="head_tl", hysteresis="head_hysteresis_tl"),
)

END_FAULTS = (
    EndFault("short-hold", 1, "Stay flat until the count ends.",
          short="Short hold",
          again="Stay flat longer.", praise="You held long enough.", parts=("back",), judge=short_hold, limit_s=held_s,
             checks="The back is flat for too short.", why="Five seconds are asked for, later ten.",
             how="Time for which the gap stays closed.", limits="Timed to about 0.2 s.", source="[S], [P]", unit="s"),
    EndFault("no-flattening", 1, "Press your low back down.",
          short="Back not flat yet", again="Press more.", praise="Your back was flat.", parts=("back",),
             checks="A tilt begins, and the gap under the back does not close.", why="The flat back is the exercise.",
             how="Largest flattening of the attempt, as a share of what is asked for.",
             limits="The belly's own work can't be seen. A still back is no attempt.", source="[P]",
             unit="share of range", on="attempt", judge=not_flat),
)
# fmt: on

HOOK = Limbs(hip_deg=128, knee_deg=57, shoulder_deg=188, elbow_deg=178)
START = Stance("supine", HOOK, HOOK, sagitta_tl=0.055)
FLAT = replace(START, sagitta_tl=0.0)

DEMONSTRATION = Demonstration(
    START,
    (Step(FLAT, 1.6, 5.0, count=5), Step(START, 1.6, 0.8)),
    anchor="shoulders",
    planted=("near foot", "far foot", "near hand", "far hand"),
    faults={
        "hips-lift": Wrong("hips", {1: replace(FLAT, trunk_deg=-12)}),
        "tilt-lost": Wrong(
            "low back", steps=(Step(FLAT, 1.6, 1.4), Step(replace(FLAT, sagitta_tl=0.028), 0.8, 2.4), Step(START, 1.0))
        ),
        "head-lift": Wrong("head", {1: replace(FLAT, neck_deg=50)}),
        "short-hold": Wrong("time", stay=0.2),
        "no-flattening": Wrong("low back", {1: replace(START, sagitta_tl=0.048)}),
    },
)

EXERCISE = Exercise(
    name="pelvic-tilt",
    title="Pelvic tilt",
    line="Press your low back flat on the floor and hold five seconds.",
    dose=Dose(reps=10, sets=3),
    posture="supine",
    stance="hook-lying",
    required_parts=("shoulders", "hips", "knees", "feet"),
    start=start,
    invariants=invariants,
    reach=reach,
    settings=SETTINGS,
    phase_texts={
        "rest": "Relax",
        "outbound": "Press your back flat",
        "end-range": "Hold, keep breathing",
        "return": "Let go",
    },
    steps=(
        "Lie on your back, knees bent, feet flat.",
        "Put the arm near the camera on your chest.",
        "Pull your belly in and press your back flat.",
        "Hold and count aloud, so you keep breathing.",
        "Let go until your back lifts a little.",
    ),
    disqualifying=frozenset({"hips-lift"}),
    outline_goal="flat_tl",
    least_hold="hold_least_s",
    pace=Pace(2, 2, "", "Gently [S]; 2 s each way [P]"),
    gentle={"short_share": 0.6, "hold_share": 0.6, "pause_s": 6},
    seated="Or sit on a chair and press your back into it.",
    demonstration=DEMONSTRATION,
    faults=FAULTS,
    end_faults=END_FAULTS,
)
