"""For whoever adds an exercise: synthetic movements of a stick figure, and the conformance suite.

>>> from formcheck.testing import Stance, film
>>> from formcheck.core.body.measure import Limbs
>>> table = Limbs(hip_deg=90, knee_deg=90, shoulder_deg=90, elbow_deg=175)
>>> start = Stance(posture="supine", left=table, right=table)
>>> frames = film([(0.0, start), (2.0, start)], fps=10)
>>> len(frames)
21
"""

from formcheck.core.body.stance import Stance, between
from formcheck.testing.conformance import CHECKS, ConformanceError, Performance, problems
from formcheck.testing.stances import (
    Filmed,
    Lens,
    back_of,
    demonstrated,
    film,
    hidden,
    judge,
    mirrored,
    pose_of,
    seen,
    thinned,
    without_back,
)

__all__ = [
    "CHECKS",
    "ConformanceError",
    "Filmed",
    "Lens",
    "Performance",
    "Stance",
    "back_of",
    "between",
    "demonstrated",
    "film",
    "hidden",
    "judge",
    "mirrored",
    "pose_of",
    "problems",
    "seen",
    "thinned",
    "without_back",
]
