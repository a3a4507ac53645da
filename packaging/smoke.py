"""Tries the bundle as a patient has it: no Python, no checkout, an empty home. `smoke.py dist/FormCheck`.

It asks for the version and the exercises, analyses a demo clip without a window and looks at what was found, opens the
menu (on no display, where there is none) and sees that it stays open, and that nothing but the machine's speed is left
in the home.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CLIP, REPS = "glute-bridge", 3
WINDOW_S = 15.0
"""Seconds in which a program that can't open its window has ended."""
MEASURED = {os.path.join(".config", "formcheck", "machine.json")}
"""How fast this machine was found to be, at the first start: no more than that is left."""
SEVEN = ("bird-dog", "dead-bug", "glute-bridge", "hip-flexor-stretch", "pelvic-tilt", "piriformis-stretch", "running")


def environment(home: Path) -> dict[str, str]:
    """An account that has never seen Python."""
    kept = {name: os.environ[name] for name in ("DISPLAY", "WAYLAND_DISPLAY", "SYSTEMROOT") if name in os.environ}
    kept |= (
        {} if {"DISPLAY", "WAYLAND_DISPLAY"} & set(kept) or sys.platform != "linux" else {"SDL_VIDEODRIVER": "dummy"}
    )
    return {**kept, "HOME": str(home), "PATH": "", "LANG": "C.UTF-8", "SDL_AUDIODRIVER": "dummy"}


def run(program: Path, home: Path, *words: str) -> str:
    """What it prints; the test ends where it fails."""
    done = subprocess.run(
        [program, *words], cwd=home, env=environment(home), capture_output=True, text=True, timeout=1800
    )
    if done.returncode:
        sys.exit(f"{program.name} {' '.join(words)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def stays_open(program: Path, home: Path) -> None:
    """The menu opens and is not left by itself."""
    began = time.monotonic()
    opened = subprocess.Popen([program], cwd=home, env=environment(home), stderr=subprocess.PIPE, text=True)
    try:
        opened.wait(WINDOW_S)
    except subprocess.TimeoutExpired:
        opened.terminate()
        opened.wait()
        return
    sys.exit(
        f"The menu was gone after {time.monotonic() - began:.0f} s.\n{opened.stderr.read() if opened.stderr else ''}"
    )


def main() -> None:
    """Try it."""
    folder = Path(sys.argv[1]).resolve()
    program = folder / ("formcheck-terminal.exe" if sys.platform == "win32" else "FormCheck")
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        print("version:", run(program, home, "--version").strip())
        listed = run(program, home, "exercises")
        if missing := [name for name in SEVEN if name not in listed]:
            sys.exit(f"Exercises that are missing: {', '.join(missing)}.")
        run(program, home, "demo", CLIP, "--no-window")
        findings = json.loads((home / "demo-out" / f"{CLIP}.json").read_text(encoding="utf-8"))
        if findings["summary"]["reps"] != REPS:
            sys.exit(f"The demo counted {findings['summary']['reps']} repetitions; it has {REPS}.")
        print(f"demo: {REPS} repetitions, as it should be")
        place_of_store = home / "demo-out" / "kept.db"
        run(program, home, "store", "create", "--key", "none", "--store", str(place_of_store))
        run(program, home, "store", "verify", "--store", str(place_of_store))
        print("store: made, and sound")
        stays_open(program, home)
        print("menu: opens, and stays open")
        files = {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}
        if strays := [name for name in sorted(files - MEASURED) if not name.startswith("demo-out")]:
            sys.exit(f"Left in the home folder: {', '.join(strays)}.")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    print(f"size: {size / 2**20:.0f} MB")


if __name__ == "__main__":
    main()
