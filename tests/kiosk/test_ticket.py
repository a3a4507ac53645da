"""Tickets: what a desk has signed is taken, and nothing else; how the number is typed, and what guessing costs."""

from __future__ import annotations

import os
import stat
import struct
import tracemalloc
import zlib
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from formcheck.kiosk import base45
from formcheck.kiosk.config import Tickets
from formcheck.kiosk.desk import (
    KeyFileError,
    NeedsPassphraseError,
    keep_ticket,
    make_ticket,
    new_key,
    public_text,
    read_key,
)
from formcheck.kiosk.short_code import code_of, in_groups, is_code
from formcheck.kiosk.taking import TicketTaker, program_of
from formcheck.kiosk.ticket import TEXT_MAX, TROUBLES, Ticket, TicketError, TicketMakingError, is_ticket, sign, verify
from formcheck.kiosk.tries import FORGOTTEN_S, FREE, LONGEST_S, Tries
from formcheck.session.program import load_program, program_names
from formcheck.system.errors import FormcheckError, SettingsError
from tests.kiosk.tickets import KEY, MONDAY, OTHER, PERSON, REGISTRY, SEVEN, made, taker, written

PASSPHRASE = "correct horse battery"


def refused(text: str, today: date = MONDAY, key=KEY) -> str:
    with pytest.raises(TicketError) as told:
        taker(key=key).by_text(text, today)
    assert str(told.value) == TROUBLES[told.value.kind]
    return told.value.kind


def signed(body: bytes) -> str:
    """Bytes with the desk's own signature, as the format is described."""
    return f"FC1:{base45.encode(body + KEY.sign(b'formcheck ticket 1' + bytes(1) + body))}"


def head(flags: int, issued: date = MONDAY, expires: date = MONDAY) -> bytes:
    days = [(day - date(2020, 1, 1)).days for day in (issued, expires)]
    return struct.pack(">BHH8s", flags, *days, b"serial!!")


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


# -- what is signed is taken ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["", PERSON, PERSON.upper()])
@pytest.mark.parametrize("language", ["", "fr", "pt_BR"])
@pytest.mark.parametrize("program", ["low-back-daily", "low-back-long", "own"])
def test_what_the_desk_has_signed_is_what_the_kiosk_takes(tmp_path, program, person, language):
    name = written(tmp_path) if program == "own" else program
    one = made(name, person=person, language=language, valid_days=10)
    taken = taker().by_text(one.text, MONDAY)
    assert taken.ticket == one.ticket
    assert (taken.ticket.person, taken.ticket.language) == (person.lower(), language)
    assert (taken.ticket.issued, taken.ticket.expires) == (MONDAY, date(2026, 12, 10))
    assert taken.program.hash == load_program(name, REGISTRY).hash
    assert taken.program.sets == replace(load_program(name, REGISTRY, MONDAY)).sets


def test_it_is_a_prescription_and_can_be_used_again():
    one, kiosk = made(), taker()
    assert kiosk.by_text(one.text, MONDAY) == kiosk.by_text(one.text, MONDAY)


@pytest.mark.parametrize("name", program_names())
def test_a_copy_of_a_shipped_program_asks_for_the_same(tmp_path, name):
    from formcheck.system.assets import asset

    text = asset("programs", f"{name}.toml").read_text()
    assert taker().by_text(made(written(tmp_path, text)).text, MONDAY).program.hash == load_program(name, REGISTRY).hash


def test_everything_that_a_program_can_say_comes_along(tmp_path):
    said = 'language = "fr"\ncues = "summary"\ngentle = true\npace = false\ntone = false\n'
    name = written(tmp_path, SEVEN.replace('cues = "two-thirds"\n', said))
    one = taker().by_text(made(name, title='Semaine 3, "doucement"').text, MONDAY).program
    assert one == replace(load_program(name, REGISTRY, MONDAY), title='Semaine 3, "doucement"')
    assert (one.language, one.cues, one.is_gentle, one.pace, one.tone) == ("fr", "summary", True, False, False)


def test_no_name_is_on_a_ticket_and_comments_stay_at_the_desk(tmp_path):
    ticket = made(written(tmp_path)).ticket
    assert 'title="My program"' in ticket.program
    for secret in ("Maria", "Muster", "1970", "week"):
        assert secret not in ticket.program
    assert 'title="Week 3"' in made(written(tmp_path), title="Week 3").ticket.program


def test_seven_exercises_make_a_small_code(tmp_path):
    text = made(written(tmp_path), person=PERSON, language="fr").text
    assert len(text) <= 300
    assert set(text) <= set(base45.ALPHABET), "a QR code keeps it in its alphanumeric mode"


def test_a_program_that_is_too_large_is_told_so(tmp_path):
    many = 'title = "x"\n' + "".join(
        f'[[exercise]]\nname = "dead-bug"\nreps = {1 + i * 37 % 199}\nrest_s = {i * 7919 % 899}.{i * 31 % 97}\n'
        f"[exercise.settings]\nreach_hip_deg = {120 + i * 13 % 40}.{i * 7 % 10}\n"
        for i in range(40)
    )
    with pytest.raises(TicketMakingError, match="too long for a ticket"):
        made(written(tmp_path, many))
    with pytest.raises(TicketMakingError, match="far too long"):
        sign(replace(made().ticket, program="x" * 20_000, is_own=True), KEY)


@pytest.mark.parametrize(
    "changes",
    [{"person": "Maria"}, {"person": PERSON[:-2]}, {"person": PERSON + "00"}, {"valid_days": 0}, {"valid_days": 401}],
)
def test_a_ticket_that_makes_no_sense_is_not_made(changes):
    with pytest.raises(TicketMakingError):
        made(**changes)


def test_a_program_that_makes_no_sense_is_told_with_its_line(tmp_path):
    with pytest.raises(SettingsError, match=r"maria\.toml, line 7"):
        made(written(tmp_path, SEVEN.replace("sets = 3", "sets = 0", 1)))


# -- and nothing else ----------------------------------------------------------------------------------------------


def test_every_altered_sign_is_found(tmp_path):
    text = made(written(tmp_path), person=PERSON).text
    key = KEY.public_key()
    for i, sign_ in enumerate(text):
        other = base45.ALPHABET[(base45.ALPHABET.find(sign_) + 7) % 45]
        with pytest.raises(TicketError) as told:
            verify(text[:i] + other + text[i + 1 :], key, MONDAY)
        assert told.value.kind in ("foreign", "newer")
    for end in range(len(text)):
        assert refused(text[:end]) == "foreign"
    assert refused(text + "0") == refused(text + text) == "foreign"


def test_another_desks_ticket_is_refused():
    one = make_ticket("low-back-long", OTHER, REGISTRY, MONDAY)
    assert refused(one.text) == "foreign"
    assert taker(key=OTHER).by_text(one.text, MONDAY).ticket == one.ticket


def test_a_signature_over_the_same_bytes_for_another_purpose_is_refused():
    body = head(0) + b"low-back-long"
    assert taker().by_text(signed(body), MONDAY).ticket.program == "low-back-long"
    assert refused(f"FC1:{base45.encode(body + KEY.sign(body))}") == "foreign"


@pytest.mark.parametrize(
    ("days", "kind"),
    [(-30, "early"), (-2, "early"), (-1, ""), (0, ""), (90, ""), (91, "expired"), (4000, "expired")],
)
def test_it_is_taken_from_a_day_before_it_was_made_until_its_last_day(days, kind):
    text, today = made().text, MONDAY + timedelta(days=days)
    if kind:
        assert refused(text, today) == kind
    else:
        assert taker().by_text(text, today).ticket.issued == MONDAY


def test_a_moment_is_as_good_as_its_day():
    text = made(valid_days=1).text
    last = datetime(2026, 12, 1, 23, 59)
    assert taker().by_text(text, last).program.hash == load_program("low-back-long", REGISTRY).hash
    assert refused(text, last + timedelta(minutes=1)) == "expired"


@pytest.mark.parametrize("text", ["", "FC1:", "FC1:A", "FC1:::::", "https://example.org", "fc1:00", "FC1:é", "FC1:00"])
def test_what_is_no_ticket_is_refused(text):
    assert refused(text) == "foreign"


def test_a_ticket_of_a_later_version_says_that_the_kiosk_is_too_old():
    assert refused("FC2:ABC") == refused(signed(head(8) + b"low-back-long")) == "newer"


def test_a_giant_in_a_small_ticket_is_never_made_of_it():
    bomb = signed(head(1) + deflated(bytes(200_000)))
    assert len(bomb) <= TEXT_MAX
    tracemalloc.start()
    assert refused(bomb) == "foreign"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 150_000
    assert refused(signed(head(1) + deflated(b'title="x"') + b"more")) == "foreign"
    assert refused(signed(head(1) + deflated(b'title="x"')[:-2])) == "foreign"


def test_a_ticket_that_is_longer_than_a_code_is_refused_whoever_signed_it():
    program = "".join(f"# {os.urandom(16).hex()}\n" for _ in range(30)) + SEVEN
    long = signed(head(1) + deflated(program.encode()))
    assert len(long) > TEXT_MAX
    assert refused(long) == "foreign"
    assert taker().by_text(signed(head(1) + deflated(SEVEN.encode())), MONDAY).program.sets


def test_of_a_file_no_more_is_read_than_a_ticket_has(tmp_path):
    (tmp_path / f"{code_of(7)}.ticket").write_bytes(b"0" * 4_000_000)
    tracemalloc.start()
    with pytest.raises(TicketError, match="no ticket of this clinic"):
        taker(tmp_path).by_code(code_of(7), MONDAY, 0.0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 500_000


@pytest.mark.parametrize(
    "program",
    [
        b"",
        b'title="x"',
        b"\0\1\2",
        b'title="x"\n[[exercise]]\nname="no-such-thing"',
        b'title="x"\n[[exercise]]\nname="dead-bug"\nreps=0',
        b'title="x"\n[[exercise]]\nname="dead-bug"\nsettings={reach_hip_deg=1e9}',
        b"[[[[[",
    ],
)
def test_a_signed_program_that_makes_no_sense_is_a_sentence(program):
    assert refused(signed(head(1) + deflated(program))) == "program"


def test_a_ticket_names_no_file_of_the_kiosk(tmp_path):
    path = written(tmp_path)
    assert program_of(Ticket("low-back-long", MONDAY, MONDAY, bytes(8)), REGISTRY, None)
    assert refused(signed(head(0) + path.encode())) == "program"


def test_on_a_day_without_exercises_it_says_to_rest(tmp_path):
    text = made(written(tmp_path, 'title = "x"\n[[exercise]]\nname = "dead-bug"\ndays = ["tue"]\n')).text
    assert refused(text) == "rest"
    assert taker().by_text(text, MONDAY + timedelta(days=1)).program.sets


def test_without_a_key_nothing_is_taken(tmp_path):
    kiosk = TicketTaker(Tickets(folder=tmp_path), REGISTRY)
    assert not kiosk.takes_any
    assert not kiosk.takes_codes
    for attempt in (
        lambda: kiosk.by_text(made().text, MONDAY),
        lambda: kiosk.by_code(made().ticket.code, MONDAY, 0.0),
        lambda: taker().by_code(made().ticket.code, MONDAY, 0.0),
    ):
        with pytest.raises(TicketError) as told:
            attempt()
        assert told.value.kind == "off"


@pytest.mark.parametrize("key", ["x", "A" * 42, "A" * 44, "é" * 43, "ssh-ed25519 AAAA"])
def test_a_key_that_is_none_is_told_at_the_start(key):
    with pytest.raises(SettingsError, match=r"tickets\.key"):
        TicketTaker(Tickets(key=key), REGISTRY)


def test_only_what_says_that_it_is_a_ticket_is_handed_on():
    assert is_ticket(made().text)
    assert is_ticket("FC2:later")
    for text in ("", "https://example.org", "fc1:x", "XFC1:", "FC:", "FC1:" + "0" * TEXT_MAX):
        assert not is_ticket(text)


# -- base 45 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0"), (b"", "")],
)
def test_the_examples_of_rfc_9285(data, text):
    assert base45.encode(data) == text
    assert base45.decode(text) == data


@pytest.mark.parametrize("text", ["GGW", "::", ":::", "A", "ABCD", "ab0", "é00"])
def test_what_is_not_base_45_is_told(text):
    with pytest.raises(ValueError, match="base 45"):
        base45.decode(text)


@given(st.binary(max_size=300))
def test_whatever_was_encoded_comes_back(data):
    assert base45.decode(base45.encode(data)) == data


# -- the number ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 1234567, 9_999_999, 5_720_000])
def test_a_wrong_digit_and_two_that_changed_places_are_found(number):
    code = code_of(number)
    assert is_code(code)
    assert len(code) == 8
    for i in range(8):
        for digit in "0123456789":
            assert is_code(code[:i] + digit + code[i + 1 :]) is (digit == code[i])
    for i in range(7):
        swapped = code[:i] + code[i + 1] + code[i] + code[i + 2 :]
        assert is_code(swapped) is (swapped == code)
    for wrong in ("", code[:-1], code + "0", "1234567x", "²3456789", "../../ab"):
        assert not is_code(wrong)


def test_the_number_is_shown_in_two_groups():
    assert in_groups("12345678") == "1234 5678"


def test_a_number_finds_its_ticket_however_it_is_typed(tmp_path):
    one, kiosk = made(person=PERSON), taker(tmp_path)
    path = keep_ticket(one, tmp_path)
    code = one.ticket.code
    assert path.name == f"{code}.ticket"
    for typed in (code, in_groups(code), f"{code[:2]}-{code[2:]}", f" {code}"):
        assert kiosk.by_code(typed, MONDAY, 0.0).ticket == one.ticket
    with pytest.raises(TicketError, match="run out"):
        kiosk.by_code(code, MONDAY + timedelta(days=100), 0.0)


def test_the_signature_of_a_file_is_checked_all_the_same(tmp_path):
    forged, mine = make_ticket("low-back-long", OTHER, REGISTRY, MONDAY), made()
    keep_ticket(forged, tmp_path)
    other = code_of(int(mine.ticket.code[:7]) ^ 1)
    (tmp_path / f"{other}.ticket").write_text(mine.text)
    (tmp_path / f"{code_of(7)}.ticket").write_bytes(os.urandom(5000))
    for code in (forged.ticket.code, other, code_of(7)):
        with pytest.raises(TicketError) as told:
            taker(tmp_path).by_code(code, MONDAY, 0.0)
        assert told.value.kind == "foreign"


def test_no_number_is_given_twice_while_its_ticket_lies_there(tmp_path, monkeypatch):
    drawn = [bytes(8), bytes(8), bytes(7) + b"\5"]
    monkeypatch.setattr("secrets.token_bytes", lambda _: drawn.pop(0))
    keep_ticket(made(folder=tmp_path), tmp_path)
    assert made(folder=tmp_path).ticket.code == code_of(5)


def test_serials_are_drawn_anew():
    assert len({made().ticket.serial for _ in range(20)}) == 20


def kind_of(kiosk: TicketTaker, code: str, now_s: float) -> str:
    with pytest.raises(TicketError) as told:
        kiosk.by_code(code, MONDAY, now_s)
    return told.value.kind


def test_wrong_numbers_cost_time_and_typing_mistakes_do_not(tmp_path):
    one, kiosk = made(), taker(tmp_path)
    keep_ticket(one, tmp_path)
    wrong = code_of(int(one.ticket.code[:7]) ^ 1)
    typo = wrong[:-1] + str((int(wrong[-1]) + 1) % 10)
    assert [kind_of(kiosk, typo, 0.0) for _ in range(20)] == ["typo"] * 20
    assert [kind_of(kiosk, wrong, 100.0) for _ in range(FREE + 1)] == ["unknown"] * FREE + ["wait"]
    assert kind_of(kiosk, one.ticket.code, 129.9) == "wait"
    assert kiosk.by_code(one.ticket.code, MONDAY, 130.0).ticket == one.ticket
    assert kind_of(kiosk, wrong, 130.0) == "unknown", "a right one has forgiven nothing"
    assert kind_of(kiosk, one.ticket.code, 189.9) == "wait"
    heir = taker(tmp_path, tries=kiosk.tries)
    assert kind_of(heir, one.ticket.code, 189.9) == "wait", "the next process knows it too"
    assert heir.by_code(one.ticket.code, MONDAY, 190.0).ticket == one.ticket


def test_each_further_wrong_number_doubles_the_wait_up_to_its_bound():
    tries, waits = Tries(), []
    for i in range(12):
        tries = tries.after_wrong(float(i))
        waits.append(tries.wait_s(float(i)))
    assert waits == [0.0] * 4 + [30.0, 60.0, 120.0, 240.0] + [LONGEST_S] * 4


def test_wrong_numbers_are_forgotten_after_an_hour():
    tries = Tries(9, 1000.0)
    assert tries.wait_s(1000.0) == LONGEST_S
    assert tries.wait_s(1000.0 + LONGEST_S) == 0.0
    assert tries.after_wrong(1000.0 + FORGOTTEN_S - 1).wrong == 10
    assert tries.after_wrong(1000.0 + FORGOTTEN_S).wrong == 1


def test_a_clock_that_began_anew_never_waits_longer_than_the_bound():
    assert Tries(FREE, 1e9).wait_s(5.0) == LONGEST_S


# -- the desk's key ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="rights are those of Unix")
def test_a_key_is_its_owners_alone_and_never_overwritten(tmp_path):
    path = tmp_path / "desk.key"
    old = os.umask(0)
    try:
        new_key(path)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(FormcheckError, match="never overwritten"):
        new_key(path)
    assert path.read_bytes() == before
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        read_key(path)


def test_two_keys_are_two_keys(tmp_path):
    texts = set()
    for name in ("a", "b"):
        new_key(tmp_path / name)
        texts.add(public_text(read_key(tmp_path / name)))
    assert len(texts) == 2
    assert {len(text) for text in texts} == {43}


def test_an_encrypted_key_needs_its_passphrase(tmp_path):
    path = tmp_path / "desk.key"
    new_key(path, PASSPHRASE)
    with pytest.raises(NeedsPassphraseError):
        read_key(path)
    with pytest.raises(KeyFileError, match="another one"):
        read_key(path, PASSPHRASE + "x")
    key = read_key(path, PASSPHRASE)
    one = make_ticket("low-back-daily", key, REGISTRY, MONDAY)
    assert taker(key=key).by_text(one.text, MONDAY).ticket == one.ticket
    with pytest.raises(FormcheckError, match="too short"):
        new_key(tmp_path / "other.key", "short")
    assert not (tmp_path / "other.key").exists()


def test_what_is_no_key_file_is_told(tmp_path):
    path = tmp_path / "desk.key"
    with pytest.raises(KeyFileError, match="can't be read"):
        read_key(path)
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content, told in ((b"nonsense", "no key file"), (other, "another kind"), (b"ENCRYPTED", "Give its passphrase")):
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(KeyFileError, match=told):
            read_key(path)
    with pytest.raises(FormcheckError, match="can't be written"):
        new_key(tmp_path / "no" / "such" / "folder")
