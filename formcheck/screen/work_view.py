"""What the working screen is told to show: one running set. Plain values, no decisions."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import Back
from formcheck.core.body.pose import Pose
from formcheck.core.coach.snapshot import Snapshot
from formcheck.core.rules.demonstration import Film
from formcheck.core.rules.events import CueKind
from formcheck.screen.intents import WORK_HINTS, Hint
from formcheck.screen.wording import Wording

CameraStatus = Literal["ok", "opening", "lost", "ended"]
SoundStatus = Literal["on", "muted", "none"]
SignMeaning = Literal["skip", "stop", "hurt"]
Slowness = Literal["", "some", "all", "camera", "camera-all"]
"""What comes too slowly to be judged in part (`some`) or to be counted (`all`): the machine's poses, or the pictures of
the `camera`."""


@dataclass(frozen=True, slots=True)
class Caption:
    """The cue being given."""

    text: str
    kind: CueKind = "setup"
    film: Film | None = None
    """How what it speaks of is done rightly."""


@dataclass(frozen=True, slots=True)
class CameraState:
    """How the camera is, with a sentence for the person when it is not `ok`."""

    status: CameraStatus = "ok"
    message: str = ""


@dataclass(frozen=True, slots=True)
class SoundState:
    """Whether the person can hear anything, with a short word (e.g. "Volume 60 %") to show for a while if so.

    It is handed to `Window.show` beside the view, since every page shows it.
    """

    status: SoundStatus = "on"
    message: str = ""
    is_listening: bool = False
    """Whether the microphone is open: shown for as long as it is."""
    heard: str = ""
    """What was understood, or is asked back, or why nothing is heard."""


@dataclass(frozen=True, slots=True)
class Look:
    """How every page is drawn for this person, and what is true of all pages; shown beside the view."""

    is_large: bool = False
    """Larger letters; on the working screen a smaller picture."""
    is_contrast: bool = False
    """White on black."""
    is_lit: bool = False
    """A light around the screen, for the moment of a tick."""
    said: str = ""
    """What is being said, shown where the page does not say it itself."""


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


@dataclass(frozen=True, slots=True)
class Sign:
    """The hands-free sign that is being held: what it will mean, and how far it has been held (0..1)."""

    meaning: SignMeaning
    share: float


@dataclass(frozen=True, slots=True)
class Tally:
    """The repetitions of a set by verdict."""

    clean: int = 0
    faulty: int = 0
    not_judged: int = 0

    @property
    def reps(self) -> int:
        """All that counted."""
        return self.clean + self.faulty + self.not_judged


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
    debug: DebugNumbers | None = None
    """None hides the overlay."""
    hints: tuple[Hint, ...] = WORK_HINTS
    is_mirrored: bool = True
    course: Course | None = None
    """None outside a session."""
    wording: Wording = field(default_factory=Wording)
    """The exercise's own words: `Wording.of(exercise)`."""
    tally: Tally | None = None
    """By verdict; None shows the snapshot's clean repetitions alone."""
    is_per_side: bool = False
    """Whether the target is one for each side, shown as "10 a side"."""
    notice: str = ""
    """What is true for a moment, e.g. `not_judged_text(3, ("back",))`, "3: could not judge your back"."""
    trouble: str = ""
    """Why what is done can't be saved now."""
    news: str = ""
    """What is good to know for a moment, e.g. that fewer cues are spoken."""
    sign: Sign | None = None
    slowness: Slowness = ""
    """Whether the poses come too slowly, and why."""
    film: Film | None = None
    """How the exercise is done: shown large before it begins, and its start as an outline until it is taken."""

    def __eq__(self, other: object) -> bool:
        """Whether the same is drawn. A picture is the same only if it is that very one: comparing pixels costs more."""
        if not isinstance(other, ViewModel):
            return NotImplemented
        pairs = ((getattr(self, each.name), getattr(other, each.name)) for each in fields(self) if each.name != "image")
        return self.image is other.image and all(a is b or a == b for a, b in pairs)

    __hash__ = None  # type: ignore[assignment]

    @property
    def is_run(self) -> bool:
        """Whether what goes on is measured rather than counted: it has a screen of its own."""
        return bool(self.snapshot.numbers) and self.snapshot.stage in ("working", "paused", "done")

    @property
    def is_stopped(self) -> bool:
        """Whether nothing is being judged: what was last known of back, phase and faults isn't true now."""
        return self.snapshot.stage in ("paused", "done") or self.camera.status == "lost"
