"""Scored again: what is kept, what is skipped, what changes and why, and what other values would tell."""

import hashlib
import json
import shutil
from dataclasses import dataclass, field
from functools import cache

import pytest

from formcheck import __version__
from formcheck.archive.sources import StoreSource
from formcheck.pipeline.recorded import analyse
from formcheck.session.document import SetDocument
from formcheck.session.registry import load_exercises
from formcheck.system.errors import FormcheckError
from tests.archive.conftest import shifted
from tests.archive.here import scored
from tests.kept import kept
from tests.test_recordings import FOLDER

REACHING = {"dead-bug": {"arch_deg": 30.0}}


@cache
def analysed(name):
    """The text of `analyze --json`."""
    return json.dumps(analyse(str(FOLDER / f"{name}.npz"), load_exercises().get(name)).findings.as_dict())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three recordings, each of which says in another way which exercise it is; one of them was judged before."""
    folder = tmp_path_factory.mktemp("in")
    shutil.copy(FOLDER / "dead-bug.npz", folder / "a.npz")
    (folder / "a.json").write_text(analysed("dead-bug"))
    shifted("dead-bug", folder / "b.npz", 0.5, source={"exercise": "dead-bug"})
    shifted("bird-dog", folder / "bird-dog" / "deep" / "c.npz")
    shifted("glute-bridge", folder / "of nothing.npz", pictures=30)
    (folder / "notes.txt").write_text("no recording")
    return folder


@pytest.fixture(scope="module")
def first(folder, tmp_path_factory):
    """The first pass over it."""
    to = tmp_path_factory.mktemp("out")
    return to, *scored(folder, to)


def tree(to):
    return {path.relative_to(to).as_posix(): path.read_bytes() for path in to.rglob("*.json")}


def test_the_same_version_and_settings_change_nothing(first):
    _, archive, found = first
    assert archive.scored == 3
    assert found["recordings"] == {
        "found": 4, "scored": 3, "failed": 0, "unknown_exercise": 1, "left_out": 0, "compared": 1, "changed": 0,
    }  # fmt: skip
    assert found["unknown_exercise"] == ["of nothing.npz"]
    assert found["changes"] == []
    dead_bug = found["exercises"]["dead-bug"]
    assert dead_bug["before"] == dead_bug["now"] == {"reps": 6, "clean": 4, "faulty": 2, "not_judged": 0, "unknown": 0}
    assert dead_bug["not_compared"] == dead_bug["now"], "the second one is the same movement"
    assert found["exercises"]["bird-dog"]["nothing_stored"] == 1
    assert found["exercises"]["bird-dog"]["not_compared"]["reps"] == 4


def test_a_result_is_what_analyze_finds(first):
    to, *_ = first
    told = [json.loads(content)["findings"] for content in tree(to).values()]
    (bird_dog,) = (one for one in told if one["exercise"] == "bird-dog")
    alone = json.loads(analysed("bird-dog"))
    assert bird_dog == alone | {"source": alone["source"] | {"path": ""}}


def test_an_exercise_that_is_given_is_the_only_one_and_that_of_those_that_say_none(folder, tmp_path):
    _, found = scored(folder, tmp_path, otherwise="glute-bridge")
    counts = found["recordings"]
    assert (counts["scored"], counts["left_out"], counts["unknown_exercise"]) == (1, 3, 0)


def test_a_run_that_was_broken_off_goes_on_and_nothing_is_done_twice(folder, first, tmp_path):
    whole, *_ = first
    archive, _ = scored(folder, tmp_path, is_stopped=lambda: any((tmp_path / "results").rglob("*.json")))
    assert archive.scored < 3
    done = {path: path.stat().st_ino for path in tmp_path.rglob("*.json")}
    assert len(done) == archive.scored > 0
    again, _ = scored(folder, tmp_path)
    assert again.scored == 3 - archive.scored
    assert {path: path.stat().st_ino for path in done} == done
    assert tree(tmp_path) == tree(whole)
    nothing, _ = scored(folder, tmp_path)
    assert nothing.scored == 0


def test_a_result_that_was_half_written_is_made_anew(folder, first, tmp_path):
    whole, *_ = first
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    torn = sorted(tmp_path.rglob("*.json"))[0]
    torn.write_bytes(torn.read_bytes()[:100])
    (torn.parent / ".formcheck-0a1b2c3d.json").write_bytes(b"{")
    archive, _ = scored(folder, tmp_path)
    assert archive.scored == 1
    assert torn.read_bytes() == tree(whole)[torn.relative_to(tmp_path).as_posix()]


def test_two_copies_of_a_recording_are_scored_once_and_told_of_both(tmp_path):
    shifted("dead-bug", tmp_path / "in" / "dead-bug" / "a.npz", pictures=150)
    shutil.copy(tmp_path / "in" / "dead-bug" / "a.npz", tmp_path / "in" / "dead-bug" / "b.npz")
    archive, found = scored(tmp_path / "in", tmp_path / "out")
    assert (archive.scored, found["recordings"]["scored"]) == (1, 2)


def test_another_limit_changes_a_verdict_and_is_told_as_the_reason(folder, first, tmp_path):
    shutil.copytree(first[0], tmp_path, dirs_exist_ok=True)
    _, found = scored(folder, tmp_path, REACHING)
    assert found["settings"] == REACHING
    assert [(c["recording"], c["against"]["kind"]) for c in found["changes"]] == [
        ("a.npz", "sidecar"), ("b.npz", "archive"),
    ]  # fmt: skip
    for change in found["changes"]:
        (differs,) = change["differs"]
        assert (differs["setting"], differs["before"], differs["now"]) == ("arch_deg", 10.0, 30.0)
        (rep,) = change["reps"]
        assert (rep["what"], rep["before"]["verdict"], rep["now"]["verdict"]) == (
            ["verdict", "faults"],
            "faulty",
            "clean",
        )
        (why,) = rep["why"]
        assert (why["kind"], why["fault"], why["setting"]) == ("setting", "low-back-arch", "arch_deg")
        assert "arch_deg 10 → 30 deg; measured 2" in why["text"]
    dead_bug = found["exercises"]["dead-bug"]
    assert dead_bug["faults"]["low-back-arch"] == {"before": 2, "now": 0, "appeared": 0, "gone": 2}
    assert dead_bug["verdicts"] == [{"before": "faulty", "now": "clean", "reps": 2}]
    assert dead_bug["why"] == {"setting": 2}
    assert found["exercises"]["bird-dog"]["changed"] == 0
    again, same = scored(folder, tmp_path, REACHING)
    assert again.scored == 0
    assert same == found, "a result is never compared with itself"


def told_before(change, tmp_path):
    """The difference against a sidecar that says something else than this version finds."""
    place = tmp_path / "in"
    place.mkdir()
    shutil.copy(FOLDER / "dead-bug.npz", place / "a.npz")
    findings = json.loads(analysed("dead-bug"))
    change(findings)
    (place / "a.json").write_text(json.dumps(findings))
    _, found = scored(place, tmp_path / "out")
    return found


def test_a_measure_on_the_other_side_of_its_limit_is_told_with_both_values(tmp_path):
    def change(findings):
        fault = next(f for f in findings["faults"] if f["name"] == "low-back-arch")
        findings["faults"].remove(fault)
        rep = findings["reps"][fault["rep"] - 1]
        rep["faults"], rep["verdict"] = [], "clean"
        findings["provenance"]["app"] = "0.0.9"

    (changed,) = told_before(change, tmp_path)["changes"]
    (rep,) = changed["reps"]
    (why,) = rep["why"]
    assert (why["kind"], why["fault"], why["limit_now"]) == ("measure", "low-back-arch", 10.0)
    assert why["now"] > 20.0
    assert "before" not in why, "the old file does not hold what was measured of a clean repetition"
    assert [one["text"] for one in changed["differs"]] == [f"FormCheck 0.0.9 → {__version__}"]


def test_what_could_not_be_judged_before_is_told_with_its_share(tmp_path):
    def change(findings):
        rep = findings["reps"][0]
        rep["judged"]["low-back-arch"], rep["not_judged"], rep["verdict"] = 0.4, ["back"], "not-judged"

    (changed,) = told_before(change, tmp_path)["changes"]
    (rep,) = changed["reps"]
    assert rep["what"] == ["verdict", "not_judged"]
    assert [(why["kind"], why["before"], why["now"]) for why in rep["why"]] == [("judged", 0.4, 1.0)]


def test_repetitions_that_came_or_went_sides_and_faults_that_are_no_more(tmp_path):
    def change(findings):
        first, second, third, *_ = findings["reps"]
        findings["reps"].remove(second)
        findings["attempts"].append(
            {"start_s": second["start_s"], "end_s": second["end_s"], "side": None, "reason": "partial-reach"}
        )
        findings["reps"].append(first | {"index": 7, "start_s": 100.0, "end_s": 104.0})
        first["side"] = "right" if first["side"] == "left" else "left"
        third["faults"] = [*third["faults"], "elbows-bend"]

    found = told_before(change, tmp_path)
    (changed,) = found["changes"]
    whats = [(rep["what"], [why["text"] for why in rep["why"]]) for rep in changed["reps"]]
    assert whats == [
        (["side"], ["nothing that was kept tells"]),
        (["new"], ["was not counted: partial-reach", "nothing that was kept tells"]),
        (["faults"], ["elbows-bend: this version has no such fault"]),
        (["gone"], ["nothing that was kept tells"]),
    ]
    dead_bug = found["exercises"]["dead-bug"]
    assert dead_bug["sides"] == 1
    assert {(v["before"], v["now"]): v["reps"] for v in dead_bug["verdicts"]} == {
        ("none", "clean"): 1, ("clean", "none"): 1,
    }  # fmt: skip


def test_files_of_the_first_version_are_compared_in_what_they_hold(tmp_path):
    def change(findings):
        findings["schema"] = "formcheck.analysis/1"
        del findings["provenance"], findings["outcome"], findings["amendments"]
        for rep in findings["reps"]:
            del rep["verdict"], rep["not_judged"], rep["judged"], rep["why_not_judged"]
        findings["reps"][0]["faults"] = ["too-fast"]

    found = told_before(change, tmp_path)
    (changed,) = found["changes"]
    assert [rep["what"] for rep in changed["reps"]] == [["faults"]]
    before = found["exercises"]["dead-bug"]["before"]
    assert (before["reps"], before["unknown"], before["clean"]) == (6, 6, 0)


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": "formcheck.analysis/2"}', '{"schema": "formcheck.session/2"}'])
def test_a_file_beside_a_recording_that_is_no_analysis_is_as_if_it_were_not_there(tmp_path, text):
    shifted("dead-bug", tmp_path / "in" / "dead-bug" / "a.npz", pictures=30)
    (tmp_path / "in" / "dead-bug" / "a.json").write_text(text)
    _, found = scored(tmp_path / "in", tmp_path / "out")
    assert (found["recordings"]["scored"], found["recordings"]["compared"]) == (1, 0)


def test_what_each_of_several_values_would_have_told(folder, first, tmp_path):
    shutil.copytree(first[0], tmp_path, dirs_exist_ok=True)
    archive, found = scored(folder, tmp_path, tries=["dead-bug.arch_deg=10,20,30", "bird-dog.judged_share_min=1"])
    arch, share = found["tries"]
    assert (arch["exercise"], arch["setting"], arch["unit"], arch["in_force"], arch["recordings"]) == (
        "dead-bug", "arch_deg", "deg", 10.0, 2,
    )  # fmt: skip
    assert [(v["value"], v["clean"], v["faulty"], v["faults"].get("low-back-arch", 0)) for v in arch["values"]] == [
        (10.0, 8, 4, 2), (20.0, 8, 4, 2), (30.0, 10, 2, 0),
    ]  # fmt: skip
    assert [[each["recording"] for each in v["changed"]] for v in arch["values"]] == [[], [], ["a.npz", "b.npz"]]
    assert share["recordings"] == 1
    _, plain = scored(folder, tmp_path)
    assert plain["changes"] == [], "what was only tried is nothing that was told"
    again, same = scored(folder, tmp_path, tries=["dead-bug.arch_deg=10,20,30", "bird-dog.judged_share_min=1"])
    assert (again.scored, same["tries"]) == (0, found["tries"])
    assert archive.scored == 3


def test_a_file_that_can_not_be_read_is_listed(tmp_path):
    shifted("dead-bug", tmp_path / "in" / "dead-bug" / "a.npz", pictures=30)
    (tmp_path / "in" / "dead-bug" / "gone.npz").symlink_to(tmp_path / "in" / "dead-bug" / "a.npz" / "nowhere")
    (tmp_path / "in" / "dead-bug" / "empty.npz").touch()
    (tmp_path / "in" / "dead-bug" / "no video.mp4").write_text("not a film")
    _, found = scored(tmp_path / "in", tmp_path / "out")
    assert found["recordings"]["scored"] == 1
    assert [each["recording"] for each in found["failed"]] == ["dead-bug/empty.npz", "dead-bug/no video.mp4"]
    assert str(tmp_path) not in json.dumps(found)


@dataclass
class Stored:
    """A pose stream as the store hands it out."""

    one: SetDocument
    overrides: dict[str, object] = field(default_factory=dict)
    session_id = kept(("dead-bug",)).session.session_id

    def __post_init__(self):
        self.set_id, self.exercise = self.one.set_id, self.one.exercise
        self.sha256 = hashlib.sha256((FOLDER / "dead-bug.npz").read_bytes()).hexdigest()

    def read(self):
        if self.overrides.get("key") == "lost":
            raise FormcheckError("its key is lost")
        return (FOLDER / "dead-bug.npz").read_bytes()


@pytest.mark.parametrize(
    ("overrides", "compared", "changed", "says"),
    [
        ({}, 1, 0, ""),
        ({"arch_deg": 30.0}, 1, 1, ""),
        ({"depth": 3}, 0, 0, "of the settings kept with it, 'depth' is not a setting"),
        ({"key": "lost"}, 0, 0, "its key is lost"),
    ],
)
def test_a_stream_of_the_store_is_scored_with_its_persons_own_settings(tmp_path, overrides, compared, changed, says):
    session = kept(("dead-bug",))

    class Store:
        def kept(self, person=None, session_id=None, since=None):
            return [session] if session_id == session.session.session_id else []

        def recordings(self, person=None):
            yield Stored(session.session.sets[0], overrides)

    _, found = scored(None, tmp_path, source=StoreSource(Store()))
    assert (found["recordings"]["compared"], found["recordings"]["changed"]) == (compared, changed)
    assert [says in each["reason"] for each in found["failed"]] == ([True] if says else [])
    assert all(change["against"]["kind"] == "store" for change in found["changes"])
