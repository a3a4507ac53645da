"""What the screen is told to show: plain values, no decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import Back
from formcheck.core.body.pose import Pose
from formcheck.core.coach.snapshot import Snapshot
from formcheck.core.rules.events import CueKind

CameraStatus = Literal["ok", "opening", "lost", "ended"]
SoundStatus = Literal["on", "muted", "none"]
Polyline = tuple[tuple[float, float], ...]
"""Points in a box 0..1 wide and 0..1 high (right, down). One that ends where it began is filled."""


class Action(Enum):
    """What the person asked for with a key, or with the mouse on the key's button."""

    PAUSE = "pause"
    NEXT = "next"
    RESTART = "restart"
    MUTE = "mute"
    VOLUME_UP = "volume-up"
    VOLUME_DOWN = "volume-down"
    HELP = "help"
    DEBUG = "debug"
    FULLSCREEN = "fullscreen"
    """The window has already changed when this is returned."""
    CONFIRM = "confirm"
    """Enter, anywhere but in the menu."""
    HURT = "hurt"
    """It hurts: stop at once."""
    SAFETY = "safety"
    """Show the safety page."""
    BACK = "back"
    """Esc: one level up; from the menu it quits."""
    QUIT = "quit"
    """The window was closed."""


@dataclass(frozen=True, slots=True)
class Choose:
    """An exercise was chosen in the menu."""

    name: str


@dataclass(frozen=True, slots=True)
class Hint:
    """A key, what it does in a word, and the action: drawn as a small button."""

    key: str
    label: str
    action: Action


WORK_HINTS = (
    Hint("Space", "Pause", Action.PAUSE),
    Hint("N", "Next", Action.NEXT),
    Hint("R", "Restart", Action.RESTART),
    Hint("M", "Mute", Action.MUTE),
    Hint("H", "Help", Action.HELP),
    Hint("Esc", "Menu", Action.BACK),
)
SETUP_HINTS = (
    Hint("Enter", "Start anyway", Action.CONFIRM),
    *(h for h in WORK_HINTS if h.action not in (Action.PAUSE, Action.RESTART)),
)
COURSE_HINTS = (
    Hint("Space", "Pause", Action.PAUSE),
    Hint("N", "Skip", Action.NEXT),
    Hint("X", "It hurts", Action.HURT),
    Hint("M", "Mute", Action.MUTE),
    Hint("H", "Help", Action.HELP),
    Hint("Esc", "Stop", Action.BACK),
)
MENU_HINTS = (
    Hint("H", "Help", Action.HELP),
    Hint("S", "Safety", Action.SAFETY),
    Hint("M", "Mute", Action.MUTE),
    Hint("F", "Full screen", Action.FULLSCREEN),
    Hint("Esc", "Quit", Action.BACK),
)
PAGE_HINTS = (Hint("Enter", "Go on", Action.CONFIRM), Hint("Esc", "Back", Action.BACK))
SUMMARY_HINTS = (
    Hint("R", "Again", Action.RESTART),
    Hint("N", "Next exercise", Action.NEXT),
    Hint("Esc", "Menu", Action.BACK),
)


@dataclass(frozen=True, slots=True)
class Caption:
    """The cue being given."""

    text: str
    kind: CueKind = "setup"


@dataclass(frozen=True, slots=True)
class CameraState:
    """How the camera is, with a sentence for the person when it is not `ok`."""

    status: CameraStatus = "ok"
    message: str = ""


@dataclass(frozen=True, slots=True)
class SoundState:
    """Whether the person can hear anything, with a short word (e.g. "Volume 60 %") to show for a while."""

    status: SoundStatus = "on"
    message: str = ""


@dataclass(frozen=True, slots=True)
class DebugNumbers:
    """Figures for those who look under the hood."""

    fps: float = 0.0
    dropped: int = 0
    latency_p50_ms: float = 0.0
    latency_p95_ms: float = 0.0
    people: int = 0
    lines: tuple[str, ...] = ()
    """Anything further, one short line each."""


@dataclass(frozen=True, slots=True)
class Course:
    """Where a session is."""

    number: int
    """Of this set, from 1."""
    count: int
    text: str = ""
    """What this set is, e.g. "10 times, hold 5 s, left side"."""
    steps: tuple[str, ...] = ()
    """What to do, shown while there is time to read."""
    sign_share: float = 0.0
    """How far the sign to skip has been held, 0..1."""


@dataclass(frozen=True, slots=True, eq=False)
class ViewModel:
    """A set in progress."""

    title: str
    snapshot: Snapshot = field(default_factory=Snapshot)
    image: NDArray[np.uint8] | None = None
    """(height, width, 3) BGR of the camera, not mirrored; None before the first picture."""
    pose: Pose | None = None
    back: Back | None = None
    caption: Caption | None = None
    camera: CameraState = CameraState()
    sound: SoundState = SoundState()
    debug: DebugNumbers | None = None
    """None hides the overlay."""
    hints: tuple[Hint, ...] = WORK_HINTS
    is_mirrored: bool = True
    course: Course | None = None
    """None outside a session."""


@dataclass(frozen=True, slots=True)
class Card:
    """One exercise in the menu."""

    name: str
    title: str
    line: str = ""
    dose: str = ""
    figure: tuple[Polyline, ...] = ()


@dataclass(frozen=True, slots=True)
class MenuView:
    """The start menu."""

    cards: tuple[Card, ...] = ()
    notice: str = ""
    """A sentence above the keys, e.g. that an exercise could not be loaded."""
    sound: SoundState = SoundState()
    hints: tuple[Hint, ...] = MENU_HINTS


@dataclass(frozen=True, slots=True)
class MessageView:
    """A sentence about what went wrong (or is going on), and what to do."""

    text: str
    advice: str = ""
    is_error: bool = True
    hints: tuple[Hint, ...] = PAGE_HINTS


@dataclass(frozen=True, slots=True)
class HelpView:
    """All keys, and how to place the camera."""

    hints: tuple[Hint, ...] = (Hint("H", "Close help", Action.HELP),)


@dataclass(frozen=True, slots=True)
class SummaryView:
    """A set that is done."""

    title: str
    reps: int = 0
    target_reps: int = 0
    clean_reps: int = 0
    hold_total_s: float = 0.0
    fault: str = ""
    """Name of the fault that was seen most; empty when there was none."""
    fault_count: int = 0
    cue: str = ""
    """What to do about that fault."""
    lines: tuple[tuple[str, str], ...] = ()
    """What was measured instead of repetitions: what, and how much."""
    hints: tuple[Hint, ...] = SUMMARY_HINTS


@dataclass(frozen=True, slots=True)
class SafetyView:
    """Who should not do this, and when to stop."""

    hints: tuple[Hint, ...] = (
        Hint("Enter", "I have read this", Action.CONFIRM),
        Hint("Esc", "Back", Action.BACK),
    )


@dataclass(frozen=True, slots=True)
class Option:
    """One of a few large choices."""

    name: str
    title: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """A question with up to three large answers, chosen by number, or skipped."""

    question: str
    options: tuple[Option, ...]
    note: str = ""
    skips_in_s: float | None = None
    """Seconds until it goes on by itself."""
    hints: tuple[Hint, ...] = (Hint("Enter", "Skip", Action.CONFIRM), Hint("Esc", "Stop", Action.BACK))


@dataclass(frozen=True, slots=True)
class Bar:
    """One repetition in the report."""

    reach: float
    """Share of the best range of these repetitions."""
    back: float
    """The back's change over its limit, signed: 1 and more is a fault; NaN = unknown."""
    is_clean: bool


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One set in the report."""

    title: str
    text: str
    """For example "10 / 10"."""
    bars: tuple[Bar, ...] = ()
    has_back: bool = True
    """Whether the exercise judges the back at all."""


@dataclass(frozen=True, slots=True)
class ReportView:
    """How a whole session went."""

    title: str
    tiles: tuple[tuple[str, str], ...]
    rows: tuple[ReportRow, ...]
    headline: str = ""
    """What the one thing to work on is about; empty when there is none."""
    advice: str = ""
    """The one thing to work on."""
    warning: str = ""
    """What to do about pain; empty when nothing speaks against going on."""
    is_complete: bool = True
    """Whether all of it was done."""
    hints: tuple[Hint, ...] = (Hint("Enter", "Done", Action.CONFIRM), Hint("Esc", "Done", Action.BACK))


View = ViewModel | MenuView | MessageView | HelpView | SummaryView | SafetyView | ChoiceView | ReportView
