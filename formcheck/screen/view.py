"""What the pages are told to show, and the list of all views. Plain values, no decisions."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import Back
from formcheck.core.body.pose import Pose, Side
from formcheck.core.rules.demonstration import Film
from formcheck.core.rules.drawing import Polyline
from formcheck.core.rules.events import Verdict
from formcheck.core.text import marked
from formcheck.screen.intents import (
    CAMERA_HINTS,
    DEMONSTRATION_HINTS,
    KEYPAD_HINTS,
    MENU_HINTS,
    OPTIONS_HINTS,
    PAGE_HINTS,
    REPLAY_HINTS,
    REPORT_HINTS,
    SAFETY_HINTS,
    SKIP_HINTS,
    SUMMARY_HINTS,
    TAKEAWAY_HINTS,
    Action,
    Hint,
)
from formcheck.screen.words import HELP_KEYS
from formcheck.screen.work_view import Tally, ViewModel


@dataclass(frozen=True, slots=True)
class Card:
    """One exercise in the menu."""

    name: str
    title: str
    line: str = ""
    dose: str = ""
    film: Film | None = None
    """How it is done; it moves while the card is chosen."""
    figure: tuple[Polyline, ...] = ()
    """A drawing in place of that."""


@dataclass(frozen=True, slots=True)
class MenuView:
    """The start menu."""

    cards: tuple[Card, ...] = ()
    notice: str = ""
    """A sentence above the keys, e.g. that an exercise could not be loaded."""
    hints: tuple[Hint, ...] = MENU_HINTS


@dataclass(frozen=True, slots=True)
class MessageView:
    """A sentence about what went wrong (or is going on), and what to do."""

    text: str
    advice: str = ""
    is_error: bool = True
    retries_in_s: float | None = None
    """Seconds until it is tried again, counted down under the advice; None where nothing is retried."""
    hints: tuple[Hint, ...] = PAGE_HINTS


@dataclass(frozen=True, slots=True)
class HelpView:
    """All keys, how to place the camera, and how the exercise goes that it is asked for."""

    film: Film | None = None
    hints: tuple[Hint, ...] = (Hint("H", "Close help", Action.HELP),)
    keys: tuple[tuple[str, str], ...] = HELP_KEYS
    """Keys, and what they do."""


@dataclass(frozen=True, slots=True)
class BandLine:
    """One quantity against its band. NaN for an end that the band does not have."""

    title: str
    text: str
    """Its value with the unit, e.g. "168 steps/min"."""
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SummaryView:
    """A set that is over: what was counted, how it was judged, what did not count and what to do about it."""

    title: str
    tally: Tally = field(default_factory=Tally)
    target_reps: int = 0
    is_per_side: bool = False
    is_done: bool = True
    """Whether the target was reached, for the heading: "done" or "ended"."""
    attempts: tuple[tuple[str, int], ...] = ()
    """What did not count: the reason in words (`Wording.attempt`), and how often."""
    hold_total_s: float = 0.0
    fault: str = ""
    """The fault that was seen most, in words (`Wording.fault`); empty when there was none."""
    fault_count: int = 0
    cue: str = ""
    """What to do about that fault."""
    unjudged: tuple[tuple[str, str], ...] = ()
    """What could not be judged (e.g. "I could not judge your back."), and what to do about it."""
    lines: tuple[tuple[str, str], ...] = ()
    """What was measured instead of repetitions: what, and how much."""
    bands: tuple[BandLine, ...] = ()
    """Of it, what has a band that is usual; drawn beside the average step."""
    cycle: tuple[tuple[tuple[float, float] | None, ...], ...] = ()
    """The average step (`core.gait.cycle`); empty where there is none."""
    hints: tuple[Hint, ...] = SUMMARY_HINTS


GOES_ON = marked("Goes on by itself in {n} s.")


@dataclass(frozen=True, slots=True)
class Option:
    """One of a few large choices, with a line about what follows from it."""

    name: str
    title: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """A question with up to five large answers, chosen by number, or skipped."""

    question: str
    options: tuple[Option, ...]
    note: str = ""
    skips_in_s: float | None = None
    """Seconds until it goes on by itself."""
    auto_text: str = GOES_ON
    """What happens then; `{n}` is the seconds."""
    hints: tuple[Hint, ...] = SKIP_HINTS
    is_pointed: bool = False
    """Whether an answer can be pointed to: up to three stand side by side, each with the arm that chooses it."""
    marked: int | None = None
    """Index of the answer that Enter takes, where there is one."""
    forming: tuple[int, float] | None = None
    """Index of the answer that is pointed to, and the share of its ring, 0..1."""


@dataclass(frozen=True, slots=True)
class SafetyView:
    """Who should not do this, and when to stop."""

    hints: tuple[Hint, ...] = SAFETY_HINTS
    choice: ChoiceView | None = None
    """Answers under it, where it is asked whether one of these holds."""


@dataclass(frozen=True, slots=True, eq=False)
class ConsentView:
    """What the camera sees now, what becomes of it, and the question whether that is all right."""

    choice: ChoiceView
    lines: tuple[str, ...] = ()
    image: NDArray[np.uint8] | None = None
    """(height, width, 3) BGR; None while there is no picture."""

    @property
    def hints(self) -> tuple[Hint, ...]:
        """The keys."""
        return self.choice.hints


@dataclass(frozen=True, slots=True)
class AttractView:
    """What a kiosk shows while nobody is there."""

    film: Film | None = None
    title: str = ""
    """Of the exercise that is shown."""
    clinic: str = ""
    line: str = ""
    """The clinic's own sentence."""
    notice: str = ""
    """What is wrong, and what to do."""
    invites: str = marked("Step in front of the screen to begin.")
    promises: str = marked("It shows how you move. No picture is kept, and nothing is sent.")
    is_dim: bool = False
    """Whether it is night: little light, and nothing moves."""
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class StillThereView:
    """Whether somebody is still there, with the seconds that are left for an answer."""

    left_s: int
    text: str = marked("Still there?")
    advice: str = marked("Press any key, or step into the picture.")
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class KeypadView:
    """A number to be typed, by keys (`Number`) or by touch; Enter takes it."""

    question: str
    typed: str = ""
    """As it is shown: digits, or dots for them."""
    note: str = ""
    trouble: str = ""
    """Why what was typed is not taken."""
    hints: tuple[Hint, ...] = KEYPAD_HINTS


@dataclass(frozen=True, slots=True)
class Switch:
    """One thing that can be changed: what it is, what it is set to, and a line about it."""

    name: str
    title: str
    value: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class OptionsView:
    """What a person can change, each by its number or a touch (`Choose`)."""

    switches: tuple[Switch, ...]
    hints: tuple[Hint, ...] = OPTIONS_HINTS
    title: str = marked("Options")


@dataclass(frozen=True, slots=True, eq=False)
class CameraPicture:
    """A camera, and what it shows now."""

    name: str
    title: str
    image: NDArray[np.uint8] | None = None
    """(height, width, 3) BGR; None while it has sent nothing."""
    trouble: str = ""
    """Why it shows nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class CamerasView:
    """The cameras side by side with their pictures; one is chosen by its number, the arrows or a touch."""

    cameras: tuple[CameraPicture, ...]
    chosen: int = 0
    note: str = ""
    hints: tuple[Hint, ...] = CAMERA_HINTS


@dataclass(frozen=True, slots=True)
class ConfirmView:
    """A question of yes (Enter, 1, `Action.CONFIRM`) or no (Esc, 2, `Action.BACK`)."""

    question: str
    yes: Option
    no: Option
    note: str = ""
    skips_in_s: float | None = None
    auto_text: str = GOES_ON
    hints: tuple[Hint, ...] = (Hint("Enter", "Yes", Action.CONFIRM), Hint("Esc", "No", Action.BACK))


@dataclass(frozen=True, slots=True)
class ScaleView:
    """A question of 0 to 10. A digit, an arrow or a touch marks a number (`Number`), Enter takes it or skips.

    Marking before taking keeps a slip from being recorded, and lets 10 be typed as 1, 0.
    """

    question: str
    note: str = ""
    low_word: str = marked("None")
    high_word: str = marked("Worst")
    chosen: int | None = None
    """The number that is marked."""
    skips_in_s: float | None = None
    auto_text: str = GOES_ON
    hints: tuple[Hint, ...] = SKIP_HINTS
    """The label of Enter is shown as "Take 7" while a number is marked."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One repetition in the report, or an attempt."""

    reach: float
    """Share of the range from which a repetition counts: 1 and more counts; NaN = unknown."""
    back: float
    """The back's change over its limit, signed: beyond 1 is a fault; NaN = unknown."""
    verdict: Verdict
    is_attempt: bool = False
    """Whether it was begun and did not count; its verdict says nothing then."""


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
    ended: str = marked("done")
    """How it ended, in words after the title: "done", "stopped early", "stopped because it hurt"."""
    headline: str = ""
    """What the one thing to work on is about; empty when there is none."""
    advice: str = ""
    """The one thing to work on, or what else there is to say; empty after a stop because of pain."""
    warning: str = ""
    """What to do about pain; empty when nothing speaks against going on. It stands in place of the advice."""
    is_all_clean: bool = False
    """Whether every repetition was judged and clean: only then the page praises."""
    hints: tuple[Hint, ...] = REPORT_HINTS


@dataclass(frozen=True, slots=True)
class WeekBar:
    """The repetitions of one week, by verdict."""

    clean: int = 0
    faulty: int = 0
    not_judged: int = 0


@dataclass(frozen=True, slots=True)
class Series:
    """One quantity, week by week; NaN = not known."""

    values: tuple[float, ...]
    sds: tuple[float, ...] = ()
    """The doubt of each, drawn as a whisker; empty for none."""
    name: str = ""
    """What it is, beside its mark, where a chart has several."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One quantity over the last weeks, the oldest first."""

    title: str
    value: str
    """The newest that is known, e.g. "9 of 12"."""
    bars: tuple[WeekBar, ...] = ()
    """Columns of repetitions; empty where it has curves."""
    series: tuple[Series, ...] = ()
    """Up to two: discs, and triangles."""
    low: float = 0.0
    high: float = 1.0
    line: float | None = None
    """A level to compare with, drawn dashed."""


@dataclass(frozen=True, slots=True)
class ProgressView:
    """One exercise over the last weeks."""

    title: str
    sentence: str
    """The one thing that can be said."""
    tiles: tuple[tuple[str, str], ...] = ()
    charts: tuple[Chart, ...] = ()
    """The first one is the large one; up to four more."""
    place: tuple[int, int] = (1, 1)
    """Which page, of how many."""
    praise: str = ""
    proposal: str = ""
    """What is proposed for next time; empty when nothing is."""
    is_accepted: bool = False
    hints: tuple[Hint, ...] = PAGE_HINTS


@dataclass(frozen=True, slots=True, eq=False)
class Pane:
    """One repetition that moves."""

    title: str
    pose: Pose
    back: Back | None
    near: Side | None
    at: float
    """How far it is, 0..1."""
    fault: str = ""
    """Its fault in words; empty where none was seen."""
    mark: float | None = None
    """Where the fault's moment is, 0..1."""
    is_fault_now: bool = False
    is_of_back: bool = False
    """Whether the fault is one of the back: then its outline says so."""


@dataclass(frozen=True, slots=True)
class ReplayView:
    """The best and the worst repetition side by side, or what there is to say instead."""

    title: str
    panes: tuple[Pane, ...] = ()
    """Bodies in pixels of boxes of one size: their picture's width and height."""
    note: str = ""
    hints: tuple[Hint, ...] = REPLAY_HINTS


@dataclass(frozen=True, slots=True)
class Scene:
    """A moving figure, and what it is in a few words."""

    film: Film
    text: str


@dataclass(frozen=True, slots=True)
class DemonstrationView:
    """An exercise as it is done: the right movement alone, or a fault beside it."""

    title: str
    scenes: tuple[Scene, ...]
    """One or two; a wrong one says so itself."""
    line: str = ""
    """What to do, in large letters."""
    place: tuple[int, int] = (1, 1)
    """Which of how many."""
    hints: tuple[Hint, ...] = DEMONSTRATION_HINTS


@dataclass(frozen=True, slots=True)
class TakeawayView:
    """A QR code as large as the screen allows, and beside it (below it, upright) what to do with it."""

    matrix: tuple[tuple[bool, ...], ...]
    """Its modules from the top, True is dark, without a border: as many rows as columns."""
    title: str
    lines: tuple[str, ...]
    """What to do, the first one largest."""
    skips_in_s: float | None = None
    """Seconds until the page goes."""
    auto_text: str = marked("This page goes in {n} s.")
    hints: tuple[Hint, ...] = TAKEAWAY_HINTS


View = (
    ViewModel
    | MenuView
    | MessageView
    | HelpView
    | SummaryView
    | SafetyView
    | ChoiceView
    | ConfirmView
    | ScaleView
    | ReportView
    | ProgressView
    | ReplayView
    | OptionsView
    | CamerasView
    | DemonstrationView
    | ConsentView
    | AttractView
    | StillThereView
    | KeypadView
    | TakeawayView
)
