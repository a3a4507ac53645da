"""What the docs show must run."""

import gettext
import html
import json
import re
import subprocess
import sys
import tomllib
from datetime import date, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from formcheck.core.rules.events import RepCompleted
from formcheck.core.rules.setting import Settings
from formcheck.export.codebook import codebook_markdown
from formcheck.kiosk.config import KioskConfig
from formcheck.kiosk.visit import VISIT
from formcheck.pipeline.recorded import analyse
from formcheck.session.flow import PROGRAM, SINGLE, as_mermaid
from formcheck.session.program import DAY_NAMES, load_program
from formcheck.session.provenance import Provenance
from formcheck.session.record import SetRecord
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import SessionRecord
from formcheck.system.errors import SettingsError
from formcheck.testing import CHECKS
from tests.export.given import hurt, restarted, run
from tests.export.whole import fhir_files

ROOT = Path(__file__).parents[1]
MONDAY = date(2026, 11, 30)
PAGES = [ROOT / "README.md", *(p for p in (ROOT / "docs").rglob("*.md") if "exercises" not in p.parts)]


def test_the_exercise_of_the_walk_through_works_as_written():
    page = (ROOT / "docs" / "adding-an-exercise.md").read_text()
    code = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    names: dict[str, object] = {}
    exec(code, names)  # the page's own code, in order
    names["test_one_stand_is_one_repetition"]()
    assert names["RepCompleted"] is RepCompleted
    for check in CHECKS:
        names["test_it_conforms"](check)
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == {check.__name__ for check in CHECKS}


def test_the_drawings_of_the_flow_are_those_of_the_code():
    page = (ROOT / "docs" / "house.md").read_text()
    drawn = re.findall(r"```mermaid\n(stateDiagram.*?)```", page, re.DOTALL)
    assert drawn == [as_mermaid(PROGRAM), as_mermaid(SINGLE)]
    page = (ROOT / "docs" / "developers" / "kiosk.md").read_text()
    assert re.findall(r"```mermaid\n(stateDiagram.*?)```", page, re.DOTALL) == [as_mermaid(VISIT, "attract")]


def test_the_map_has_every_room_from_the_top_down():
    page = (ROOT / "docs" / "house.md").read_text()
    shown = [path.strip("/").replace("/", ".") for path in re.findall(r"^\| `([\w/]+/)` \|", page, re.MULTILINE)]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert shown == [room for layer in layers for room in layer.split(" | ")]
    folders = {path.name for path in (ROOT / "formcheck").iterdir() if (path / "__init__.py").exists()}
    assert folders == {room.split(".")[1] for room in shown if room != "exercises"}


def test_the_observer_of_the_map_listens_to_a_set():
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "house.md").read_text(), re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    tally = names["Tally"]()
    exercise = load_exercises().get("glute-bridge")
    found = analyse(str(ROOT / "tests" / "recordings" / "glute-bridge.npz"), exercise, observers=[tally])
    assert not found.failures
    assert tally.verdicts == [rep.verdict for rep in found.findings.record.reps]
    assert len(tally.verdicts) == 3


def keys_of(page, heading):
    """The keys in the first column of the first table after a heading."""
    table = page[page.index(f"\n{heading}\n") :].split("\n\n|", 1)[1].split("\n\n", 1)[0]
    return [key for row in table.splitlines()[2:] for key in re.findall(r"`(\w+)`", row.split("|")[1])]


def test_the_page_of_the_formats_has_every_key_and_no_other():
    page = (ROOT / "docs" / "developers" / "json.md").read_text()
    exercise = load_exercises().get("glute-bridge")
    recording = str(ROOT / "tests" / "recordings" / "glute-bridge.npz")
    analysis = analyse(recording, exercise).findings.as_dict()
    one = SetRecord.begin("", exercise)
    session = SessionRecord("", sets=[one], provenance=Provenance({})).as_dict()
    assert f"## {analysis['schema']}" in page
    assert f"## {session['schema']}" in page
    for heading, data in (
        ("## formcheck.analysis/2", analysis),
        ("### A repetition", analysis["reps"][0]),
        ("### The summary", analysis["summary"]),
        ("### Provenance", analysis["provenance"]),
        ("## formcheck.session/2", session),
        ("### A set", one.as_dict()),
    ):
        assert sorted(keys_of(page, heading)) == sorted(data), heading
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", page[page.index("## formcheck.session/2") :], re.MULTILINE))
    shown = {"summary": session["summary"], "pain": session["pain"]}
    for name, data in shown.items():
        assert set(data) <= set(re.findall(r"`(\w+)`", rows[name])), name


def test_the_week_of_the_daily_program_is_as_shown():
    page = (ROOT / "docs" / "clinicians" / "programs.md").read_text()
    registry = load_exercises()
    for index, day in enumerate(DAY_NAMES):
        program = load_program("low-back-daily", registry, MONDAY + timedelta(index))
        names = dict.fromkeys(planned.exercise.name for planned in program.sets)
        assert f"| {day} | {', '.join(names)} | {program.minutes} min |" in page


def test_links_between_our_pages_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text()):
            made = target.startswith("../exercises/")  # written when the handbook is built
            assert made or (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_has_every_command_and_no_other():
    from typer.main import get_command

    from formcheck.cli.main import cli

    readme = (ROOT / "README.md").read_text()
    known = set(get_command(cli).commands)
    assert known <= set(re.findall(r"formcheck ([a-z-]+)", readme))
    assert set(re.findall(r"bin/formcheck ([a-z-]+)", readme)) <= known


def test_every_setting_that_the_docs_show_may_be_set_so():
    registry = load_exercises()
    shown = [block for page in PAGES for block in re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)]
    blocks = [tomllib.loads(block) for block in shown]
    of_kiosk = set(KioskConfig.model_fields)  # held to the code in tests/kiosk/test_config.py
    blocks = [block for block in blocks if "exercise" not in block and not set(block) <= of_kiosk]
    tables = [(n, v) for block in blocks for n, v in block.items() if n != "project"]
    assert {"dead-bug", "glute-bridge"} <= {name for name, _ in tables}
    for name, values in tables:
        Settings(registry.get(name).all_settings, values)


def test_the_programs_that_the_docs_show_load(tmp_path):
    page = (ROOT / "docs" / "clinicians" / "programs.md").read_text()
    (block,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    mine = tmp_path / "maria.toml"
    mine.write_text(block)
    assert [s.reps for s in load_program(str(mine), load_exercises(), MONDAY).sets] == [8, 8, 10, 10, 1, 1]
    mine.write_text(block.replace("reps = 8", "reps = 0"))
    with pytest.raises(SettingsError) as refused:
        load_program(str(mine), load_exercises(), MONDAY)
    assert str(refused.value).replace(str(mine), "maria.toml") in page


def test_the_figures_are_drawn_by_their_command_and_each_is_shown(tmp_path):
    subprocess.run([sys.executable, ROOT / "docs" / "figures.py", tmp_path], check=True, capture_output=True)
    folder = ROOT / "docs" / "images"
    drawn = {path.name: cv2.imread(str(path)) for path in tmp_path.iterdir()}
    assert drawn.keys() == {path.name for path in folder.iterdir()}
    pages = "".join(page.read_text() for page in PAGES)
    for name, image in drawn.items():
        assert f"images/{name}" in pages
        kept = cv2.imread(str(folder / name))
        assert np.mean(np.abs(image.astype(float) - kept)) < 2.0, f"{name} is out of date: make figures"


def test_the_handbook_builds_without_a_warning(tmp_path):
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", ROOT / "docs", tmp_path]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    page = (tmp_path / "exercises" / "dead-bug.html").read_text()
    dead_bug = load_exercises().get("dead-bug")
    assert all(html.escape(fault.cue, quote=False) in page for fault in dead_bug.all_faults)
    assert all(setting.name in page for setting in dead_bug.all_settings)


def test_the_codebook_of_the_handbook_is_the_one_of_the_tables():
    page = (ROOT / "docs" / "researchers" / "codebook.md").read_text()
    made = codebook_markdown()  # print it to write the page anew
    assert made in page
    assert page.count("| column | unit | type |") == made.count("| column | unit | type |") == 3


def test_the_fhir_page_names_every_component_and_no_other():
    page = (ROOT / "docs" / "researchers" / "codebook.md").read_text()
    named = set(
        re.findall(
            r"`([a-z_-]+)(?:\.[A-Z]+)?`", page[page.index("| component of a set |") : page.index("A component has")]
        )
    )
    bundle = json.loads(fhir_files([restarted(), run(), hurt()])["fhir-bundle.json"])
    parts = [part for entry in bundle["entry"] for part in entry["resource"].get("component", ())]
    numbers = {part["code"]["coding"][0]["code"].split(".")[0] for part in parts if "valueQuantity" in part}
    assert numbers == named - {"deg", "s"}


@pytest.mark.parametrize(("language", "quoted"), [("fr", "«[ \u00a0]([^»]+)[ \u00a0]»"), ("es", "“([^”]+)”")])
def test_a_patients_page_has_its_twin_that_quotes_what_is_said_in_its_language(language, quoted):
    english = {page.name for page in (ROOT / "docs" / "patients").glob("*.md")}
    pages = list((ROOT / "docs" / "patients" / language).glob("*.md"))
    assert {page.name for page in pages} == english
    messages = gettext.translation("formcheck", str(ROOT / "assets" / "text"), [language])._catalog.values()
    known = [" ".join(str(text).split()) for text in messages]
    for page in pages:
        for said in re.findall(quoted, page.read_text("utf-8")):
            left = " ".join(said.split())
            for text in sorted(known, key=len, reverse=True):
                left = left.replace(text, "") if len(text) > 3 else left
            assert not left.strip(), (page.name, said)
