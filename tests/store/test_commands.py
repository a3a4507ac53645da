"""The commands over a real store, as somebody types them: what they print, write and refuse."""

import json
import sys
import zipfile

import pandas as pd
import pytest

from formcheck.cli.main import main
from formcheck.store import Identity
from tests import kept
from tests.store.sessions import written


@pytest.fixture
def run(monkeypatch, capfd, site):
    """Exit code and everything that was printed, as one line."""
    import formcheck.cli.opening
    import formcheck.cli.store_commands

    monkeypatch.setenv("FORMCHECK_STORE", site.where)
    for module in (formcheck.cli.opening, formcheck.cli.store_commands):
        monkeypatch.setattr(module, "sources", lambda: site.sources)

    def go(*arguments):
        monkeypatch.setattr(sys, "argv", ["formcheck", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as done:
            code = int(done.code or 0)
        captured = capfd.readouterr()
        return code, " ".join((captured.out + captured.err).split())

    return go


@pytest.fixture
def filled(site):
    """Anna's session and nobody's; returns Anna's pseudonym and her session."""
    with site.create() as store:
        anna = store.add_person(Identity("Anna Example", number="K-17"))
        session = written(store, 1, anna, names=kept.RECORDED)
        written(store, 2, None, days=1)
    return anna, session


def test_status_says_what_is_there_and_no_name(run, filled, tmp_path):
    anna, _ = filled
    code, told = run("store", "status", "--json", tmp_path / "status.json")
    assert code == 0
    assert "Sessions 2, 0 of them going on" in told
    assert anna in told
    assert "Anna" not in told
    data = json.loads((tmp_path / "status.json").read_text("utf-8"))
    assert (data["schema"], data["sessions"], data["people"]) == ("formcheck.store/1", 2, 1)


@pytest.mark.usefixtures("filled")
def test_verify_is_sound_until_something_is_changed(run, site):
    assert run("store", "verify")[0] == 0
    with site.open() as store, store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = '7 x' WHERE key = 'audit_head'")
    code, told = run("store", "verify")
    assert code == 1
    assert "should have 7 rows" in told


def test_a_report_of_a_person_and_of_the_last_session(run, filled, tmp_path):
    anna, _ = filled
    code, told = run("report", "K-17", "--to", tmp_path / "anna.html", "--weeks", "500")
    assert code == 0, told
    text = (tmp_path / "anna.html").read_text("utf-8")
    assert "Dead bug" in text
    assert "Anna Example" not in text
    assert run("report", anna[:8], "--name", "--to", tmp_path / "named.html", "--weeks", "500")[0] == 0
    assert "Anna Example" in (tmp_path / "named.html").read_text("utf-8")
    assert run("report", "--to", tmp_path / "last.html")[0] == 0
    code, told = run("report", "Nobody", "--to", tmp_path / "nobody.html")
    assert code == 1
    assert "Nobody of that name" in told
    assert not (tmp_path / "nobody.html").exists()


def test_an_export_holds_every_repetition_and_is_in_the_audit(run, filled, site, tmp_path):
    _, session = filled
    code, told = run("store", "export", tmp_path / "out", "--person", "K-17")
    assert code == 0, told
    table = pd.read_csv(tmp_path / "out" / "repetitions.csv")
    assert len(table) == session.counts.reps
    with site.open() as store, store.database.reading() as connection:
        whats = [row[0] for row in connection.exec_driver_sql("SELECT what FROM audit ORDER BY n")]
    assert whats[-1] == "export"


@pytest.mark.usefixtures("filled")
def test_backup_restore_and_erase(run, tmp_path):
    assert run("store", "backup", tmp_path / "all.bak")[0] == 0
    assert zipfile.is_zipfile(tmp_path / "all.bak")
    code, told = run("store", "erase", "K-17")
    assert code == 2
    assert "--yes" in told
    assert run("store", "hold", "K-17", "--why", "a claim")[0] == 0
    code, told = run("store", "erase", "K-17", "--yes")
    assert code == 1
    assert "a claim" in told
    assert run("store", "hold", "K-17", "--end")[0] == 0
    assert run("store", "erase", "K-17", "--yes")[0] == 0
    assert run("report", "K-17", "--to", tmp_path / "gone.html")[0] == 1
    code, told = run("store", "restore", tmp_path / "all.bak", "--store", tmp_path / "new.db")
    assert code == 0, told
    code, told = run("report", "K-17", "--to", tmp_path / "back.html", "--store", tmp_path / "new.db", "--weeks", "500")
    assert code == 0, told


@pytest.mark.usefixtures("filled")
def test_purge_tells_before_it_deletes(run, site):
    assert run("store", "purge")[0] == 1
    assert run("store", "purge", "--set-years", "90")[0] == 0
    code, told = run("store", "purge")
    assert code == 0
    assert "0 sessions of 0 people" in told
    with site.open() as store:
        assert len(store.kept()) == 2


def test_a_person_is_added_and_held_to_the_rules(run, site):
    site.create().close()
    code, told = run("store", "add-person", "Ben", "--number", "9")
    assert code == 0
    with site.open() as store:
        assert store.person("9") == told.split()[-1]
    assert run("store", "add-person", "x" * 300)[0] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("store", "status"), ("store", "verify"), ("store", "backup", "x.bak"), ("store", "migrate"),
        ("store", "erase", "x"), ("store", "export", "folder"), ("report", "--to", "x.html"),
    ],
)  # fmt: skip
def test_where_there_is_no_store_every_command_says_so(run, monkeypatch, tmp_path, arguments):
    monkeypatch.chdir(tmp_path)
    code, told = run(*arguments)
    assert code == 1
    assert "store create" in told
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []
