"""The coach of the set-up: watches what each picture shows of it, and gives one instruction at a time.

An instruction stands from when its problem has lasted until it has been gone for a while; the worst comes first. It
ends when all is good, when the start pose is held for three seconds, or when the person says so. Pure.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace

from formcheck.core.body.back import Posture
from formcheck.core.body.light import BLURRED, DARK, Light, Limit
from formcheck.core.body.tracked import Tracked
from formcheck.core.coach.detectors import StartPoseDetector
from formcheck.core.feedback.phrases import FRAMING, SETUP
from formcheck.core.rules.events import Cue
from formcheck.core.rules.exercise import Exercise
from formcheck.core.rules.setting import Settings
from formcheck.core.setup.contour_jitter import ContourJitter
from formcheck.core.setup.framing import FramingMeasures, look
from formcheck.core.setup.problem import ORDER, Problem, cut_names, kind_of, problem_of
from formcheck.core.text import phrase

WINDOW_S = 1.0
"""A problem is told when it fills most of the last second."""
ON_SHARE, OFF_SHARE = 0.7, 0.3
"""Shares of the window from which a problem stands, and down to which it still does."""
SAME_GAP_S = 8.0
"""At least this long between two sayings of one instruction."""
GOOD_S = 1.0
"""Nothing wrong for so long: the set-up is good."""
GAP_S = 3.0
"""At least this long between any two: a sentence, and time to begin."""
ASK_S, ASK_GAP_S = 2.0, 12.0
"""Not in position for so long: the start position is asked for, and asked for again."""
SAY_S = 3.0
"""Time to hear an instruction."""
ANYWAY_S = 3.0
"""Whoever holds the start pose for this long after having heard what is wrong wants to begin."""

BACKLIT_GLARE, BACKLIT_PERSON = (0.20, 0.15), (0.15, 0.20)
"""White share of the picture, and grey of the trunk against it; only together, and never on a white studio wall [P]."""
STUDIO_GLARE = 0.55
"""More white than this is a wall, not a window (two real clips show 0.65 and 0.82)."""
TURN: Limit = (22.0, 17.0)
"""Degrees off side-on: 20 and the error of the measure (rendered people, 3-6)."""
HIGH: Limit = (26.0, 21.0)
"""Degrees from above; the side view of the back is lost above 30. Renders: 4 read as 6-13, 31 as 29-32."""
LEVEL: Limit = (12.0, 8.0)
"""Slope of the floor. The trunk limits of the exercises allow 10 for the camera; renders read 14 as 13-16."""
FAR: Limit = (70.0, 80.0)
"""Torso in pixels: below 60 the back's hollow is within one pixel of the mask."""
LEG_TL, ARM_TL = (1.45, 1.6), (0.9, 1.0)
"""Room that a straight leg needs past the hip, and a straight arm past the shoulder, torso lengths."""
LOOSE: Limit = (0.012, 0.008)
"""Wavering of the back's outline, torso lengths: from there the set can't judge it. In renders 0.001-0.006."""


class _Latch:
    """Whether a problem fills the last second; unknown pictures don't count."""

    def __init__(self) -> None:
        self.is_on = False
        self.is_quiet = True
        """Whether hardly any picture of the last second shows it."""
        self._seen: deque[tuple[float, bool]] = deque()

    def note(self, t: float, is_true: bool | None) -> None:
        if is_true is not None:
            self._seen.append((t, is_true))
        while self._seen and t - self._seen[0][0] > WINDOW_S:
            self._seen.popleft()
        if not self._seen:
            self.is_on, self.is_quiet = False, True
            return
        share = sum(v for _, v in self._seen) / len(self._seen)
        self.is_quiet = share <= OFF_SHARE
        lasts = t - self._seen[0][0] >= 0.7 * WINDOW_S
        self.is_on = share > OFF_SHARE if self.is_on else lasts and share >= ON_SHARE


class SetupCoach:
    """Before one exercise. Feed every picture in order of time."""

    def __init__(self, exercise: Exercise, settings: Settings, *, is_mirrored: bool = False) -> None:
        """Begin; `is_mirrored` = the pictures are swapped left to right, which is told once."""
        self.is_done = False
        self.problem: Problem | None = None
        self.seen: list[str] = []
        """Names of the problems that stood, in order of their first time."""
        self._must_tell_mirror = is_mirrored
        self._exercise = exercise
        self._checks = exercise.start(settings)
        self._anyway = StartPoseDetector(max(0.0, ANYWAY_S - settings["arm_live_s"]))
        self._latches: dict[str, _Latch] = {}
        self._posed, self._unposed = _Latch(), _Latch()
        self._said: dict[str, float] = {}
        self._spoke_s = -math.inf
        self._told_s = -math.inf
        """When something new was last said."""
        self._jitter = ContourJitter() if exercise.judges_back else None
        self._good_since = math.nan
        self._sight = FramingMeasures(0.0)
        self._called: set[str] = set()
        """What was said since somebody was seen last."""
        self._called_s = -math.inf
        self._light: Light | None = None

    @property
    def posture(self) -> Posture:
        """How the body lies or stands in the exercise."""
        return self._exercise.posture

    def update(self, tracked: Tracked, light: Light | None = None) -> list[Cue]:
        """One picture, with its light and the outline of the back where they are known."""
        if self.is_done or not math.isfinite(tracked.t_s):
            return []
        t = tracked.t_s
        self.watch(tracked, light)
        if self._must_tell_mirror:
            return self._tell_mirror(t)
        body = replace(tracked.body, steady_sagitta_tl=1.0)  # the outline is not steady yet
        is_heard = t - self._told_s >= SAY_S
        if self._checks and is_heard and self._anyway.update(self._checks, body):
            return self.start_anyway(t)
        if self._is_good(t):
            return self._finish(t, "framing.good" if self.seen else "")
        return self._speak(t)

    def watch(self, tracked: Tracked, light: Light | None = None) -> None:
        """Look at one picture and say nothing: `problem` is what stands then."""
        t = tracked.t_s
        sight = self._sight = look(tracked, self._exercise.posture)
        self._light = light or self._light
        if sight.is_present:
            self._called.clear()
        found = self._find(sight, light)
        found["upside-down"] = tracked.turned_deg == 180
        found["sideways"] = tracked.turned_deg in (90, 270)
        if self._jitter is not None and tracked.back is not None and sight.is_posed:
            found["loose"] = self._above("loose", self._jitter.update(tracked.body), LOOSE)
        for name in {*self._latches, *found}:
            self._latches.setdefault(name, _Latch()).note(t, found.get(name, False))
        self._posed.note(t, sight.is_posed is True)
        self._unposed.note(t, sight.is_present and sight.is_posed is False)
        self.problem = self._worst()

    def start_anyway(self, t_s: float) -> list[Cue]:
        """The person wants to begin now: only what can be seen is judged."""
        if self.is_done:
            return []
        return [*self._tell_mirror(t_s), *self._finish(t_s, "framing.anyway" if self.problem else "")]

    def _tell_mirror(self, t_s: float) -> list[Cue]:
        """Once, whatever else is said: the sides of the whole record follow from it."""
        must_tell, self._must_tell_mirror = self._must_tell_mirror, False
        told = self._say(t_s, "framing.mirrored", FRAMING["framing.mirrored"], 0.0) if must_tell else []
        return [replace(cue, must_be_heard=True) for cue in told]

    def checks(self) -> list[tuple[str, bool | None]]:
        """The set-up as a list for the screen: what, and whether it is good (None: can't be told yet)."""
        standing = {kind_of(name) for name, latch in self._latches.items() if latch.is_on}
        sight = self._sight
        there = sight.is_present and "nobody" not in standing
        posed = there and self._posed.is_on

        def verdict(is_known: bool, *kinds: str) -> bool | None:
            return False if standing & set(kinds) else True if is_known else None

        jitter = self._jitter
        clothes = (
            [(phrase("Clothes keep still"), verdict(posed and not math.isnan(jitter.sd_tl), "loose"))] if jitter else []
        )
        return [
            (phrase("Enough light"), verdict(self._light is not None, "dark", "backlit")),
            (phrase("One person in the picture"), verdict(there, "nobody", "crowd")),
            (
                phrase("Whole body in the picture"),
                verdict(posed, "close", "step", "head", "feet", "hands", "knees", "room"),
            ),
            (phrase("Side-on to the camera"), verdict(posed and not math.isnan(sight.side_on_deg), "turn")),
            (phrase("Camera near, low and level"), verdict(posed, "far", "high", "level", "blurred")),
            *clothes,
        ]

    def _is_good(self, t: float) -> bool:
        if not self._posed.is_on or not all(latch.is_quiet for latch in self._latches.values()):
            self._good_since = math.nan
            return False
        self._good_since = t if math.isnan(self._good_since) else self._good_since
        return t - self._good_since >= GOOD_S - 0.7 * WINDOW_S

    def _find(self, sight: FramingMeasures, light: Light | None) -> dict[str, bool | None]:
        found: dict[str, bool | None] = {"nobody": not sight.is_present, "crowd": sight.others > 0}
        if light is not None:
            found["dark"] = self._below("dark", light.brightness, DARK)
            found["backlit"] = self._is_backlit(light)
            found["blurred"] = self._above("blurred", light.edge_px, BLURRED)
        else:
            found |= dict.fromkeys(("dark", "backlit", "blurred"))
        if sight.is_present and sight.is_posed is not False:
            found |= self._find_in_pose(sight)
        return found

    def _find_in_pose(self, sight: FramingMeasures) -> dict[str, bool | None]:
        found: dict[str, bool | None] = dict.fromkeys(cut_names(sight), True)
        lying = self._exercise.posture != "upright"
        ahead, behind = ("turn-head-in", "turn-feet-in") if lying else ("turn-in", "turn-out")
        found[ahead] = self._above(ahead, sight.side_on_deg, TURN)
        found[behind] = self._above(behind, -sight.side_on_deg, TURN)
        found["high"] = self._above("high", sight.down_deg, HIGH)
        found["level"] = self._above("level", abs(sight.roll_deg), LEVEL)
        found["far"] = self._below("far", sight.torso_px, FAR)
        if lying and self._exercise.sides != (None,):
            found["room-headward"] = self._below("room-headward", sight.room_tl[1], LEG_TL)
            if self._exercise.posture == "quadruped":
                found["room-footward"] = self._below("room-footward", sight.room_tl[0], ARM_TL)
        return found

    def _is_on(self, name: str) -> bool:
        return name in self._latches and self._latches[name].is_on

    def _above(self, name: str, value: float, limit: Limit) -> bool | None:
        return None if math.isnan(value) else value > limit[self._is_on(name)]

    def _below(self, name: str, value: float, limit: Limit) -> bool | None:
        return None if math.isnan(value) else value < limit[self._is_on(name)]

    def _is_backlit(self, light: Light) -> bool:
        on = self._is_on("backlit")
        return BACKLIT_GLARE[on] < light.glare < STUDIO_GLARE and light.person < BACKLIT_PERSON[on]

    def _worst(self) -> Problem | None:
        standing = [name for name, latch in self._latches.items() if latch.is_on]
        if not standing:
            return None
        name = min(standing, key=lambda n: (ORDER.index(kind_of(n)), n))
        if name not in self.seen:
            self.seen.append(name)
        return problem_of(name, self._sight)

    def _speak(self, t: float) -> list[Cue]:
        if self.problem is not None:
            name = self.problem.name
            return self._call(t) if name == "unseen.body" else self._say(t, name, self.problem.text, SAME_GAP_S)
        if self._unposed.is_on and t - self._said.setdefault("unposed", t) >= ASK_S:
            return self._say(t, "setup.start-pose", SETUP["setup.start-pose"], ASK_GAP_S)
        return []

    def _call(self, t: float) -> list[Cue]:
        """Nobody is seen: that is said once, and if it did not help, once that the tracker needs the head. Then it is
        silent until somebody comes."""
        assert self.problem is not None
        name = next((name for name in ("unseen.body", "framing.nobody") if name not in self._called), "")
        if not name or t - self._called_s < SAME_GAP_S:
            return []
        cues = self._say(t, name, FRAMING.get(name, self.problem.text), 0.0)
        if cues:
            self._called_s = t
            self._called.add(name)
        return cues

    def _say(self, t: float, name: str, text: str, gap_s: float) -> list[Cue]:
        if t - self._said.get(name, -math.inf) < gap_s or t - self._spoke_s < GAP_S:
            return []
        if name not in self._said:
            self._told_s = t
            self._anyway.reset()
        self._said[name] = self._spoke_s = t
        return [Cue(t, "setup", name, text)]

    def _finish(self, t: float, name: str) -> list[Cue]:
        self.is_done, self.problem = True, None
        return [Cue(t, "setup", name, FRAMING[name])] if name else []
