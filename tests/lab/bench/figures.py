"""Figures: everything the report says, as one nested dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.lab.bench import angles, arches, backs, bouts, counting, limits, rivals, seeing, ways
from tests.lab.bench.clips import NOT_REPS, Clip
from tests.lab.bench.faults import overall, tally_faults
from tests.lab.bench.stats import Figure


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that must reach a value."""

    text: str
    path: tuple[str, str]
    target: float
    is_least: bool = True
    """Whether the figure must be at least the target, rather than at most."""

    def is_met(self, figure: Figure) -> bool | None:
        """None where there is no data."""
        if not figure.count:
            return None
        return figure.value >= self.target if self.is_least else figure.value <= self.target


GOALS = (
    Goal("count off by at most one", ("reps", "off_by_one"), 0.97),
    Goal("count exact", ("reps", "exact"), 0.93),
    Goal("side right, views within 20 degrees", ("reps", "side_right"), 0.98),
    Goal("hold error, median", ("holds", "hold_error_median"), 0.15, False),
    Goal("hold error, 95th percentile", ("holds", "hold_error_p95"), 0.4, False),
    Goal("counts in the suite of life", ("life", "life_counts"), 0, False),
    Goal("plain faults recalled", ("faults", "plain_recall"), 0.95),
    Goal("faults called rightly (precision)", ("faults", "precision"), 0.95),
    Goal("faults just under their threshold flagged", ("faults", "under_flagged"), 0.10, False),
    Goal("wrong form cues while a needed part is covered", ("seeing", "wrong_cues_while_covered"), 0, False),
    Goal("good footage refused", ("seeing", "good_footage_refused"), 0.05, False),
    Goal("sign of the back's change right", ("back", "sign_right"), 0.97),
    Goal("share of those changes that is judged", ("back", "large_changes_judged"), 0.8),
    Goal("frames with a known back", ("back", "frames_known"), 0.8),
    Goal("error of the back's change, RMSE, as filmed", ("back", "change_rmse"), 5.0, False),
    Goal("the same at 250 px from hip to shoulder", ("back", "change_rmse_at_250_px"), 5.0, False),
    Goal("arches of at least 12 mm told", ("arches", "arches_told"), 0.95),
    Goal("of those that show 12 mm in the clothes' outline", ("arches", "arches_told_by_hollow"), 0.95),
    Goal("false arches in 200 good repetitions", ("arches", "false_in_200_good_reps"), 1.0, False),
    Goal("90 % intervals of the contour that hold: at least", ("back_held", "contour_held"), 0.85),
    Goal("90 % intervals of the contour that hold: at most", ("back_held", "contour_held"), 0.95, False),
    Goal("90 % intervals of the change that hold: at least", ("back_held", "change_held"), 0.85),
    Goal("90 % intervals of the change that hold: at most", ("back_held", "change_held"), 0.95, False),
)


def measure(clips: Sequence[Clip]) -> dict[str, Any]:
    """Every figure over a set of clips. Parts that need the truth of every frame are empty without it."""
    tallies = tally_faults(clips)
    names = sorted({c.exercise for c in clips})
    return {
        "reps": counting.of_reps(clips),
        "holds": counting.of_holds(clips),
        "life": counting.of_life(clips),
        "attempts": counting.of_attempts(clips),
        "faults": overall(clips, tallies),
        "seeing": {
            **seeing.of_refusal(clips),
            **seeing.of_covered(clips),
            **seeing.of_lock(clips),
        },
        "back": backs.figures(backs.judged_by_outline(clips)),
        "by_exercise": {
            name: {**counting.of_reps(own), **counting.of_holds(own)}
            for name in names
            if (own := [c for c in clips if c.exercise == name])
        },
        "by_fault": {f"{exercise} {name}": tally.figures() for (exercise, name), tally in tallies.items()},
        "detection": {f"{exercise} {name}": tally.detection() for (exercise, name), tally in tallies.items()},
        "back_by_exercise": backs.by_exercise(clips),
        "back_held": backs.calibration(backs.judged_by_outline(clips)),
        "back_ways": ways.tables(clips),
        "back_ways_held": ways.calibrations(clips),
        "arches": arches.figures(clips),
        "arches_by_size": arches.by_size(clips),
        "back_risk": backs.risk_coverage(backs.judged_by_outline(clips)),
        "running": bouts.of_metrics(clips),
        "rivals_count": rivals.of_counts(clips),
        "rivals_rules": rivals.arch_rules(clips),
        "rivals_arch": rivals.arch_areas(clips),
        "angles": angles.table(clips),
        "angles_brief": angles.summary(clips),
        "thresholds": limits.table(clips),
    }


def failures(clips: Sequence[Clip]) -> list[str]:
    """Clips in which a count, a side or a fault differs from the truth, for whoever looks for the reason."""
    lines = []
    for clip in clips:
        true, found = clip.truth, clip.found
        expected = [(r["side"], sorted(r["faults"])) for r in true["reps"]]
        got = [(r["side"], sorted(r["faults"])) for r in found["reps"]]
        if expected == got or (clip.kind in NOT_REPS and not found["reps"]):
            continue
        lines.append(f"{clip.name}: true {_brief(expected)}, found {_brief(got)}")
    return lines


def _brief(reps: list[tuple[str | None, list[str]]]) -> str:
    return "[" + "; ".join(f"{(side or '-')[0]} {','.join(faults)}".strip() for side, faults in reps) + "]"
