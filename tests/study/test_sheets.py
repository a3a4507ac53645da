"""What is on a rater's sheet, in which order, and what must not be on it."""

from __future__ import annotations

import hashlib
import json
import re

import av
import pytest

from formcheck.session.registry import load_exercises
from formcheck.study.clips import Clip, from_list, from_store, told_of
from formcheck.study.sheets import bare_video, figure_of, order_of, questions_of
from formcheck.system.assets import asset
from formcheck.system.errors import FormcheckError, SourceError
from tests.replay import FOLDER
from tests.study import kit


@pytest.mark.parametrize("clips", [2, 3, 7, 40])
def test_every_clip_comes_once_and_some_again_later(clips):
    repeats = clips // 2
    order = order_of(clips, repeats, 5, 1)
    assert [each.place for each in order] == list(range(1, clips + repeats + 1))
    assert sorted(each.clip for each in order if not each.is_repeat) == list(range(1, clips + 1))
    again = [each for each in order if each.is_repeat]
    assert len(again) == len({each.clip for each in again}) == repeats
    for each in again:
        first = next(other for other in order if other.clip == each.clip)
        assert not first.is_repeat
        assert first.place <= (clips + 1) // 2 < each.place


def test_each_rater_has_an_order_of_their_own_and_a_seed_makes_it_again():
    orders = [order_of(20, 4, 5, rater) for rater in (1, 2, 3)]
    assert len({str(order) for order in orders}) == 3
    assert order_of(20, 4, 5, 2) == orders[1]
    assert order_of(20, 4, 6, 2) != orders[1]


def test_the_same_study_is_the_same_to_the_byte(tmp_path):
    kit.made(tmp_path / "a")
    kit.made(tmp_path / "b")
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert [str(p) for p in files] == ["key.json", "rater-1/form.html", "rater-2/form.html"]
    for each in files:
        assert (tmp_path / "a" / each).read_bytes() == (tmp_path / "b" / each).read_bytes()


def test_a_form_says_nothing_of_source_person_coach_or_repeats(tmp_path):
    key = kit.made(tmp_path / "s")
    _, data = kit.form_data(tmp_path / "s", "rater-1")
    assert set(data) == {"study", "rater", "clips"}
    assert {name for clip in data["clips"] for name in clip} == {"place", "title", "questions", "figure"}
    text = (tmp_path / "s" / "rater-1" / "form.html").read_text()
    for word in ("person ", ".npz", "is_repeat", "coach", key["clips"][0]["sha256"]):
        assert word not in text
    assert len(data["clips"]) == 12
    assert dict(data["clips"][0]["questions"])["low-back-arch"] == "Low back lifts"


def test_hashes_are_those_of_the_sheets(tmp_path):
    key = kit.made(tmp_path / "s")
    for sheet in key["sheets"]:
        mark, data = kit.form_data(tmp_path / "s", sheet["rater"])
        packed = json.dumps(data, separators=(",", ":"), sort_keys=True)
        assert hashlib.sha256(packed.encode()).hexdigest() == sheet["sha256"]
        assert mark == sheet["sheet"] == sheet["sha256"][:16]
    assert key["sheets"][0]["sha256"] != key["sheets"][1]["sha256"]


def test_a_form_allows_only_its_own_style_and_script(tmp_path):
    kit.made(tmp_path / "s")
    text = (tmp_path / "s" / "rater-1" / "form.html").read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_a_title_can_not_end_the_data(tmp_path):
    clips = kit.many(2)
    nasty = "</script><img src=x onerror=alert(1)>"
    from dataclasses import replace

    clips = [replace(clip, exercise=replace(clip.exercise, title=nasty)) for clip in clips]
    from formcheck.study.sheets import write_sheets

    write_sheets(tmp_path / "s", clips, kit.all_no, raters=1, repeats=0.0, seed=1)
    _, data = kit.form_data(tmp_path / "s", "rater-1")
    assert data["clips"][0]["title"] == nasty
    assert "<img" not in (tmp_path / "s" / "rater-1" / "form.html").read_text()


def test_a_figure_shows_what_was_seen_and_no_face():
    (clip,) = kit.many(1, "glute-bridge")
    figure = figure_of(clip)
    assert figure["joints"] == [0, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32]
    times = [frame[0] for frame in figure["frames"]]
    assert times == sorted(times)
    assert (len(times) - 1) / (times[-1] - times[0]) <= 12.1
    seen = [point for frame in figure["frames"] for point in frame[1] if point]
    x0, y0, x1, y1 = figure["box"]
    assert all(x0 <= x <= x1 and y0 <= y <= y1 for x, y in seen)
    poses = list(clip.recording())
    by_time = {round(pose.t_s, 2): pose.evidence for pose, _ in poses}
    for t_s, joints, _ in figure["frames"]:
        assert [joint is not None for joint in joints] == [by_time[t_s][j] == 2 for j in figure["joints"]]
    assert None in figure["frames"][0][1]
    assert any(not back.is_known for _, back in poses)
    assert [] in [frame[2] for frame in figure["frames"]]


def test_a_video_keeps_its_pictures_and_loses_the_rest(tmp_path):
    source = asset("clips", "demo-dead-bug.mp4")
    with av.open(str(source)) as read, av.open(str(tmp_path / "named.mp4"), "w") as written:
        written.metadata["title"] = "Ann Other, knee"
        stream = written.add_stream_from_template(read.streams.video[0])
        stream.metadata["handler_name"] = "Camera of Ann Other"
        for n, packet in enumerate(read.demux(read.streams.video[0])):
            if packet.dts is None or n > 60:
                break
            packet.stream = stream
            written.mux(packet)
    clip = Clip("named.mp4", "0" * 64, load_exercises().get("dead-bug"), "p", tmp_path / "named.mp4")
    assert bare_video(clip, tmp_path, 7) == "clip-007.mp4"
    assert (tmp_path / "named.mp4").read_bytes().count(b"Ann Other") == 2
    assert b"Ann Other" not in (tmp_path / "clip-007.mp4").read_bytes()
    with av.open(str(tmp_path / "clip-007.mp4")) as made, av.open(str(tmp_path / "named.mp4")) as was:
        assert [s.type for s in made.streams] == ["video"]
        assert sum(1 for _ in made.decode(video=0)) == sum(1 for _ in was.decode(video=0)) > 50


def test_what_is_no_video_is_a_sentence(tmp_path):
    (tmp_path / "x.mp4").write_bytes(b"no video")
    clip = Clip("x.mp4", "0" * 64, load_exercises().get("dead-bug"), "p", tmp_path / "x.mp4")
    with pytest.raises(SourceError, match=r"x\.mp4 can't be read as a video"):
        bare_video(clip, tmp_path, 1)


# -- what the coach tells, and where clips come from -----------------------------------------------------------------


def test_what_the_coach_tells_of_recorded_clips(tmp_path):
    bird, bug, bridge = (told_of(clip) for clip in from_list(kit.clip_list(tmp_path), load_exercises()))
    assert (bird.reps, bug.reps, bridge.reps) == (4, 6, 3)
    assert {name for name, answer in bug.answers.items() if answer == "yes"} == {
        "low-back-arch", "too-fast", "any-fault",
    }  # fmt: skip
    assert bridge.answers["over-arch"] == "unsure"
    assert bridge.answers["hips-sag"] == "no"
    assert set(bug.answers) == set(questions_of(load_exercises().get("dead-bug")))


def test_of_a_clip_without_a_repetition_nothing_is_told():
    from formcheck.session.record import SetRecord
    from formcheck.study.clips import answers_of

    found = answers_of(SetRecord.begin("s", load_exercises().get("dead-bug")), 0.6)
    assert set(found.values()) == {"unsure"}


def test_a_list_of_clips(tmp_path):
    clips = from_list(kit.clip_list(tmp_path), load_exercises())
    assert [(clip.name, clip.person, clip.exercise.name) for clip in clips] == [
        ("bird-dog.npz", "p1", "bird-dog"), ("dead-bug.npz", "p1", "dead-bug"),
        ("glute-bridge.npz", "p2", "glute-bridge"),
    ]  # fmt: skip
    assert clips[0].sha256 == hashlib.sha256((FOLDER / "bird-dog.npz").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("file,exercise\na,b\n", "has the columns file, exercise, person"), ("", "has the columns"),
        ("file,exercise,person\nnone.npz,dead-bug,p\n", r"row 2: there is no clip none\.npz"),
        ("file,exercise,person\n,dead-bug,p\n", r"row 2: there is no clip \(empty\)"),
        ("file,exercise,person\nclips.csv,dead-bug,p\n", "row 2: there is no clip"),
    ],
)  # fmt: skip
def test_a_list_that_makes_no_sense_is_a_sentence(tmp_path, text, words):
    (tmp_path / "clips.csv").write_text(text)
    with pytest.raises(SourceError, match=words):
        from_list(tmp_path / "clips.csv", load_exercises())


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(FormcheckError, match="not an empty folder"):
        kit.made(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_streams_out_of_the_store_know_whose_they_are(clinic):
    from formcheck.store import open_store

    person = clinic.person()
    session = clinic.session(("dead-bug",), person)
    set_id = clinic.kept(session).session.sets[0].set_id
    with open_store(clinic.where) as store:
        with pytest.raises(SourceError, match="--keep-poses"):
            from_store(store, load_exercises())
        store.keep_recording(session, set_id, "dead-bug", {}, (FOLDER / "dead-bug.npz").read_bytes())
        (clip,) = from_store(store, load_exercises())
        assert (clip.person, clip.exercise.name, clip.is_figure) == (person, "dead-bug", True)
        assert told_of(clip).reps == 6
