"""What is published: a wheel and a source archive that work without a checkout, from any folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from formcheck import __version__
from formcheck.session.registry import load_exercises

ROOT = Path(__file__).parent.parent
SECONDS = 1200
"""A limit for what hangs; the machine may be busy with other things."""
SHORTEST = "piriformis-stretch"
"""The demo clip with the fewest pictures."""


def ran(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=SECONDS, check=False, **options
    )  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with both, made as `make dist` makes them: the source archive first, the wheel from it."""
    folder = tmp_path_factory.mktemp("dist")
    ran(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def sources(built: Path) -> Path:
    (found,) = built.glob("*.tar.gz")
    return found


@pytest.fixture(scope="module")
def patient(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of an environment in which the wheel is installed and no checkout can be found.

    The libraries are those of the environment that runs this test; a line in a `.pth` file names their folder, and the
    `.pth` files in that folder, which lead to the checkout, are not read then.
    """
    home = tmp_path_factory.mktemp("patient") / "environment"
    ran(sys.executable, "-m", "venv", "--without-pip", home)
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    python = programs / Path(sys.executable).name
    site = ran(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
    (Path(site) / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    ran(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel)
    return programs


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, object]:
    """An empty folder as home and as the place in which commands run, and no variable that Python reads."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {"cwd": tmp_path, "env": {**kept, "HOME": str(tmp_path), "SDL_AUDIODRIVER": "dummy"}}


def test_the_wheel_is_what_runs(patient: Path, elsewhere: dict[str, object]) -> None:
    assert ran(patient / "formcheck", "--version", **elsewhere).stdout.strip() == __version__
    python = patient / Path(sys.executable).name
    where = "import formcheck, exercises; print(formcheck.__file__, exercises.__file__)"
    assert str(ROOT) not in ran(python, "-c", where, **elsewhere).stdout


def test_it_knows_its_exercises_and_shows_their_pages(patient: Path, elsewhere: dict[str, object]) -> None:
    listed = ran(patient / "formcheck", "exercises", **elsewhere).stdout
    assert all(name in listed for name in load_exercises().exercises)


def test_the_demo_runs_from_the_wheel_alone_and_finds_what_the_truth_says(
    patient: Path, elsewhere: dict[str, object], tmp_path: Path
) -> None:
    ran(patient / "formcheck", "demo", SHORTEST, "--no-window", **elsewhere)
    found = json.loads((tmp_path / "demo-out" / f"{SHORTEST}.json").read_text(encoding="utf-8"))
    truth = json.loads((ROOT / "assets" / "clips" / f"demo-{SHORTEST}.truth.json").read_text(encoding="utf-8"))
    assert [(r["side"], r["faults"]) for r in found["reps"]] == [(r["side"], r["faults"]) for r in truth["reps"]]
    assert found["attempts"] == []
    for ours, true in zip(found["reps"], truth["reps"], strict=True):
        # The stretch begins with its lean, when the leg is crossed.
        assert true["start_s"] - 0.5 <= ours["start_s"] < ours["peak_s"] < ours["end_s"] <= true["end_s"] + 0.5
    assert (found["reps"][0]["verdict"], found["reps"][0]["why_not_judged"]) == ("clean", {})
    assert found["reps"][0]["hold_s"] == pytest.approx(truth["reps"][0]["hold_s"], abs=0.5)
    assert (tmp_path / "demo-out" / f"{SHORTEST}.mp4").stat().st_size > 100_000


def test_a_new_exercise_can_be_begun_from_the_wheel(
    patient: Path, elsewhere: dict[str, object], tmp_path: Path
) -> None:
    ran(patient / "formcheck", "new-exercise", "wall-sit", **elsewhere)
    assert (tmp_path / "formcheck-wall-sit" / "wall_sit.py").is_file()


def test_the_registry_will_take_them(built: Path) -> None:
    done = ran(sys.executable, "-m", "twine", "check", "--strict", *sorted(built.iterdir()))
    assert done.stdout.count("PASSED") == 2


def test_the_source_archive_holds_what_is_needed_to_build_test_and_bundle_it(sources: Path) -> None:
    with tarfile.open(sources) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    tracked = ran("git", "ls-files", cwd=ROOT).stdout.splitlines() if (ROOT / ".git").exists() else []
    assert {"pyproject.toml", "Makefile", "constraints.txt", "LICENSE", "packaging/formcheck.spec"} <= names
    assert {path for path in tracked if not path.startswith(".")} - names == set()
    assert not [name for name in names if name.startswith((".venv", ".lab", "build/", "dist/", "docs/_build"))]


def test_the_wheel_holds_the_product_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        about = archive.read(next(name for name in names if name.endswith("/METADATA"))).decode()
    roots = {name.partition("/")[0] for name in names}
    assert roots == {"formcheck", "exercises", f"formcheck-{__version__}.dist-info"}
    assert {f"formcheck/_assets/models/pose_landmarker_{model}.task" for model in ("full", "lite")} <= set(names)
    assert f"Version: {__version__}\n" in about
