"""From the command to the menu and to the first skeleton, and what a page costs on which nothing moves.

Each is measured in a process of its own, which begins as the command does: `python -m tests.bench.start PAGE BEGAN`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

SETTLE_S, IDLE_S = 1.0, 10.0
"""Seconds after the first picture before the idle cost is measured, and over which it is."""
IMPORTS = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\w+)")
SHOWN_PACKAGES = 8


# -- in the process that is measured --------------------------------------------------------------------------------


def _say(**figures: float) -> None:
    print(json.dumps(figures), flush=True)


def _end() -> None:
    import pygame

    pygame.event.post(pygame.event.Event(pygame.QUIT))


def _idle() -> None:
    """Measure what the process needs while nothing happens, then close its window."""
    time.sleep(SETTLE_S)
    began_s, began_cpu_s = time.monotonic(), time.process_time()
    time.sleep(IDLE_S)
    share = (time.process_time() - began_cpu_s) / (time.monotonic() - began_s)
    _say(idle=100 * share)
    _end()


def _on_first_flip(call: Any) -> None:
    """Call something when the first picture is on the screen."""
    import pygame

    flip, is_first = pygame.display.flip, [True]

    def flipped() -> None:
        flip()
        if is_first:
            is_first.clear()
            call()

    pygame.display.flip = flipped


def menu(began_s: float, then: Callable[[], None] = _idle) -> None:
    """The command without a word."""
    from formcheck.camera.view import AS_IT_IS
    from formcheck.cli.run import diary_of, open_menu

    def shown() -> None:
        _say(wall=time.monotonic() - began_s, cpu=time.process_time())
        threading.Thread(target=then, daemon=True).start()

    import formcheck.app.app  # noqa: F401 - what the command imports next; pygame is known from here on

    _on_first_flip(shown)
    open_menu("0", AS_IT_IS, diary_of(None, False, None, keep_poses=False), is_fullscreen=False, is_muted=False)


def opening(began_s: float) -> None:
    """The same, closed at once."""
    menu(began_s, _end)


def report(_: float) -> None:
    """The last page of a session."""
    from formcheck.app.loop import Loop
    from formcheck.app.pages.page import StillPage
    from formcheck.app.speech import Speech
    from formcheck.pipeline.live import Machine
    from formcheck.screen import Action, ReportRow, ReportView, Window
    from formcheck.voice import Voice
    from tests.bench.scripts import OnePage

    machine, voice = Machine(), Voice.start()
    rows = tuple(ReportRow(f"Set {n}", "10 / 10") for n in range(1, 7))
    page = StillPage(ReportView("Low back", (("Repetitions", "60 / 60"),), rows), {Action.BACK: "left"}, machine.sleep)
    _on_first_flip(threading.Thread(target=_idle, daemon=True).start)
    with Window() as window:
        Loop(window, voice, Speech(voice), machine).run(OnePage(page))
    voice.close()


def skeleton(began_s: float, clip: str, exercise: str) -> None:
    """Straight into an exercise, on a recording in place of the camera."""
    from formcheck.app.app import App, AppOptions
    from formcheck.pipeline.observers import Observer
    from formcheck.session.registry import load_exercises

    def shown() -> None:
        _say(wall=time.monotonic() - began_s, cpu=time.process_time())
        _end()

    class First(Observer):
        def on_frame(self, frame: Any, tracked: Any, update: Any) -> None:
            if tracked.pose.is_present:
                _on_first_flip(shown)

    App(AppOptions(source=clip), observers=lambda: [First()]).run(load_exercises().get(exercise))


# -- in the process that measures -----------------------------------------------------------------------------------


def _measured(page: str, *words: str) -> dict[str, float]:
    """What the process of a page says."""
    environment = {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy", **os.environ}
    command = [sys.executable, "-m", "tests.bench.start", page, str(time.monotonic()), *words]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    figures: dict[str, float] = {}
    for line in done.stdout.decode().splitlines():
        if line.startswith("{"):
            figures = {**json.loads(line), **figures}  # the first word counts
    return figures


def start_and_idle(clip: str, exercise: str) -> dict[str, float]:
    """Seconds from the command to menu and skeleton (and how many of them the processor was busy), idle cost in %."""
    at_menu, at_report, at_work = _measured("menu"), _measured("report"), _measured("skeleton", clip, exercise)
    return {
        "command to menu s": at_menu["wall"],
        "command to menu, processor s": at_menu["cpu"],
        "command to first skeleton s": at_work["wall"],
        "command to first skeleton, processor s": at_work["cpu"],
        "idle menu, % of a core": at_menu["idle"],
        "idle report, % of a core": at_report["idle"],
    }


def imports() -> dict[str, float]:
    """Milliseconds that the imports of the window program take, by package: the dearest ones, and all."""
    command = [sys.executable, "-X", "importtime", "-c", "import formcheck.cli.main, formcheck.app.app"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    own: Counter[str] = Counter()
    for us, package in IMPORTS.findall(done.stderr):
        own[package] += int(us)
    dearest = {f"import {package} ms": us / 1000 for package, us in own.most_common(SHOWN_PACKAGES)}
    return {"import all ms": own.total() / 1000, **dearest}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", choices=("menu", "opening", "report", "skeleton"))
    parser.add_argument("began_s", type=float)
    parser.add_argument("words", nargs="*")
    asked = parser.parse_args()
    import formcheck.cli.main  # noqa: F401 - the command begins with it

    pages: dict[str, Callable[..., None]] = {"menu": menu, "opening": opening, "report": report, "skeleton": skeleton}
    pages[asked.page](asked.began_s, *asked.words)
