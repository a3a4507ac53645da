"""What the docs show must run."""

import html
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from formcheck.core.events import RepCompleted
from formcheck.core.setting import Settings
from formcheck.registry import load_exercises
from formcheck.testing import CHECKS

ROOT = Path(__file__).parents[1]
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


def test_links_between_our_pages_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text()):
            made = target.startswith("../exercises/")  # written when the handbook is built
            assert made or (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_has_every_command_and_no_other():
    from typer.main import get_command

    from formcheck.cli import cli

    readme = (ROOT / "README.md").read_text()
    known = set(get_command(cli).commands)
    assert known <= set(re.findall(r"formcheck ([a-z-]+)", readme))
    assert set(re.findall(r"bin/formcheck ([a-z-]+)", readme)) <= known


def test_every_setting_that_the_docs_show_may_be_set_so():
    registry = load_exercises()
    shown = [block for page in PAGES for block in re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)]
    tables = [(name, values) for block in shown for name, values in tomllib.loads(block).items() if name != "project"]
    assert {"dead-bug", "glute-bridge"} <= {name for name, _ in tables}
    for name, values in tables:
        Settings(registry.get(name).all_settings, values)


def test_the_handbook_builds_without_a_warning(tmp_path):
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", ROOT / "docs", tmp_path]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    page = (tmp_path / "exercises" / "dead-bug.html").read_text()
    dead_bug = load_exercises().get("dead-bug")
    assert all(html.escape(fault.cue, quote=False) in page for fault in dead_bug.all_faults)
    assert all(setting.name in page for setting in dead_bug.all_settings)
