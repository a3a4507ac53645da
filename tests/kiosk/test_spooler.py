"""The spooler: what `lp` is really given, what is told where there is none, and what is taken back."""

from __future__ import annotations

import getpass
import os
import stat
from pathlib import Path

import pytest

from formcheck.kiosk import spooler as rooms
from formcheck.kiosk.spooler import TROUBLES, PrintError, print_page, sweep, take_back, waiting

pytestmark = pytest.mark.skipif(os.name != "posix", reason="CUPS is for Unix")
DESK = "clinic_1"


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


def refused(kind: str, printer: str = DESK) -> None:
    with pytest.raises(PrintError) as told:
        print_page("Hello\n", printer)
    assert (told.value.kind, str(told.value)) == (kind, TROUBLES[kind])  # type: ignore[index]


# -- handing it over -----------------------------------------------------------------------------------------------


def test_the_page_goes_to_the_printer_of_that_name_and_nowhere_else(spooler: Spooler) -> None:
    job = print_page("Dos à plat\n", DESK)
    assert spooler.printed == "Dos à plat\n".encode()
    assert spooler.argv("lp") == ["-d", "clinic_1", "-t", "FormCheck", "-o", "document-format=text/plain", "-"]
    assert job == "clinic_1-42"
    assert sorted(path.name for path in spooler.folder.iterdir()) == ["bin", "lp.argv", "paper"]


def test_no_shell_reads_the_text(spooler: Spooler) -> None:
    text = "$(touch made) `touch made`; touch made\n"
    print_page(text, DESK)
    assert spooler.printed == text.encode()
    assert not Path("made").exists()


def test_a_spooler_that_does_not_say_the_jobs_name_has_printed_all_the_same(spooler: Spooler) -> None:
    spooler.answers("lp", "cat > /dev/null")
    assert print_page("Hello\n", DESK) == ""


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
    refused("none", "")
    assert not (spooler.folder / "lp.argv").exists()


def test_a_computer_that_can_not_print_is_told(spooler: Spooler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(spooler.folder))
    refused("absent")
    monkeypatch.setenv("PATH", f"{spooler.bin}")
    (spooler.bin / "lp").chmod(0o600)
    refused("absent")


def test_a_spooler_that_hangs_is_left(spooler: Spooler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "TIMEOUT_S", 0.3)
    spooler.answers("lp", "exec tail -f /dev/null")
    refused("hangs")


QUEUE = (
    "clinic_1-42             kiosk             1024   Mon Nov 30 2026\n"
    "clinic_1-421            kiosk             1024   Mon Nov 30 2026\n"
    "clinic_1-2-7            kiosk             1024   Mon Nov 30 2026\n"
    "clinic-42               kiosk             1024   Mon Nov 30 2026\n"
)


def test_what_waits_at_this_printer_is_known_by_its_name(spooler: Spooler) -> None:
    spooler.answers("lpstat", f"printf '{QUEUE}'")
    assert waiting(DESK) == ("clinic_1-42", "clinic_1-421")
    assert waiting("clinic_1-2") == ("clinic_1-2-7",)
    assert spooler.argv("lpstat") == ["-W", "not-completed", "-u", getpass.getuser()]


@pytest.mark.parametrize("script", ["exit 1", "exit 0", "printf '\n \n'"])
def test_where_nothing_is_listed_nothing_waits(spooler: Spooler, script: str) -> None:
    spooler.answers("lpstat", script)
    assert waiting(DESK) == ()


def test_a_job_is_taken_back_with_its_data(spooler: Spooler) -> None:
    spooler.answers("cancel", "exit 0")
    take_back("clinic_1-42")
    assert spooler.argv("cancel") == ["-x", "clinic_1-42"]


def test_all_that_waits_is_swept_and_nothing_of_another_printer(spooler: Spooler) -> None:
    spooler.answers("lpstat", f"printf '{QUEUE}'")
    (spooler.bin / "cancel").write_text(f'#!/bin/sh\necho "$@" >> {spooler.folder}/cancelled\n')
    (spooler.bin / "cancel").chmod(0o700)
    sweep(DESK)
    assert (spooler.folder / "cancelled").read_text().splitlines() == ["-x clinic_1-42", "-x clinic_1-421"]


def test_without_a_printer_no_command_is_run(spooler: Spooler) -> None:
    spooler.answers("lpstat", "exit 0")
    sweep("")
    assert not (spooler.folder / "lpstat.argv").exists()


def test_a_spooler_that_has_gone_is_no_trouble_for_the_sweep(spooler: Spooler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(spooler.bin))
    sweep(DESK)
    with pytest.raises(PrintError):
        waiting(DESK)
