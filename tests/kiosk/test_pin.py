"""The staff's PIN: what is a hash, who gets in, and how slow guessing is."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from formcheck.cli.kiosk_install import commands as cli
from formcheck.kiosk.config import load_config
from formcheck.kiosk.pin import (
    FREE_TRIES,
    Instant,
    PinGate,
    check_hash,
    hash_pin,
    is_pin,
    read_gate,
    try_pin,
    write_gate,
)
from formcheck.system.errors import SettingsError

HASH = hash_pin("2580")
BOOT = "boot-1"


def at(s: float, boot: str = BOOT) -> Instant:
    return Instant(s, boot)


# -- hash ----


def test_only_the_pin_that_was_hashed_is_the_pin() -> None:
    assert "2580" not in HASH
    assert HASH.startswith("$argon2id$")
    assert hash_pin("2580") != HASH, "the same PIN has another hash on another kiosk"
    assert is_pin(HASH, "2580")
    for other in ("2581", "258", "25800", "", " 2580"):
        assert not is_pin(HASH, other)


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "１２３４", "12 34", "1234\n", "-1234"])
def test_a_pin_that_is_none_is_refused(pin: str) -> None:
    with pytest.raises(SettingsError, match="4 to 12 digits"):
        hash_pin(pin)


@pytest.mark.parametrize("pin", ["1234", "123456789012", "0000"])
def test_the_shortest_and_the_longest_are_taken(pin: str) -> None:
    assert is_pin(hash_pin(pin), pin)


def test_a_right_hash_and_none_pass_the_start() -> None:
    check_hash(HASH)
    check_hash("")


WRONG = {
    "the PIN itself": "2580",
    "its end is missing": HASH[:-12],
    "its last sign is missing": HASH[:-1],
    "its first sign is missing": HASH[1:],
    "no such kind": HASH.replace("argon2id", "argon2x"),
    "another kind": HASH.replace("argon2id", "argon2i"),
    "a sign": "$",
    "letters": "x" * 99,
    "the whole line": f"pin = {HASH!r}",
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_hash_is_a_sentence_at_the_start(wrong: str) -> None:
    with pytest.raises(SettingsError, match="formcheck kiosk pin"):
        check_hash(wrong)


def test_the_hash_of_an_empty_pin_is_refused() -> None:
    with pytest.raises(SettingsError):
        check_hash(PasswordHasher().hash(""))


def test_a_wrong_hash_and_no_hash_let_nobody_in() -> None:
    assert not is_pin("2580", "2580")
    assert not is_pin("", "")
    assert not is_pin("", "2580")


# -- gate ----


class Door:
    """Somebody who tries PINs, and everything that was written down."""

    def __init__(self) -> None:
        self.gate = PinGate(boot=BOOT)
        self.kept: list[PinGate] = []

    def type(self, pin: str, now: Instant) -> bool:
        self.gate, is_open = try_pin(self.gate, HASH, pin, now, self.kept.append)
        return is_open


def test_two_slips_cost_nothing_and_the_third_half_a_minute() -> None:
    door = Door()
    assert not door.type("1111", at(100))
    assert not door.type("1112", at(101))
    assert door.gate.wait_s(at(101)) == 0
    assert not door.type("1113", at(102))
    assert door.gate.wait_s(at(102)) == 30
    assert door.gate.wait_s(at(131.9)) == pytest.approx(0.1)
    assert door.gate.wait_s(at(132)) == 0
    assert door.type("2580", at(132))
    assert door.gate.wrong == 0


def test_while_it_waits_even_the_right_pin_is_not_looked_at_and_nothing_counts() -> None:
    door = Door()
    for s in range(FREE_TRIES):
        door.type("1111", at(s))
    before, kept = door.gate, len(door.kept)
    assert not door.type("2580", at(20))
    assert not door.type("1111", at(21))
    assert door.gate == before
    assert len(door.kept) == kept


def test_the_waiting_doubles_to_a_quarter_of_an_hour() -> None:
    gate, now, waits = PinGate(boot=BOOT), 0.0, []
    for _ in range(12):
        gate = gate.counted(at(now))
        waits.append(gate.wait_s(at(now)))
        now += waits[-1]
    assert waits == [0, 0, 30, 60, 120, 240, 480, 900, 900, 900, 900, 900]


def test_a_try_is_written_down_as_wrong_before_it_is_checked() -> None:
    door = Door()
    assert door.type("2580", at(5))
    assert [gate.wrong for gate in door.kept] == [1, 0]


def test_switching_off_and_on_gains_nothing() -> None:
    door = Door()
    for s in range(5):
        door.gate = door.gate.counted(at(s))
    waits_s = door.gate.wait_s(at(4))
    assert waits_s == 120
    again = PinGate.from_json(door.gate.to_json(), at(3, "boot-2"))
    assert again.wrong == 5
    assert again.wait_s(at(3, "boot-2")) == 120
    assert again.wait_s(at(100, "boot-2")) == 23, "the waiting runs off in the new boot too"
    assert door.gate.wait_s(at(9999, "boot-2")) == 120


def test_a_process_that_comes_later_in_the_same_boot_waits_on(tmp_path: Path) -> None:
    path = tmp_path / "pin.json"
    gate = read_gate(path, at(0))
    assert gate.wait_s(at(0)) == 0
    for s in range(FREE_TRIES):
        gate, _ = try_pin(gate, HASH, "9999", at(s), partial(write_gate, path))
    later = read_gate(path, at(12))
    assert later == gate
    assert later.wait_s(at(12)) == 20
    assert [file.name for file in tmp_path.iterdir()] == ["pin.json"], "nothing half is left beside it"
    assert "9999" not in path.read_text()


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"{}", b"[]", b"null", b"[" * 900, b'{"wrong": -1, "until_s": 0, "boot": ""}',
     b'{"wrong": true, "until_s": 0, "boot": ""}', b'{"wrong": 0, "until_s": "0", "boot": ""}'],
)  # fmt: skip
def test_a_damaged_file_opens_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pin.json"
    path.write_bytes(content)
    gate = read_gate(path, at(50))
    assert gate.wait_s(at(50)) == 30
    assert gate.counted(at(80)).wait_s(at(80)) == 60


def test_a_folder_in_the_way_is_told_and_counts_as_damage(tmp_path: Path) -> None:
    assert not write_gate(tmp_path / "none" / "pin.json", PinGate())
    (tmp_path / "pin.json").mkdir()
    assert not write_gate(tmp_path / "pin.json", PinGate())
    assert read_gate(tmp_path / "pin.json", at(0)).wait_s(at(0)) == 30
    assert [file.name for file in tmp_path.iterdir()] == ["pin.json"]


def test_this_machine_knows_its_boot() -> None:
    first, second = Instant.now(), Instant.now()
    assert first.boot == second.boot
    assert 0 < first.s <= second.s


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 400), st.booleans()), max_size=40))
def test_whatever_is_done_no_more_tries_pass_than_the_waits_allow(steps: list[tuple[float, bool]]) -> None:
    """Each step waits a while and tries a wrong PIN, some after a reboot; the gate never lets one through early."""
    gate, now, boots, passed = PinGate(boot="0"), 0.0, 0, 0
    free_at = 0.0
    for pause_s, is_reboot in steps:
        now += pause_s
        if is_reboot:
            boots, now = boots + 1, 1.0
            gate = PinGate.from_json(gate.to_json(), at(now, str(boots)))
            free_at = now + (0 if passed < FREE_TRIES else min(30 * 2 ** (passed - FREE_TRIES), 900))
        is_free = gate.wait_s(at(now, str(boots))) == 0
        assert is_free == (now >= free_at)
        if is_free:
            gate, passed = gate.counted(at(now, str(boots))), passed + 1
            free_at = now + (0 if passed < FREE_TRIES else min(30 * 2 ** (passed - FREE_TRIES), 900))


# -- the command ----


def asked(*typed: str) -> Result:
    return CliRunner().invoke(cli, ["pin"], input="".join(f"{line}\n" for line in typed))


def test_the_command_prints_a_line_that_lets_the_pin_in(tmp_path: Path) -> None:
    done = asked("271828", "271828")
    assert done.exit_code == 0, done.output
    assert "271828" not in done.output
    config = tmp_path / "kiosk.toml"
    config.write_text(f"[staff]\n{done.stdout.splitlines()[-1]}\n")
    assert is_pin(load_config(config).staff.pin, "271828")


def test_two_pins_that_differ_and_one_that_is_none_are_refused() -> None:
    assert "two PINs" in str(asked("271828", "271829").exception)
    assert isinstance(asked("12", "12").exception, SettingsError)
