"""A session as it is kept and read again: the JSON of a `SessionRecord`, checked, with what was added to it later.

Reports, exports, progress and the archive read these and nothing else: no exercise need be installed for it. Times are
seconds from the beginning of the set, angles degrees, reach a share of the range that counts; None is unknown, never 0.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from formcheck.core.body.pose import Side
from formcheck.core.rules.events import Verdict
from formcheck.session.record import BreakOff, Outcome

KeptState = Literal["open", "ended", "interrupted", "signed", "amended"]
"""Goes on; over; broke off without an end (a power cut); signed; signed and corrected since by an addendum."""


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Told(_Read):
    """What the coach told of a repetition that somebody has corrected, or the coach itself."""

    side: Side | None = None
    verdict: Verdict
    faults: tuple[str, ...] = ()


class Rep(_Read):
    """One repetition as it is held to be now."""

    index: int
    """Number among those that the coach counted, from 1; below 0: one that somebody added."""
    side: Side | None = None
    verdict: Verdict
    not_judged: tuple[str, ...] = ()
    """Parts that could not be judged; `rate` and `times` where the pictures' times did not bear it."""
    judged: dict[str, float] = {}
    """By fault: share (0..1) of the time in which it matters for which it could be judged."""
    start_s: float | None = None
    peak_s: float | None = None
    end_s: float | None = None
    out_s: float | None = None
    """Seconds of the way out."""
    hold_s: float | None = 0.0
    """None: nobody measured it."""
    reach: float | None = None
    back_t: float | None = None
    """Largest change of the hollow of the low back, torso lengths, positive = more arched."""
    back_deg: float | None = None
    """Largest bend of the low back against the own start, positive = extended."""
    back_sd_deg: float | None = None
    """Its standard deviation."""
    faults: tuple[str, ...] = ()
    told: Told | None = None
    """What the coach told, where that is something else; None where nothing was amended."""
    is_added: bool = False
    """Whether somebody added it: the coach has not counted it, and nothing was measured of it."""


class Attempt(_Read):
    """A movement that began and did not count."""

    start_s: float | None = None
    end_s: float | None = None
    side: Side | None = None
    reason: str = ""


class FaultSpan(_Read):
    """A fault from its beginning to its end."""

    name: str
    start_s: float
    end_s: float
    severity: int = 1
    magnitude: float | None = None
    unit: str = ""


class UnseenSpan(_Read):
    """A part that could not be seen for a while."""

    part: str
    start_s: float
    end_s: float
    advice: str = ""


class FaultWords(_Read):
    """What a fault is called and what is said about it."""

    short: str
    cue: str = ""
    severity: int = 1
    parts: tuple[str, ...] = ()
    """Body parts that it is about; `back` is the outline of the back."""


class Suggestion(_Read):
    """A shorter reach that would keep a fault away, as the coach learned it in a set."""

    fault: str
    setting: str
    value: float
    unit: str = ""
    times: int = 0


class Proposal(_Read):
    """A change of dose or range that is proposed, never ordered (`session/next_step.py`)."""

    exercise: str
    what: str
    """`reps` (of a set; of each side where each has its own number), `hold_s`, or another setting of the exercise."""
    was: float
    value: float
    unit: str = ""
    why: Literal["easy", "pain", "faults", "reach"]
    text: str
    """One sentence for the person."""


class SetDocument(_Read):
    """One set."""

    set_id: str
    exercise: str
    title: str = ""
    set: int = 1
    """Which set of this exercise, from 1."""
    side: Side | None = None
    """The side that was asked for."""
    outcome: Outcome = "interrupted"
    why: BreakOff | None = None
    started_utc: datetime | None = None
    length_s: float = 0.0
    target_reps: int | None = None
    """Repetitions that were asked for, of all sides; None without a plan."""
    target_hold_s: float | None = None
    reps: tuple[Rep, ...] = ()
    """Those that count."""
    taken_back: tuple[Rep, ...] = ()
    """Those that the coach counted and somebody took back."""
    attempts: tuple[Attempt, ...] = ()
    clean_reps: int = 0
    faulty_reps: int = 0
    not_judged_reps: int = 0
    hold_total_s: float = 0.0
    judged_share: dict[str, float] = {}
    """By body part: how well it was judged, 0..1."""
    faults: dict[str, int] = {}
    """By fault: in how many repetitions (or bouts) it was seen."""
    fault_words: dict[str, FaultWords] = {}
    fault_spans: tuple[FaultSpan, ...] = ()
    unseen: tuple[str, ...] = ()
    unseen_spans: tuple[UnseenSpan, ...] = ()
    side_on_deg: float | None = None
    rate: dict[str, JsonValue] = {}
    suggestions: tuple[Suggestion, ...] = ()
    measured: dict[str, str] = {}
    """What a run measured, as a title and a text."""
    settings_changes: tuple[dict[str, JsonValue], ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether it stands: one that was thrown away by a restart does not."""
        return self.outcome != "restarted"

    @property
    def name(self) -> str:
        """The exercise in words."""
        return self.title or self.exercise


class PlannedDocument(_Read):
    """A set that was planned."""

    exercise: str
    title: str = ""
    set: int = 1
    side: Side | None = None
    target_reps: int | None = None
    target_hold_s: float | None = None


class ProgramDocument(_Read):
    """Which program it was; its title is not kept, since it may hold a name."""

    hash: str = ""
    sets: int = 0


class Pain(_Read):
    """0 to 10 (NPRS); None where it was not asked or not answered."""

    before: int | None = Field(default=None, ge=0, le=10)
    after: int | None = Field(default=None, ge=0, le=10)


class ProvenanceDocument(_Read):
    """Where the numbers come from."""

    app: str = ""
    models: dict[str, str] = {}
    """SHA-256 by model."""
    settings: dict[str, dict[str, JsonValue]] = {}
    """Thresholds that differ from the defaults, by exercise."""
    ways: dict[str, bool] = {}
    """`gentle` and `pace`, where they were asked for."""
    camera: dict[str, JsonValue] = {}
    side_on_deg: float | None = None
    failed_rules: JsonValue = None


class SessionDocument(_Read):
    """The JSON of a session (`formcheck.session/2`, docs/developers/json.md)."""

    session_id: str
    program: ProgramDocument | None = None
    planned: tuple[PlannedDocument, ...] = ()
    started_utc: datetime | None = None
    ended_utc: datetime | None = None
    is_complete: bool = False
    break_off: BreakOff | None = None
    length_s: float = 0.0
    pain: Pain = Pain()
    effort: dict[str, int | None] = {}
    """0 to 10 (CR10) by exercise."""
    sets: tuple[SetDocument, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    """What was proposed for next time when it was over; also where only a clinician is shown it."""
    provenance: ProvenanceDocument | None = None

    @property
    def began_utc(self) -> datetime | None:
        """When it began; None for a recording."""
        return self.started_utc or next((one.started_utc for one in self.sets if one.started_utc), None)

    @property
    def shown_sets(self) -> tuple[SetDocument, ...]:
        """The sets that stand."""
        return tuple(one for one in self.sets if one.is_shown)

    @property
    def is_stopped_by_pain(self) -> bool:
        """Whether it ended because it hurt."""
        return self.break_off == "pain" and not self.is_complete


class Amended(_Read):
    """A correction: what a repetition or a fault was held to be, and is now. The original stays in the store."""

    set_id: str
    kind: Literal["RepAdded", "RepAmended", "FaultAmended", "BackWithdrawn"]
    rep: int | None = None
    """Index of the repetition; None where it belongs to none."""
    fault: str = ""
    was: JsonValue = None
    now: JsonValue = None
    by: str = ""
    """A role or a pseudonym, never a name; empty: the coach itself."""
    why: str = ""
    utc: datetime | None = None
    is_addendum: bool = False
    """Whether it came after the signature."""


class Changed(_Read):
    """Other thresholds, or another dose, from a moment of a set on."""

    set_id: str
    was: dict[str, float] = {}
    """What held until then, by name, as far as it is known; `reps` are the repetitions asked for."""
    now: dict[str, float]
    by: str = ""
    """A role or a pseudonym, never a name; `formcheck`: the coach itself."""
    why: str = ""
    utc: datetime | None = None


class Signature(_Read):
    """Who signed a session, and what: the SHA-256 of all that was in it."""

    by: str
    utc: datetime
    sha256: str


class Figure(_Read):
    """A stick figure of one moment, in torso lengths, x to the right and y downward of the middle of the hips."""

    set_id: str
    rep: int | None = None
    fault: str = ""
    """The fault that it shows; empty for the best repetition's furthest reach."""
    joints: tuple[tuple[float, float] | None, ...]
    """The 33 joints of the pose; None = not seen."""
    back: tuple[tuple[float, float] | None, ...] = ()
    """The outline of the back, from the shoulder to the hip."""


class Kept(_Read):
    """A session out of the store."""

    session: SessionDocument
    person: str | None = None
    """Pseudonym, 32 hexadecimal digits; None where nobody was named."""
    station: str = ""
    """Which kiosk or laptop, as its keeper called it."""
    state: KeptState = "ended"
    amended: tuple[Amended, ...] = ()
    changed: tuple[Changed, ...] = ()
    """Thresholds and doses that somebody changed while a set went on."""
    signatures: tuple[Signature, ...] = ()
    figures: tuple[Figure, ...] = ()
    has_poses: bool = False
    """Whether its pose streams were kept too, so that it can be replayed and scored again."""
