"""Looks over the machine: camera, models, sound, display, versions, and the speed of the whole chain."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from formcheck.app.languages import Languages
from formcheck.camera import list_cameras, open_source
from formcheck.core.rules.exercise import Exercise
from formcheck.core.rules.rates import needed_rate
from formcheck.pipeline.pace import PaceState
from formcheck.pipeline.relief import WANTED_MAX_FPS
from formcheck.pipeline.speed import choice_of_this_machine, measure_live, measure_parts
from formcheck.pipeline.speed_check import speed_check
from formcheck.pose.delegate import try_gpu
from formcheck.pose.effort import Effort
from formcheck.session.registry import load_exercises
from formcheck.session.texts import best_language
from formcheck.system.checks import Check, Diagnosis, exercise_check, model_checks, version_checks
from formcheck.system.display import has_display
from formcheck.system.errors import FormcheckError
from formcheck.system.machine import MachineChoice, keep_choice
from formcheck.voice import Voice
from formcheck.voice.clips import clip_set

SECONDS = 10.0
"""For which the chain is measured."""
PARTS_SHARE = 0.3
"""Share of them in which its parts are measured in turn; in the rest it runs as it does live."""
CAMERA_S = 4.0
"""Seconds for which a camera is watched: the first two are its own getting ready."""


def examine(source: str = "0", model: str | None = None, seconds: float = SECONDS) -> Diagnosis:
    """All checks, in the order in which a person would ask.

    Args:
        source: the camera that is used, as `--source` takes it.
        model: the model that is used; None = what suits the machine, which is measured and kept.
        seconds: for which the chain is measured.
    """
    registry = load_exercises()
    checks = [
        *model_checks(),
        _sound(),
        _display(),
        _language(),
        *version_checks(),
        exercise_check(registry.broken, list(registry.exercises)),
    ]
    if not registry.exercises or any(check.verdict == "bad" for check in checks if check.what.startswith("model")):
        return Diagnosis([_camera_is_known(source), *checks])
    exercises = list(registry.exercises.values())
    first = exercises[0]
    chosen, choice = _choice(first, model)
    camera, camera_pace = _camera(source, first, chosen)
    parts = measure_parts(first, chosen, seconds * PARTS_SHARE)
    pace = measure_live(first, chosen, seconds * (1 - PARTS_SHARE))
    found = [camera, *checks, choice, _gpu(), speed_check(pace, parts, exercises)]
    measured = {
        "effort": asdict(chosen),
        "chain": _known(asdict(pace)),
        "parts": _known(asdict(parts)),
        "camera": _known(asdict(camera_pace)),
    }
    return Diagnosis(found, measured)


def _known(values: dict[str, Any]) -> dict[str, Any]:
    """Numbers to a tenth (shares to a hundredth), null where not known."""
    return {
        k: (None if v != v else round(v, 2 if v < 1 else 1)) if isinstance(v, float) else v for k, v in values.items()
    }


def _camera_is_known(source: str) -> Check:
    found = list_cameras()
    if source.isdigit() and not found:
        return Check("camera", "bad", "None found. Plug one in, or name a stream with --source.")
    return Check("camera", "good", ", ".join(f"{c.index} {c.name}" for c in found) or source)


def _camera(source: str, exercise: Exercise, effort: Effort) -> tuple[Check, PaceState]:
    """Open the camera and count its pictures for a few seconds."""
    known = _camera_is_known(source)
    if known.verdict == "bad":
        return known, PaceState()
    try:
        pace = measure_live(exercise, effort, CAMERA_S, open_source(source))
    except FormcheckError as error:
        return Check("camera", "bad", str(error)), PaceState()
    if not pace.is_known:
        return Check("camera", "bad", "It sends no pictures. Check its cable, and that nothing else uses it."), pace
    finding = f"{known.finding}: {pace.camera_fps:.0f} pictures/s"
    if pace.camera_fps < needed_rate(exercise):
        return Check("camera", "bad", f"{finding}, too few to count by. Turn on a light."), pace
    if pace.camera_fps < WANTED_MAX_FPS:
        return Check("camera", "note", f"{finding}; not everything can be judged. Turn on a light."), pace
    return Check("camera", "good", finding), pace


def _language() -> Check:
    known = Languages.of_this_user(None)
    code = known.best()
    by_system = "as the system says" if best_language(known.system) else "nobody says another"
    said = "as chosen in the window" if known.chosen else by_system
    voice = "with a voice" if clip_set(code).durations_s else "without a voice: what is said is shown"
    return Check("language", "good", f"{code} ({said}), {voice}; change it with L in the menu or --language")


def _sound() -> Check:
    voice = Voice.start()
    status = voice.status
    voice.close()
    if status.is_available:
        return Check("sound", "good", "a sound card answers")
    return Check("sound", "note", status.message or "No sound card. Cues are shown on screen only.")


def _display() -> Check:
    if has_display():
        return Check("display", "good", "found")
    return Check("display", "note", "None. 'analyze' works without; 'run' needs one.")


def _choice(exercise: Exercise, model: str | None) -> tuple[Effort, Check]:
    """The model that was asked for, or the one that suits this machine, measured anew and kept."""
    if model is not None:
        return Effort(model), Check("model in use", "good", f"{model}, as asked for")
    choice = choice_of_this_machine(exercise)
    is_kept = keep_choice(choice)
    return Effort(choice.model, choice.longest_px), Check(
        "model in use", "good" if is_kept else "note", _in_words(choice, is_kept)
    )


def _in_words(choice: MachineChoice, is_kept: bool) -> str:
    kept = "kept for this machine" if is_kept else "can't be kept: the settings folder can't be written"
    return (
        f"{choice.model}, pictures up to {choice.longest_px} px: "
        f"{choice.poses_fps:.0f} poses/s where nothing else runs; {kept}"
    )


def _gpu() -> Check:
    return Check("graphics card", "good", try_gpu())
