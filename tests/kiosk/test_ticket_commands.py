"""`formcheck kiosk ticket`: from a new key to a slip that the kiosk takes."""

from __future__ import annotations

import re
import struct
import tomllib
import xml.etree.ElementTree as ET
import zlib
from datetime import date, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from formcheck.cli.kiosk_ticket import PASSPHRASE, commands
from formcheck.kiosk.config import KioskConfig, Tickets
from formcheck.kiosk.desk import make_ticket
from formcheck.kiosk.short_code import in_groups, is_code
from formcheck.kiosk.slip import DOTS_PER_MM, PAGE_MM, write_slip
from formcheck.kiosk.taking import TicketTaker
from formcheck.kiosk.ticket import TROUBLES
from formcheck.system.errors import FormcheckError
from tests.kiosk.tickets import KEY, MONDAY, PERSON, REGISTRY, made, written


def told(*args: str, typed: str | None = None) -> str:
    """What a command prints; what it raises is raised."""
    found = CliRunner().invoke(commands, list(args), input=typed, catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.output


@pytest.fixture
def key(tmp_path: Path) -> str:
    path = str(tmp_path / "desk.key")
    told("new-key", path)
    return path


def read(picture: np.ndarray) -> str:
    return str(cv2.QRCodeDetectorAruco().detectAndDecode(picture)[0])


# -- the commands --------------------------------------------------------------------------------------------------


def test_from_a_new_key_to_a_ticket_that_the_kiosk_takes(tmp_path, key):
    slip, tickets = tmp_path / "slip.png", tmp_path / "tickets"
    tickets.mkdir()
    public = told("key", key).strip()
    said = told(
        "make", written(tmp_path), "--key", key, "--person", PERSON, "--valid-days", "30", "--language", "fr",
        "--out", str(slip), "--folder", str(tickets),
    )  # fmt: skip
    (file,) = tickets.iterdir()
    code = file.stem
    assert is_code(code)
    assert code in said
    assert PERSON not in said
    assert PERSON[:6] not in file.name
    kiosk, today = TicketTaker(Tickets(key=public, folder=tickets), REGISTRY), date.today()
    by_camera = kiosk.by_text(read(cv2.imread(str(slip))), today)
    assert by_camera == kiosk.by_code(code, today, 0.0)
    ticket = by_camera.ticket
    assert (ticket.person, ticket.language, ticket.expires) == (PERSON, "fr", today + timedelta(days=30))


def test_left_out_it_is_nobodys_for_ninety_days_and_its_file_lies_beside_the_slip(tmp_path, key):
    told("make", "low-back-daily", "--key", key, "--out", str(tmp_path / "slip.svg"))
    (file,) = tmp_path.glob("*.ticket")
    taken = TicketTaker(Tickets(key=told("key", key).strip(), folder=tmp_path), REGISTRY)
    ticket = taken.by_code(file.stem, date.today(), 0.0).ticket
    assert (ticket.person, ticket.language) == ("", "")
    assert ticket.expires - ticket.issued == timedelta(days=90)


def test_a_passphrase_is_asked_for_twice_then_once(tmp_path, monkeypatch):
    path = str(tmp_path / "desk.key")
    told("new-key", path, "--passphrase", typed="correct horse\ncorrect horse\n")
    assert b"ENCRYPTED" in Path(path).read_bytes()
    public = told("key", path, typed="correct horse\n").strip().splitlines()[-1]
    with pytest.raises(FormcheckError, match="passphrase is another one"):
        told("key", path, typed="wrong horse\n")
    monkeypatch.setenv(PASSPHRASE, "correct horse")
    assert told("key", path).strip() == public


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["make", "no-such", "--out", "{tmp}/a.png"], "There is no program 'no-such'"),
        (["make", "low-back-daily", "--out", "{tmp}/a.doc"], "a slip is a .png, .svg or .pdf"),
        (["make", "low-back-daily", "--out", "{tmp}/desk.key"], "a slip is a .png"),
        (["make", "low-back-daily", "--out", "{tmp}/no/a.png"], "can't be written"),
        (["make", "low-back-daily", "--out", "{tmp}/a.png", "--language", "xx"], "There are no texts in xx"),
        (["make", "low-back-daily", "--out", "{tmp}/a.png", "--person", "Maria"], "pseudonym of 32"),
        (["make", "low-back-daily", "--out", "{tmp}/a.png", "--key", "{tmp}/none"], "can't be read"),
    ],
)
def test_what_can_not_be_made_is_told_in_a_sentence_and_leaves_nothing(tmp_path, key, args, sentence):
    before = Path(key).read_bytes()
    args = [arg.format(tmp=tmp_path) for arg in args]
    with pytest.raises(FormcheckError, match=sentence):
        told(*args, *([] if "--key" in args else ["--key", key]))
    assert [path.name for path in tmp_path.iterdir()] == ["desk.key"]
    assert Path(key).read_bytes() == before


# -- the page of the handbook --------------------------------------------------------------------------------------

PAGE = (Path(__file__).parents[2] / "docs" / "clinicians" / "tickets.md").read_text(encoding="utf-8")


def test_the_page_has_every_option_and_no_other():
    make = get_command(commands).commands["make"]
    options = {name for parameter in make.params for name in parameter.opts if name.startswith("--")}
    assert set(re.findall(r"^\| `(--[a-z-]+)` \|", PAGE, re.MULTILINE)) == options


def test_what_the_page_says_that_the_kiosk_says_it_says():
    said = re.findall(r"^\| ([A-Z][^|`]+\.) \|", PAGE, re.MULTILINE)
    assert len(said) == 8
    for sentence in said:
        assert any(text.startswith(sentence) for text in TROUBLES.values()), sentence


def test_the_settings_that_the_page_shows_may_be_set_so():
    (block,) = (each for each in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL) if each.startswith("["))
    config = KioskConfig.model_validate(tomllib.loads(block))
    assert TicketTaker(config.tickets, REGISTRY).takes_codes


# -- the slip ------------------------------------------------------------------------------------------------------


def test_a_picture_says_how_large_it_is_printed(tmp_path):
    one = made()
    write_slip(tmp_path / "slip.png", one)
    data = (tmp_path / "slip.png").read_bytes()
    at = data.index(b"pHYs")
    wide, high, unit = struct.unpack(">IIB", data[at + 4 : at + 13])
    assert struct.unpack(">I", data[at + 13 : at + 17])[0] == zlib.crc32(data[at : at + 13])
    picture = cv2.imread(str(tmp_path / "slip.png"))
    assert (picture.shape[1] / wide, picture.shape[0] / high, unit) == (0.148, 0.21, 1)
    assert read(picture) == one.text
    dark = np.flatnonzero((picture[30 * DOTS_PER_MM : 130 * DOTS_PER_MM] < 128).any(axis=(0, 2)))
    assert (dark[-1] - dark[0]) / DOTS_PER_MM > 90, "a webcam reads nine centimetres at 45"


def test_a_drawing_has_the_number_the_last_day_and_no_name(tmp_path):
    one = make_ticket(written(tmp_path), KEY, REGISTRY, MONDAY, person=PERSON)
    write_slip(tmp_path / "slip.svg", one)
    text = (tmp_path / "slip.svg").read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert root.get("width") == f"{PAGE_MM[0]}mm"
    words = [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert in_groups(one.ticket.code) in words
    assert "Valid until 2027-02-28." in words
    for secret in ("Maria", "Muster", PERSON, PERSON[:8]):
        assert secret not in text
    (path,) = root.iter("{http://www.w3.org/2000/svg}path")
    places = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path.get("d") or "")]
    side = max(max(place) for place in places) + 1
    modules = np.full((side + 8, side + 8), 255, np.uint8)
    for x, y in places:
        modules[y + 4, x + 4] = 0
    assert read(np.kron(modules, np.ones((6, 6), np.uint8))) == one.text


def test_a_page_is_a_pdf_of_its_true_size(tmp_path):
    one = made()
    write_slip(tmp_path / "slip.pdf", one)
    data = (tmp_path / "slip.pdf").read_bytes()
    assert data.startswith(b"%PDF-1.4")
    assert data.endswith(b"%%EOF\n")
    table = int(re.findall(rb"startxref\n(\d+)", data)[0])
    assert data[table:].startswith(b"xref\n0 6\n")
    places = [int(each) for each in re.findall(rb"(\d{10}) 00000 n ", data[table:])]
    for number, place in enumerate(places, 1):
        assert data[place:].startswith(b"%d 0 obj" % number)
    width, height = (float(each) for each in re.findall(rb"MediaBox\[0 0 ([\d.]+) ([\d.]+)\]", data)[0])
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == PAGE_MM
    w, h = (int(re.findall(rb"/%s (\d+)" % name, data)[0]) for name in (b"Width", b"Height"))
    start = data.index(b"stream\n", data.index(b"/Subtype/Image")) + 7
    length = int(re.findall(rb"/Length (\d+)", data[data.index(b"/Subtype/Image") :])[0])
    assert read(np.frombuffer(zlib.decompress(data[start : start + length]), np.uint8).reshape(h, w)) == one.text
