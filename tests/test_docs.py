"""What the docs show must run."""

import re
from pathlib import Path

from formcheck.core.events import RepCompleted
from formcheck.testing import CHECKS

ROOT = Path(__file__).parents[1]


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
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_has_every_command_and_no_other():
    from typer.main import get_command

    from formcheck.cli import cli

    readme = (ROOT / "README.md").read_text()
    known = set(get_command(cli).commands)
    assert known <= set(re.findall(r"formcheck ([a-z-]+)", readme))
    assert set(re.findall(r"bin/formcheck ([a-z-]+)", readme)) <= known
