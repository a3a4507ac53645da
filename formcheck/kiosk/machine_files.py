"""The files beside the unit: user, folders, camera, keys that must do nothing, updates from a stick."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.kiosk import unit
from formcheck.kiosk.unit import Text, written
from formcheck.kiosk.wanted import PREFIX, STATE, VENDOR_KEY, Wanted

STICK_LABEL = "FORMCHECK"
"""Name of the file system on a stick with an update."""
UPDATE_WANTED = f"{STATE}/update-wanted"
"""A file that the staff page makes to ask for the update on the stick."""
UPDATE_FOLDER = "/run/formcheck-update"
UPDATE_RESULT = f"{UPDATE_FOLDER}/result.txt"
"""What came of it, for the staff page."""
NEVER = "/dev/null"


@dataclass(frozen=True, slots=True)
class MachineFile:
    """One file of the installation."""

    path: str
    """As on the machine, from the root."""
    why: str
    """One sentence for the person."""
    text: str = ""
    target: str = ""
    """What it points to, where it is a link."""
    mode: int = 0o644
    is_yours: bool = False
    """Written only where there is none, and never taken back: it is the clinic's."""


def files(wanted: Wanted) -> tuple[MachineFile, ...]:
    """Every file, in the order in which they are written."""
    script = MachineFile(unit.IN_CAGE, "Starts cage, and says how the kiosk in it ended.", unit.in_cage(), mode=0o755)
    return (
        _user(wanted),
        _folders(wanted),
        *((script,) if wanted.display == "cage" else ()),
        MachineFile(f"/etc/systemd/system/{unit.NAME}", "Starts the kiosk and fences it in.", unit.service(wanted)),
        _camera(wanted),
        _log_in(),
        _kernel(),
        _dumps(),
        _manager(),
        MachineFile(
            "/etc/systemd/system/ctrl-alt-del.target", "Ctrl+Alt+Del does nothing: the target is masked.", target=NEVER
        ),
        _journal(),
        _update_asked(),
        _update(),
        MachineFile(wanted.config, "The clinic's own file; every line is optional.", _config(), is_yours=True),
    )


def _user(wanted: Wanted) -> MachineFile:
    groups = "May use camera, sound, keys and pedals, and the graphics card. Nothing else."
    lines: Text = [
        (
            f'u {wanted.user} - "FormCheck kiosk" {STATE} /usr/sbin/nologin',
            "A system user without a password and without a shell: nobody can log in as it.",
        ),
        *((f"m {wanted.user} {group}", groups) for group in ("video", "audio", "input", "render")),
    ]
    return MachineFile("/etc/sysusers.d/formcheck-kiosk.conf", "The system user that it runs as.", written(lines))


def _folders(wanted: Wanted) -> MachineFile:
    own = "Written by the administrator, read by the kiosk; the hash of the staff's PIN is in it."
    lines: Text = [
        ("d /etc/formcheck 0755 root root -", "The clinic's settings."),
        (f"z {wanted.config} 0640 root {wanted.user} -", own),
        (f"d {PREFIX}/versions 0755 root root -", "The program belongs to root: the kiosk can't change itself."),
    ]
    return MachineFile("/etc/tmpfiles.d/formcheck-kiosk.conf", "The folders, and whose they are.", written(lines))


def _camera(wanted: Wanted) -> MachineFile:
    which = ""
    if wanted.camera:
        vendor, product = wanted.camera.split(":")
        which = f', ATTRS{{idVendor}}=="{vendor}", ATTRS{{idProduct}}=="{product}"'
    lines: Text = [
        (
            f'SUBSYSTEM=="video4linux", ATTR{{index}}=="0", SUBSYSTEMS=="usb"{which}, SYMLINK+="formcheck-camera"',
            "The camera keeps one name, /dev/formcheck-camera, whichever socket it is in.",
        ),
        (
            'ACTION=="add", SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_interface", ATTR{bInterfaceClass}=="0e", '
            'ATTR{../power/control}="on"',
            "USB cameras are never put to sleep: some don't wake up again.",
        ),
        (
            'SUBSYSTEM=="block", SUBSYSTEMS=="usb", ENV{UDISKS_IGNORE}="1", ENV{UDISKS_AUTO}="0"',
            "A stick that a visitor plugs in is not opened by anything.",
        ),
    ]
    return MachineFile("/etc/udev/rules.d/70-formcheck.rules", "Camera and sticks.", written(lines))


def _log_in() -> MachineFile:
    consoles = "No second console to switch to, and no log-in on it."
    keys = "The keys for power, sleep and restart do nothing; holding power for 4 s still cuts it, in hardware."
    lines: Text = ["[Login]", ("NAutoVTs=0", consoles), ("ReserveVT=0", consoles)]
    for key in ("Power", "Reboot", "Suspend", "Hibernate"):
        lines += [(f"Handle{key}Key=ignore", keys), (f"Handle{key}KeyLongPress=ignore", keys)]
    lines += [
        ("HandleLidSwitch=ignore", "A lid that is closed is no reason to stop."),
        ("IdleAction=ignore", "Nor quiet."),
    ]
    lines += [("KillUserProcesses=yes", "Who logs out leaves nothing running.")]
    return MachineFile(
        "/etc/systemd/logind.conf.d/50-formcheck-kiosk.conf", "Keys and consoles that lead nowhere.", written(lines)
    )


def _kernel() -> MachineFile:
    dumps = "No memory of a program that fell goes to the disk: it might hold pictures."
    lines: Text = [
        ("kernel.sysrq=0", "The kernel's own keys (Alt+Print and a letter) do nothing."),
        ("fs.suid_dumpable=0", dumps),
        ("kernel.core_pattern=|/bin/false", dumps),
        ("kernel.panic=10", "A kernel that fell starts the machine anew after 10 s."),
        ("vm.swappiness=1", "As little memory as can be goes to the disk; best is a machine without swap."),
    ]
    return MachineFile("/etc/sysctl.d/99-formcheck-kiosk.conf", "The kernel.", written(lines))


def _dumps() -> MachineFile:
    lines: Text = ["[Coredump]", ("Storage=none", "Where systemd takes dumps: it keeps none."), "ProcessSizeMax=0"]
    return MachineFile("/etc/systemd/coredump.conf.d/50-formcheck-kiosk.conf", "No dumps of memory.", written(lines))


def _manager() -> MachineFile:
    lines: Text = [
        "[Manager]",
        ("CtrlAltDelBurstAction=none", "Ctrl+Alt+Del seven times does nothing either."),
        ("RuntimeWatchdogSec=30", "Where the machine has a watchdog of its own: it starts anew when the system hangs."),
    ]
    return MachineFile("/etc/systemd/system.conf.d/50-formcheck-kiosk.conf", "systemd itself.", written(lines))


def _journal() -> MachineFile:
    small = "The log stays small and goes after a month. It holds no names."
    lines: Text = ["[Journal]", ("SystemMaxUse=200M", small), ("MaxRetentionSec=1month", small)]
    return MachineFile("/etc/systemd/journald.conf.d/50-formcheck-kiosk.conf", "The log.", written(lines))


def _update_asked() -> MachineFile:
    lines: Text = [
        "[Unit]",
        "Description=FormCheck update, when the staff asks for it",
        (f"ConditionPathExists={VENDOR_KEY}", "Only where updates are signed: without a key an administrator does it."),
        "",
        "[Path]",
        (f"PathExists={UPDATE_WANTED}", "The staff page makes this file, behind the PIN."),
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    ]
    return MachineFile(
        "/etc/systemd/system/formcheck-kiosk-update.path", "Waits for the staff to ask for an update.", written(lines)
    )


def _update() -> MachineFile:
    stick = f"The stick is opened to be read only, and nothing on it can run. Its file system is called {STICK_LABEL}."
    lines: Text = [
        "[Unit]",
        "Description=FormCheck update from a stick",
        (f"ConditionPathExists={VENDOR_KEY}", "Only what the vendor has signed is installed."),
        "",
        "[Service]",
        "Type=oneshot",
        ("RuntimeDirectory=formcheck-update", "The result stays until the machine is started anew."),
        ("RuntimeDirectoryPreserve=yes", "The result stays until the machine is started anew."),
        (f"StandardOutput=truncate:{UPDATE_RESULT}", "What came of it, for the staff page."),
        ("StandardError=inherit", "What came of it, for the staff page."),
        (f"ExecStartPre=/usr/bin/rm -f {UPDATE_WANTED}", "Asked once, done once."),
        (f"ExecStartPre=/usr/bin/mkdir -p {UPDATE_FOLDER}/stick", stick),
        (
            "ExecStartPre=/usr/bin/mount -o ro,nosuid,nodev,noexec "
            f"/dev/disk/by-label/{STICK_LABEL} {UPDATE_FOLDER}/stick",
            stick,
        ),
        (
            f"ExecStart={PREFIX}/current/bin/formcheck kiosk update --signed {UPDATE_FOLDER}/stick",
            "A new version beside the old one; the old one stays when anything is wrong.",
        ),
        (f"ExecStartPost=/usr/bin/systemctl --no-block restart {unit.NAME}", "Then the kiosk starts with the new one."),
        (f"ExecStopPost=-/usr/bin/umount {UPDATE_FOLDER}/stick", "The stick may be pulled out."),
        ("PrivateNetwork=yes", "An update needs no network."),
    ]
    return MachineFile(
        "/etc/systemd/system/formcheck-kiosk-update.service", "Installs an update from a stick.", written(lines)
    )


def _config() -> str:
    return written(
        [
            "# The clinic's kiosk. Every line is optional; take away the # before a line to use it.",
            "",
            ('# language = "en"', "Spoken until somebody has chosen."),
            ('# programs = ["low-back-daily"]', "What can be chosen: programs that ship, or paths of your own."),
            "",
            "# [clinic]",
            ('# name = "Your clinic"', "Stands on the first page."),
            "",
            "# [staff]",
            ('# pin = "…"', "The whole line that 'formcheck kiosk pin' prints; without it there is no staff menu."),
        ]
    )
