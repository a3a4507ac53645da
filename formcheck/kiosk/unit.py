"""The systemd unit of the kiosk: every line with the reason for it."""

from __future__ import annotations

from collections.abc import Iterator

from formcheck.kiosk.supervisor import QUIT_STATUS
from formcheck.kiosk.wanted import PREFIX, STATE, Display, Wanted

Line = tuple[str, str]
"""A line of a file, and why it is there; the same reason stands once above lines that share it."""
Text = list[str | Line]
"""A file; a plain text is a heading or an empty line."""

NAME = "formcheck-kiosk.service"
RUNTIME = "formcheck-kiosk"
IN_CAGE = "/usr/local/lib/formcheck/kiosk-in-cage"
WATCHDOG_S = 10
"""A window that has drawn nothing for so long is dead; a frame comes ten times a second at least."""
MEMORY_MAX = "3G"
"""A process with model and window takes 0.4 GB (measured). Two live while one is warmed, and cage with its buffers."""


def written(lines: Text) -> str:
    """The text of a file: each reason as a comment above its lines."""
    out: list[str] = []
    last = ""
    for line in lines:
        setting, why = (line, "") if isinstance(line, str) else line
        if why and why != last:
            out.append(f"# {why}")
        last = why
        out.append(setting)
    return "\n".join(out) + "\n"


def service(wanted: Wanted) -> str:
    """`formcheck-kiosk.service`, for systemd 252 (Debian 12) and newer."""
    return written(
        [
            "# FormCheck's kiosk. Written by 'formcheck kiosk install'; 'formcheck kiosk uninstall' takes it back.",
            "# To change a line, don't edit this file: 'systemctl edit formcheck-kiosk' keeps your lines apart.",
            "[Unit]",
            *_unit(wanted),
            "",
            "[Service]",
            *_process(wanted),
            *_watch(),
            *_screen(wanted),
            *_place(),
            *_devices(wanted.display),
            *_network(wanted),
            *_fences(),
            "",
            "[Install]",
            ("WantedBy=graphical.target", "Start with the machine: graphical.target is what it boots into."),
        ]
    )


def in_cage() -> str:
    """The script that starts cage."""
    told = "cage 0.1 ends with 0 however its program ended; systemd must know whether the staff ended it."
    return "#!/bin/sh\n" + written(
        [
            ('if [ "$1" = inside ]; then shift; "$@"; echo $? > "$XDG_RUNTIME_DIR/ended"; exit; fi', told),
            ('rm -f "$XDG_RUNTIME_DIR/ended"', told),
            (
                '/usr/bin/cage -d -- "$0" inside "$@"',
                "cage shows one program in full and knows no key out of it. Never add -s: it would switch consoles.",
            ),
            ('exit "$(cat "$XDG_RUNTIME_DIR/ended" 2>/dev/null || echo 1)"', told),
        ]
    )


def _unit(wanted: Wanted) -> Iterator[Line]:
    yield "Description=FormCheck kiosk", "What 'systemctl status' calls it."
    yield f"ConditionPathExists={PREFIX}/current/bin/formcheck", "Nothing to start before a version is there."
    if wanted.display != "x11":
        console = "The console's log-in makes room, so that a keyboard reaches the kiosk and nothing else."
        yield f"Conflicts=getty@{wanted.tty}.service", console
        yield f"After=getty@{wanted.tty}.service systemd-user-sessions.service plymouth-quit-wait.service", console
        yield "Before=graphical.target", console
    if wanted.display == "cage":
        seat = (
            "seatd hands screen and keys to cage. logind would too, but moves the processes out of this unit: "
            "then neither the watchdog nor the limits below would reach them."
        )
        yield "Wants=seatd.service", seat
        yield "After=seatd.service", seat
    yield "StartLimitIntervalSec=0", "Never give up: nobody is there to start it again."


def _process(wanted: Wanted) -> Iterator[Line]:
    program = f"{PREFIX}/current/bin/formcheck kiosk --config {wanted.config}"
    yield "Type=notify", "It is up when a page was drawn, not when a process exists."
    yield (
        "NotifyAccess=all",
        "The process that draws is a child of this unit's first one, and it is the one that tells.",
    )
    if wanted.display != "x11":
        yield f"ExecStartPre=-+/usr/bin/chvt {wanted.terminal}", "The console of the kiosk is the one that is seen."
    if wanted.display == "cage":
        yield f"ExecStart={IN_CAGE} {program}", "cage with the kiosk in it, of the version that 'current' points to."
    else:
        yield f"ExecStart={program}", "The kiosk, of the version that 'current' points to."
    yield f"User={wanted.user}", "A user that owns nothing but the kiosk's folder and can't log in."
    devices = "Camera, sound, keys and pedals, the graphics card: each by its group."
    yield "SupplementaryGroups=video audio input render", devices
    yield "UMask=0077", "What it writes nobody else may read."


def _watch() -> Iterator[Line]:
    watch = f"Fed by drawn frames alone. {WATCHDOG_S} s without one: killed and started again."
    yield f"WatchdogSec={WATCHDOG_S}", watch
    yield "WatchdogSignal=SIGKILL", watch
    yield "TimeoutStartSec=120", "A slow machine that boots loads its model for the first time."
    yield "TimeoutStopSec=5", "It has nothing to say good-bye to."
    again = "Whatever ended it, it is there again a second later."
    yield "Restart=always", again
    yield "RestartSec=1", again
    ended = "But where the staff ended it behind their PIN, it stays ended until the machine or somebody starts it."
    yield f"RestartPreventExitStatus={QUIT_STATUS}", ended
    yield f"SuccessExitStatus={QUIT_STATUS}", ended
    memory = "A leak ends in a restart of one process, not in a machine that hangs; of memory nothing goes to the disk."
    yield f"MemoryMax={MEMORY_MAX}", memory
    yield "MemorySwapMax=0", memory
    yield "OOMPolicy=continue", memory
    yield "LimitCORE=0", "A dump of its memory would hold pictures of a person."
    yield "TasksMax=256", "A few processes with their threads; never a flood."


def _screen(wanted: Wanted) -> Iterator[Line]:
    if wanted.display == "cage":
        socket = "Where cage puts its socket; in memory, and gone when it ends."
        yield f"RuntimeDirectory={RUNTIME}", socket
        yield "RuntimeDirectoryMode=0700", socket
        yield f"Environment=XDG_RUNTIME_DIR=%t/{RUNTIME}", socket
        yield "Environment=LIBSEAT_BACKEND=seatd", "Ask seatd, and don't try logind first."
        yield "Environment=SDL_VIDEODRIVER=wayland", "Draw to cage, and to nothing else that might be found."
    elif wanted.display == "kms":
        console = "The console is the kiosk's own; if somebody else holds it, it doesn't start."
        for line in (f"TTYPath=/dev/{wanted.tty}", "TTYReset=yes", "TTYVHangup=yes", "TTYVTDisallocate=yes"):
            yield line, console
        yield "StandardInput=tty-fail", console
        yield "Environment=SDL_VIDEODRIVER=kmsdrm", "Draw to the graphics card without anything between."
    else:
        x11 = "An X server that is there already; its socket lies under /tmp, of which the kiosk has its own."
        yield "Environment=DISPLAY=:0 SDL_VIDEODRIVER=x11", x11
        yield "BindReadOnlyPaths=/tmp/.X11-unix", x11
    log = "To the journal: what went on, and never a name."
    yield "StandardOutput=journal", log
    yield "StandardError=journal", log
    yield "SyslogIdentifier=formcheck-kiosk", log


def _place() -> Iterator[Line]:
    state = f"{STATE} is made for it, and is the only folder that it may write to."
    yield "StateDirectory=formcheck", state
    yield "StateDirectoryMode=0700", state
    yield f"WorkingDirectory={STATE}", state
    yield f"Environment=HOME={STATE}", state
    yield "ProtectSystem=strict", state
    yield "ProtectHome=tmpfs", "Nobody's home is seen."
    yield "PrivateTmp=yes", "Its temporary files are its own, and gone when it ends."
    yield "PrivateIPC=yes", "Its shared memory is its own, and gone when it ends."
    yield "RemoveIPC=yes", "Its shared memory is its own, and gone when it ends."
    yield "Environment=PYTHONDONTWRITEBYTECODE=1", "No attempt to write beside the program."


def _devices(display: Display) -> Iterator[Line]:
    yield "DevicePolicy=closed", "No device but those named here."
    yield "DeviceAllow=char-video4linux rw", "The camera."
    yield "DeviceAllow=char-alsa rw", "The loudspeaker."
    if display == "x11":
        return
    yield "DeviceAllow=char-drm rw", "The screen and the graphics card."
    yield "DeviceAllow=char-input rw", "Keyboard, pedal, remote, touch screen."
    if display == "kms":
        console = "The console: SDL silences the keyboard on it, so that no key reaches a log-in."
        yield "DeviceAllow=char-tty rw", console
        yield "DeviceAllow=/dev/tty rw", console


def _network(wanted: Wanted) -> Iterator[Line]:
    families = "AF_UNIX" if wanted.display == "x11" else "AF_UNIX AF_NETLINK"
    plugged = (
        ""
        if wanted.display == "x11"
        else " AF_NETLINK is the kernel's own word on what is plugged in; it leads nowhere."
    )
    if not wanted.addresses:
        none = f"No network: a socket to the internet can't even be made.{plugged}"
        yield f"RestrictAddressFamilies={families}", none
    else:
        one = f"The network, for the addresses below.{plugged}"
        yield f"RestrictAddressFamilies={families} {wanted.families}", one
    for address in wanted.addresses:
        yield f"IPAddressAllow={address}", "The desk or the store that was named at the installation."
    yield "IPAddressDeny=any", "Every other address is refused by the kernel, whatever was made."
    yield "SocketBindDeny=any", "Nobody can connect to it."
    if wanted.display == "x11" and not wanted.addresses:
        yield "PrivateNetwork=yes", "It doesn't even see a network card."


def _fences() -> Iterator[Line]:
    rights = "No right to begin with, and no way to get one."
    yield "NoNewPrivileges=yes", rights
    yield "CapabilityBoundingSet=", rights
    yield "AmbientCapabilities=", rights
    yield "RestrictSUIDSGID=yes", rights
    calls = (
        "Only what ordinary programs ask of the kernel. What is refused fails and doesn't kill: cage tries to be root."
    )
    yield "SystemCallArchitectures=native", calls
    yield "SystemCallFilter=@system-service", calls
    yield "SystemCallFilter=~@privileged @aio @keyring", calls
    yield "SystemCallErrorNumber=EPERM", calls
    yield "SystemCallFilter=mincore", "SDL under Wayland asks which of its pages are there, and falls if it may not."
    kernel = "Of the kernel and of other processes it sees and changes nothing."
    for name in ("ProtectKernelTunables", "ProtectKernelModules", "ProtectKernelLogs", "ProtectControlGroups"):
        yield f"{name}=yes", kernel
    yield "PrivateMounts=yes", kernel
    for name in ("ProtectClock", "ProtectHostname", "LockPersonality", "RestrictNamespaces", "RestrictRealtime"):
        yield f"{name}=yes", kernel
    yield "ProtectProc=invisible", kernel
    yield "KeyringMode=private", kernel
