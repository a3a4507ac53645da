"""A short day at a clinic: real supervisor, real processes; whoever comes next finds nothing of the one before."""

from __future__ import annotations

from pathlib import Path

import pytest

from formcheck.session.registry import load_exercises
from tests.kiosk.running import PSEUDONYM, run_day

WHO = "exercises,ticket,wrong-pin,exchange,leaves-at-once"


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder, with its size and when it was last written."""
    found = {}
    for path in folder.rglob("*"):
        stat = path.stat()
        found[str(path.relative_to(folder))] = (stat.st_size, stat.st_mtime_ns if path.is_file() else 0)
    return found


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """The day, with the trees before and after."""
    folder, home = tmp_path_factory.mktemp("day"), tmp_path_factory.mktemp("home")
    (home / "tmp").mkdir()
    before = tree(home), {path.name for path in Path("/dev/shm").iterdir()}
    run = run_day(folder, home, WHO, limit_s=240.0)
    after = tree(home), {path.name for path in Path("/dev/shm").iterdir()}
    return run, before, after, home, folder


def test_everybody_s_result_is_right(day):
    visits = day[0].visits
    assert [visit["kind"] for visit in visits] == WHO.split(",")
    for visit in visits:
        reps = sum(each["reps"] for each in visit["sets"])
        assert visit["end"] in visit["ends"]
        assert reps == visit["reps"] if visit["reps"] is not None else reps <= visit["most"]


def test_the_one_who_took_the_place_is_counted_nothing(day):
    (visit,) = [visit for visit in day[0].visits if visit["kind"] == "exchange"]
    assert visit["end"] == "exchanged"
    assert sum(each["reps"] for each in visit["sets"]) >= 1
    assert visit["pages"][-1] == "ViewModel"


def test_everybody_has_a_process_of_their_own(day):
    visits = day[0].visits
    assert len({visit["pid"] for visit in visits}) == len(visits)


def test_the_next_one_is_shown_what_the_first_one_was_shown(day):
    first, *others = day[0].visits
    usual = set(first["labels"]) | {exercise.title for exercise in load_exercises().exercises.values()}
    usual |= {str(n) for n in range(11)} | {"Still there?", "Press any key, or step into the picture."}
    for visit in others:
        assert set(visit["labels"]) <= usual


def test_what_somebody_typed_is_shown_to_nobody_else(day):
    visits = day[0].visits
    for visit in visits:
        for secret in visit["secrets"]:
            others = [label for other in visits if other is not visit for label in other["all"]]
            assert not [label for label in others if secret in label.replace(" ", "")]


def test_no_file_has_changed(day):
    _, (home, shared), (home_after, shared_after), _, _ = day
    assert home_after == home
    assert {name for name in shared_after - shared if "formcheck" in name or "mediapipe" in name} == set()


def test_nothing_of_anybody_is_written_anywhere(day):
    run, _, _, home, _ = day
    secrets = [PSEUDONYM, "Private plan", *(secret for visit in run.visits for secret in visit["secrets"])]
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [secret for secret in secrets if secret.encode() in content]


def test_the_log_names_nobody(tmp_path, capfd):
    home = tmp_path / "home"
    (home / "tmp").mkdir(parents=True)
    folder = tmp_path / "day"
    folder.mkdir()
    run = run_day(folder, home, "ticket", limit_s=120.0)
    told = "".join(capfd.readouterr())
    assert len(run.visits) == 1
    for secret in (PSEUDONYM, "Private plan", *run.visits[0]["secrets"], "glute", "bridge"):
        assert secret not in told
