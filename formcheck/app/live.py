"""Wiring for live use: camera thread, pose thread, and the main thread that alone touches the window and the sound."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from formcheck.camera import CameraThread
from formcheck.core.body.tracked import track
from formcheck.core.coach.bout import BoutCoach
from formcheck.core.feedback.fading import Fading
from formcheck.core.feedback.phrases import SETUP
from formcheck.core.rules.events import Cue
from formcheck.core.rules.exercise import Exercise
from formcheck.core.setup.framing import Light
from formcheck.pose import PatientTracker, PoseThread, Tracked
from formcheck.pose.light import light_of
from formcheck.screen import (
    SETUP_HINTS,
    WORK_HINTS,
    Action,
    CameraState,
    Caption,
    DebugNumbers,
    HelpView,
    SoundState,
    SummaryView,
    ViewModel,
    Window,
)
from formcheck.session.set import CAPTION_S, GET_READY_S, Set, start_score
from formcheck.system.errors import FormcheckError
from formcheck.voice import Voice

IDLE_S = 0.02
"""Longest wait for a new pose in one turn of the main loop: keys answer within it."""
LATENCY_FRAMES = 300
"""Latencies kept for the debug figures: ten seconds at 30 frames/s."""
VOLUME_STEP = 0.1
LIGHT_EVERY_S = 0.25
"""How often the light is looked at during the set-up."""


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """How a set is run."""

    model: str = "full"
    overrides: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Settings by exercise."""
    reps: int | None = None
    get_ready_s: float = GET_READY_S
    set_up: bool = True
    """Whether to help with the camera and the place first."""
    calibrate: bool = False
    """Whether to lead through the person's own span of the back first."""
    fading: Fading = field(default_factory=Fading)
    """Which form cues are spoken; it goes on from set to set."""


@dataclass(slots=True)
class Figures:
    """What the debug overlay and the benchmark want to know."""

    capture_to_screen_ms: deque[float] = field(default_factory=lambda: deque(maxlen=LATENCY_FRAMES))
    capture_to_sound_ms: deque[float] = field(default_factory=lambda: deque(maxlen=LATENCY_FRAMES))
    frames: int = 0
    began_s: float = field(default_factory=time.monotonic)
    first_skeleton_s: float | None = None


class LiveSet:
    """One set in the window. `run` returns what the person wants next."""

    def __init__(
        self, exercise: Exercise, camera: CameraThread, window: Window, voice: Voice, options: LiveOptions
    ) -> None:
        self._exercise = exercise
        self._camera = camera
        self._window = window
        self._voice = voice
        self._options = options
        self._session = self._new_session()
        self._seen: Tracked | None = None
        self._caption: tuple[Caption, float] | None = None
        self._is_held = False
        self._lit_s = -math.inf
        self._help = False
        self._debug = False
        self._lost = False
        self.figures = Figures()
        self.said: list[Cue] = []

    def _new_session(self) -> Set:
        return Set(
            self._exercise,
            self._options.overrides.get(self._exercise.name),
            is_live=True,
            target_reps=self._options.reps or self._exercise.dose.reps,
            get_ready_s=self._options.get_ready_s,
            set_up=self._options.set_up,
            calibrate=self._options.calibrate,
            fading=self._options.fading,
        )

    def run(self, until: Callable[[], bool] = lambda: False) -> Action:
        """Coach until the person leaves, or `until` says so.

        Returns:
            `BACK` (to the menu), `NEXT` (exercise) or `QUIT`.

        Raises:
            FormcheckError: the pose model failed.
        """
        score = partial(start_score, self._exercise)
        make = partial(PatientTracker, self._exercise.posture, score, self._options.model)
        with PoseThread(self._camera.take, make) as poses:
            while not until():
                for wish in self._window.poll():
                    leave = self._obey(wish) if isinstance(wish, Action) else None
                    if leave is not None:
                        return leave
                if poses.error is not None:
                    raise FormcheckError(f"The picture can't be analysed any more: {poses.error}") from poses.error
                self._turn(poses.newest(IDLE_S))
                over = self._over()
                if over is not None:
                    return over
        return Action.BACK

    def _over(self) -> Action | None:
        """What comes next, when the set is over by itself."""
        return Action.NEXT if self._camera.state.status == "ended" else None

    def _turn(self, seen: Tracked | None) -> None:
        """One turn of the main loop: judge the newest pose, speak, draw."""
        now = time.monotonic()
        if seen is not None:
            self._seen = seen
            if not self._is_held:
                self._take(seen)
        self._watch_camera()
        self._voice.update(now)
        self._window.show(HelpView() if self._help else self._view(now))
        if seen is not None:
            self._note_latency(seen)

    def _take(self, seen: Tracked) -> None:
        """Judge one picture."""
        self._listen_to(
            self._session.update(track(seen.pose, seen.back, self._exercise.posture), self._light(seen)).cues, seen
        )

    def _light(self, seen: Tracked) -> Light | None:
        """The picture's light, a few times a second while the set-up lasts."""
        if not self._session.is_setting_up or seen.pose.t_s - self._lit_s < LIGHT_EVERY_S:
            return None
        self._lit_s = seen.pose.t_s
        return light_of(seen.frame.image, seen.pose)

    def _listen_to(self, cues: tuple[Cue, ...], seen: Tracked) -> None:
        for cue in cues:
            self._voice.offer(cue)
            self.said.append(cue)
            if cue.sound == "voice":
                self._caption = (Caption(cue.text, cue.kind), time.monotonic())
            self.figures.capture_to_sound_ms.append(self._age_ms(seen))

    def _age_ms(self, seen: Tracked) -> float:
        return (time.monotonic() - self._camera.shown_s(seen.frame)) * 1000.0  # type: ignore[arg-type]

    def _note_latency(self, seen: Tracked) -> None:
        figures = self.figures
        figures.frames += 1
        if seen.pose.is_present:
            figures.capture_to_screen_ms.append(self._age_ms(seen))
            if figures.first_skeleton_s is None:
                figures.first_skeleton_s = time.monotonic() - figures.began_s

    def _watch_camera(self) -> None:
        """Say it once when the camera is lost, and once when it is back."""
        is_lost = self._camera.state.status == "lost"
        if is_lost != self._lost:
            self._lost = is_lost
            name = "setup.camera-lost" if is_lost else "setup.camera-back"
            self._voice.offer(Cue(time.monotonic(), "setup", name, SETUP[name]))
            self._caption = (Caption(SETUP[name], "setup"), time.monotonic())

    def _obey(self, action: Action) -> Action | None:
        """Do what a key asks for; returns an action that ends the set."""
        simple: dict[Action, Callable[[], object]] = {
            Action.PAUSE: self._toggle_hold,
            Action.RESTART: self._restart,
            Action.MUTE: self._voice.toggle_mute,
            Action.VOLUME_UP: lambda: self._voice.set_volume(self._voice.status.volume + VOLUME_STEP),
            Action.VOLUME_DOWN: lambda: self._voice.set_volume(self._voice.status.volume - VOLUME_STEP),
            Action.HELP: lambda: setattr(self, "_help", not self._help),
            Action.DEBUG: lambda: setattr(self, "_debug", not self._debug),
            Action.CONFIRM: self._start_anyway,
        }
        if action in simple:
            simple[action]()
        if action is Action.BACK and self._help:
            self._help = False
            return None
        if action is Action.HURT:
            return Action.BACK
        return action if action in (Action.BACK, Action.NEXT, Action.QUIT) else None

    def _toggle_hold(self) -> None:
        self._is_held = not self._is_held

    def _start_anyway(self) -> None:
        cues = self._session.start_anyway()
        if self._seen is not None:
            self._listen_to(cues, self._seen)

    def _restart(self) -> None:
        self._session = self._new_session()
        self._is_held, self._caption, self._lit_s = False, None, -math.inf

    def _view(self, now: float) -> ViewModel | SummaryView:
        seen = self._seen
        snapshot = self._session.snapshot(seen.pose.t_s if seen else 0.0)
        if snapshot.stage == "done":
            return self.summary()
        if self._is_held:
            snapshot = replace(snapshot, stage="paused", pause_reason="held")
        caption = self._caption[0] if self._caption and now - self._caption[1] < CAPTION_S else None
        if snapshot.setup_text:
            caption = Caption(snapshot.setup_text, "setup")
        return ViewModel(
            title=self._exercise.title,
            snapshot=snapshot,
            image=seen.frame.image if seen else None,
            pose=seen.pose if seen else None,
            back=seen.back if seen else None,
            caption=caption,
            camera=self._camera_state(),
            sound=sound_state(self._voice),
            debug=self._debug_numbers(now) if self._debug else None,
            hints=SETUP_HINTS if snapshot.stage == "setup" else WORK_HINTS,
        )

    def summary(self) -> SummaryView:
        """How the set went."""
        coach = self._session.coach
        name, count = coach.most_seen_fault()
        cue = next((f.cue for f in self._exercise.all_faults if f.name == name), "")
        target = self._options.reps or self._exercise.dose.reps
        lines = coach.results if isinstance(coach, BoutCoach) else ()
        return SummaryView(
            self._exercise.title, coach.reps, target, coach.clean_reps, coach.hold_total_s, name, count, cue, lines
        )

    def _camera_state(self) -> CameraState:
        state = self._camera.state
        status = {"opening": "opening", "live": "ok", "ended": "ended"}.get(state.status, "lost")
        return CameraState(status, state.message)  # type: ignore[arg-type]

    def _debug_numbers(self, now: float) -> DebugNumbers:
        figures = self.figures
        latency = list(figures.capture_to_screen_ms) or [0.0]
        return DebugNumbers(
            fps=figures.frames / max(now - figures.began_s, 1e-6),
            dropped=self._camera.state.dropped,
            latency_p50_ms=float(np.percentile(latency, 50)),
            latency_p95_ms=float(np.percentile(latency, 95)),
            people=(self._seen.pose.others + self._seen.pose.is_present) if self._seen else 0,
        )


def sound_state(voice: Voice) -> SoundState:
    """What the screen says about the sound."""
    status = voice.status
    if not status.is_available:
        return SoundState("none", status.message)
    return SoundState("muted" if status.is_muted else "on", status.message)
