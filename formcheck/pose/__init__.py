"""The one place that knows MediaPipe: pictures in, the patient's pose and back contour out."""

from formcheck.pose.watcher import PatientTracker
from formcheck.pose.worker import Picturelike, PoseThread, TrackedFrame

__all__ = ["PatientTracker", "Picturelike", "PoseThread", "TrackedFrame"]
