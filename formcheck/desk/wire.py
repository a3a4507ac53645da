"""What a station and the desk say to each other: typed messages, one JSON text each. Pure: no socket, no clock.

Numbers, stick figures and events go over the wire, never a picture. Every field is checked, and whatever makes no sense
is a `MessageError`, and nothing else. Pixels are those of the unmirrored camera picture, x right, y down; angles are
degrees, times seconds of the station's camera clock unless a name says otherwise.
"""

from __future__ import annotations

import contextlib
import json
import math
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError, field_validator

from formcheck.core.body.back import STATIONS
from formcheck.core.body.pose import JOINT_COUNT, Side
from formcheck.core.coach.snapshot import BackVerdict, Stage
from formcheck.core.rules.events import Event, Verdict
from formcheck.session.wire import Entry, WireError, event_in
from formcheck.system.errors import FormcheckError

VERSION = 2
"""Of this protocol. Both ends must have the same one."""
PATH = "/station"
"""Where stations connect."""
FRAME_MAX, ENTRY_MAX, MESSAGE_MAX = 1500, 200_000, 262_144
"""Bytes of a frame as it is made, of an entry as it is made (a program of two hundred sets), and of any message that is
read."""
GREETING_MAX = 16_384
"""Bytes of a message of somebody who was not let in yet."""
LINE_MAX, WHY_MAX, NAME_MAX, BY_MAX = 120, 300, 60, 64
"""Characters of a line for the patient's screen, of a reason, of a name, of who it was."""
PIXEL_MAX = 32_767
"""Farthest that a joint lies from the picture's corner, pixels; one that is guessed further off is put there."""
REPS_MAX = 100
"""Most repetitions that a set may be made to ask for."""
POINTS = len(STATIONS)
"""Points of the back's outline."""

Text = Annotated[str, Field(max_length=NAME_MAX)]
Name = Annotated[str, Field(min_length=1, max_length=NAME_MAX, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._\-]*$")]
"""Of an exercise, a fault, a setting, a cue."""
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z\-]+$")]
Pixel = Annotated[int, Field(ge=-PIXEL_MAX, le=PIXEL_MAX)]
Share = Annotated[float, Field(ge=-1e6, le=1e6)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Seconds = Annotated[float, Field(ge=-1e12, le=1e12)]
Number = Annotated[int, Field(ge=0, le=2**53)]


class MessageError(FormcheckError):
    """A message makes no sense, is too long, or of another version; its text says which."""


class VersionError(MessageError):
    """The other end speaks another version of the protocol."""


class Message(BaseModel):
    """Anything that is said. Frozen, strict: nothing is guessed, nothing unknown is let through."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


# -- who is there ------------------------------------------------------------------------------------------------------


class Challenge(Message):
    """Desk -> station, first of all: sign this."""

    m: Literal["challenge"] = "challenge"
    v: int = VERSION
    nonce: str = Field(pattern=r"^[0-9a-f]{64}$")
    """32 random bytes, hexadecimal; of this connection only."""


class Hello(Message):
    """Station -> desk: who it is, proved by a signature over the nonce and the desk's certificate."""

    m: Literal["hello"] = "hello"
    v: int = VERSION
    key: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Ed25519 public key, hexadecimal. The station's id is made of it (`station_id`)."""
    name: Text = ""
    """What the station calls itself; never a person's name."""
    app: str = Field(default="", max_length=30)
    """Version of FormCheck."""
    signature: str = Field(pattern=r"^[0-9a-f]{128}$")


class Welcome(Message):
    """Desk -> station: it is known, and may speak."""

    m: Literal["welcome"] = "welcome"
    v: int = VERSION
    station: Id
    desk: Text = ""
    """What the desk calls itself."""


class Unpaired(Message):
    """Desk -> station: it is not known; show a code and wait."""

    m: Literal["unpaired"] = "unpaired"


class PairShare(Message):
    """Desk -> station: somebody has typed a code; the desk's half of the exchange of keys."""

    m: Literal["pair-share"] = "pair-share"
    share: str = Field(pattern=r"^[0-9a-f]{1,768}$")


class PairAnswer(Message):
    """Station -> desk: its half, and the proof that it has the same code."""

    m: Literal["pair-answer"] = "pair-answer"
    share: str = Field(pattern=r"^[0-9a-f]{1,768}$")
    proof: str = Field(pattern=r"^[0-9a-f]{64}$")


class PairProof(Message):
    """Desk -> station: the desk's proof; empty where the station's was wrong."""

    m: Literal["pair-proof"] = "pair-proof"
    proof: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


class Refused(Message):
    """Desk -> station, the last thing that is said: why not."""

    m: Literal["refused"] = "refused"
    why: str = Field(max_length=WHY_MAX)


# -- station -> desk ---------------------------------------------------------------------------------------------------


class Numbered(Message):
    """Said after the welcome: numbered from 0 in each connection and each direction, without a gap."""

    n: Number = 0


class Outline(Message):
    """The outline of the back, and what is made of it."""

    xy: list[Pixel | None] = Field(max_length=2 * POINTS)
    """x and y of each point in turn, whole pixels; None where it was not seen. Empty where nobody looked."""
    value: Share | None = None
    """Change of the low back against the own start, positive = more arched; None = unknown."""
    spread: Share | None = None
    """Half of the interval that holds the true change in 90 % of the pictures; None = unknown."""
    margin: Share = 0.0
    """How far within a limit a change must be, to be surely within."""
    arch_limit: Share = 0.0
    round_limit: Share = 0.0
    """Limits, 0 = none. All five in degrees; in torso lengths where the movement is one of the outline itself."""
    verdict: BackVerdict = "unknown"


class Frame(Numbered):
    """One picture's stick figure and numbers: no more than `FRAME_MAX` bytes. May be dropped."""

    m: Literal["frame"] = "frame"
    set_id: Id
    t_s: Seconds
    """Time of the picture."""
    made_ms: Number
    """When this was made, UTC, milliseconds since 1970 by the station's clock."""
    width: int = Field(ge=1, le=PIXEL_MAX)
    height: int = Field(ge=1, le=PIXEL_MAX)
    xy: list[Pixel] = Field(min_length=2 * JOINT_COUNT, max_length=2 * JOINT_COUNT)
    """x and y of each of the 33 joints in turn; 0, 0 where it is absent."""
    evidence: str = Field(pattern=r"^[012]{33}$")
    """Of each joint: 0 absent, 1 predicted, 2 measured."""
    back: Outline | None = None
    stage: Stage = "waiting"
    phase: Text = ""
    phase_text: Text = ""
    side: Side | None = None
    reps: Count = 0
    clean: Count = 0
    faulty: Count = 0
    not_judged: Count = 0
    """Repetitions as the coach counts them, without what was amended."""
    target: Count = 0
    hold_s: Seconds = 0.0
    hold_target_s: Seconds = 0.0
    """0 where there is no timed hold."""
    faults: list[Name] = Field(default=[], max_length=6)
    """Going on now."""
    unseen: Text = ""
    """The part that can't be seen; empty when everything needed is."""
    fps: float = Field(default=0.0, ge=0, le=1000)
    """Poses a second that reach the coach, over the last two seconds."""


class EntrySaid(Numbered):
    """Something happened: an entry of a session, as `session.wire` writes it. Kept until it is acknowledged. May come
    twice: (session_id, i) says which it is. Whoever keeps it looks at its body: else one that made no sense would hold
    up all that comes after it."""

    m: Literal["entry"] = "entry"
    k: Number
    """Number among what this station's program keeps; an `Ack` names it."""
    session_id: Id
    i: Number
    """Its place in the session, from 0, without a gap."""
    kind: Literal["session", "set", "events", "set-end", "answers", "provenance", "proposals", "end"]
    set_id: str = Field(default="", pattern=r"^[0-9A-Za-z\-]{0,36}$")
    utc: str | None = Field(default=None, max_length=40)
    """By the station's clock, ISO 8601; None where a recording is played."""
    person: str = Field(default="", pattern=r"^([0-9a-f]{32})?$")
    """With the first entry: the pseudonym of the ticket that somebody came with; empty for nobody's."""
    is_kept: bool = True
    """False: somebody did not want it kept; it is shown, and not written."""
    body: dict[str, JsonValue]

    @field_validator("utc")
    @classmethod
    def _is_time(cls, utc: str | None) -> str | None:
        if utc is not None and datetime.fromisoformat(utc).tzinfo is None:
            raise ValueError("a time says its offset")
        return utc

    @property
    def entry(self) -> Entry:
        """The entry itself."""
        return Entry(self.kind, self.body, self.set_id, self.utc)

    @property
    def events(self) -> tuple[Event, ...]:
        """What was found; nothing in an entry of another kind.

        Raises:
            MessageError: it makes no sense, or is of another set than it is said to be.
        """
        if self.kind != "events":
            return ()
        listed: Any = self.body.get("events")
        try:
            found = tuple(event_in(each) for each in listed)
        except (WireError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
            raise MessageError("An event makes no sense, or is of a newer version.") from None
        if any(event.set_id != self.set_id or not math.isfinite(event.t_s) for event in found):
            raise MessageError("An event is not the one that it is said to be.")
        return found


class Status(Numbered):
    """How the station is now: told when it changes, and every two seconds."""

    m: Literal["status"] = "status"
    page: Text = ""
    """What is on the screen: `set`, or the kind of page."""
    session_id: str = Field(default="", max_length=64)
    set_id: str = Field(default="", max_length=64)
    exercise: str = Field(default="", max_length=NAME_MAX)
    title: Text = ""
    stage: Stage = "waiting"
    reps: Count = 0
    clean: Count = 0
    faulty: Count = 0
    not_judged: Count = 0
    """Repetitions of the set that count, by verdict, as amended: what the patient's screen says."""
    is_held: bool = False
    """Whether somebody has paused the set."""
    hurts: bool = False
    """Somebody said that it hurts; until the next set works."""
    has_left: bool = False
    """Nobody is in the picture of a set for some seconds."""
    settings: dict[Name, Share] = Field(default={}, max_length=100)
    """Settings of the exercise that differ from its defaults now, by name."""
    asked: Count = 0
    """Repetitions that are asked for in this set (of each side, where that is meant); 0 = no number."""
    kept: Number = 0
    """Entries that wait for an acknowledgement."""
    lost: Number = 0
    """Entries that were given up because too many waited."""


class CueSaid(Numbered):
    """A cue was heard, or shown where there is no sound. May be dropped."""

    m: Literal["cue"] = "cue"
    set_id: Id
    t_s: Seconds
    name: str = Field(max_length=NAME_MAX)
    kind: str = Field(max_length=20)
    text: str = Field(max_length=WHY_MAX)
    """The English source text."""


class Done(Numbered):
    """What became of a command."""

    m: Literal["done"] = "done"
    id: Number
    ok: bool
    text: str = Field(default="", max_length=WHY_MAX)
    """A sentence where it was refused."""


# -- desk -> station ---------------------------------------------------------------------------------------------------


class Ack(Numbered):
    """Everything kept up to this one is written at the desk."""

    m: Literal["ack"] = "ack"
    k: Number


class Command(Numbered):
    """Something that the station is to do; it answers by `Done`. `id` is given by the hub."""

    id: Number = 0
    by: str = Field(default="", max_length=BY_MAX)
    """Who wants it: a role or a pseudonym, never a name."""


class Amend(Command):
    """Correct a repetition of the set that goes on. The coach's own stays; this is one more event."""

    m: Literal["amend"] = "amend"
    set_id: Id
    rep: int = Field(default=0, ge=-10_000, le=10_000)
    """Its index, from 1, among those that the coach counted; below 0: one that was added. 0 for `add`."""
    what: Literal["count", "verdict", "fault", "as-told", "add"]
    """Whether it counts; its verdict; whether it had a fault; back to what the coach told; one more that the coach has
    not counted."""
    is_so: bool = True
    """For `count` and `fault`: yes or no."""
    verdict: Verdict = "clean"
    """For `verdict` and `add`; a clean one has no faults."""
    fault: str = Field(default="", max_length=NAME_MAX)
    """For `fault`, and for `add` of a faulty one: one of the exercise's. What is in no list stands in `why`."""
    side: Side | None = None
    """For `add`, where the exercise has sides."""
    why: str = Field(default="", max_length=WHY_MAX)


class Steer(Command):
    """Lead the session."""

    m: Literal["steer"] = "steer"
    to: Literal["next", "pause", "go-on", "repeat", "change-side", "end"]


class Say(Command):
    """Say one of the coach's cues, or show a line. One of both."""

    m: Literal["say"] = "say"
    cue: str = Field(default="", max_length=NAME_MAX)
    """A fault of the exercise by name, or a sentence of the session by its name (`safety.hurt`)."""
    line: str = Field(default="", max_length=LINE_MAX)
    """Shown as it stands, not spoken."""

    @field_validator("line")
    @classmethod
    def _printable(cls, line: str) -> str:
        if not line.isprintable():
            raise ValueError("a line has letters only")
        return line


class Threshold(Command):
    """Change a setting of the exercise for this patient, from the next repetition on."""

    m: Literal["threshold"] = "threshold"
    set_id: Id
    setting: Name
    value: float
    why: str = Field(min_length=1, max_length=WHY_MAX)


class Dose(Command):
    """Change how many repetitions are asked for in this set (of each side, where that is meant)."""

    m: Literal["dose"] = "dose"
    set_id: Id
    reps: int = Field(ge=1, le=REPS_MAX)
    why: str = Field(min_length=1, max_length=WHY_MAX)


AnyCommand = Amend | Steer | Say | Threshold | Dose
FromStation = Hello | PairAnswer | Frame | EntrySaid | Status | CueSaid | Done
FromDesk = (
    Challenge | Welcome | Unpaired | PairShare | PairProof | Refused | Ack | Amend | Steer | Say | Threshold | Dose
)

_STATION: TypeAdapter[FromStation] = TypeAdapter(Annotated[FromStation, Field(discriminator="m")])
_DESK: TypeAdapter[FromDesk] = TypeAdapter(Annotated[FromDesk, Field(discriminator="m")])


def encode(message: Message) -> str:
    """A message as JSON without spaces; what has its default value is left out.

    Raises:
        MessageError: it is longer than any message may be.
    """
    always = {name: getattr(message, name) for name in ("m", "v") if hasattr(message, name)}
    body = always | message.model_dump(mode="json", exclude_defaults=True)
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    if len(text.encode("utf-8", "surrogatepass")) > MESSAGE_MAX:
        raise MessageError(f"This message is longer than {MESSAGE_MAX} bytes.")
    return text


def from_station(data: str | bytes) -> FromStation:
    """What a station said.

    Raises:
        MessageError: it makes no sense.
        VersionError: it is of another version.
    """
    message: FromStation = _read(_STATION, data)
    return message


def from_desk(data: str | bytes) -> FromDesk:
    """What the desk said.

    Raises:
        MessageError: it makes no sense.
        VersionError: it is of another version.
    """
    message: FromDesk = _read(_DESK, data)
    return message


def _read(adapter: TypeAdapter[Any], data: str | bytes) -> Any:
    try:
        raw = data.encode() if isinstance(data, str) else data
        if len(raw) > MESSAGE_MAX:
            raise MessageError(f"A message of {len(raw)} bytes is too long: {MESSAGE_MAX} are the most.")
        message = adapter.validate_json(raw)
    except (ValidationError, ValueError, RecursionError) as error:
        _check_version(data)
        raise MessageError(_told(error)) from None
    _check_version(message)
    return message


def _check_version(said: Message | str | bytes) -> None:
    """Whatever else is wrong with a message of another version, the version is told.

    Raises:
        VersionError: it is of another version.
    """
    version: object = VERSION
    if isinstance(said, Message):
        version = getattr(said, "v", VERSION)
    else:
        with contextlib.suppress(ValueError, RecursionError):
            body = json.loads(said)
            version = body.get("v", VERSION) if isinstance(body, dict) else VERSION
    if version != VERSION and isinstance(version, int):
        raise VersionError(
            f"The other end speaks version {str(version)[:10]} of the desk's protocol, this one version {VERSION}. "
            "Update the older of the two."
        )


def _told(error: Exception) -> str:
    """Which field it was, and no more: the values may be anybody's."""
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part)[:30] for part in first["loc"][:4])
        return f"A message makes no sense ({where or 'as a whole'}: {first['type']})."
    return "A message makes no sense (no text)."


def numbered(message: Numbered, n: int) -> Numbered:
    """The same message with its number in this connection."""
    return message.model_copy(update={"n": n})


def whole(value: float) -> int:
    """A coordinate as a whole number of pixels, put within what may be said; 0 where it is none."""
    return 0 if not math.isfinite(value) else round(max(-PIXEL_MAX, min(PIXEL_MAX, value)))


def known(value: float, digits: int = 3) -> float | None:
    """A number, rounded; None where it is none."""
    return round(value, digits) if math.isfinite(value) and abs(value) <= 1e6 else None
