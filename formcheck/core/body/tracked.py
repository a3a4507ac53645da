"""What was seen in one picture: the pose, the back's contour, and the body's measures, each made once."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.core.body.back import Back, Posture
from formcheck.core.body.measure import Body, measure, with_back
from formcheck.core.body.pose import Pose


@dataclass(frozen=True, slots=True, eq=False)
class Tracked:
    """One picture, seen. Whoever needs the body's measures is handed this: nobody measures a second time."""

    pose: Pose
    back: Back | None
    body: Body
    turned_deg: int = 0
    """By how many degrees the picture seems to be turned clockwise from the right way up: 0, 90, 180 or 270."""

    @property
    def t_s(self) -> float:
        """Time of the picture, seconds of the recording or of the camera's clock."""
        return self.pose.t_s


def track(pose: Pose, back: Back | None, posture: Posture) -> Tracked:
    """Measure a pose and its contour, for streams that were recorded without their measures.

    Args:
        pose: joints in pixels.
        back: the contour of the same picture; None where nobody looked.
        posture: how the body lies or stands in the exercise.
    """
    return Tracked(pose, back, with_back(measure(pose, posture), back))
