"""`formcheck new-exercise`: what it writes runs at once."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from formcheck.cli.main import cli
from formcheck.cli.skeleton import write_skeleton
from formcheck.system.errors import FormcheckError


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("new")
    result = CliRunner().invoke(cli, ["new-exercise", "wall-sit", "--into", str(folder)])
    assert result.exit_code == 0, result.output
    assert f"pip install -e {folder / 'formcheck-wall-sit'}" in result.output.replace("\n", "")
    return folder / "formcheck-wall-sit"


@pytest.fixture(scope="module")
def installed(written):
    site = written.parent / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-build-isolation", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--disable-pip-version-check", "--target", str(site), str(written)], check=True)
    return {**os.environ, "PYTHONPATH": str(site)}


def test_formcheck_finds_it_once_it_is_installed(installed):
    command = [sys.executable, "-m", "formcheck.cli.main", "exercises", "wall-sit"]
    page = subprocess.run(command, env=installed, capture_output=True, text=True, check=True).stdout
    assert "Wall sit (wall-sit)" in page
    assert "lean-forward (severity 1)" in page


def test_its_own_tests_pass_and_can_fail(written, installed):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    assert subprocess.run(command, cwd=written, env=installed, check=False).returncode == 0
    module = written / "wall_sit.py"
    right = module.read_text()
    module.write_text(right.replace("90.0 - m.body.trunk_deg", "m.body.trunk_deg - 90.0"))
    local = {**installed, "PYTHONPATH": str(written)}
    assert subprocess.run([*command, "-x"], cwd=written, env=local, check=False).returncode == 1
    module.write_text(right)


@pytest.mark.parametrize("name", ["Wall Sit", "../up", "wall_sit", "", "class"])
def test_a_name_that_is_none_is_refused(name, tmp_path):
    with pytest.raises(FormcheckError, match="small letters and dashes"):
        write_skeleton(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_is_there_is_overwritten(tmp_path):
    mine = write_skeleton("wall-sit", tmp_path) / "wall_sit.py"
    mine.write_text("mine")
    with pytest.raises(FormcheckError, match="there already"):
        write_skeleton("wall-sit", tmp_path)
    assert mine.read_text() == "mine"


def test_on_a_full_disk_no_half_folder_stays(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))  # two of its four files are shorter
    try:
        with pytest.raises(FormcheckError, match="The disk is full"):
            write_skeleton("wall-sit", tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_an_exercise_that_ships_is_not_taken():
    result = CliRunner().invoke(cli, ["new-exercise", "dead-bug"])
    assert isinstance(result.exception, FormcheckError)


def test_a_place_that_cant_be_written_is_told(tmp_path):
    blocked = Path(tmp_path / "file")
    blocked.write_text("")
    with pytest.raises(FormcheckError, match="--into"):
        write_skeleton("wall-sit", blocked)
