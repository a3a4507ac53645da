"""Importing the product runs no program and writes no file, and leaves other people's libraries alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 120


def imported(home: Path, *modules: str):
    """What was seen while the product (or these modules) was imported, with an empty home."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": f"{ROOT}{os.pathsep}{home}"}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    command = [sys.executable, "-m", "tests.privacy.imported", *modules]
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_importing_all_of_it_runs_nothing_and_writes_nothing(tmp_path):
    report = imported(tmp_path)
    assert "formcheck.cli.doctor" in report["modules"]
    assert "mediapipe.tasks.python.vision.pose_landmarker" in report["modules"]
    assert report["seen"] == []
    assert list(tmp_path.rglob("*")) == []
    foreign = {name.partition(".")[0] for name in report["modules"]}
    assert not foreign & {"matplotlib", "sounddevice", "PIL"}, "what is not used is not loaded, and no stand-in stays"


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("import ctypes.util; ctypes.util.find_library('c')", "subprocess.Popen"),
        ("from pathlib import Path; Path('cache').mkdir()", "os.mkdir"),
        ("from pathlib import Path; Path('fonts.json').write_text('')", "fonts.json"),
    ],
    ids=["a compiler", "a folder", "a file"],
)
def test_the_hook_itself_notices(tmp_path, code, what):
    (tmp_path / "nosy.py").write_text(code)
    assert any(what in each for each in imported(tmp_path, "nosy")["seen"])


def test_who_needs_a_real_library_after_us_gets_it(tmp_path):
    code = "import formcheck.pose.landmarker, matplotlib; print(matplotlib.__version__)"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS)
    assert done.stdout.strip()[:1].isdigit(), done.stderr
