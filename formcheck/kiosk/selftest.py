"""The kiosk's self-test: camera, sound, models, disk, clock, speed, and what the clinic has set. Each check can fail.

It opens the camera and the sound card, so it belongs in a process of its own: `formcheck doctor --kiosk`, which
`run_self_test` starts. Nothing else may hold the camera meanwhile.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from formcheck.camera import Source
from formcheck.kiosk.config import KioskConfig, load_config
from formcheck.kiosk.last_test import LastTest
from formcheck.kiosk.pin import check_hash
from formcheck.kiosk.place_checks import (
    BUSY,
    camera_check,
    clips_check,
    clock_check,
    disk_check,
    printer_check,
    sound_check,
    speed_check,
)
from formcheck.kiosk.speed_probe import ProbeProcess
from formcheck.kiosk.taking import public_key
from formcheck.session.program import load_program
from formcheck.session.registry import Registry, load_exercises
from formcheck.system.checks import Check, Diagnosis, exercise_check, model_checks, version_checks
from formcheck.system.data import data_folder
from formcheck.system.errors import FormcheckError, SettingsError

RUN_S = 120.0
"""Seconds after which a self-test that does not end is given up."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where and when it is tested."""

    state: Path
    """The kiosk's folder, where what was found is kept."""
    now: datetime
    source: Source | None = None
    """The camera; that of the configuration by default."""
    has_devices: bool = True
    """Whether camera, sound card and speed are tried: not while somebody uses them."""
    free_bytes: int | None = None
    """Of the disk of `state`; looked up by default."""


def state_folder() -> Path:
    """The folder that systemd has made for the kiosk; that of this user's data where it runs by hand."""
    given = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    return Path(given) if given else data_folder()


def self_test(config_path: Path | None, circumstances: Circumstances) -> Diagnosis:
    """All checks, in the order in which the staff would ask. Nothing is raised: what fails is a finding.

    Args:
        config_path: the kiosk's file; the installed one by default.
        circumstances: where and when.
    """
    config, configuration = _config(config_path)
    registry = load_exercises()
    exercises = list(registry.exercises.values())
    kept = LastTest.read(circumstances.state)
    probe = ProbeProcess.begin() if circumstances.has_devices and exercises and kept.poses_fps is None else None
    checks = [configuration]
    if circumstances.has_devices:
        checks += [camera_check(config, circumstances.source), sound_check()]
    checks += [clips_check(config.languages), *model_checks(), *version_checks()]
    checks += [exercise_check(registry.broken, list(registry.exercises)), *_programs(config, registry)]
    checks += [
        disk_check(circumstances.state, circumstances.free_bytes),
        clock_check(circumstances.now, kept.last),
        *_of_the_clinic(config),
    ]
    measured: dict[str, Any] = {}
    if circumstances.has_devices and exercises:
        poses_fps = probe.result() if probe is not None else kept.poses_fps
        if poses_fps is not None:
            measured["poses_fps"] = round(poses_fps, 1)
        load = os.getloadavg()[0] / (os.cpu_count() or 1) if hasattr(os, "getloadavg") else 0.0
        speed = speed_check(poses_fps, exercises, load)
        checks.append(speed)
        # Kept, so that the next start is quick; what may have had a passing cause is measured again.
        is_lasting = speed.verdict == "good" or (speed.verdict == "note" and load <= BUSY)
        kept_fps = poses_fps if is_lasting else None
        if not LastTest(circumstances.now, kept_fps).write(circumstances.state):
            checks.append(Check("state folder", "bad", "It can't be written. Start the kiosk by its unit."))
    return Diagnosis(checks, measured)


def run_self_test(config_path: Path | None = None, *, has_devices: bool = True) -> Diagnosis:
    """The same in a process of its own; for the supervisor at start, and for the staff page.

    Args:
        config_path: the kiosk's file; the installed one by default.
        has_devices: whether camera and sound are free to be tried.
    """
    command = [sys.executable, "-m", "formcheck.cli", "doctor", "--kiosk", "--json", "-"]
    command += ["--config", str(config_path)] if config_path is not None else []
    command += [] if has_devices else ["--without-devices"]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=RUN_S,
        )
        data = json.loads(done.stdout)
        return Diagnosis([Check(**check) for check in data["checks"]], data["measured"])
    except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired):
        return Diagnosis(
            [Check("self-test", "bad", "It did not end. Restart the machine; then install FormCheck again.")]
        )


def _config(path: Path | None) -> tuple[KioskConfig, Check]:
    try:
        config = load_config(path)
        check_hash(config.staff.pin)
        return config, Check("configuration", "good", "it makes sense")
    except SettingsError as error:
        return KioskConfig(), Check("configuration", "bad", str(error))


def _programs(config: KioskConfig, registry: Registry) -> list[Check]:
    wrong = []
    for name in config.programs:
        try:
            load_program(name, registry)
        except SettingsError as error:
            wrong.append(str(error))
    if wrong:
        return [Check("programs", "bad", " ".join(wrong))]
    return [Check("programs", "good", ", ".join(config.programs) or "none; single exercises only")]


def _of_the_clinic(config: KioskConfig) -> list[Check]:
    checks = []
    if config.printer.name:
        checks.append(printer_check(config.printer.name))
    if config.tickets.key:
        checks.append(_tickets(config))
    if config.staff.pin:
        checks.append(Check("staff PIN", "good", "set"))
    else:
        checks.append(Check("staff PIN", "note", "None: there is no staff menu. Make one with 'formcheck kiosk pin'."))
    return checks


def _tickets(config: KioskConfig) -> Check:
    folder = config.tickets.folder
    try:
        public_key(config.tickets.key)
    except FormcheckError as error:
        return Check("tickets", "bad", str(error))
    if folder is not None and not os.access(folder, os.R_OK | os.X_OK):
        return Check("tickets", "bad", "Their folder can't be read. Make it, and let the kiosk's user read it.")
    return Check("tickets", "good", "the desk's key is set")
