"""Looks over the machine: camera, models, sound, display, versions, and the speed of the whole chain."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from formcheck.app.languages import Languages
from formcheck.camera import list_cameras, open_source
from formcheck.core.rules.exercise import Exercise
from formcheck.core.rules.rates import needed_rate, needed_rates
from formcheck.pipeline.pace import PaceState
from formcheck.pipeline.relief import WANTED_MAX_FPS
from formcheck.pipeline.speed import Parts, choice_of_this_machine, measure_live, measure_parts
from formcheck.pose.delegate import try_gpu
from formcheck.pose.effort import Effort
from formcheck.session.registry import load_exercises
from formcheck.session.texts import best_language
from formcheck.system.assets import asset
from formcheck.system.display import has_display
from formcheck.system.errors import FormcheckError
from formcheck.system.machine import MachineChoice, keep_choice
from formcheck.voice import Voice
from formcheck.voice.clips import clip_set

Verdict = Literal["good", "note", "bad"]

SCHEMA = "formcheck.doctor/1"
QUIET_VERSIONS = {"mediapipe": (0, 10, 35), "onnxruntime": (1, 29, 0)}
"""First version of each that contacts its maker when used (seen with strace, November 2026)."""
SECONDS = 10.0
"""For which the chain is measured."""
PARTS_SHARE = 0.3
"""Share of them in which its parts are measured in turn; in the rest it runs as it does live."""
CAMERA_S = 4.0
"""Seconds for which a camera is watched: the first two are its own getting ready."""
ELSEWHERE = 0.3
"""Share of the time taken by other programs from which it is they that are to be closed [P]: an idle machine loses a
tenth to the system."""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding, with what to do in its text if it is not good."""

    what: str
    verdict: Verdict
    finding: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings, and what was measured."""

    checks: Sequence[Check]
    measured: dict[str, Any] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Whether a session can be held on this machine."""
        return all(check.verdict != "bad" for check in self.checks)

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON-ready values, for a fleet."""
        return {
            "schema": SCHEMA,
            "is_ready": self.is_ready,
            "checks": [asdict(check) for check in self.checks],
            "measured": self.measured,
        }


def examine(source: str = "0", model: str | None = None, seconds: float = SECONDS) -> Diagnosis:
    """All checks, in the order in which a person would ask.

    Args:
        source: the camera that is used, as `--source` takes it.
        model: the model that is used; None = what suits the machine, which is measured and kept.
        seconds: for which the chain is measured.
    """
    registry = load_exercises()
    checks = [
        *_models(),
        _sound(),
        _display(),
        _language(),
        *(_version(p, v) for p, v in QUIET_VERSIONS.items()),
        _exercises(registry.broken, list(registry.exercises)),
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


def _models() -> list[Check]:
    """Compare the pose models with the manifest."""
    entries = {e["path"]: e["sha256"] for e in json.loads(asset("manifest.json").read_text())["files"]}
    checks = []
    for name in ("full", "lite"):
        path = f"models/pose_landmarker_{name}.task"
        try:
            digest = hashlib.sha256(asset(*path.split("/")).read_bytes()).hexdigest()
        except FormcheckError as error:
            checks.append(Check(f"model {name}", "bad", str(error)))
            continue
        if digest == entries[path]:
            checks.append(Check(f"model {name}", "good", "checksum is right"))
        else:
            checks.append(Check(f"model {name}", "bad", "checksum is wrong: install FormCheck again"))
    return checks


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


def _version(package: str, first_talkative: tuple[int, int, int]) -> Check:
    version = importlib.metadata.version(package)
    numbers = tuple(int(n) for n in version.split(".")[:3] if n.isdigit())
    if numbers < first_talkative:
        return Check(package, "good", f"{version}, contacts nobody")
    return Check(package, "bad", f"{version} contacts its maker. Install FormCheck with its constraints file.")


def _exercises(broken: dict[str, str], names: list[str]) -> Check:
    if broken:
        return Check("exercises", "bad", "; ".join(f"{n}: {r}" for n, r in broken.items()))
    return Check("exercises", "good", ", ".join(names))


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


def speed_check(pace: PaceState, parts: Parts, exercises: Sequence[Exercise]) -> Check:
    """What the chain manages now, for which exercises that does, and what it waits for."""
    if not pace.is_known:
        return Check("speed", "bad", "No pose came in half a minute: this machine is too slow for live use.")
    rate = f"{pace.poses_fps:.0f}" if pace.poses_fps >= 10 else f"{pace.poses_fps:.1f}"
    numbers = f"{rate} poses/s, {pace.age_ms:.0f} ms after the picture"
    too_slow = [e.name for e in exercises if needed_rate(e) > pace.poses_fps]
    if len(too_slow) == len(exercises):
        return Check("speed", "bad", f"{numbers}: too slow to count by. {_remedy(pace, parts)}")
    if too_slow:
        return Check("speed", "note", f"{numbers}: too slow for {', '.join(too_slow)}. {_remedy(pace, parts)}")
    missed = sorted(
        {name for e in exercises for name, fps in needed_rates(e).items() if pace.poses_fps < fps <= WANTED_MAX_FPS}
    )
    if missed:
        return Check("speed", "note", f"{numbers}: can't judge {', '.join(missed)}. {_remedy(pace, parts)}")
    return Check("speed", "good", f"{numbers}: fast enough for every exercise. {_shares(parts)}")


def _remedy(pace: PaceState, parts: Parts) -> str:
    """What it waits for, and what to do about that."""
    if parts.elsewhere >= ELSEWHERE:
        return f"Other programs take {100 * parts.elsewhere:.0f} % of the processor: close them."
    if pace.bottleneck == "window" or parts.drawing_ms > parts.tracker_ms + parts.back_ms:
        return f"It waits for the drawing ({parts.drawing_ms:.0f} ms a picture): make the window smaller."
    if parts.back_ms > parts.tracker_ms:
        return f"It waits for the reader of the back ({parts.back_ms:.0f} ms a picture): use a faster computer."
    return f"It waits for the tracker ({parts.tracker_ms:.0f} ms a picture): use a faster computer."


def _shares(parts: Parts) -> str:
    return (
        f"Of each picture the tracker takes {parts.tracker_ms:.0f} ms, the back {parts.back_ms:.0f}, "
        f"the coach {parts.set_ms:.1f}, the drawing {parts.drawing_ms:.0f}."
    )
