"""Two people in one picture, through tracker, lock and coach: who is followed, and what is said of a change.

Each scene is put together from the clips that ship: halves of the picture side by side, each with somebody or nobody.
"""

from functools import cache, partial

import cv2
import numpy as np

from formcheck.core.rules.events import Armed, PersonChanged, RepCompleted
from formcheck.pipeline.chain import Chain
from formcheck.pose import PatientTracker
from formcheck.session.record import SetRecord
from formcheck.session.registry import load_exercises
from formcheck.session.set import Set, start_score
from tests.pose.conftest import pictures

RATE = 10
STEP = 6
"""Every so manieth picture of a clip is shown: at 30 pictures a second, twice as fast as life."""
HIGH, WIDE = 432, 480


@cache
def half(clip, start_s, end_s, left):
    """Somebody's half of the picture: the clip's columns from `left` on, of which 800 are shown."""
    found = pictures(f"demo-{clip}.mp4", start_s, end_s - start_s, step=STEP)
    crops = [picture[:, left : left + 800] for picture, _ in found]
    return [cv2.resize(crop, (WIDE, HIGH), interpolation=cv2.INTER_AREA) for crop in crops]


def lasting(frames, seconds):
    return [frames[i % len(frames)] for i in range(round(seconds * RATE))]


def patient(seconds):
    """Somebody in the dead bug's start pose."""
    return lasting(half("dead-bug", 0.2, 1.8, 350), seconds)


def recoloured(frames):
    """Somebody in other colours, with the head on the other side."""
    return [np.ascontiguousarray(picture[:, ::-1, ::-1]) for picture in frames]


def helper(seconds):
    """Somebody on all fours."""
    return lasting(half("bird-dog", 0.2, 1.8, 250), seconds)


def nobody(seconds):
    """The same room: the outermost column, drawn out."""
    return lasting([np.repeat(patient(0.1)[0][:, :1], WIDE, axis=1)], seconds)


def watch(*scenes):
    """Which half the pose was in at each picture of each scene (None: no pose), the number of the person there, and the
    record of the set. A scene is two lists of halves of one length."""
    exercise = load_exercises().get("dead-bug")
    current = Set(exercise, is_live=False)
    chain = Chain(current, SetRecord.begin("", exercise))
    chain.start()
    told, index = [], 0
    with PatientTracker(exercise.posture, partial(start_score, exercise)) as tracker:
        for left, right in scenes:
            told.append([])
            for pair in zip(left, right, strict=True):
                tracked = tracker.observe(np.hstack(pair), index / RATE, index)
                chain.step(None, tracked)
                xy, index = tracked.pose.xy_px, index + 1
                side = ("left" if np.nanmedian(xy[:, 0]) < WIDE else "right") if tracked.pose.is_present else None
                told[-1].append((side, tracked.pose.person))
    chain.finish("done")
    return told, chain.record


def test_the_patient_goes_comes_back_and_is_relieved_by_somebody_else():
    """Somebody else stays in the picture all along, and is never the patient. Who then takes the patient's place is,
    and is asked to hold still; what they do counts as theirs."""
    one_repetition = half("dead-bug", 0.2, 8.0, 350)
    stranger = recoloured(patient(1.6) + one_repetition)
    (first, gone, again, left, relieved), record = watch(
        (patient(1.5), helper(1.5)),
        (nobody(1.5), helper(1.5)),
        (patient(1.0), helper(1.0)),
        (nobody(0.8), helper(0.8)),
        (stranger, helper(len(stranger) / RATE)),
    )
    assert {person for person in first[2:]} == {("left", 0)}
    assert {side for side, _ in gone[2:] + left[2:]} == {None}
    assert set(again[5:]) == {("left", 0)}
    numbers = [number for _, number in relieved]
    assert numbers == sorted(numbers)
    assert {side for side, number in relieved if number == 1} == {"left"}
    assert ("left", 0) not in relieved
    [change] = [event for event in record.events if isinstance(event, PersonChanged)]
    assert (change.was, change.person) == (0, 1)
    assert [cue.name for cue in record.cues].count("setup.who-lying") == 1
    after = [event for event in record.events if event.seq > change.seq]
    kinds = [type(event) for event in after if isinstance(event, (Armed, RepCompleted))]
    assert kinds == [Armed, RepCompleted]
