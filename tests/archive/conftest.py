"""Recordings to score, and exercises of a stranger that end the process or never end."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from formcheck.pose.recording import Recording, save_recording
from tests.session.test_strangers import install
from tests.test_recordings import FOLDER

ROOT = Path(__file__).parents[2]
POISON = '''
import os
from dataclasses import replace

from exercises.dead_bug import EXERCISE


def made(name, poison):
    """The dead bug, whose first fault is poison from the third second on."""
    def measure(context):
        return poison() if context.body.t_s > 3.0 else EXERCISE.faults[0].measure(context)

    return replace(EXERCISE, name=name, faults=(replace(EXERCISE.faults[0], measure=measure), *EXERCISE.faults[1:]))


def hang():
    while True:
        pass


aborts = made("aborts", os.abort)
hangs = made("hangs", hang)
'''


def shifted(name, path, by_s=0.0, pictures=None, source=None):
    """A recorded stream of the tests, some time later: other bytes, the same movement."""
    recording = Recording(FOLDER / f"{name}.npz")
    stream = [
        (replace(pose, t_s=pose.t_s + by_s), replace(back, t_s=back.t_s + by_s))
        for pose, back in list(recording)[:pictures]
    ]  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        save_recording(file, stream, {**recording.source, **(source or {})})
    return path


@pytest.fixture(scope="session")
def poisoned(tmp_path_factory):
    """Packages of a stranger, and a folder of recordings in which three of six are poison."""
    site, folder = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("recordings")
    install(site, "poison", POISON, ["aborts", "hangs"])
    for i in range(3):
        shifted("dead-bug", folder / "dead-bug" / f"{i}.npz", i / 8, pictures=250)
    shifted("dead-bug", folder / "aborts" / "a.npz", pictures=120)
    shifted("dead-bug", folder / "hangs" / "h.npz", pictures=120)
    (folder / "dead-bug" / "torn.npz").write_bytes((folder / "dead-bug" / "0.npz").read_bytes()[:5000])
    return site, folder


def score_apart(site, folder, to, *more):
    """`formcheck archive score` as a program of its own: exit code, what it wrote to standard error, the difference."""
    command = [sys.executable, "-m", "formcheck.cli", "archive", "score", folder, "--to", to, *more]
    environment = {"PATH": "", "HOME": str(site), "PYTHONPATH": f"{site}:{ROOT}"}
    done = subprocess.run(
        [*map(str, command)], cwd=to.parent, env=environment, capture_output=True, text=True, timeout=300
    )
    return done.returncode, done.stderr, json.loads((to / "difference.json").read_text())
