"""A whole session in real time: a rendered patient who follows the coach, the real window, the recorded sound.

    xvfb-run -a -s "-screen 0 1280x720x24" python -m tests.lab.rehearsal --out DIR [--clips .lab] [--figure gita]

`--signs dead-bug` has the patient sit up in that set and make the sign that skips it.

A camera of ours on localhost sends the clips as MJPEG, so the session is a live one: set-up, countdowns, rests. The
patient stays in the start pose until the screen says "working", then moves, and moves again if the set isn't over.
Without `--clips` the clips that ship are shown. `DIR` gets screenshots (one every three seconds), `sound.raw` as SDL's
disk driver recorded it, `said.json` (what the coach meant to say, and when), `heard.json` (which clips are found in the
recorded sound, and when), `table.md` (each of them beside the truth, and the figures), the pose stream of each set, and
the session's own JSON. Needs a quiet machine: the load of everything else on it is measured too.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing as mp
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pygame

from formcheck.app.app import App, AppOptions
from formcheck.core.body.back import Back
from formcheck.core.body.pose import Pose
from formcheck.core.rules.events import Cue
from formcheck.pose.recording import save_recording
from formcheck.screen import ChoiceView, Look, ReportView, SafetyView, ScaleView, SoundState, View, ViewModel, Window
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from formcheck.system.assets import asset
from formcheck.voice import Voice
from tests.lab import ear, listening
from tests.lab.webcam import Part, serve

SETS = (
    ("pelvic-tilt", "good", "reps = 2\nhold_s = 5\n"),
    ("glute-bridge", "plain.short-hold", "reps = 3\nhold_s = 5\n"),
    ("dead-bug", "plain.low-back-arch", "reps = 3\n"),
    ("bird-dog", "good", "reps = 3\n"),
    ("hip-flexor-stretch", "good", 'reps = 1\nhold_s = 20\nsides = "left-first"\n'),
    ("piriformis-stretch", "good", 'reps = 1\nhold_s = 20\nsides = "left-first"\n'),
)
"""Exercise, the kind of clip, its dose."""
STILL_S = 6.0
"""The patient stays at the end of the movement so long before moving again."""
SHOT_EVERY_S = 3.0
PORT = 8099
READS_S: dict[type, float] = {SafetyView: 8.0, ChoiceView: 8.0, ScaleView: 6.0, ReportView: 20.0}
"""How long the patient looks at a page before pressing a key."""


@dataclass(frozen=True)
class Take:
    """The clip for an exercise."""

    clip: Path
    side: str | None
    """Whose repetition it shows; mirrored it shows the other's."""
    length_s: float
    faults: tuple[tuple[str, float, float], ...]
    """In truth: name, from and to, seconds of the clip."""


class Patient(Window):
    """The real window, and somebody who looks at it: moves when told to, presses a key on pages."""

    def __init__(self, takes: dict[str, Take], parts: Any, out: Path) -> None:
        super().__init__()
        self._takes, self._parts, self._out = takes, parts, out
        self._began = time.monotonic()
        self._set, self._moves_until = "", 0.0
        self._shot_s = self._page_s = 0.0
        self.faults: list[tuple[str, float, float]] = []
        """Those that were shown: exercise and name, from and to, seconds of the session."""
        self.stages: list[tuple[float, str]] = []
        self.streams: dict[str, list[tuple[Pose, Back]]] = {}

    def show(self, view: View, sound: SoundState | None = None, now_s: float = 0.0, look: Look | None = None) -> None:
        """Draw it, look at it, do what it asks for."""
        super().show(view, sound or SoundState(), now_s, look)
        now = time.monotonic()
        if now - self._shot_s >= SHOT_EVERY_S:
            self._shot_s = now
            pygame.image.save(self._display, str(self._out / f"{now - self._began:06.1f}.jpg"))
        label = type(view).__name__
        if isinstance(view, ViewModel):
            label = f"{view.title}: {view.snapshot.stage}"
            self._follow(view, now)
        if not self.stages or self.stages[-1][1] != label:
            self.stages.append((round(now - self._began, 2), label))
            self._page_s = now
            print(*self.stages[-1], flush=True)
        elif now - self._page_s > READS_S.get(type(view), float("inf") if isinstance(view, ViewModel) else 15.0):
            self._page_s = now
            if isinstance(view, (ChoiceView, ScaleView)):
                _press(pygame.K_1, "1")
            if not isinstance(view, ChoiceView):
                _press(pygame.K_RETURN, "\r")

    def _follow(self, view: ViewModel, now: float) -> None:
        if view.course is None:
            return
        take = self._takes[view.title.lower().replace(" ", "-")]
        name = f"{view.course.number} {view.title}"
        wanted = next((s for s in ("left", "right") if s in view.course.text), take.side)
        if name != self._set:
            self._set, self._moves_until = name, 0.0
            self._parts.put(Part(str(take.clip), wanted != take.side, moves=False))
        elif view.snapshot.stage == "working" and now > self._moves_until:
            self._moves_until = now + take.length_s + STILL_S
            self._parts.put(Part(str(take.clip), wanted != take.side, moves=True))
            shown_s = now - self._began
            exercise = view.title.lower().replace(" ", "-")
            self.faults += [(f"{exercise}.{name}", shown_s + a, shown_s + b) for name, a, b in take.faults]
        stream = self.streams.setdefault(name, [])
        if view.pose is not None and view.back is not None and (not stream or stream[-1][0] is not view.pose):
            stream.append((view.pose, view.back))


def _press(key: int, typed: str) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0, unicode=typed, scancode=0))


def find_takes(folder: Path, figure: str, signs: str) -> dict[str, Take]:
    """A clip for each exercise, of the figure where there is one; of the sign where it is to be made."""
    takes = {}
    for name, what, _ in SETS:
        clips = sorted(folder.glob(f"{name}.test.{'life.signing' if name == signs else what}*.mp4"))
        clips = clips or [folder / f"demo-{name}.mp4"]
        clip = next((c for c in clips if c.stem.endswith(f".{figure}")), clips[0])
        truth = json.loads(clip.with_name(f"{clip.stem}.truth.json").read_text(encoding="utf-8"))
        side = truth["reps"][0]["side"] if truth["reps"] else None
        faults = tuple((f["name"], f["start_s"], f["end_s"]) for f in truth["faults"])
        takes[name] = Take(clip, side, truth["source"]["duration_s"], faults)
    return takes


def rehearse(out: Path, takes: dict[str, Take], wanted: str) -> None:
    """Run the sets whose exercise begins so, and write down what was seen and heard."""
    sound, program, parts = out / "sound.raw", out / "program.toml", mp.get_context("spawn").Queue()
    items = [f'[[exercise]]\nname = "{n}"\nsets = 1\nrest_s = 8\n{dose}' for n, _, dose in SETS if n.startswith(wanted)]
    program.write_text("\n".join(['title = "Rehearsal"', *items]), encoding="utf-8")
    camera = mp.get_context("spawn").Process(target=serve, args=(PORT, parts), daemon=True)
    camera.start()
    parts.put(Part(str(takes[next(n for n, _, _ in SETS if n.startswith(wanted))].clip), False, moves=False))
    planned = load_program(str(program), load_exercises())
    app = App(AppOptions(f"http://127.0.0.1:{PORT}/"))
    cues: list[Cue] = []
    window = Patient(takes, parts, out)
    with window:
        began = time.monotonic()
        voice = Voice.start(planned.language)
        try:
            app.lead(window, voice, planned, listeners=[cues.append])
        finally:
            voice.close()
            length_s = time.monotonic() - began
    camera.terminate()
    for name, stream in window.streams.items():
        source = {"path": name, "width": stream[0][0].width, "height": stream[0][0].height, "fps": 15.0}
        with (out / f"{name}.npz").open("wb") as file:
            save_recording(file, stream, source)
    said = [{"t_s": round(c.t_s - began, 2), "kind": c.kind, "name": c.name, "text": c.text} for c in cues]
    assert app.session is not None
    _write(out / "session.json", app.session.as_dict())
    _write(out / "said.json", said)
    os.environ["SDL_AUDIODRIVER"] = "dummy"
    pygame.mixer.init(ear.RATE_HZ, -16, 1)
    found = ear.heard(sound, asset("voice", "en", "index.json").parent)
    drift = length_s / (sound.stat().st_size / 2 / ear.RATE_HZ)  # the disk driver's clock is not quite ours
    found = [{**item, "t_s": round(item["t_s"] * drift, 2)} for item in found]
    _write(out / "heard.json", found)
    table = listening.table(found, said, window.faults, length_s)
    (out / "table.md").write_text(table, encoding="utf-8")
    print(table)
    print(
        f"{len(said)} cues, {len(found)} clips heard in {length_s:.0f} s; the driver's clock is off by {drift - 1:.1%}"
    )


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, default=Path("assets/clips"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--figure", default="gita")
    parser.add_argument("--only", default="", help="sets whose exercise begins so")
    parser.add_argument("--signs", default="", help="the exercise that is skipped by the sign")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    os.environ["SDL_AUDIODRIVER"] = "disk"
    os.environ["SDL_DISKAUDIOFILE"] = str(chosen.out / "sound.raw")
    rehearse(chosen.out, find_takes(chosen.clips, chosen.figure, chosen.signs), chosen.only)


if __name__ == "__main__":
    main()
