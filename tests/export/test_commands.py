"""The commands report and export over a store in memory: what they write, and what they refuse."""

import sys

import pytest
import typer

import formcheck.store
from formcheck.cli import export as export_command
from formcheck.cli.main import main
from formcheck.export.fhir import read_outcomes
from formcheck.system.errors import FormcheckError
from tests.export.given import hurt, weeks
from tests.export.test_outcomes import answered
from tests.kept import BEGAN, PERSON, kept

OTHER = "f" * 32
OUTCOMES = [answered("nprs", (7,), 1), answered("nprs", (2,), 2, person=OTHER)]


class InMemory:
    """A store that holds what it is given."""

    def __init__(self, *sessions):
        self.sessions = sessions

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def kept(self, person=None, session_id=None, since=None):
        return self.listed(person, session_id, since)

    def read(self, rows):
        return iter(rows)

    def listed(self, person=None, session_id=None, since=None):
        return [
            one
            for one in self.sessions
            if person in (None, one.person)
            and session_id in (None, one.session.session_id)
            and (since is None or one.session.started_utc >= since)
        ]

    def outcomes(self, person=None):
        return [one for one in OUTCOMES if person in (None, one.person)]

    def last(self, person=None):
        return next(reversed(self.kept(person)), None)

    def one(self, session_id):
        found = self.kept(session_id=session_id)
        if not found:
            raise FormcheckError("There is no such session in the store.")
        return found[0]

    def person(self, text):
        found = {one.person for one in self.sessions if one.person and one.person.startswith(text)}
        if text == "Ada":
            return PERSON
        if len(found) != 1:
            raise FormcheckError(f"Nobody is called {text}.")
        return found.pop()

    def name_of(self, pseudonym):
        return "Ada" if pseudonym == PERSON else None

    def note(self, *_):
        return None


@pytest.fixture
def holding(monkeypatch):
    """Puts sessions into the store that the commands open."""

    def hold(*sessions):
        def open_store(*_, **__):
            return InMemory(*sessions)

        monkeypatch.setattr(formcheck.store, "open_store", open_store)

    return hold


def run(monkeypatch, capfd, *arguments, program=main):
    """Exit code, standard output, standard error."""
    monkeypatch.setattr(sys, "argv", ["formcheck", *map(str, arguments)])
    code = 0
    try:
        program()
    except SystemExit as done:
        code = int(done.code or 0)
    out, err = capfd.readouterr()
    return code, out, " ".join(err.split())


def test_a_report_is_of_the_session_or_the_person_that_was_asked_for(monkeypatch, capfd, tmp_path, holding):
    first, last = kept(number=1), kept(number=2, person=OTHER)
    holding(first, last)
    target = tmp_path / "out.html"
    for whose, has in (
        ((first.session.session_id,), f"Session {first.session.session_id}"),
        ((PERSON[:6],), f"Person {PERSON}"),
        ((), f"Session {last.session.session_id}"),
    ):
        code, out, err = run(monkeypatch, capfd, "report", *whose, "--to", target, "--weeks", 520)
        assert (code, err) == (0, "")
        assert has in target.read_text(encoding="utf-8")
        assert "out.html" in out
        assert "Ada" not in target.read_text(encoding="utf-8")


def test_the_name_stands_there_where_it_is_asked_for_and_known(monkeypatch, capfd, tmp_path, holding):
    holding(kept(number=1), kept(number=2, person=OTHER))
    target = tmp_path / "out.html"
    run(monkeypatch, capfd, "report", "Ada", "--to", target, "--name")
    assert "<p>Ada</p>" in target.read_text(encoding="utf-8")
    run(monkeypatch, capfd, "report", OTHER, "--to", target, "--name")
    assert f"Person {OTHER}" in target.read_text(encoding="utf-8")


def test_a_report_as_pdf_on_the_paper_that_was_asked_for(monkeypatch, capfd, tmp_path, holding):
    holding(kept())
    target = tmp_path / "out.pdf"
    code, _, _ = run(monkeypatch, capfd, "report", "--to", target, "--paper", "letter")
    assert code == 0
    assert target.read_bytes().startswith(b"%PDF-")
    run(monkeypatch, capfd, "report", "--to", tmp_path / "out.html", "--paper", "letter")
    assert "size: letter" in (tmp_path / "out.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--to", "out.docx"], 1, "an .html or a .pdf"),
        (["--to", "nowhere/out.html"], 1, "can't be written"),
        (["nobody", "--to", "nowhere/out.html"], 1, "can't be written"),
        (["--to", "x" * 300 + ".html"], 1, "can't be written"),
        (["nobody", "--to", "out.html"], 1, "Nobody is called nobody"),
        (["00000000-0000-7000-8000-0000000000ff", "--to", "out.html"], 1, "no such session"),
        (["--to", "out.html", "--paper", "a5"], 2, "a5"),
        (["--to", "out.html", "--weeks", "0"], 2, "greater than or equal to 1"),
        ([], 2, "--to"),
    ],
)
def test_what_goes_wrong_with_a_report_is_a_sentence(monkeypatch, capfd, tmp_path, holding, arguments, code, says):
    holding(kept())
    monkeypatch.chdir(tmp_path)
    got, _, err = run(monkeypatch, capfd, "report", *arguments)
    assert got == code
    assert says in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_of_an_empty_store_there_is_no_report(monkeypatch, capfd, tmp_path, holding):
    holding()
    old = tmp_path / "out.html"
    old.write_text("mine")
    code, _, err = run(monkeypatch, capfd, "report", "--to", old)
    assert code == 1
    assert "Nothing was kept yet." in err
    assert old.read_text() == "mine"


def exporting():
    """The command as a program of its own; its place is below `store`."""
    program = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    program.command()(export_command.export)
    program()


def test_an_export_writes_the_formats_that_were_asked_for(monkeypatch, capfd, tmp_path, holding):
    holding(*weeks(4), hurt())
    code, out, err = run(monkeypatch, capfd, tmp_path / "csv", program=exporting)
    assert (code, err) == (0, "")
    assert "5 sessions" in out
    names = {"sessions.csv", "sets.csv", "repetitions.csv", "codebook.csv"}
    assert {path.name for path in (tmp_path / "csv").iterdir()} == names
    everything = [word for kind in ("csv", "parquet", "fhir") for word in ("--format", kind)]
    run(monkeypatch, capfd, tmp_path / "all", *everything, program=exporting)
    tables = {"sessions.parquet", "sets.parquet", "repetitions.parquet"}
    assert {path.name for path in (tmp_path / "all").iterdir()} == names | tables | {"fhir-bundle.json"}
    assert (tmp_path / "all" / "sets.csv").read_bytes() == (tmp_path / "csv" / "sets.csv").read_bytes()


def test_an_export_of_one_person_since_a_day(monkeypatch, capfd, tmp_path, holding):
    holding(*weeks(4), kept(number=9, person=OTHER))
    _, out, _ = run(monkeypatch, capfd, tmp_path / "one", "--person", OTHER[:3], program=exporting)
    assert "1 session in" in out
    since = BEGAN.strftime("%Y-%m-") + "20"
    _, out, _ = run(monkeypatch, capfd, tmp_path / "late", "--since", since, program=exporting)
    assert "2 sessions in" in out


def test_an_export_into_a_folder_with_such_files_leaves_them(monkeypatch, capfd, tmp_path, holding):
    holding(kept())
    (tmp_path / "sets.csv").write_text("mine")
    with pytest.raises(FormcheckError, match=r"holds sets\.csv already"):
        run(monkeypatch, capfd, tmp_path, program=exporting)
    assert [path.name for path in tmp_path.iterdir()] == ["sets.csv"]
    run(monkeypatch, capfd, tmp_path, "--format", "fhir", program=exporting)
    assert (tmp_path / "sets.csv").read_text() == "mine"
    assert (tmp_path / "fhir-bundle.json").exists()


def test_where_nothing_fits_nothing_is_written(monkeypatch, capfd, tmp_path, holding):
    holding(kept())
    with pytest.raises(FormcheckError, match="nothing was written"):
        run(monkeypatch, capfd, tmp_path / "out", "--since", "2030-01-01", program=exporting)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("module", "arguments", "says"),
    [
        ("weasyprint", ["report", "--to", "out.pdf"], 'pip install "formcheck[pdf]"'),
        ("pyarrow", ["--format", "parquet", "out"], 'pip install "formcheck[research]"'),
        ("fhir.resources.R4B.bundle", ["--format", "fhir", "out"], 'pip install "formcheck[fhir]"'),
    ],
)
def test_an_extra_that_is_missing_is_named(monkeypatch, capfd, tmp_path, holding, module, arguments, says):
    holding(kept())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, module, None)  # as where it is not installed
    if arguments[0] == "report":
        code, _, err = run(monkeypatch, capfd, *arguments)
        assert code == 1
    else:
        with pytest.raises(FormcheckError) as refused:
            run(monkeypatch, capfd, *arguments, program=exporting)
        err = str(refused.value)
    assert says in err
    assert list(tmp_path.iterdir()) == []


def test_without_pango_a_pdf_says_what_to_install(monkeypatch, capfd, tmp_path, holding):
    holding(kept())
    library = tmp_path / "library"
    library.mkdir()
    (library / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    monkeypatch.syspath_prepend(library)
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    code, _, err = run(monkeypatch, capfd, "report", "--to", tmp_path / "out.pdf")
    assert code == 1
    assert "apt install libpango-1.0-0" in err
    assert "Traceback" not in err
    assert not (tmp_path / "out.pdf").exists()
    assert run(monkeypatch, capfd, "report", "--to", tmp_path / "out.html")[0] == 0


def test_outcome_forms_go_with_the_bundle(monkeypatch, capfd, tmp_path, holding):
    holding(kept(), kept(number=2, person=OTHER))
    for name, whose, scores in (("one", ["--person", PERSON[:8]], [7.0]), ("all", [], [7.0, 2.0])):
        run(monkeypatch, capfd, tmp_path / name, "--format", "fhir", *whose, program=exporting)
        found = read_outcomes((tmp_path / name / "fhir-bundle.json").read_text("utf-8"))
        assert [one.score for one in found] == scores
