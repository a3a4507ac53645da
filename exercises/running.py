"""Running: treadmill or in place, seen from the side; measured over at least 7 steps, one cue a minute at most."""

from __future__ import annotations

import math
from collections.abc import Callable

from formcheck.core.body.measure import Body, Limbs
from formcheck.core.body.quantities import Estimate
from formcheck.core.body.stance import Stance
from formcheck.core.gait.analyzer import CONTACT_FPS, LUMBAR, GaitAnalyzer
from formcheck.core.rules.demonstration import Demonstration, Step, Wrong
from formcheck.core.rules.exercise import Bout, Check, Dose, Exercise, Fault, Metric, Reach, RuleContext
from formcheck.core.rules.setting import Setting, Settings

SETTINGS = (
    Setting("height_cm", 170, "cm", 100, 220, "The person's height: scales the bounce (torso 28.8 % of it, Winter)."),
    Setting("cadence_min_spm", 160, "steps/min", 130, 190, "Fewer are few [P]; LBP runners 166±10, controls 171±9."),
    Setting("bounce_cm", 10, "cm", 5, 20, "More is high [M]; devices read 3-15 (Stryd)."),
    Setting("waist_deg", 10, "deg", 5, 30, "Trunk lean less the line from the ankles [P]."),
    Setting("behind_tl", 0.03, "torso lengths", -0.1, 0.5, "Hips behind the standing ankle in mid-stance [P]."),
    Setting("extension_deg", 5, "deg", -10, 20, "Thigh behind the vertical; about 10 can be fine (Souza 2016)."),
    Setting("stance_knee_deg", 34, "deg", 20, 50, "Knee bend in stance: 45 deg read as 36-47, 36 as 26-32 (renders)."),
    Setting("overstride_deg", 5, "deg", -5, 20, "Ankle ahead of the knee: 8 [P] + SDD 2.2 less the tracker's bias, 5."),
    Setting("hunch_tl", 0.08, "torso lengths", 0.03, 0.3, "Ear ahead of the shoulder, against standing tall [P]."),
    Setting("arch_deg", 12, "deg", 5, 40, "Bend of the low back against standing tall: 10 [P] + what speed adds."),
    Setting("tall_deg", 75, "deg", 60, 88, "Standing tall: the trunk's line, less the camera's roll."),
    Setting("straight_deg", 155, "deg", 140, 175, "Standing: straight knees and hips, less the measured error."),
    Setting("straight_hip_deg", 200, "deg", 180, 220, "A hip that reads wider than this does not stand."),
    Setting("together_tl", 0.4, "torso lengths", 0.1, 1, "Feet together in standing [P]."),
    Setting("stay_trunk_deg", 55, "deg", 30, 80, "A trunk that is nearer to the floor does not run [P]."),
    Setting(
        "pace_up_share", 0.05, "share", 0.0, 0.10, "Ticks lead this much above the own cadence (Heiderscheit 2011)."
    ),
    Setting("pause_s", 3.0, "s", 1.0, 30.0, "No running for this long: the bout is over."),
    Setting("confirm_s", 1.0, "s", 0.1, 10.0, "A fault must last this long: two readings in a row."),
    Setting("cadence_hysteresis_spm", 2, "steps/min", 0, 4, "It ends this far below cadence_min_spm: no flicker [P]."),
    Setting("bounce_hysteresis_cm", 0.5, "cm", 0, 1, "It ends this far below bounce_cm: no flicker [P]."),
    Setting("waist_hysteresis_deg", 2, "deg", 0, 4, "It ends this far below waist_deg: no flicker [P]."),
    Setting(
        "behind_hysteresis_tl", 0.03, "torso lengths", 0, 0.12, "It ends this far below behind_tl: no flicker [P]."
    ),
    Setting("overstride_hysteresis_deg", 2, "deg", 0, 4, "It ends this far below overstride_deg: no flicker [P]."),
    Setting("stance_knee_hysteresis_deg", 2, "deg", 0, 4, "It ends this far below stance_knee_deg: no flicker [P]."),
    Setting("extension_hysteresis_deg", 2, "deg", 0, 4, "It ends this far below extension_deg: no flicker [P]."),
    Setting("hunch_hysteresis_tl", 0.02, "torso lengths", 0, 0.08, "It ends this far below hunch_tl: no flicker [P]."),
    Setting("arch_hysteresis_deg", 2, "deg", 0, 10, "It ends this far below arch_deg: no flicker [P]."),
)


UPRIGHT_DEG = 90.0
"""Trunk straight up: no line is steeper."""


def apart_tl(b: Body) -> float:
    """Feet apart along the ground, torso lengths."""
    return abs(b.left.ankle_x_px - b.right.ankle_x_px) / b.torso_px


def start(s: Settings) -> tuple[Check, ...]:
    """Standing tall for a moment gives the own reference; a run is recognised without it."""
    return (
        Check("Stand tall, side-on", lambda b: b.trunk_deg, s["tall_deg"], UPRIGHT_DEG, spot="trunk"),
        Check("Near leg straight", lambda b: b.limbs(b.near).knee_deg, s["straight_deg"], math.inf, spot="near knee"),
        Check(
            "Other leg straight",
            lambda b: b.limbs(b.far).knee_deg,
            s["straight_deg"],
            math.inf,
            is_optional=True,
            spot="far knee",
        ),
        Check("Feet together", apart_tl, 0, s["together_tl"], is_optional=True, spot="near foot"),
        Check(
            "Hips over your feet",
            lambda b: b.best(lambda x: x.hip_deg),
            s["straight_deg"],
            s["straight_hip_deg"],
            spot="hips",
        ),
    )


def invariants(s: Settings) -> tuple[Check, ...]:
    """Upright all the time."""
    return (Check("Stay upright", lambda b: b.trunk_deg, s["stay_trunk_deg"], UPRIGHT_DEG),)


def of(name: str) -> Callable[[RuleContext], float]:
    """One quantity of the last seconds."""
    return lambda m: m.measures.get(name, math.nan)


def waist(m: RuleContext) -> float:
    """Lean that comes from the hips; with the hips behind the foot it is the other fault."""
    return 0.0 if of("hips_behind_t")(m) > m.settings["behind_tl"] else of("waist_lean_deg")(m)


def behind(m: RuleContext) -> float:
    """Hips behind the standing foot; with a hip that hardly bends it is the place on the belt, not the hips."""
    return of("hips_behind_t")(m) if is_bent(m) else math.nan


def is_bent(m: RuleContext) -> bool:
    """Whether the hip is known to bend."""
    return of("waist_lean_deg")(m) > m.settings["waist_deg"] / 2


def arch(m: RuleContext) -> Estimate:
    """Bend of the low back over the last seconds, against standing tall, degrees."""
    sd_deg = m.body.lumbar_sd_deg
    return Estimate(math.nan if math.isnan(sd_deg) else of(LUMBAR)(m), sd_deg)


def extension(m: RuleContext) -> float:
    """Thigh behind the vertical, where it matters."""
    return of("hip_extension_deg")(m) if extension_matters(m) else math.nan


def extension_matters(m: RuleContext) -> bool:
    """Whether overstride, bounce or a hollow back go with it (Souza 2016)."""
    s = m.settings
    others = (("overstride_deg", "overstride_deg"), ("vertical_oscillation_cm", "bounce_cm"), (LUMBAR, "arch_deg"))
    return any(of(name)(m) > s[limit] for name, limit in others)


# fmt: off
METRICS = (
    Metric("cadence_spm", "Cadence", "steps/min", 160, 190, "Drozda 2024: controls 171±9; Lieberman 2015: about 170"),
    Metric("trunk_lean_deg", "Lean", "deg", -3, 18, "Teng 2015: 3.6±2.8 and 10.8±2.2; limits [P]"),
    Metric("vertical_oscillation_cm", "Bounce", "cm", 3, 10, "Stryd: devices 3-15; above 10 is high [M]", 1),
    Metric("hip_extension_deg", "Hip extension", "deg", 5, None, "Souza 2016: about 10 can be fine"),
    Metric("overstride_deg", "Shank before contact", "deg", None, 3, "8 [P] less the tracker's bias, 5 (renders)"),
    Metric("stance_knee_deg", "Knee bend", "deg", 36, None, "Souza 2016: 45; reads 10 low to 2 high"),
    Metric("ankle_lean_deg", "Lean from the ankles", "deg", None, None, "none published"),
    Metric("shoulder_hunch_t", "Head forward", "torso lengths", None, 0.08, "[P]; against the own standing", 2),
    Metric(LUMBAR, "Low back", "deg", None, None, "a trend only; against the own standing, positive = arched"),
    Metric("hollow_t", "Hollow", "torso lengths", None, None, "a trend only; against the own standing", 2),
)

# One fault, one paragraph: its page is read as a whole.
FAULTS = (
    Fault("low-cadence", 2, "Take quick, short steps.",
          short="Few steps", parts=("hips",),
          checks="Few steps a minute.", why="Slow steps are long: they brake, and load knee and back.",
          how="Rhythm of the hips' height over 10 s.", limits="Tall people step less often.",
          source="[P]; Heiderscheit 2011", unit="steps/min", measure=of("cadence_spm"), limit="cadence_min_spm",
          hysteresis="cadence_hysteresis_spm", is_least=True, is_of_time=True),
    Fault("bouncy", 2, "Run low, with less up and down.",
          short="Bouncy", parts=("hips",),
          checks="The hips go up and down a lot.", why="Each centimetre up comes down again, on legs and back.",
          how="Hips from lowest to highest in a step, scaled by the height.", limits="As good as height_cm.",
          source="[M]; Stryd", unit="cm", measure=of("vertical_oscillation_cm"),
          limit="bounce_cm", hysteresis="bounce_hysteresis_cm"),
    Fault("waist-lean", 1, "Run tall, your hips straight.",
          short="Leans from the waist", parts=("feet",),
          checks="The lean comes from the hips, not from the ankles.", why="A bent hip leaves the trunk to the back.",
          how="Trunk lean in stance less the line from the standing ankle to the shoulders.",
          limits="Needs a side view and a level camera.", source="[S+P]", unit="deg", measure=waist, limit="waist_deg",
          hysteresis="waist_hysteresis_deg"),
    Fault("hips-tucked-back", 1, "Bring your hips over your feet.",
          short="Hips stay behind", parts=("feet",),
          checks="The hips stay behind the standing foot.", why="Sitting back goes with a hollow back.",
          how="Hips behind the standing ankle in the middle of stance; runners have them 0.1-0.3 ahead (measured).",
          limits="Side view.", source="[S+P]", unit="torso lengths", measure=behind, limit="behind_tl",
          matters=is_bent, hysteresis="behind_hysteresis_tl"),
    Fault("overstride", 1, "Let your feet land under you.",
          short="Overstride", parts=("feet",),
          checks="The foot lands ahead of the knee.", why="It brakes, and the shock goes up the leg.",
          how="Shank off the vertical just before contact.", limits="Needs 60 frames/s; reads about 5 low.",
          source="[P]; Souza 2016", unit="deg", measure=of("overstride_deg"),
          limit="overstride_deg", hysteresis="overstride_hysteresis_deg",
          fps=CONTACT_FPS),
    Fault("stiff", 1, "Land softly, your knees bent.",
          short="Stiff knees", parts=("knees",),
          checks="The knee hardly bends in stance.", why="A stiff leg absorbs little.",
          how="Most bent near knee in stance.", limits="Needs 60 frames/s; the tracker reads 10 low to 2 high.",
          source="Souza 2016", unit="deg", measure=of("stance_knee_deg"),
          limit="stance_knee_deg", hysteresis="stance_knee_hysteresis_deg",
          is_least=True, fps=CONTACT_FPS),
    Fault("low-hip-extension", 1, "Push the ground back behind you.",
          short="Short push", parts=("knees",),
          checks="The thigh hardly goes behind the body.", why="The hips stop where the back takes over.",
          how="Near thigh off the vertical at the end of stance.", limits="Judged only along with another fault.",
          source="Souza 2016", unit="deg", measure=extension,
          limit="extension_deg", matters=extension_matters, hysteresis="extension_hysteresis_deg", is_least=True),
    Fault("hunched-shoulders", 1, "Look ahead and drop your shoulders.",
          short="Head forward", parts=("head",),
          checks="Head and shoulders are drawn forward.", why="A round upper back asks the low back to hollow.",
          how="Ear ahead of the shoulder across the trunk, against standing tall.", limits="Needs the standing first.",
          source="[P]", unit="torso lengths", measure=of("shoulder_hunch_t"),
          limit="hunch_tl", hysteresis="hunch_hysteresis_tl"),
    Fault("over-arch", 1, "Pull your belly in a little.",
          short="Back arches", parts=("back",),
          checks="The low back is more hollow than in standing.", why="The spread between good runners is 20 degrees.",
          how="Bend of the low back, against standing tall.", limits="A trend; arms hide the outline.",
          source="[P]; Schache 2000", unit="deg", measure=arch,
          limit="arch_deg", hysteresis="arch_hysteresis_deg"),
)
# fmt: on

STEP_S = 0.3
"""Seconds of a step at 200 a minute: faster ones are sprinting, not jogging [P]."""

THIGHS = (28.0, 14.0, -8.0, -25.0, -18.0, 8.0, 32.0, 38.0)
"""Thigh ahead of the vertical through a stride, from contact to contact, degrees [P]."""
KNEES = (15.0, 40.0, 32.0, 14.0, 65.0, 100.0, 75.0, 30.0)
"""Bend of the knee, likewise."""
RISES = (0.0, 0.0, 0.05, 0.14)
"""The lower foot over the floor, torso lengths: in each step, from contact."""
FAR_AHEAD = ((42.0, 24.0, *THIGHS[2:6], 40.0, 50.0), (6.0, 34.0, *KNEES[2:7], 12.0))
"""Thighs and knees of somebody who steps too far ahead [P]."""


def stride(
    lean_deg: float = 6.0,
    hip_deg: float = 0.0,
    bounce: float = 1.0,
    thighs: tuple[float, ...] = THIGHS,
    knees: tuple[float, ...] = KNEES,
    neck_deg: float = 0.0,
    lumbar_deg: float = 0.0,
) -> tuple[Stance, ...]:
    """Eight poses of a stride. `hip_deg` is the lean that comes from the hips, `bounce` scales the rise and fall."""

    def leg(i: int) -> Limbs:
        swing = 30.0 * math.cos(math.radians(45.0 * i))
        return Limbs(180.0 - thighs[i % 8] - lean_deg - hip_deg, 180.0 - knees[i % 8], 12.0 - swing, 95.0)

    return tuple(
        Stance("upright", leg(i), leg(i + 4), trunk_deg=90.0 - lean_deg - hip_deg, neck_deg=neck_deg,
               hip_y_tl=bounce * RISES[i % 4], lumbar_deg=lumbar_deg, sagitta_tl=0.03)
        for i in range(8)
    )  # fmt: skip


def run(poses: tuple[Stance, ...]) -> dict[int, Stance]:
    """All poses of a demonstration, from the eight of a stride."""
    return dict(enumerate((*poses, poses[0])))


RUN = stride()
DEMONSTRATION = Demonstration(
    RUN[0],
    tuple(Step(pose, 0.16) for pose in (*RUN[1:], RUN[0])),
    rest_s=0.0,
    anchor="floor",
    is_even=True,
    faults={
        "low-cadence": Wrong("time", pace=1.5),
        "bouncy": Wrong("hips", run(stride(bounce=3.2))),
        "waist-lean": Wrong("hips", run(stride(lean_deg=2.0, hip_deg=26.0))),
        "hips-tucked-back": Wrong(
            "hips", run(stride(lean_deg=-8.0, hip_deg=30.0, thighs=tuple(thigh + 16 for thigh in THIGHS)))
        ),
        "overstride": Wrong("near foot", run(stride(6.0, 0.0, 1.0, *FAR_AHEAD))),
        "stiff": Wrong("near knee", run(stride(knees=(8.0, 12.0, 10.0, 8.0, *KNEES[4:])))),
        "low-hip-extension": Wrong("near knee", run(stride(thighs=(28.0, 20.0, 12.0, 2.0, 4.0, *THIGHS[5:])))),
        "hunched-shoulders": Wrong("head", run(stride(neck_deg=42.0, lumbar_deg=-10.0))),
        "over-arch": Wrong("low back", run(stride(lean_deg=0.0, lumbar_deg=34.0))),
    },
)

EXERCISE = Exercise(
    name="running",
    title="Running",
    line="Run on a treadmill or in place, side-on; short clips.",
    dose=Dose(reps=1),
    posture="upright",
    stance="standing",
    required_parts=("shoulders", "hips", "feet"),
    start=start,
    invariants=invariants,
    reach=lambda _: Reach(math.nan, math.nan),
    shortest_s=STEP_S,
    bout=Bout(GaitAnalyzer, METRICS),
    settings=SETTINGS,
    phase_texts={"rest": "Stand tall, then run", "outbound": "Run", "end-range": "Run tall", "return": "Run"},
    steps=(
        "Put the camera to your side, at hip height.",
        "Stand tall for a moment, then run.",
        "Look ahead and lean a little from your ankles.",
        "Run for ten seconds or longer, then stop.",
    ),
    gentle={"cadence_min_spm": 140, "pause_s": 6},
    seated="Or walk, and hold on if you need to.",
    demonstration=DEMONSTRATION,
    faults=FAULTS,
)
