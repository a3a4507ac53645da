"""The result on paper: what `lp` is really given, and what is told where there is none, or no paper."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from formcheck.kiosk import paper
from formcheck.kiosk.config import Printer
from formcheck.kiosk.paper import COLUMNS, LINES, MARGIN, TROUBLES, PrintError, PrintJob, page_of, print_page
from formcheck.kiosk.result import CLOSING, result_of
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import ADVICE
from formcheck.session.texts import languages, translate
from tests.kiosk.sessions import BIRD_DOG, ENDED, SECRET, usual
from tests.kiosk.test_takeaway import result

pytestmark = pytest.mark.skipif(os.name != "posix", reason="CUPS is for Unix")
REGISTRY = load_exercises()
DESK = Printer(name="clinic_1")


class Spooler:
    """CUPS's commands as small scripts that keep what they were given and answer as they are told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()

    def answers(self, command: str, script: str) -> None:
        path = self.bin / command
        keep = f'for each in "$@"; do printf "%s\\n" "$each"; done > {self.folder}/{command}.argv\n'
        path.write_text(f"#!/bin/sh\n{keep}{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def argv(self, command: str) -> list[str]:
        return (self.folder / f"{command}.argv").read_text().splitlines()

    @property
    def printed(self) -> bytes:
        return (self.folder / "paper").read_bytes()


@pytest.fixture
def spooler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spooler:
    made = Spooler(tmp_path)
    monkeypatch.setenv("PATH", f"{made.bin}:/usr/bin:/bin")
    made.answers("lp", f"cat > {tmp_path}/paper; echo 'request id is clinic_1-42 (0 file(s))'")
    return made


def refused(kind: str, printer: Printer = DESK) -> None:
    with pytest.raises(PrintError) as told:
        print_page("Hello\n", printer)
    assert (told.value.kind, str(told.value)) == (kind, TROUBLES[kind])  # type: ignore[index]


# -- handing it over -----------------------------------------------------------------------------------------------


def test_the_page_goes_to_the_printer_of_that_name_and_nowhere_else(spooler: Spooler) -> None:
    job = print_page("Dos à plat\n", DESK)
    assert spooler.printed == "Dos à plat\n".encode()
    assert spooler.argv("lp") == ["-d", "clinic_1", "-t", "FormCheck", "-o", "document-format=text/plain", "-"]
    assert job == PrintJob("clinic_1-42")
    assert sorted(path.name for path in spooler.folder.iterdir()) == ["bin", "lp.argv", "paper"]


def test_no_shell_reads_the_text(spooler: Spooler) -> None:
    text = "$(touch made) `touch made`; touch made\n"
    print_page(text, DESK)
    assert spooler.printed == text.encode()
    assert not Path("made").exists()


def test_a_spooler_that_does_not_say_the_jobs_name_has_printed_all_the_same(spooler: Spooler) -> None:
    spooler.answers("lp", "cat > /dev/null")
    job = print_page("Hello\n", DESK)
    assert not job.is_waiting()
    job.take_back()


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        ("lp: The printer or class does not exist.", "unknown"),
        ("lp: Error - no default destination available.", "unknown"),
        ("lp: Destination \"clinic_1\" is not accepting jobs.", "refused"),
        ("", "refused"),
    ],
)  # fmt: skip
def test_what_the_spooler_refuses_is_told_in_a_sentence(spooler: Spooler, says: str, kind: str) -> None:
    spooler.answers("lp", f"cat > /dev/null; echo '{says}' >&2; exit 1")
    refused(kind)


def test_without_a_printer_nothing_is_run(spooler: Spooler) -> None:
    refused("none", Printer())
    assert not (spooler.folder / "lp.argv").exists()


def test_a_computer_that_can_not_print_is_told(spooler: Spooler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(spooler.folder))
    refused("absent")
    monkeypatch.setenv("PATH", f"{spooler.bin}")
    (spooler.bin / "lp").chmod(0o600)
    refused("absent")


def test_a_spooler_that_hangs_is_left(spooler: Spooler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "TIMEOUT_S", 0.3)
    spooler.answers("lp", "exec tail -f /dev/null")
    refused("hangs")


@pytest.mark.parametrize(("queue", "is_waiting"), [("clinic_1-42", True), ("clinic_1-421", False), ("", False)])
def test_a_page_that_waits_for_paper_can_be_taken_back(spooler: Spooler, queue: str, is_waiting: bool) -> None:
    spooler.answers("lpstat", f'[ -n "{queue}" ] && echo "{queue}  formcheck  1024  Mon 30 Nov 2026"; exit 0')
    spooler.answers("cancel", "exit 0")
    job = print_page("Hello\n", DESK)
    assert job.is_waiting() is is_waiting
    job.take_back()
    assert spooler.argv("cancel") == ["-x", "clinic_1-42"]


def test_without_lpstat_nothing_is_known_to_wait(spooler: Spooler) -> None:
    spooler.answers("lpstat", "exit 1")
    assert not print_page("Hello\n", DESK).is_waiting()


# -- the page ------------------------------------------------------------------------------------------------------


def test_the_page_says_what_was_done(tmp_path: Path) -> None:
    page = page_of(result_of(usual(tmp_path), ENDED, REGISTRY), "en")
    lines = [line.strip() for line in page.splitlines() if line.strip()]
    assert lines[:2] == ["FormCheck: My program", "2026-11-30, 14:28 - 14:30"]
    assert "Dead bug: 10 of 12, 7 clean, 2 with a fault, 1 not judged" in lines
    assert "Pain, 0 to 10: 3 before, 2 after" in lines
    assert lines[-1] == CLOSING
    for secret in ("Maria", "Muster", SECRET):
        assert secret not in page


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("count", [0, 1, 12, 40, 200])
def test_it_is_one_page_within_its_margins(language: str, count: int) -> None:
    page = page_of(replace(result(count), advice="Stop there. Keep the mat squashed. " * 6), language)
    lines = page.splitlines()
    assert len(lines) <= LINES
    assert max(len(line) for line in lines) <= COLUMNS - MARGIN
    assert all(line.startswith(" " * MARGIN) for line in lines if line)
    assert translate(CLOSING, language).split()[-1] in page
    assert not [sign for line in lines for sign in line if ord(sign) < 32]


def test_what_has_no_room_is_given_in_numbers_then_left_out_and_it_says_so() -> None:
    assert "7 clean" in page_of(result(10), "en")
    brief = page_of(result(30), "en")
    assert "Half-kneeling hip flexor stretch 29 10/12: 7, 2, 1" in brief
    cut = page_of(result(80), "en")
    kept = cut.count("Half-kneeling")
    assert 30 < kept < 80
    assert f"{80 - kept} more exercises had no room here." in cut
    warned = page_of(replace(result(80), warning=ADVICE["strong"]), "en")
    assert ADVICE["strong"] in " ".join(warned.split())


def test_it_is_in_the_persons_language(tmp_path: Path) -> None:
    page = page_of(result_of(usual(tmp_path), ENDED, REGISTRY), "fr")
    assert translate(BIRD_DOG.title, "fr") in page
    assert BIRD_DOG.title not in page
