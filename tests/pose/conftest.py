"""Rendered people on pictures, for the tests of the pose room."""

from functools import partial

import cv2
import pytest

from formcheck.pose import PatientTracker
from formcheck.session.registry import load_exercises
from formcheck.session.set import start_score
from formcheck.system.assets import asset


def pictures(clip, start_s, seconds, step=2):
    """Pictures of a clip with their times, every `step`-th."""
    source = cv2.VideoCapture(str(asset("clips", clip)))
    source.set(cv2.CAP_PROP_POS_MSEC, start_s * 1000)
    fps = source.get(cv2.CAP_PROP_FPS)
    out = []
    for i in range(int(seconds * fps)):
        is_read, picture = source.read()
        assert is_read
        if i % step == 0:
            out.append((picture, i / fps))
    source.release()
    return out


@pytest.fixture(scope="session")
def patient():
    """Two seconds of the demo's dead bug, from the start pose into the first lowering."""
    return pictures("demo-dead-bug.mp4", 1.0, 3.0)


@pytest.fixture(scope="session")
def registry():
    return load_exercises()


@pytest.fixture(scope="session")
def dead_bug(registry):
    return registry.get("dead-bug")


@pytest.fixture
def watcher(dead_bug):
    with PatientTracker(dead_bug.posture, partial(start_score, dead_bug)) as made:
        yield made
