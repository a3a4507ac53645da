"""Running: treadmill or in place, seen from the side; measured over at least 7 steps, one cue a minute at most."""

from __future__ import annotations

import math

from formcheck.core.exercise import Bout, Check, Dose, Exercise, Fault, Metric, Moment, Reach
from formcheck.core.runner import Runner
from formcheck.core.setting import Setting, Settings

SETTINGS = (
    Setting("height_cm", 170, "cm", 100, 220, "The person's height: scales the bounce (torso 28.8 % of it, Winter)."),
    Setting("cadence_min_spm", 160, "steps/min", 130, 190, "Fewer are few [P]; LBP runners 166±10, controls 171±9."),
    Setting("bounce_cm", 10, "cm", 5, 20, "More is high [M]; devices read 3-15 (Stryd)."),
    Setting("waist_deg", 10, "deg", 5, 30, "Trunk lean less the line from the ankles [P]."),
    Setting("behind_t", 0.25, "torso lengths", 0.1, 0.6, "Hips behind the standing ankle in mid-stance [P]."),
    Setting("extension_deg", 5, "deg", -10, 20, "Thigh behind the vertical; about 10 can be fine (Souza 2016)."),
    Setting("stance_knee_deg", 38, "deg", 20, 50, "Knee bend in stance: 45 (Souza) less the tracker's bias [P]."),
    Setting("overstride_deg", 8, "deg", 3, 20, "Ankle ahead of the knee at contact [P]; tibia SDD 2.2-4.8."),
    Setting("hunch_t", 0.08, "torso lengths", 0.03, 0.3, "Ear ahead of the shoulder, against standing tall [P]."),
    Setting("arch_t", 0.04, "torso lengths", 0.02, 0.2, "Hollow of the back against standing tall [P]; a trend."),
    Setting("pause_s", 3.0, "s", 1.0, 30.0, "No running for this long: the bout is over."),
    Setting("confirm_s", 1.0, "s", 0.1, 10.0, "A fault must last this long: two readings in a row."),
)

METRICS = (
    Metric("cadence_spm", "Cadence", "steps/min", 160, 190, "Drozda 2024: controls 171±9; Lieberman 2015: about 170"),
    Metric("trunk_lean_deg", "Lean", "deg", -3, 18, "Teng 2015: 3.6±2.8 and 10.8±2.2; limits [P]"),
    Metric("ankle_lean_deg", "From the ankles", "deg", None, None, "none published"),
    Metric("vertical_oscillation_cm", "Bounce", "cm", 3, 10, "Stryd: devices 3-15; above 10 is high [M]"),
    Metric("overstride_deg", "Shank at contact", "deg", None, 8, "[P]; Dingenen 2018: SDD 2.2-4.8"),
    Metric("stance_knee_deg", "Knee bend", "deg", 38, None, "Souza 2016: below 45, 40; tracker 5 low [P]"),
    Metric("hip_extension_deg", "Hip extension", "deg", 5, None, "Souza 2016: about 10 can be fine"),
    Metric("shoulder_hunch_t", "Shoulders", "torso lengths", None, 0.08, "[P]; against the own standing"),
    Metric("hollow_t", "Hollow", "torso lengths", None, None, "a trend only; against the own standing"),
)


def start(_s: Settings) -> tuple[Check, ...]:
    """Standing tall for a moment gives the own reference; a run is recognised without it."""
    return (
        Check("Stand tall, side-on", lambda b: b.trunk_deg, 75, 90),
        Check("Legs straight", lambda b: b.limbs(b.near).knee_deg, 155, 180),
        Check("Both legs", lambda b: b.limbs(b.far).knee_deg, 155, 180, is_optional=True),
        Check("Feet together", lambda b: abs(b.left.ankle_x_px - b.right.ankle_x_px) / b.torso_px, 0, 0.4),
        Check("Hips over your feet", lambda b: b.best(lambda x: x.hip_deg), 155, 200),
    )


def stay(_s: Settings) -> tuple[Check, ...]:
    """Upright all the time."""
    return (Check("Stay upright", lambda b: b.trunk_deg, 55, 90),)


def low_extension(m: Moment) -> float:
    """Thigh behind the vertical; judged only where overstride, bounce or a hollow back go with it (Souza 2016)."""
    s = m.settings
    others = (("overstride_deg", "overstride_deg"), ("vertical_oscillation_cm", "bounce_cm"), ("hollow_t", "arch_t"))
    if not any(m.measures.get(name, math.nan) > s[limit] for name, limit in others):
        return math.nan
    return m.measures.get("hip_extension_deg", math.nan)


# fmt: off
# One fault, one paragraph: its page is read as a whole.
def _fault(name: str, severity: int, cue: str, metric: str, limit: str, hysteresis: float, **page: object) -> Fault:
    return Fault(name, severity, cue, measure=lambda m: m.measures.get(metric, math.nan),  # type: ignore[arg-type]
                 limit=limit, hysteresis=hysteresis, **page)  # type: ignore[arg-type]


FAULTS = (
    _fault("low-cadence", 2, "Quick, light steps.", "cadence_spm", "cadence_min_spm", -2, is_least=True,
           checks="Few steps a minute.", why="Slow steps are long: they brake and load the knee.",
           how="Rhythm of the hips' height over 10 s.", limits="Tall runners step less often.",
           source="[P]; Heiderscheit 2011", unit="steps/min"),
    _fault("bouncy", 2, "Run under a low ceiling.", "vertical_oscillation_cm", "bounce_cm", 0.5,
           checks="The hips go up and down a lot.", why="Every centimetre up comes down on the legs and the back.",
           how="Hips from lowest to highest in a step, scaled by the height.",
           limits="As good as the scale: set height_cm.", source="[M] Stryd", unit="cm"),
)
# fmt: on

EXERCISE = Exercise(
    name="running",
    title="Running",
    line="Run on a treadmill or in place, side-on; short clips.",
    dose=Dose(reps=1),
    faces="behind",
    needs=("shoulders", "hips", "feet"),
    start=start,
    stay=stay,
    reach=lambda _: Reach(math.nan, math.nan),
    bout=Bout(Runner, METRICS),
    settings=SETTINGS,
    phase_texts={"rest": "Stand tall, then run", "out": "Run", "top": "Run tall", "back": "Run"},
    steps=(
        "Put the camera side-on to the treadmill, at hip height.",
        "Stand tall for a moment, then run as you always do.",
        "Tall spine, slight lean from the ankles, ribs over the pelvis, relaxed breathing.",
        "Ten seconds are enough; step off to end it.",
    ),
    faults=FAULTS,
)
