"""How a kiosk is to be installed: what the person said, checked, and the places that follow from it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from formcheck.kiosk.config import CONFIG_PATH
from formcheck.system.errors import UsageError

Display = Literal["cage", "kms", "x11"]

PREFIX = "/opt/formcheck"
"""Where the versions lie; `current` in it is a link to the one that runs."""
STATE = "/var/lib/formcheck"
"""The one folder that the kiosk may write to."""
VENDOR_KEY = "/etc/formcheck/vendor.pub"
"""The public key that updates are signed with; without the file they are checked by their hashes only."""

_USER = re.compile(r"[a-z_][a-z0-9_-]{0,30}")
_TTY = re.compile(r"tty[1-9][0-9]?")
_PATH = re.compile(r"/[A-Za-z0-9_./+-]{1,200}")
_CAMERA = re.compile(r"[0-9a-f]{4}:[0-9a-f]{4}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of `formcheck kiosk install`.

    Raises:
        UsageError: something of it can't be put into a unit file, or makes no sense.
    """

    user: str = "formcheck"
    """The system user that the kiosk runs as; it is made."""
    config: str = str(CONFIG_PATH)
    display: Display = "cage"
    tty: str = "tty1"
    addresses: Sequence[str] = field(default=())
    """The desk's and the store's address; none = no network at all."""
    camera: str = ""
    """USB vendor and product of the camera, such as `046d:0825`; any camera by default."""

    def __post_init__(self) -> None:
        if not _USER.fullmatch(self.user) or self.user == "root":
            raise UsageError("--user is the name of a system user: small letters, digits, - and _, and never root.")
        if not _TTY.fullmatch(self.tty):
            raise UsageError("--tty is a console such as tty1.")
        if not _PATH.fullmatch(self.config) or ".." in PurePosixPath(self.config).parts:
            raise UsageError("--config is a whole path without blanks, such as /etc/formcheck/kiosk.toml.")
        if self.camera and not _CAMERA.fullmatch(self.camera):
            raise UsageError("--camera is what lsusb shows after ID, such as 046d:0825.")
        for address in self.addresses:
            _checked(address)

    @property
    def families(self) -> str:
        """Address families of the network that is allowed, for a unit file; empty = none."""
        found = {"AF_INET6" if _checked(address).version == 6 else "AF_INET" for address in self.addresses}
        return " ".join(sorted(found))

    @property
    def terminal(self) -> str:
        """The number of the console."""
        return self.tty.removeprefix("tty")


def _checked(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        found = None
    if found is None or found.is_unspecified or found.is_multicast or "%" in address:
        raise UsageError(f"{address!r} is not the address of one machine. Give one such as 192.168.1.20.")
    return found
