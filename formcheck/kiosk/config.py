"""What a clinic sets for its kiosk: one TOML file, checked before anything starts."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from formcheck.desk.identity import Address
from formcheck.session.texts import SOURCE_LANGUAGE, languages
from formcheck.session.toml_file import TomlFile
from formcheck.system.errors import UsageError

CONFIG_PATH = Path("/etc/formcheck/kiosk.toml")
"""Where an installed kiosk has its file."""
NAME_MAX, LINE_MAX = 60, 140
"""Letters of the clinic's name and of its sentence: what can be read from 2.5 m."""

Meaning = Literal["one", "two", "three", "next", "back", "confirm", "pause", "hurt", "staff"]
"""What a key of a foot pedal or of a presenter's remote can be made to mean."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Clinic(_Strict):
    """What the attract page says of the clinic."""

    name: str = Field(default="", max_length=NAME_MAX)
    line: str = Field(default="", max_length=LINE_MAX)
    """One sentence of the clinic's own, as it stands, in whatever language."""


class CameraChoice(_Strict):
    """Which camera, and how it hangs."""

    source: str = ""
    """Number, name or address, as `--source` takes it; the first camera by default."""
    rotate: Literal[0, 90, 180, 270] = 0
    mirror: bool = False
    fov_deg: float = Field(default=70.0, ge=40, le=140)
    """Its field of view along the picture's longer side, degrees, as its maker says: how near somebody is is told by
    it."""


class Sound(_Strict):
    """How loud it is, of 1."""

    volume: float = Field(default=1.0, ge=0, le=1)
    night_volume: float = Field(default=0.5, ge=0, le=1)


class Night(_Strict):
    """When the attract page is dim, local time; the same time twice is never."""

    begins: time = time(20)
    ends: time = time(7)

    def has(self, now: time) -> bool:
        """Whether it is night."""
        if self.begins <= self.ends:
            return self.begins <= now < self.ends
        return now >= self.begins or now < self.ends


class Staff(_Strict):
    """The door for the staff."""

    pin: str = ""
    """Hash of the PIN, as `formcheck kiosk pin` prints it; without one there is no staff menu."""


class Printer(_Strict):
    """A printer of this machine for the result, as `lpstat -p` names it; none by default."""

    name: str = Field(default="", pattern=r"^[A-Za-z0-9_.-]*$")


class Tickets(_Strict):
    """ "My program": what a clinician's desk has signed."""

    key: str = ""
    """The desk's public key, as `formcheck kiosk ticket key` prints it; without one no ticket is taken."""
    folder: Path | None = None
    """Tickets that can be called by their short code."""


class Times(_Strict):
    """How long it is waited, seconds."""

    answer_s: float = Field(default=30.0, ge=10, le=600)
    """For an answer, before it is asked whether somebody is there."""
    still_there_s: float = Field(default=10.0, ge=5, le=60)
    """For a sign of life after that."""
    report_s: float = Field(default=60.0, ge=15, le=600)
    """For which a report is shown; longer while somebody stands before it."""
    away_pause_s: float = Field(default=5.0, ge=2, le=60)
    """Out of the picture in a set, until it is paused."""
    away_ask_s: float = Field(default=20.0, ge=5, le=300)
    """Until it is asked."""
    away_end_s: float = Field(default=60.0, ge=10, le=900)
    """Until the visit is over."""


class KioskConfig(_Strict):
    """All of it. Everything has a default that works without a file."""

    language: str = SOURCE_LANGUAGE
    """Spoken until somebody has chosen."""
    languages: tuple[str, ...] = Field(default_factory=languages, min_length=1, max_length=3)
    """What can be chosen."""
    programs: tuple[str, ...] = ("low-back-daily",)
    """Names of programs that ship, or paths of the clinic's own."""
    exercises: bool = True
    """Whether single exercises can be chosen."""
    desk: str = ""
    """Address of the supervisor's desk that sees what is done here, such as `192.168.1.20:8443`; none by default."""
    desk_saves: bool = False
    """Whether what the desk has not taken may wait on this computer's disk, sealed, until it has; else it is forgotten
    when the visitor goes."""
    keeps: bool = False
    """Whether what was done by a ticket is kept in the store, where the person agrees."""
    clinic: Clinic = Field(default_factory=Clinic)
    camera: CameraChoice = Field(default_factory=CameraChoice)
    sound: Sound = Field(default_factory=Sound)
    night: Night = Field(default_factory=Night)
    staff: Staff = Field(default_factory=Staff)
    printer: Printer = Field(default_factory=Printer)
    tickets: Tickets = Field(default_factory=Tickets)
    times: Times = Field(default_factory=Times)
    keys: dict[Annotated[str, Field(max_length=30)], Meaning] = Field(default_factory=dict)
    """Keys by SDL's name (`PageDown`, `F5`), and what they mean beside their own meaning."""

    @field_validator("desk")
    @classmethod
    def _reachable(cls, address: str) -> str:
        if address:
            try:
                Address.parse(address)
            except UsageError as error:
                raise ValueError(str(error)) from error
        return address

    @field_validator("language")
    @classmethod
    def _known(cls, code: str) -> str:
        if code not in languages():
            raise ValueError(f"there is no language {code!r}; there are {', '.join(languages())}")
        return code

    @field_validator("languages")
    @classmethod
    def _all_known(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        for code in codes:
            cls._known(code)
        return tuple(dict.fromkeys(codes))


def load_config(path: Path | None = None) -> KioskConfig:
    """The kiosk's file; the defaults where none is named and none is installed.

    Raises:
        SettingsError: it can't be read, or makes no sense; the text names the line.
    """
    if path is None:
        if not CONFIG_PATH.exists():
            return KioskConfig()
        path = CONFIG_PATH
    return TomlFile.read(path).check(KioskConfig)
