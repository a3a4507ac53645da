"""Speed and memory on a demo clip, as a table and as JSON: `make bench`, `python -m tests.bench [CLIP] [--json FILE]`.

Everything is measured against the bare tracker in the same process and the same run, picture by picture in turn,
because these machines are noisy: quote the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.camera import Frame, open_source
from formcheck.core.body.tracked import Tracked
from formcheck.core.rules.exercise import Exercise
from formcheck.pipeline.observers import Observer
from formcheck.pose import PatientTracker, Picturelike
from formcheck.pose.tracker import Tracker
from formcheck.screen import Overlay
from formcheck.session.registry import load_exercises
from formcheck.session.set import Set, Update, start_score
from formcheck.system.assets import asset
from formcheck.testing import seen
from tests.bench.start import imports, start_and_idle

PICTURES = 240
"""Pictures of the paired comparison: eight seconds."""
WARM_UP = 10
SOAK_UPDATES = 20_000
LIVE_S = 20.0
GOALS = {
    "command to menu s": 2.5,
    "command to first skeleton s": 4.0,
    "idle menu, % of a core": 3.0,
    "idle report, % of a core": 3.0,
    "chain / bare": 1.15,
    "analyze / bare loop": 0.9,
    "capture to skeleton p50 / bare": 2.0,
    "capture to skeleton p95 / bare": 2.6,
    "core update ms": 1.0,
    "peak memory MB": 700.0,
}


def read(clip: str, count: int) -> list[Frame]:
    """The first pictures of a clip."""
    frames: list[Frame] = []
    with open_source(clip) as source:
        while len(frames) < count and (frame := source.read()) is not None:
            frames.append(frame)
    return frames


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of one call, and what it returned."""
    begin = time.perf_counter()
    value = call()
    return (time.perf_counter() - begin) * 1000.0, value


def draw(overlay: Overlay, frame: Frame, tracked: Tracked, session: Set) -> None:
    """The annotated picture, with all that is asked of the set for it."""
    overlay.draw_on(frame.image, tracked.pose, tracked.back, session.snapshot())


def paired(frames: list[Frame], exercise: Exercise) -> dict[str, float]:
    """Bare tracker, chain, and drawing on the same pictures, in turn."""
    bare, chain, core, drawing = [], [], [], []
    session, overlay = Set(exercise, is_live=False), Overlay(exercise.title)
    with Tracker("full") as tracker, PatientTracker(exercise.posture, partial(start_score, exercise)) as watcher:
        for frame in frames:
            ms, _ = timed(partial(tracker.detect, frame.image, frame.t_s))
            bare.append(ms)
            ms, tracked = timed(partial(watcher.observe, frame.image, frame.t_s, frame.index))
            core_ms, _ = timed(partial(session.update, tracked))
            core.append(core_ms)
            chain.append(ms + core_ms)
            draw_ms, _ = timed(partial(draw, overlay, frame, tracked, session))
            drawing.append(draw_ms)
    a, b, c, d = (np.array(x[WARM_UP:]) for x in (bare, chain, core, drawing))
    return {
        "bare tracker ms": float(np.median(a)),
        "chain ms": float(np.median(b)),
        "chain mean ms": float(np.mean(b)),
        "chain with drawing ms": float(np.median(b + d)),
        "chain / bare": float(np.median(b) / np.median(a)),
        "chain / bare, means": float(np.mean(b) / np.mean(a)),
        "chain with drawing / bare": float(np.median(b + d) / np.median(a)),
        "core update ms": float(np.median(c)),
        "core update p95 ms": float(np.percentile(c, 95)),
    }


def whole(clip: str, exercise: Exercise) -> dict[str, float]:
    """`formcheck analyze` on the clip against a bare decode-and-track loop, each in a process of its own."""
    loop = (
        "import sys;from formcheck.camera import open_source;from formcheck.pose.tracker import Tracker\n"
        "with open_source(sys.argv[1]) as s, Tracker('full') as t:\n"
        "  n=0\n"
        "  while (f:=s.read()) is not None: t.detect(f.image,f.t_s); n+=1\n"
    )
    ours_command = [sys.executable, "-m", "formcheck.cli.main", "analyze", clip, "-e", exercise.name, "--json", "-"]
    quiet = partial(subprocess.run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    count = len(read(clip, 10**9))
    rates: dict[str, list[float]] = {"bare": [], "analyze": []}
    for _ in range(2):
        ms, _ = timed(partial(quiet, [sys.executable, "-c", loop, clip]))
        rates["bare"].append(count / ms * 1000)
        ms, _ = timed(partial(quiet, ours_command))
        rates["analyze"].append(count / ms * 1000)
    bare, ours = (float(np.median(rates[k])) for k in ("bare", "analyze"))
    return {"bare loop frames/s": bare, "analyze frames/s": ours, "analyze / bare loop": ours / bare}


class Closes(Observer):
    """Closes the window when its time has come."""

    def __init__(self, at_s: float) -> None:
        self._at_s = at_s

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """Look at the clock with every picture."""
        if time.monotonic() > self._at_s:
            import pygame

            pygame.event.post(pygame.event.Event(pygame.QUIT))


def live(clip: str, exercise: Exercise) -> dict[str, float]:
    """The window loop on a simulated 30 frames/s camera, without a screen: delays as the person has them."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
    from formcheck.app.loop import Loop
    from formcheck.app.set_page import Plan, SetPage
    from formcheck.app.speech import Speech
    from formcheck.pipeline.live import LiveFeed, Machine
    from formcheck.screen import Window
    from formcheck.voice import Voice
    from tests.bench.scripts import OnePage

    began = time.monotonic()
    machine = Machine()
    with Window() as window, LiveFeed(clip, loop=True) as feed:
        voice = Voice.start(muted=False)
        speech = Speech(voice)
        page = SetPage(Plan(exercise), feed, speech, machine, lambda _: None, lambda: [Closes(began + LIVE_S)])
        page.figures.began_s = began
        Loop(window, voice, speech, machine).run(OnePage(page))
        page.chain.finish("stopped")
        voice.close()
        dropped = feed.state.dropped
    figures = page.figures
    shown = list(figures.to_screen_ms) or [float("nan")]
    heard = list(figures.to_sound_ms) or [float("nan")]
    return {
        "capture to skeleton p50 ms": float(np.percentile(shown, 50)),
        "capture to skeleton p95 ms": float(np.percentile(shown, 95)),
        "capture to cue sound p50 ms": float(np.percentile(heard, 50)),
        "capture to cue sound p95 ms": float(np.percentile(heard, 95)),
        "start to first skeleton s": figures.first_skeleton_s or float("nan"),
        "live frames/s": figures.frames / LIVE_S,
        "live dropped": float(dropped),
    }


def soak(frames: list[Frame], exercise: Exercise) -> dict[str, float]:
    """Memory over many core updates (and a few hundred pictures of the pose room before them)."""
    import psutil

    process = psutil.Process()
    session = Set(exercise, is_live=False)
    with PatientTracker(exercise.posture, partial(start_score, exercise)) as watcher:
        stream = [watcher.observe(f.image, f.t_s, f.index) for f in frames[:120]]
    sizes = []
    span = stream[-1].t_s - stream[0].t_s + 1 / 30
    for i in range(SOAK_UPDATES):
        tracked = stream[i % len(stream)]
        later = replace(tracked.pose, t_s=tracked.t_s + (i // len(stream)) * span)
        session.update(seen(session, later, tracked.back))
        if i % 2000 == 0:
            sizes.append(process.memory_info().rss / 2**20)
    return {"memory growth over 20000 updates MB": sizes[-1] - sizes[0]}


def peak_memory(clip: str, exercise: Exercise) -> dict[str, float]:
    """Peak memory of one whole `analyze`."""
    command = [sys.executable, "-m", "formcheck.cli.main", "analyze", clip, "-e", exercise.name, "--json", "-"]
    with tempfile.TemporaryFile() as sink:
        subprocess.run(command, stdout=sink, stderr=subprocess.DEVNULL, check=True)
    return {"peak memory MB": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", nargs="?", default="")
    parser.add_argument("--exercise", default="dead-bug")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    exercise = load_exercises().get(options.exercise)
    clip = options.clip or str(asset("clips", f"demo-{options.exercise}.mp4"))
    # First of all: a child inherits the high-water mark of its parent.
    results = peak_memory(clip, exercise) | start_and_idle(clip, exercise.name) | imports()
    frames = read(clip, PICTURES)
    print(f"{Path(clip).name}, {frames[0].image.shape[1]}x{frames[0].image.shape[0]}, {os.cpu_count()} cores")
    for part in (
        partial(paired, frames, exercise),
        partial(whole, clip, exercise),
        partial(live, clip, exercise),
        partial(soak, frames, exercise),
    ):
        results |= part()
    for share in ("p50", "p95"):
        key = f"capture to skeleton {share}"
        results[f"{key} / bare"] = results[f"{key} ms"] / results["bare tracker ms"]
    for name, value in results.items():
        goal = f"   goal {GOALS[name]:g}" if name in GOALS else ""
        print(f"{name:40s} {value:9.2f}{goal}")
    if options.json:
        options.json.write_text(json.dumps({k: round(v, 3) for k, v in results.items()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
