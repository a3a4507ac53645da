"""`formcheck study` from clips to the report."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.study import kit


def formcheck(folder, *arguments):
    environment = os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data")}
    return subprocess.run(
        [sys.executable, "-m", "formcheck.cli.main", "study", *map(str, arguments)],
        env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def test_from_clips_to_the_report(tmp_path):
    (tmp_path / "clips").mkdir()
    listed = kit.clip_list(tmp_path / "clips")
    done = formcheck(tmp_path, "sheets", listed, "--to", tmp_path / "study", "--repeats", "0.34", "--seed", "3")
    assert done.returncode == 0, done.stderr
    assert "3 clips, 1 of them twice, 2 forms" in done.stdout
    key = json.loads((tmp_path / "study" / "key.json").read_text())
    assert [clip["person"] for clip in key["clips"]] == ["p1", "p1", "p2"]
    coach = {clip["clip"]: clip["coach"] for clip in key["clips"]}

    def like_the_coach(asked):
        return coach[asked.clip]["reps"] if asked.question == "count" else coach[asked.clip]["answers"][asked.question]

    files = [kit.rated(tmp_path, key, rater, like_the_coach) for rater in ("rater-1", "rater-2")]
    done = formcheck(tmp_path, "report", tmp_path / "study", *files, "--to", tmp_path / "r.html")
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "r.html").read_text()
    assert "100 %" in html
    done = formcheck(tmp_path, "report", tmp_path / "study", *files, "--to", files[0])
    assert done.returncode == 1
    assert "would overwrite" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["sheets", "nowhere.csv", "--to", "s"], 3, "can't be read as CSV"),
        (["sheets", "nowhere", "--to", "s"], 3, "There is no folder"),
        (["sheets", "store", "--to", "s"], 1, "formcheck store create"),
        (["sheets", "nowhere", "--to", "s", "-e", "flying"], 4, "flying"),
        (["report", "nowhere", "x.csv", "--to", "r.html"], 1, "formcheck study sheets"),
    ],
)
def test_the_command_refuses_in_a_sentence(tmp_path, arguments, code, words):
    environment = os.environ | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    done = subprocess.run(
        [sys.executable, "-m", "formcheck.cli.main", "study", *arguments],
        env=environment | {"PYTHONPATH": os.getcwd()}, cwd=tmp_path, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert words in " ".join(done.stderr.split())
