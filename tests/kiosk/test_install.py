"""The files of an installed kiosk: systemd reads them without a complaint, they fence it in, they can be taken back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from formcheck.cli.kiosk_install import add_to
from formcheck.cli.kiosk_install import commands as cli
from formcheck.kiosk.config import KioskConfig, load_config
from formcheck.kiosk.install import check_machine, commands, explained, install, uninstall
from formcheck.kiosk.machine_files import files
from formcheck.kiosk.supervisor import QUIT_STATUS
from formcheck.kiosk.unit import IN_CAGE, NAME
from formcheck.kiosk.wanted import Wanted
from formcheck.system.errors import FormcheckError, UsageError

UNITS = "etc/systemd/system"
ADDRESS, OTHER = "192.168.1.20", "fd00::7"
EXPOSURE_MAX = 2.0
"""Of 10, by `systemd-analyze security`; 1.3 on systemd 252 when this was written, and 1.7 with a network address."""


def analysed(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=False, timeout=60,
        env={"PATH": os.environ["PATH"], "SYSTEMD_UNIT_PATH": f"{root / UNITS}:"},
    )  # fmt: skip


def settings(root: Path, name: str = NAME) -> dict[str, list[str]]:
    """Every setting of a unit, in order."""
    found: dict[str, list[str]] = {}
    for line in (root / UNITS / name).read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def made_here(root: Path) -> None:
    """Point every program of the units to one that is there: what is verified is the unit, not this machine."""
    for unit in (root / UNITS).glob("formcheck-kiosk*.service"):
        lines = unit.read_text().splitlines()
        unit.write_text(
            "\n".join(f"{line.split('=')[0]}=/bin/true" if line.startswith("Exec") else line for line in lines)
        )


# -- what systemd says of it ----


@pytest.mark.parametrize("display", ["cage", "kms", "x11"])
@pytest.mark.parametrize("addresses", [(), (ADDRESS,), (ADDRESS, OTHER)], ids=["no network", "one", "two"])
def test_systemd_reads_every_unit_without_a_complaint(tmp_path: Path, display: str, addresses: tuple[str, ...]) -> None:
    install(Wanted(display=display, addresses=addresses), tmp_path)  # type: ignore[arg-type]
    made_here(tmp_path)
    units = sorted(str(path) for path in (tmp_path / UNITS).glob("formcheck-kiosk*"))
    assert len(units) == 3
    done = analysed(tmp_path, "verify", "--man=no", *units)
    ours = [line for line in done.stderr.splitlines() if "formcheck" in line]
    assert ours == []
    assert done.returncode == 0, done.stderr


def test_a_misspelled_line_would_be_seen(tmp_path: Path) -> None:
    install(Wanted(), tmp_path)
    made_here(tmp_path)
    unit = tmp_path / UNITS / NAME
    unit.write_text(unit.read_text().replace("NoNewPrivileges=yes", "NoNewPrivilege=yes"))
    assert "NoNewPrivilege" in analysed(tmp_path, "verify", "--man=no", str(unit)).stderr


@pytest.mark.parametrize("display", ["cage", "kms", "x11"])
@pytest.mark.parametrize("addresses", [(), (ADDRESS,)], ids=["no network", "one address"])
def test_its_exposure_is_small(tmp_path: Path, display: str, addresses: tuple[str, ...]) -> None:
    install(Wanted(display=display, addresses=addresses), tmp_path)  # type: ignore[arg-type]
    done = analysed(tmp_path, "security", "--offline=true", str(tmp_path / UNITS / NAME))
    score = float(done.stdout.split("Overall exposure level for")[1].split(":")[1].split()[0])
    print(f"{display} {len(addresses)}: {score}")
    assert 0 < score <= EXPOSURE_MAX


# -- what the unit says ----


def test_without_an_address_no_socket_to_a_network_can_be_made(tmp_path: Path) -> None:
    install(Wanted(), tmp_path)
    found = settings(tmp_path)
    assert found["RestrictAddressFamilies"] == ["AF_UNIX AF_NETLINK"]
    assert found["IPAddressDeny"] == ["any"]
    assert "IPAddressAllow" not in found


def test_with_x11_not_even_the_network_cards_are_seen(tmp_path: Path) -> None:
    install(Wanted(display="x11"), tmp_path)
    assert settings(tmp_path)["RestrictAddressFamilies"] == ["AF_UNIX"]
    assert settings(tmp_path)["PrivateNetwork"] == ["yes"]


def test_with_addresses_it_is_those_and_no_other(tmp_path: Path) -> None:
    install(Wanted(addresses=(ADDRESS, OTHER)), tmp_path)
    found = settings(tmp_path)
    assert found["RestrictAddressFamilies"] == ["AF_UNIX AF_NETLINK AF_INET AF_INET6"]
    assert found["IPAddressAllow"] == [ADDRESS, OTHER]
    assert found["IPAddressDeny"] == ["any"]
    assert "PrivateNetwork" not in found


def test_the_dog_is_fed_by_whoever_draws_and_bites(tmp_path: Path) -> None:
    install(Wanted(), tmp_path)
    found = settings(tmp_path)
    assert (found["Type"], found["NotifyAccess"], found["WatchdogSec"]) == (["notify"], ["all"], ["10"])
    assert (found["Restart"], found["RestartSec"], found["StartLimitIntervalSec"]) == (["always"], ["1"], ["0"])
    assert found["RestartPreventExitStatus"] == [str(QUIT_STATUS)], "but what the staff ended stays ended"
    assert "PAMName" not in found, "a log-in session would move the kiosk out of its unit: no dog, no limits"


@pytest.mark.parametrize("status", [0, 1, QUIT_STATUS])
def test_systemd_is_told_how_the_kiosk_in_the_cage_ended(tmp_path: Path, status: int) -> None:
    """With a cage that, as Debian's, ends with 0 whatever happens in it."""
    install(Wanted(), tmp_path)
    program = "/opt/formcheck/current/bin/formcheck kiosk --config /etc/formcheck/kiosk.toml"
    assert settings(tmp_path)["ExecStart"] == [f"{IN_CAGE} {program}"]
    script, cage = tmp_path / IN_CAGE.lstrip("/"), tmp_path / "cage"
    cage.write_text('#!/bin/sh\nshift 2\n"$@"\nexit 0\n')
    cage.chmod(0o755)
    assert os.access(script, os.X_OK)
    script.write_text(script.read_text().replace("/usr/bin/cage", str(cage)))
    done = subprocess.run(
        [script, "/bin/sh", "-c", f"exit {status}"], env={"XDG_RUNTIME_DIR": str(tmp_path)}, check=False
    )
    assert done.returncode == status
    cage.write_text("#!/bin/sh\nexit 0\n")
    done = subprocess.run([script, "/bin/true"], env={"XDG_RUNTIME_DIR": str(tmp_path), "PATH": "/bin"}, check=False)
    assert done.returncode == 1, "a cage that shows nothing is no kiosk that ended well"


def test_nothing_of_its_memory_reaches_a_disk(tmp_path: Path) -> None:
    install(Wanted(), tmp_path)
    found = settings(tmp_path)
    assert (found["LimitCORE"], found["MemorySwapMax"]) == (["0"], ["0"])
    assert "kernel.core_pattern=|/bin/false" in (tmp_path / "etc/sysctl.d/99-formcheck-kiosk.conf").read_text()
    assert "Storage=none" in (tmp_path / "etc/systemd/coredump.conf.d/50-formcheck-kiosk.conf").read_text()


def test_user_console_configuration_and_camera_are_those_that_were_named(tmp_path: Path) -> None:
    install(Wanted("mat", "/srv/kiosk.toml", "kms", "tty7", camera="046d:0825"), tmp_path)
    found = settings(tmp_path)
    assert found["User"] == ["mat"]
    assert found["ExecStart"] == ["/opt/formcheck/current/bin/formcheck kiosk --config /srv/kiosk.toml"]
    assert found["TTYPath"] == ["/dev/tty7"]
    assert found["Conflicts"] == ["getty@tty7.service"]
    assert "u mat - " in (tmp_path / "etc/sysusers.d/formcheck-kiosk.conf").read_text()
    rules = (tmp_path / "etc/udev/rules.d/70-formcheck.rules").read_text()
    assert 'ATTRS{idVendor}=="046d", ATTRS{idProduct}=="0825", SYMLINK+="formcheck-camera"' in rules
    assert (tmp_path / "srv/kiosk.toml").exists()


def test_the_user_can_be_made_as_it_stands(tmp_path: Path) -> None:
    install(Wanted(), tmp_path)
    (tmp_path / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (tmp_path / "etc/group").write_text("".join(f"{n}:x:{i}:\n" for i, n in enumerate(("root", "video", "input"))))
    done = subprocess.run(["systemd-sysusers", f"--root={tmp_path}"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    line = next(x for x in (tmp_path / "etc/passwd").read_text().splitlines() if x.startswith("formcheck:"))
    assert line.endswith(":/var/lib/formcheck:/usr/sbin/nologin")
    groups = (tmp_path / "etc/group").read_text()
    assert all(f"{name}:x:" in groups for name in ("video", "audio", "input", "render"))
    assert sum(line.endswith(":formcheck") for line in groups.splitlines()) == 4


def test_each_line_has_its_reason() -> None:
    for file in files(Wanted()):
        is_explained = False
        for line in file.text.splitlines():
            if line.startswith("#"):
                is_explained = True
            elif not line or line.startswith("["):
                is_explained = is_explained and bool(line)
            elif "Description" not in line and not line.startswith(("Type=oneshot", "WantedBy=")):
                assert is_explained, f"{file.path}: {line}"


# -- refusals ----


@pytest.mark.parametrize(
    "wrong",
    [{"user": "root"}, {"user": "a b"}, {"user": "x\nUser=root"}, {"user": ""}, {"tty": "pts/0"}, {"tty": "tty1\n"},
     {"config": "kiosk.toml"}, {"config": "/etc/a b.toml"}, {"config": "/etc/%n"}, {"config": "/a/../etc/x"},
     {"config": "/etc/x\nUser=root"}, {"addresses": ("example.org",)}, {"addresses": ("0.0.0.0",)},
     {"addresses": ("::",)}, {"addresses": ("10.0.0.0/8",)}, {"addresses": ("any",)},
     {"addresses": ("fe80::1%eth0",)}, {"camera": "046d"}],
)  # fmt: skip
def test_what_cannot_stand_in_a_unit_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        Wanted(**wrong)  # type: ignore[arg-type]


def test_other_systems_and_other_people_are_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Linux"):
        check_machine(None, "win32", 0)
    with pytest.raises(UsageError, match="sudo"):
        check_machine(None, "linux", 1000)
    check_machine(tmp_path, "linux", 1000)
    check_machine(None, "linux", 0)


# -- written, again, and taken back ----


def tree(root: Path) -> dict[str, str]:
    """Everything that is there: content of files, target of links."""
    return {
        str(path.relative_to(root)): os.readlink(path) if path.is_symlink() else path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    assert {change.done for change in install(Wanted(), tmp_path)} == {"written"}
    before = tree(tmp_path)
    assert {change.done for change in install(Wanted(), tmp_path)} == {"unchanged", "left"}
    assert tree(tmp_path) == before


def test_another_wish_changes_only_what_it_concerns_and_backs_up_nothing_of_ours(tmp_path: Path) -> None:
    install(Wanted(), tmp_path)
    done = {change.path: change.done for change in install(Wanted(addresses=(ADDRESS,)), tmp_path)}
    assert [path for path, what in done.items() if what == "written"] == [f"/{UNITS}/{NAME}"]
    assert not [name for name in tree(tmp_path) if "before-formcheck" in name]


def test_what_was_there_before_is_kept_and_comes_back(tmp_path: Path) -> None:
    logind = tmp_path / "etc/systemd/logind.conf.d/50-formcheck-kiosk.conf"
    mask = tmp_path / UNITS / "ctrl-alt-del.target"
    for path, text in ((logind, "[Login]\nNAutoVTs=2\n"), (mask, "[Unit]\n")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    logind.chmod(0o600)
    before = tree(tmp_path)
    changes = {change.path: change for change in install(Wanted(), tmp_path)}
    assert "before-formcheck" in changes[f"/{logind.relative_to(tmp_path)}"].note
    assert os.readlink(mask) == "/dev/null"
    install(Wanted(display="kms"), tmp_path)
    uninstall(tmp_path)
    after = tree(tmp_path)
    assert after.pop("etc/formcheck/kiosk.toml")
    assert json.loads(after.pop("etc/formcheck/installed.json"))["written"] == {}
    assert after == before
    assert logind.stat().st_mode & 0o777 == 0o600


def test_an_earlier_backup_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "etc/sysctl.d/99-formcheck-kiosk.conf"
    path.parent.mkdir(parents=True)
    for text in ("first\n", "second\n"):
        path.write_text(text)
        install(Wanted(), tmp_path)
    kept = sorted(found.read_text() for found in path.parent.glob("*.before-formcheck*"))
    assert kept == ["first\n", "second\n"]
    uninstall(tmp_path)
    assert path.read_text() == "first\n", "what was there before us"


def test_the_clinics_own_file_and_what_an_administrator_changed_stay(tmp_path: Path) -> None:
    own = tmp_path / "etc/formcheck/kiosk.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[clinic]\nname = "Ours"\n')
    install(Wanted(), tmp_path)
    unit = tmp_path / UNITS / NAME
    unit.write_text(unit.read_text() + "# mine\n")
    done = {change.path: change.done for change in uninstall(tmp_path)}
    assert own.read_text() == '[clinic]\nname = "Ours"\n'
    assert unit.read_text().endswith("# mine\n")
    assert done[f"/{UNITS}/{NAME}"] == "left"
    with pytest.raises(FormcheckError, match="nothing to take back"):
        uninstall(tmp_path)


def test_the_file_that_is_written_for_the_clinic_loads_and_says_nothing_yet(tmp_path: Path) -> None:
    install(Wanted(), tmp_path)
    own = tmp_path / "etc/formcheck/kiosk.toml"
    assert load_config(own) == KioskConfig()
    own.write_text(
        "\n".join(line[2:] if line.startswith(("# [", "# name")) else line for line in own.read_text().splitlines())
    )
    assert load_config(own).clinic.name == "Your clinic"


def test_a_folder_in_the_way_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / UNITS / NAME).mkdir(parents=True)
    with pytest.raises(FormcheckError, match="Move it away"):
        install(Wanted(), tmp_path)
    (tmp_path / UNITS / NAME).rmdir()
    assert install(Wanted(), tmp_path)


# -- the commands ----


def test_a_dry_run_shows_every_file_and_command_and_writes_nothing(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["install", "--dry-run", "--root", str(tmp_path), "--desk-address", ADDRESS])
    assert done.exit_code == 0, done.output
    for file in files(Wanted(addresses=(ADDRESS,))):
        assert f"=== {file.path}\n    {file.why}" in done.output
        assert file.text in done.output
    for command in commands(Wanted()):
        assert command.line in done.output
        assert command.why in done.output
    assert list(tmp_path.iterdir()) == []
    assert done.output.strip() == explained(Wanted(addresses=(ADDRESS,))).strip()


def test_the_command_installs_and_takes_back(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["install", "--root", str(tmp_path), "--display", "kms", "--user", "mat"])
    assert done.exit_code == 0, done.output
    assert settings(tmp_path)["User"] == ["mat"]
    assert "systemctl set-default graphical.target" in done.output
    assert "seatd" not in done.output, "without cage nobody needs it"
    done = CliRunner().invoke(cli, ["uninstall", "--root", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert sorted(tree(tmp_path)) == ["etc/formcheck/installed.json", "etc/formcheck/kiosk.toml"]


def test_the_commands_can_stand_beside_others(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command("other")(lambda: None)
    add_to(app)
    done = CliRunner().invoke(app, ["install", "--root", str(tmp_path), "--dry-run"])
    assert done.exit_code == 0
    shown = CliRunner().invoke(app, ["--help"]).output.split()
    assert {"install", "uninstall", "update", "rollback", "wheelhouse", "pin", "other"} <= set(shown)


def test_a_display_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["install", "--root", str(tmp_path), "--display", "wayland"])
    assert isinstance(done.exception, UsageError)
    assert list(tmp_path.iterdir()) == []


def test_help_loads_none_of_it() -> None:
    code = "import sys; from formcheck.cli import kiosk_install\n"
    code += "print('formcheck.kiosk.install' in sys.modules, 'argon2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
