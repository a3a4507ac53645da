"""`formcheck archive score`: the files, the table, and a sentence for whatever makes no sense."""

import json

import pytest

from formcheck.store import create_store
from tests.archive.conftest import shifted
from tests.store.sessions import written
from tests.test_cli import run
from tests.test_recordings import FOLDER


@pytest.fixture
def folder(tmp_path):
    shifted("dead-bug", tmp_path / "in" / "dead-bug" / "a.npz", pictures=60)
    (tmp_path / "empty").mkdir()
    (tmp_path / "strange").mkdir()
    (tmp_path / "strange" / "letter.txt").write_text("Dear")
    (tmp_path / "file").write_text("kept")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["nowhere"], 3, "There is no folder nowhere"),
        (["file"], 1, "file is no store"),
        (["empty"], 3, "empty holds no recording"),
        (["strange"], 3, "strange holds no recording"),
        (["in", "--to", "file"], 1, "file is a file"),
        (["in", "--to", "file/in it"], 1, "can't be written"),
        (["in", "--to", "in/results"], 1, "in/results lies in in, which is read"),
        (["in", "--to", "in"], 1, "which is read"),
        (["in", "--jobs", "0"], 2, "greater than or equal to 1"),
        (["in", "--limit", "0"], 2, "greater than or equal to 1"),
        (["in", "-e", "squat"], 4, "no exercise 'squat'"),
        (["in", "--model", "none"], 1, "no model 'none'"),
        (["in", "--settings", "none.toml"], 5, "none.toml can't be read"),
        (["in", "--scheduler", "nonsense"], 1, "There is no Dask scheduler at nonsense"),
        (["in", "--try", "squat.depth=1"], 4, "no exercise 'squat'"),
        (["in", "--try", "dead-bug"], 5, "write EXERCISE.SETTING=VALUE"),
        (["in", "--try", "dead-bug.arch_deg"], 5, "write EXERCISE.SETTING=VALUE"),
        (["in", "--try", "dead-bug.depth=1"], 5, "'depth' is not a setting"),
        (["in", "--try", "dead-bug.arch_deg=10,many"], 5, "are no numbers"),
        (["in", "--try", "dead-bug.arch_deg=10,900"], 5, "arch_deg = 900 makes no sense"),
        (["in", "--try", "dead-bug.arch_deg=nan"], 5, "must be a number"),
    ],
)
def test_what_makes_no_sense_is_a_sentence_and_costs_nothing(monkeypatch, capfd, folder, arguments, code, says):
    monkeypatch.chdir(folder)
    before = sorted(folder.rglob("*.np*"))
    found, out, err = run(monkeypatch, capfd, "archive", "score", *arguments)
    assert (found, out) == (code, "")
    assert says in " ".join(err.replace("│", " ").split())
    assert "Traceback" not in err
    assert sorted(folder.rglob("*.np*")) == before
    assert (folder / "file").read_text() == "kept"


def test_the_difference_is_written_and_summed_up(monkeypatch, capfd, folder):
    monkeypatch.chdir(folder)
    code, out, err = run(
        monkeypatch, capfd, "archive", "score", "in", "--to", "out", "--jobs", "1", "--try", "dead-bug.arch_deg=20"
    )
    assert (code, err.strip()) == (0, "")
    assert "1 found: 1 scored now, 1 in all, 0 failed" in out
    assert "dead-bug.arch_deg, deg (in force: 10)" in out
    found = json.loads((folder / "out" / "difference.json").read_text())
    assert found["schema"] == "formcheck.archive-diff/1"
    assert "<h2>dead-bug</h2>" in (folder / "out" / "difference.html").read_text()


def test_a_store_is_named_by_its_file(monkeypatch, capfd, tmp_path):
    """A true store with the pose stream of a true set in it."""
    monkeypatch.chdir(tmp_path)
    with create_store("kept.db", "none") as store:
        session = written(store, names=("dead-bug",))
        stream = (FOLDER / "dead-bug.npz").read_bytes()
        store.keep_recording(session.session_id, session.sets[0].set_id, "dead-bug", {}, stream)
    code, out, err = run(monkeypatch, capfd, "archive", "score", "kept.db", "--to", "out", "--jobs", "1")
    assert (code, err.strip()) == (0, "")
    assert "1 found: 1 scored now" in out
    found = json.loads((tmp_path / "out" / "difference.json").read_text())
    assert (found["recordings"]["compared"], found["recordings"]["changed"]) == (1, 0)
