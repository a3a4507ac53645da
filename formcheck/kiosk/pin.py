"""The staff's PIN: its hash for the configuration, and the gate that makes guessing slow."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from formcheck.system.errors import SettingsError

DIGITS_MIN, DIGITS_MAX = 4, 12
FREE_TRIES = 3
"""Wrong PINs that cost no waiting: a slip of the finger, twice, and once more."""
FIRST_WAIT_S, LONGEST_WAIT_S = 30.0, 900.0
"""After the third wrong PIN, and at most. It doubles in between: 10,000 PINs of four digits take 104 days."""
BYTES_MAX = 1_000
"""Of a file of the gate: ours has 80."""
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

_PIN = re.compile(rf"[0-9]{{{DIGITS_MIN},{DIGITS_MAX}}}")
_HASHER = PasswordHasher()
"""Argon2id as RFC 9106 advises for little memory: 64 MiB, 3 passes, 4 lanes. 0.15 s on two cores."""


def hash_pin(pin: str) -> str:
    """What stands in the kiosk's file as `pin` of `[staff]`.

    Args:
        pin: 4 to 12 digits.

    Raises:
        SettingsError: it is too short, too long, or not only digits.
    """
    if not _PIN.fullmatch(pin):
        raise SettingsError(f"A PIN has {DIGITS_MIN} to {DIGITS_MAX} digits and nothing else. Choose another.")
    return _HASHER.hash(pin)


def check_hash(pin_hash: str) -> None:
    """Refuse what is no hash of ours when the kiosk starts, not when somebody stands before it.

    Args:
        pin_hash: from the configuration; empty = no PIN is set, which is allowed.

    Raises:
        SettingsError: it is no Argon2id hash.
    """
    if not pin_hash:
        return
    try:
        found = extract_parameters(pin_hash)
        _HASHER.verify(pin_hash, "")
    except VerificationError:  # the expected answer of a whole hash: the empty PIN is not it
        if (found.type, found.salt_len, found.hash_len) == (_HASHER.type, _HASHER.salt_len, _HASHER.hash_len):
            return
    except (InvalidHashError, ValueError):
        pass
    raise SettingsError(
        "The PIN of [staff] is not a hash. Make one with 'formcheck kiosk pin' and copy its whole line."
    )


def is_pin(pin_hash: str, pin: str) -> bool:
    """Whether it is the PIN. It takes as long for a right PIN, a wrong one, no PIN at all, and where none is set.

    Args:
        pin_hash: from the configuration.
        pin: what was typed.
    """
    try:
        return _HASHER.verify(pin_hash or _nobodys(), pin)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """A hash that is checked where none is set, so that the time says nothing."""
    return _HASHER.hash(os.urandom(16))


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment of this machine: seconds since it booted, and which boot that was. Setting the clock changes neither."""

    s: float
    boot: str

    @classmethod
    def now(cls) -> Instant:
        """This moment."""
        boot = ""
        with suppress(OSError):
            boot = BOOT_ID.read_text("ascii").strip()
        return cls(time.monotonic(), boot)


@dataclass(frozen=True, slots=True)
class PinGate:
    """How many wrong PINs there were, and until when nobody may try again. A value: each step makes a new one.

    It holds numbers only. The processes that show pages end with each visitor, so it lies in a file of the state folder
    (`read_gate`, `write_gate`). Time counts from the boot, so that nobody gains by setting the clock. After a boot the
    whole waiting begins anew: switching the machine off gains nothing either.
    """

    wrong: int = 0
    """Tries that were counted since the last right PIN."""
    until_s: float = 0.0
    """Seconds since the boot at which the next try is let through."""
    boot: str = ""
    """The boot that `until_s` counts from."""

    def wait_s(self, now: Instant) -> float:
        """Seconds until the next try is let through; 0 = now."""
        if now.boot != self.boot:
            return _wait_after(self.wrong)
        return min(max(self.until_s - now.s, 0.0), _wait_after(self.wrong))

    def at(self, now: Instant) -> PinGate:
        """The same gate in the present boot: call it once at start and keep what it gives, so that waiting goes on."""
        return self if self.boot == now.boot else PinGate(self.wrong, now.s + _wait_after(self.wrong), now.boot)

    def counted(self, now: Instant) -> PinGate:
        """One more try, counted as wrong; write it down before the PIN is checked."""
        wrong = self.wrong + 1
        return PinGate(wrong, now.s + _wait_after(wrong), now.boot)

    def to_json(self) -> str:
        """As text for a file."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes, now: Instant) -> PinGate:
        """The gate of a text. One that makes no sense counts as three wrong tries: damage opens nothing."""
        try:
            data = json.loads(text)
            wrong, until_s, boot = data["wrong"], data["until_s"], data["boot"]
            if type(wrong) is int and wrong >= 0 and isinstance(until_s, int | float) and isinstance(boot, str):
                return cls(wrong, float(until_s), boot).at(now)
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
        return cls(FREE_TRIES, now.s + FIRST_WAIT_S, now.boot)


def _wait_after(wrong: int) -> float:
    if wrong < FREE_TRIES:
        return 0.0
    return min(FIRST_WAIT_S * 2.0 ** min(wrong - FREE_TRIES, 30), LONGEST_WAIT_S)


def try_pin(
    gate: PinGate, pin_hash: str, pin: str, now: Instant, keep: Callable[[PinGate], object]
) -> tuple[PinGate, bool]:
    """Let one PIN be tried.

    The try is kept as a wrong one before it is checked: pulling the plug in between gains nothing.

    Args:
        gate: as it was.
        pin_hash: from the configuration; empty = nobody gets in.
        pin: what was typed.
        now: the present moment.
        keep: writes the gate down, such as `partial(write_gate, path)`.

    Returns:
        The gate as it is now, and whether the PIN was right. While it waits nothing is checked and nothing counted.
    """
    if gate.wait_s(now) > 0:
        return gate, False
    counted = gate.counted(now)
    keep(counted)
    if not is_pin(pin_hash, pin):
        return counted, False
    opened = PinGate(boot=now.boot)
    keep(opened)
    return opened, True


def read_gate(path: Path, now: Instant) -> PinGate:
    """The gate of a file; a new one where there is no file."""
    try:
        with path.open("rb") as file:
            return PinGate.from_json(file.read(BYTES_MAX), now)
    except FileNotFoundError:
        return PinGate(boot=now.boot)
    except OSError:
        return PinGate.from_json("", now)


def write_gate(path: Path, gate: PinGate) -> bool:
    """Write the gate down, whole or not at all; False where the disk won't take it (keep it in memory then)."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="ascii") as file:
            file.write(gate.to_json())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        return False
    return True
