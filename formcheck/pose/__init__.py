"""The one place that knows MediaPipe: pictures in, the patient's pose and back contour out."""

from formcheck.pose.watcher import PoseWatcher
from formcheck.pose.worker import PoseThread, Seen

__all__ = ["PoseThread", "PoseWatcher", "Seen"]
