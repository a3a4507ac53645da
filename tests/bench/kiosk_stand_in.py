#!/usr/bin/python3
"""A stand-in for the kiosk, run by `tests.bench.kiosk_unit` under its unit: tries the fences, draws, hangs."""

import contextlib
import ctypes
import glob
import json
import os
import socket
import subprocess
import sys
import time


def tried(what):
    """What came of it."""
    try:
        return what() or "works"
    except OSError as error:
        return error.strerror


def tell(text):
    """A word to systemd."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
        to.connect(os.environ["NOTIFY_SOCKET"])
        to.send(text.encode())


def opened(path, mode="rb"):
    """Whether a file opens."""
    return tried(lambda: open(path, mode).close())


def monitor():
    """libudev's way to hear of what is plugged in, as cage and libinput take it."""
    udev = ctypes.CDLL("libudev.so.1")
    for name in ("udev_new", "udev_monitor_new_from_netlink"):
        getattr(udev, name).restype = ctypes.c_void_p
    found = udev.udev_monitor_new_from_netlink(ctypes.c_void_p(udev.udev_new()), b"udev")
    return "works" if found else "refused"


def window():
    """Which driver a window comes by, and that it draws."""
    import pygame

    pygame.display.init()
    screen = pygame.display.set_mode((640, 360))
    for shade in range(30):
        screen.fill((shade, shade, shade))
        pygame.display.flip()
        pygame.event.pump()
    return f"{pygame.display.get_driver()} {pygame.display.get_window_size()}"


def chain():
    """Whether the whole chain runs in here: model, coach, drawing."""
    from formcheck.pipeline.speed import demo_clip, measure_live
    from formcheck.pose.effort import Effort
    from formcheck.session.registry import load_exercises

    exercise = next(iter(load_exercises().exercises.values()))
    pace = measure_live(exercise, Effort("lite"), 4.0)
    return f"{pace.poses_fps:.0f} poses/s from {demo_clip().name}"


def lines(name, *beginnings):
    """Lines of what the kernel says of this process."""
    with open(f"/proc/self/{name}") as file:
        return [line.strip().replace("\t", " ") for line in file if line.startswith(beginnings)]


def facts():
    """Everything that is tried."""
    sys.path[:0] = ["/mnt/code", "/mnt/libraries"]
    found = {
        "user and groups": f"{os.getuid()} {sorted(os.getgroups())}",
        "control group": " ".join(lines("cgroup", "0:")),
        "rights": " ".join(lines("status", "CapBnd")),
        "fences of the kernel": " ".join(lines("status", "NoNew", "Seccomp:")),
    }
    for family in ("AF_INET", "AF_INET6", "AF_PACKET", "AF_NETLINK", "AF_UNIX"):
        found[f"socket {family}"] = tried(lambda family=family: socket.socket(getattr(socket, family)).close())
    if found["socket AF_INET"] == "works":
        for address in ("192.0.2.1", "192.0.2.2"):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as to:
                found[f"send to {address}"] = tried(lambda to=to, at=address: str(to.sendto(b"x", (at, 9))) + " byte")
    found["write to /"] = opened("/x", "w")
    found["write to /usr"] = opened("/usr/x", "w")
    found["write to the program"] = opened("/opt/formcheck/current/x", "w")
    found["write to /etc/formcheck"] = opened("/etc/formcheck/x", "w")
    found["write to the state folder"] = opened(os.path.expanduser("~/x"), "w")
    found["read the configuration"] = opened("/etc/formcheck/kiosk.toml")
    found["read /etc/shadow"] = opened("/etc/shadow")
    found["the homes"] = f"{os.listdir('/home')} {tried(lambda: str(os.listdir('/root')))}"
    found["/tmp"] = str(os.listdir("/tmp"))
    found["a disk"] = opened("/dev/sda")
    found["a camera's node"] = opened("/dev/video0")
    found["processes seen"] = str(len(glob.glob("/proc/[0-9]*")))
    found["hear of what is plugged in"] = monitor()
    with contextlib.suppress(Exception):
        found["chain"] = chain()
    found["be kind to others (nice)"] = tried(lambda: str(os.nice(10)))
    code = f"import runpy; print(runpy.run_path({__file__!r}, run_name='s')['window']())"
    env = {**os.environ, "PYTHONPATH": "/mnt/code:/mnt/libraries", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    found["window"] = (done.stdout or done.stderr or str(done.returncode)).strip().splitlines()[-1]
    return found


if __name__ == "__main__":
    if os.path.exists(os.path.expanduser("~/second")):
        print("stand-in: the staff ended it", flush=True)
        sys.exit(77)
    with open(os.path.expanduser("~/second"), "w"):
        pass
    tell("STATUS=looking around")
    print("stand-in: facts", json.dumps(facts()), flush=True)
    tell("READY=1\nSTATUS=drawing")
    for _ in range(5):
        tell("WATCHDOG=1")
        time.sleep(1.0)
    print("stand-in: drawn for 5 s; now it hangs", flush=True)
    time.sleep(600.0)
