"""Exercises of other packages that fail in every way: told by name, skipped or not judged, and nobody else suffers."""

import json
import os
import re
import subprocess
import sys
from importlib.metadata import Distribution

import pytest

from formcheck.core.rules.events import PhaseChanged
from formcheck.pipeline.recorded import analyse
from formcheck.session.record import plain
from formcheck.session.registry import GROUP, load, load_exercises
from tests.test_recordings import FOLDER

MODULE = '''
import math
import sys
from dataclasses import replace

from exercises.dead_bug import EXERCISE
from exercises.running import EXERCISE as RUN


def raises(*_):
    raise ValueError("patient Miller")


class Drawing(tuple):
    def __iter__(self):
        raise RuntimeError


class Restless:
    reading = property(raises)
    update = stand = end = raises


def first(**changes):
    """The first fault with a change."""
    return (replace(EXERCISE.faults[0], **changes), *EXERCISE.faults[1:])


def made(name, **changes):
    return replace(EXERCISE, name=name, **changes)


fine = made("fine")
other: object = made("dead-bug", title="Another dead bug")
late = made("late", start=lambda s: raises() if s["pause_s"] > 5 else EXERCISE.start(s))
start = made("start", start=raises)
invariants = made("invariants", invariants=lambda s: 3)
title = made("title", title=7)
setting = made("setting", settings=(*EXERCISE.settings, replace(EXERCISE.settings[0], name="x", value=math.nan)))
outside = made("outside", settings=(*EXERCISE.settings, replace(EXERCISE.settings[0], name="x", value=1e6)))
drawing = made("drawing", figure=Drawing([((0.0, 0.0), (1.0, 1.0))]))
endless = made("endless", figure=(((0.0, 0.0), (math.inf, 1.0)),))
twins = made("twins", faults=(EXERCISE.faults[0], EXERCISE.faults[0]))
nothing = None
reach = made("reach", reach=raises)
text = made("text", faults=first(measure=lambda m: "a lot"))
infinite = made("infinite", faults=first(measure=lambda m: math.inf))
unknown = made("unknown", faults=first(measure=lambda m: math.nan))
exits = made("exits", faults=first(measure=lambda m: sys.exit(3)))
asks = made("asks", faults=first(matters=raises))
judges = made("judges", end_faults=tuple(replace(f, judge=raises) for f in EXERCISE.end_faults))
check = made("check", start=lambda s: (replace(EXERCISE.start(s)[0], measure=raises), *EXERCISE.start(s)[1:]))
signal = made("signal", signals={"pulse": raises})
runs = replace(RUN, name="runs", bout=replace(RUN.bout, follow=lambda s: Restless()))
'''
NAMES = tuple(re.findall(r"^(\w+) = (?!tuple)", MODULE, re.M))


def install(site, package, module, names, objects=None):
    """A package on a path, as pip leaves it: a module and its entry points."""
    (site / f"{package}.py").write_text(module)
    info = site / f"{package}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    lines = [f"{name} = {package}:{(objects or {}).get(name, name)}" for name in names]
    (info / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines, ""]))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    install(folder, "alien", MODULE, [*NAMES, "dead-bug"], {"dead-bug": "other"})
    install(folder, "leaving", "import sys\nsys.exit('bye [/bold]')\n", ["leaves"])
    return folder


@pytest.fixture
def registry(site, monkeypatch):
    load_exercises()  # before they are there: it is looked up once for all tests
    monkeypatch.syspath_prepend(str(site))
    points = [point for dist in Distribution.discover() for point in dist.entry_points if point.group == GROUP]
    return load(points)


def test_what_is_no_exercise_is_told_by_name_and_skipped(registry):
    told = {
        "leaves": "SystemExit: bye [/bold]",
        "start": "ValueError: patient Miller",
        "invariants": "its start or invariants give no Checks",
        "title": "its title makes no sense: Input should be a valid string",
        "setting": "its settings, value makes no sense",
        "outside": "its setting x is not within its own range",
        "drawing": "RuntimeError",
        "endless": "its figure makes no sense: Input should be a finite number",
        "twins": "two of its faults have one name",
        "nothing": "it is not an Exercise of that name",
        "dead-bug of alien": "there is another exercise of that name; this one is left out",
    }
    assert registry.broken.keys() == told.keys()
    for name, reason in told.items():
        assert reason in registry.broken[name]
        assert name not in registry.exercises
    assert registry.get("dead-bug").title == "Dead bug", "ours stays"
    assert "fine" in registry.exercises


def judged(registry, name, **options):
    stream = "dead-bug" if name != "runs" else "glute-bridge"
    found = analyse(str(FOLDER / f"{stream}.npz"), registry.get(name), **options)
    assert found.error is None
    json.dumps(plain(found.findings.as_dict()), allow_nan=False)
    return found.findings.record


@pytest.mark.parametrize(
    ("name", "rule", "what"),
    [
        ("reach", "reach", "raised ValueError"),
        ("text", "low-back-arch", "gave a value of the type str"),
        ("infinite", "low-back-arch", "gave infinity"),
        ("exits", "low-back-arch", "raised SystemExit"),
        ("asks", "low-back-arch", "raised ValueError"),
        ("signal", "pulse", "raised ValueError"),
        ("runs", "bout", "raised ValueError"),
    ],
)
def test_a_rule_that_fails_is_named_and_its_text_is_not(registry, name, rule, what):
    assert registry.failed_rules == {}
    judged(registry, name)
    assert registry.failed_rules[name][rule] == what
    (sentence,) = registry.failures
    assert f"The exercise {name} has mistakes of its own" in sentence
    assert f"{rule} {what}" in sentence
    assert "Miller" not in json.dumps(registry.failed_rules)


def test_only_what_depends_on_it_is_not_judged(registry):
    sound = judged(registry, "fine")
    assert registry.failed_rules == {}
    assert [rep.verdict for rep in sound.reps] == ["clean", "clean", "faulty", "clean", "faulty", "clean"]
    for name in ("text", "infinite", "exits", "unknown"):
        record = judged(registry, name)
        assert [rep.verdict for rep in record.reps] == ["not-judged"] * 4 + ["faulty", "not-judged"], name
        assert [rep.start_s for rep in record.reps] == [rep.start_s for rep in sound.reps]
    assert "unknown" not in registry.failed_rules, "not to know is no mistake"
    assert {rep.verdict for rep in judged(registry, "judges").reps} <= {"not-judged", "faulty"}
    assert len(judged(registry, "asks").reps) == 6
    assert [rep.verdict for rep in judged(registry, "signal").reps] == [rep.verdict for rep in sound.reps]
    assert judged(registry, "runs").metrics["steps"] == 0


def test_a_start_that_cannot_be_told_never_begins(registry):
    assert judged(registry, "check").reps == []
    assert any(rule.startswith("start: ") for rule in registry.failed_rules["check"])
    record = judged(registry, "reach")
    assert {event.phase for event in record.events if isinstance(event, PhaseChanged)} == {"rest"}
    assert len(judged(registry, "late").reps) == 6
    assert judged(registry, "late", overrides={"pause_s": 6}).reps == []


def test_the_commands_go_on_and_say_it(site, tmp_path):
    env = {**os.environ, "PYTHONPATH": str(site), "COLUMNS": "200"}
    command = [sys.executable, "-m", "formcheck.cli.main"]
    listed = subprocess.run([*command, "exercises"], env=env, capture_output=True, text=True, check=True)
    for name in ("leaves", "start", "drawing", "dead-bug of alien"):
        assert f"{name} could not be loaded" in listed.stdout
    assert "SystemExit: bye [/bold]" in listed.stdout
    target = tmp_path / "out.json"
    clip = [str(FOLDER / "dead-bug.npz"), "-e", "exits", "--json", str(target)]
    done = subprocess.run([*command, "analyze", *clip], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "The exercise exits has mistakes of its own: low-back-arch raised SystemExit." in done.stderr
    assert "Traceback" not in done.stderr
    data = json.loads(target.read_text())
    assert data["provenance"]["failed_rules"] == {"exits": {"low-back-arch": "raised SystemExit"}}
    assert data["summary"]["reps"] == 6
    shown = subprocess.run([*command, "demo", "fine"], env=env, capture_output=True, text=True, check=False)
    assert shown.returncode == 4
    assert "There is no demo clip of fine. There are: bird-dog, dead-bug, glute-bridge" in shown.stderr
