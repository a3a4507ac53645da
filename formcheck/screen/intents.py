"""What a person can ask of the window with a key, a click or a touch, and the keys that are shown for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from formcheck.core.text import marked


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
    """Enter, anywhere but in the menu; "yes" on a `ConfirmView`."""
    HURT = "hurt"
    """It hurts: stop at once."""
    SAFETY = "safety"
    """Show the safety page."""
    PROGRESS = "progress"
    """Show how somebody gets on."""
    REPLAY = "replay"
    """Show the best and the worst repetition again."""
    LANGUAGE = "language"
    """Choose the language."""
    REMEMBER = "remember"
    """Remember sessions from now on, or no longer."""
    ACCEPT = "accept"
    """Take what is proposed for next time."""
    OPTIONS = "options"
    """Change how the window looks, and how it leads."""
    PACE = "pace"
    """Ticks that lead the pace, on or off."""
    READ = "read"
    """Read this page aloud."""
    CAMERA = "camera"
    """Choose the camera by its picture."""
    LEFT = "left"
    """The page before this one, where there are several; so is the next one to the right."""
    RIGHT = "right"
    LISTEN = "listen"
    """Listen for spoken words from now on, or no longer."""
    STAFF = "staff"
    """Open the staff's menu; in a kiosk only."""
    ERASE = "erase"
    """Take back the last digit."""
    BACK = "back"
    """Esc: one level up; from the menu it quits; "no" on a `ConfirmView`."""
    QUIT = "quit"
    """The window was closed."""


@dataclass(frozen=True, slots=True)
class Choose:
    """A card was chosen: an exercise of the menu, or an answer of a `ChoiceView`."""

    name: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a `ScaleView` was marked; Enter (`Action.CONFIRM`) takes it."""

    value: int


Intent = Action | Choose | Number


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
    Hint("X", "It hurts", Action.HURT),
    Hint("M", "Mute", Action.MUTE),
    Hint("H", "Help", Action.HELP),
    Hint("Esc", "Menu", Action.BACK),
)
GO_ON_HINT = Hint("Space", "Go on", Action.PAUSE)
"""In place of the first one, while the person has paused the set."""
COURSE_HINTS = (
    Hint("Space", "Pause", Action.PAUSE),
    Hint("N", "Skip", Action.NEXT),
    Hint("R", "Restart", Action.RESTART),
    Hint("X", "It hurts", Action.HURT),
    Hint("M", "Mute", Action.MUTE),
    Hint("H", "Help", Action.HELP),
    Hint("Esc", "Stop", Action.BACK),
)


def _while_setting_up(hints: tuple[Hint, ...]) -> tuple[Hint, ...]:
    begin = Hint("Enter", "Start anyway", Action.CONFIRM)
    return (begin, *(hint for hint in hints if hint.action not in (Action.PAUSE, Action.RESTART)))


SETUP_HINTS = _while_setting_up(WORK_HINTS)
COURSE_SETUP_HINTS = _while_setting_up(COURSE_HINTS)
MENU_HINTS = (
    Hint("H", "Help", Action.HELP),
    Hint("O", "Options", Action.OPTIONS),
    Hint("B", "Read aloud", Action.READ),
    Hint("P", "Progress", Action.PROGRESS),
    Hint("S", "Safety", Action.SAFETY),
    Hint("L", "Language", Action.LANGUAGE),
    Hint("Esc", "Quit", Action.BACK),
)


def menu_hints(is_remembering: bool) -> tuple[Hint, ...]:
    """The keys of the menu, the switch for remembering with what it is set to."""
    switch = Hint("K", marked("Remember: on" if is_remembering else "Remember: off"), Action.REMEMBER)
    return (*MENU_HINTS[:-1], switch, MENU_HINTS[-1])


OPTIONS_HINTS = (Hint("B", "Read aloud", Action.READ), Hint("Esc", "Done", Action.BACK))
CAMERA_HINTS = (Hint("Left", "Before", Action.LEFT), Hint("Right", "Next", Action.RIGHT),
                Hint("Enter", "Take this one", Action.CONFIRM), Hint("Esc", "Back", Action.BACK))  # fmt: skip
"""Where one of several cameras is chosen."""
KEYPAD_HINTS = (Hint("Enter", "Take it", Action.CONFIRM), Hint("Backspace", "Erase", Action.ERASE),
                Hint("Esc", "Back", Action.BACK))  # fmt: skip
"""Where a number is typed."""
PAGE_HINTS = (Hint("Enter", "Go on", Action.CONFIRM), Hint("Esc", "Back", Action.BACK))
OPENING_HINTS = (Hint("Esc", "Back", Action.BACK),)
MISSING_HINTS = (Hint("Enter", "Try now", Action.CONFIRM), Hint("Esc", "Back", Action.BACK))
SKIP_HINTS = (Hint("Enter", "Skip", Action.CONFIRM), Hint("Esc", "Stop", Action.BACK))
ONLY_SKIP_HINTS = (Hint("Enter", "Skip", Action.CONFIRM),)
END_HINTS = (Hint("Enter", "End", Action.CONFIRM), Hint("Esc", "End", Action.BACK))
SUMMARY_HINTS = (
    Hint("R", "Again", Action.RESTART),
    Hint("N", "Next exercise", Action.NEXT),
    Hint("V", "Watch again", Action.REPLAY),
    Hint("P", "Progress", Action.PROGRESS),
    Hint("Esc", "Menu", Action.BACK),
)
SAFETY_HINTS = (Hint("Enter", "I have read this", Action.CONFIRM), Hint("Esc", "Back", Action.BACK))
REPORT_HINTS = (
    Hint("V", "Watch again", Action.REPLAY),
    Hint("P", "Progress", Action.PROGRESS),
    Hint("Enter", "Done", Action.CONFIRM),
    Hint("Esc", "Done", Action.BACK),
)
TURN_HINTS = (Hint("Left", "Before", Action.LEFT), Hint("Right", "Next", Action.RIGHT))
"""Where there are several pages."""
DEMONSTRATION_HINTS = (*TURN_HINTS, Hint("Space", "Stay here", Action.PAUSE), Hint("Esc", "Back", Action.BACK))
TAKEAWAY_HINTS = (Hint("Enter", "Done", Action.CONFIRM), Hint("Esc", "Done", Action.BACK))
"""Where a code is shown that a phone takes along."""
ACCEPT_HINT = Hint("A", "Yes, next time", Action.ACCEPT)
REPLAY_HINTS = (Hint("Space", "Hold still", Action.PAUSE), Hint("Esc", "Back", Action.BACK))
