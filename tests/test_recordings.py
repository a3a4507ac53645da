"""Recorded pose streams of the demo clips, and the events that they must give, to the byte, on any machine.

After a deliberate change of the rules, look at the difference and run `python -m tests.test_recordings`.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck.core.body.pose import Pose
from formcheck.core.body.tracked import track
from formcheck.pose.recording import Recording, save_recording
from formcheck.session.registry import load_exercises
from formcheck.session.set import Set
from formcheck.system.errors import SourceError
from formcheck.testing import seen

FOLDER = Path(__file__).parent / "recordings"
NAMES = ("dead-bug", "bird-dog", "glute-bridge")


def event_lines(name: str) -> str:
    """The events of a recording, one JSON line each."""
    session = Set(load_exercises().get(name), is_live=False)
    events = [
        e for pose, back in Recording(FOLDER / f"{name}.npz") for e in session.update(seen(session, pose, back)).events
    ]
    events += session.finish().events
    return "".join(json.dumps(e.wire()) + "\n" for e in events)


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_gives_the_stored_events_to_the_byte(name):
    assert event_lines(name) == (FOLDER / f"{name}.jsonl").read_text()


def test_a_recording_is_read_back_as_it_was_written(tmp_path):
    stream = list(Recording(FOLDER / "dead-bug.npz"))[:20]
    assert {pose.person for pose, _ in stream} == {0}, "an old recording has one person"
    stream[7:] = [(replace(pose, person=2), back) for pose, back in stream[7:]]
    with (tmp_path / "copy.npz").open("wb") as file:
        save_recording(file, stream, {"path": "x"})
    for (pose, back), (again, back_again) in zip(stream, Recording(tmp_path / "copy.npz"), strict=True):
        assert isinstance(again, Pose)
        assert (pose.t_s, pose.index, pose.width, pose.height) == (again.t_s, again.index, again.width, again.height)
        assert pose.xy_px.tobytes() == again.xy_px.tobytes()
        assert back.offset_tl.tobytes() == back_again.offset_tl.tobytes()
        assert back.unknown == back_again.unknown
        assert pose.person == again.person


def test_the_readers_consensus_is_kept_and_old_recordings_have_none(tmp_path):
    stream = list(Recording(FOLDER / "dead-bug.npz"))[:20]
    nobody = replace(stream[3][1], consensus=None)
    stream[3] = (stream[3][0], nobody)
    with (tmp_path / "copy.npz").open("wb") as file:
        save_recording(file, stream, {"path": "x"})
    again = [back.consensus for _, back in Recording(tmp_path / "copy.npz")]
    assert [c is None for c in again] == [back.consensus is None for _, back in stream]
    assert not all(c is None for c in again)
    for (_, back), consensus in zip(stream, again, strict=True):
        if consensus is not None:
            assert back.consensus.offset_tl.tobytes() == consensus.offset_tl.tobytes()
            assert back.consensus.sd_tl.tobytes() == consensus.sd_tl.tobytes()

    with np.load(tmp_path / "copy.npz") as data:
        np.savez_compressed(tmp_path / "old.npz", **{k: data[k] for k in data.files if k != "consensus_t"})
    old = list(Recording(tmp_path / "old.npz"))
    assert all(back.consensus is None for _, back in old)
    body = track(*old[0], "supine").body
    assert body.contour.offset_tl.tobytes() == old[0][1].offset_tl.tobytes(), "then the one reading tells the angle"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_recording_that_is_cut_off_is_told_in_a_sentence(tmp_path, share):
    whole = (FOLDER / "dead-bug.npz").read_bytes()
    path = tmp_path / "cut.npz"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(SourceError, match="Record it again"):
        Recording(path)


if __name__ == "__main__":
    for each in NAMES:
        (FOLDER / f"{each}.jsonl").write_text(event_lines(each))
