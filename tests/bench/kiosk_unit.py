"""The kiosk's unit under a real systemd: `python -m tests.bench.kiosk_unit`, as root, on Linux with cgroup2.

It starts systemd as the first process of a container of its own, over a copy of this machine's files that is thrown
away, with the files that `formcheck kiosk install` writes and a stand-in for the kiosk. The stand-in tries what the
fences forbid, tells systemd that it draws, then hangs; the second time it ends as if by the staff. cage runs without a
screen (`WLR_BACKENDS=headless`): there is no seat in a container. What is printed is what systemd and the kernel did.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from formcheck.kiosk.install import install
from formcheck.kiosk.unit import NAME
from formcheck.kiosk.wanted import Wanted

HERE = Path(__file__).parents[2]
STARTS_S, HANGS_S = 400.0, 60.0
BOOT = """
set -e
mount -t tmpfs none {box}; mkdir {box}/up {box}/work {box}/root
mount -t overlay none -o lowerdir=/,upperdir={box}/up,workdir={box}/work {box}/root
cd {box}/root
mount -t proc none proc; mount -t sysfs none sys; mount -t cgroup2 none sys/fs/cgroup
mount -t tmpfs none run; mount -t tmpfs none tmp; mount -t tmpfs none dev; mkdir dev/pts dev/shm
mkdir -p mnt/code mnt/libraries; mount --bind {code} mnt/code; mount --bind {libraries} mnt/libraries
for at in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 dev/${{at%:*}} c 1 ${{at#*:}}; done
mount -t devpts none dev/pts -o newinstance,ptmxmode=666; ln -s pts/ptmx dev/ptmx; touch dev/console dev/tty0
ip link set lo up; ip address add 192.0.2.1/32 dev lo; ip address add 192.0.2.2/32 dev lo
mknod -m 660 dev/sda b 8 0; mknod -m 660 dev/video0 c 81 0; chgrp video dev/video0
cp -r {files}/. .
exec chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin container=formcheck \\
  /lib/systemd/systemd --unit=try.target --log-target=journal --show-status=0
"""
TARGET = """
[Unit]
DefaultDependencies=no
Wants=systemd-journald.service dbus.service {also}
"""
DROP_IN = """
[Service]
Environment=WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman
WatchdogSec=3
TimeoutStartSec=600
"""
STAND_IN = Path(__file__).with_name("kiosk_stand_in.py")


def boot(box: Path, also: str) -> subprocess.Popen[bytes]:
    """systemd in a container over the files in `box`; its process is the child of what is returned."""
    files = box / "files"
    units = files / "etc/systemd/system"
    (units / f"{NAME}.d").mkdir(parents=True)
    (units / f"{NAME}.d/bench.conf").write_text(DROP_IN)
    (units / "try.target").write_text(TARGET.format(also=also))
    program = files / "opt/formcheck/current/bin/formcheck"
    program.parent.mkdir(parents=True)
    program.write_text(STAND_IN.read_text())
    program.chmod(0o755)
    xwayland = files / "usr/bin/Xwayland"  # Debian's cage 0.1.4 wants it to be there, and starts it for nobody
    xwayland.parent.mkdir(parents=True)
    xwayland.write_text("#!/bin/false\n")
    xwayland.chmod(0o755)
    libraries = next(Path(sys.prefix).glob("lib/python*/site-packages"))
    (box / "mnt").mkdir()
    script = BOOT.format(box=box / "mnt", files=files, code=HERE, libraries=libraries)
    command = ["unshare", "--mount", "--pid", "--uts", "--ipc", "--net", "--cgroup", "--fork", "--kill-child"]
    return subprocess.Popen([*command, "bash", "-c", script], stdin=subprocess.DEVNULL, start_new_session=True)


def inside(unshare: int, *command: str) -> str:
    """What a command prints in the container."""
    (first,) = Path(f"/proc/{unshare}/task/{unshare}/children").read_text().split()[:1]
    done = subprocess.run(
        ["nsenter", "-t", first, "-m", "-p", "-u", "-i", "-n", "-C", "-r", "-w", *command],
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    return done.stdout


def waited(unshare: int, want: str, seconds: float) -> bool:
    """Whether the journal says something within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if want in inside(unshare, "journalctl", "--no-pager", "-o", "cat", "-u", NAME):
                return True
        except (ValueError, OSError, subprocess.TimeoutExpired):
            pass
        time.sleep(0.5)
    return False


def main() -> None:
    """Boot, watch, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--display", default="cage", choices=["cage", "kms", "x11"])
    parser.add_argument("--address", action="append", default=[])
    parser.add_argument("--box", type=Path, default=Path("/var/tmp/formcheck-unit"))
    parser.add_argument("--journal", action="store_true", help="print the whole journal of the unit")
    asked = parser.parse_args()
    shutil.rmtree(asked.box, ignore_errors=True)
    asked.box.mkdir(parents=True)
    install(Wanted(display=asked.display, addresses=asked.address), asked.box / "files")
    started = boot(asked.box, NAME)
    try:
        is_up = waited(started.pid, "stand-in: facts", STARTS_S)
        shown = inside(started.pid, "systemctl", "show", NAME, "-p", "ActiveState,StatusText,ControlGroup,MainPID")
        is_again = waited(started.pid, "Scheduled restart job", HANGS_S)
        is_ended = is_again and waited(started.pid, "the staff ended it", HANGS_S)
        time.sleep(3.0)  # longer than RestartSec
        after = inside(started.pid, "systemctl", "show", NAME, "-p", "ActiveState,NRestarts")
        journal = inside(started.pid, "journalctl", "--no-pager", "-o", "short-monotonic", "-u", NAME)
    finally:
        os.killpg(started.pid, 9)
        started.wait()
        shutil.rmtree(asked.box, ignore_errors=True)
    print(f"up {is_up}\n{shown}killed by the watchdog and started again {is_again}")
    print(f"ended by the staff {is_ended}, and then:\n{after}")
    told = [line for line in journal.splitlines() if asked.journal or "stand-in" in line or "atchdog" in line]
    print("\n".join(told[: 400 if asked.journal else 40]))
    facts = [json.loads(line.split("stand-in: facts ", 1)[1]) for line in journal.splitlines() if "facts {" in line]
    for name, value in (facts[0] if facts else {}).items():
        print(f"{name:<40} {value}")


if __name__ == "__main__":
    main()
