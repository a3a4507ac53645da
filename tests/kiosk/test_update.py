"""Updates from a stick: the new version or the old one, whole, whatever happens in between."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from formcheck.cli.kiosk_install import commands as cli
from formcheck.kiosk.stick import MANIFEST, REQUIREMENTS, SIGNATURE, public_text
from formcheck.kiosk.update import Place, Updated, rollback, update
from formcheck.kiosk.wheelhouse import Wheelhouse, make_wheelhouse
from formcheck.system.errors import FormcheckError
from tests.kiosk.sticks import GOOD, seal, stick, wheel

ROOT = Path(__file__).parents[2]
KEY, ANOTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
KILLED = """
import os, signal, sys
from pathlib import Path
from formcheck.kiosk.update import Place, update
stick, prefix, at = sys.argv[1:]
place = Place(Path(prefix), Path(prefix) / "none.pub", hidden=())
update(Path(stick), place, told=lambda step: step == at and os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prefix with version 1.0, made once."""
    folder = tmp_path_factory.mktemp("first")
    update(stick(folder / "stick", "1.0"), place_of(folder / "opt"))
    return folder / "opt"


@pytest.fixture
def opt(first: Path, tmp_path: Path) -> Path:
    """A copy of it for one test. Its programs begin with the path of the first, which is still there."""
    return Path(shutil.copytree(first, tmp_path / "opt", symlinks=True))


def place_of(prefix: Path) -> Place:
    """A Python under somebody's home is allowed here: the tests may run by one."""
    return Place(prefix, prefix / "vendor.pub", hidden=())


def version(prefix: Path) -> str:
    """What the installed program says; it runs."""
    done = subprocess.run([prefix / "current/bin/formcheck", "--version"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def names(prefix: Path) -> list[str]:
    """Versions that are there, by their number, and marks of half ones."""
    return sorted(path.name.split("-")[0] for path in (prefix / "versions").iterdir())


# -- the usual way ----


def test_a_new_version_takes_the_place_of_the_old_one_and_rollback_takes_it_back(opt: Path, tmp_path: Path) -> None:
    assert version(opt) == "1.0"
    told: list[str] = []
    found = update(stick(tmp_path / "s", "2.0"), place_of(opt), told=told.append)
    assert found.version == "2.0"
    assert not found.was_there
    assert not found.is_signed
    assert told == ["checked", "marked", "made", "installed", "tested", "unmarked", "switching", "switched", "cleaned"]
    assert version(opt) == "2.0"
    assert names(opt) == ["1.0", "2.0"]
    assert os.path.islink(opt / "current")
    assert rollback(place_of(opt)).startswith("1.0-")
    assert version(opt) == "1.0"
    with pytest.raises(FormcheckError, match="no version before"):
        rollback(place_of(opt))
    again = update(tmp_path / "s", place_of(opt), told=told.append)
    assert not again.was_there
    assert "made" not in told[9:], "it is there already: tried again, and switched to"
    assert version(opt) == "2.0"


def test_the_same_stick_twice_changes_nothing(first: Path, opt: Path) -> None:
    before = sorted(str(path) for path in opt.rglob("*"))
    assert update(first.parent / "stick", place_of(opt)).was_there
    assert sorted(str(path) for path in opt.rglob("*")) == before


def test_the_version_before_the_last_is_cleared_away(opt: Path, tmp_path: Path) -> None:
    old = opt / "versions" / "0.9-abcdef01"
    old.mkdir()
    (old / "file").write_text("x")
    update(stick(tmp_path / "s", "2.0"), place_of(opt))
    assert names(opt) == ["1.0", "2.0"]


def test_other_wheels_come_along_and_the_network_is_never_asked(opt: Path, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    wheel(folder, "2.0")
    wheel(folder, "3.1", name="plinth")
    update(seal(folder, "2.0"), place_of(opt))
    assert (opt / "current/bin/plinth").exists()
    lone = tmp_path / "lone"
    lone.mkdir()
    wheel(lone, "3.0")
    seal(lone, "3.0")
    listed = lone / REQUIREMENTS
    listed.write_text(listed.read_text() + f"requests==2.32.5 --hash=sha256:{'0' * 64}\n")
    data = json.loads((lone / MANIFEST).read_text())
    data["files"][REQUIREMENTS] = hashlib.sha256(listed.read_bytes()).hexdigest()
    (lone / MANIFEST).write_text(json.dumps(data))
    with pytest.raises(FormcheckError, match="could not be installed"):
        update(lone, place_of(opt))
    assert version(opt) == "2.0"


# -- killed ----


@pytest.mark.parametrize(
    ("at", "is_new"),
    [("marked", False), ("installed", False), ("tested", False), ("unmarked", False), ("switching", False),
     ("switched", True)],
)  # fmt: skip
def test_killed_at_any_moment_there_is_one_version_or_the_other(
    opt: Path, tmp_path: Path, at: str, is_new: bool
) -> None:
    source = stick(tmp_path / "s", "2.0")
    done = subprocess.run([sys.executable, "-c", KILLED, source, opt, at], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert version(opt) == ("2.0" if is_new else "1.0")
    assert bool(list((opt / "versions").glob("*.half"))) == (at in ("marked", "installed", "tested"))
    found = update(source, place_of(opt))
    assert found.was_there == is_new
    assert version(opt) == "2.0"
    assert names(opt) == ["1.0", "2.0"]
    assert rollback(place_of(opt)).startswith("1.0-")
    assert version(opt) == "1.0"


def test_what_was_half_made_is_never_gone_back_to_and_goes_at_the_next_run(first: Path, opt: Path) -> None:
    half = opt / "versions" / "7.0-00000000"
    half.mkdir()
    (half / "file").write_text("x")
    (opt / "versions" / "7.0-00000000.half").write_text("")
    (opt / "current" / "previous-version").write_text("7.0-00000000")
    with pytest.raises(FormcheckError, match="no version before"):
        rollback(place_of(opt))
    update(first.parent / "stick", place_of(opt))
    assert names(opt) == ["1.0"]
    assert version(opt) == "1.0"


# -- what fails changes nothing ----


def unchanged(opt: Path, what: Callable[[], Updated], sentence: str) -> None:
    with pytest.raises(FormcheckError, match=sentence):
        what()
    assert version(opt) == "1.0"
    assert names(opt) == ["1.0"]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ({"checks": [{"what": "model full", "verdict": "bad", "finding": "checksum is wrong."}]}, "checksum is wrong"),
        ({"before": "sys.exit(3)"}, "doesn't start"),
        ({"before": "print('{')"}, "doesn't start"),
        ({"checks": [{"what": "configuration", "verdict": "bad", "finding": "line 3"}]}, "configuration: line 3"),
    ],
    ids=["a bad model", "it falls", "it says nonsense", "it refuses the clinic's file"],
)
def test_a_version_that_fails_its_self_test_is_not_switched_to(
    opt: Path, tmp_path: Path, kind: dict[str, Any], sentence: str
) -> None:
    source = stick(tmp_path / "s", "2.0", **kind)
    unchanged(opt, lambda: update(source, place_of(opt)), f"self-test.*{sentence}")


def test_what_is_bad_about_the_place_is_no_reason_to_refuse_a_version(opt: Path, tmp_path: Path) -> None:
    checks = [*GOOD, {"what": "disk", "verdict": "bad", "finding": "full"}]
    update(stick(tmp_path / "s", "2.0", checks=checks), place_of(opt))
    assert version(opt) == "2.0"


def test_a_disk_that_is_too_small_is_told_before_anything_is_done(opt: Path, tmp_path: Path) -> None:
    folder = stick(tmp_path / "s", "2.0")
    seal(folder, "2.0", unpacked_bytes=10**16)
    unchanged(opt, lambda: update(folder, place_of(opt)), "needs 10000000150 MB, and .* MB are free")


def test_a_disk_that_gets_full_on_the_way_is_a_sentence_and_nothing_is_lost(opt: Path, tmp_path: Path) -> None:
    """The system refuses files of more than 4 MB to this child, as a disk that is full would."""
    source = stick(tmp_path / "s", "2.0", ballast=8_000_000)
    done = subprocess.run(
        [sys.executable, "-m", "tests.kiosk.one_update", source, opt], cwd=ROOT, capture_output=True, text=True,
        check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, 4_000_000)),
    )  # fmt: skip
    assert "The disk is full: the update was not installed, and nothing was lost." in done.stdout, done.stderr
    assert version(opt) == "1.0"
    assert names(opt) == ["1.0"]


def test_a_python_that_the_kiosk_cannot_see_is_refused(opt: Path, tmp_path: Path) -> None:
    place = Place(opt, opt / "vendor.pub", hidden=(str(Path(sys.base_prefix).resolve()),))
    unchanged(opt, lambda: update(stick(tmp_path / "s", "2.0"), place), "which the kiosk can't see")


def test_two_updates_at_once_are_one(opt: Path, tmp_path: Path) -> None:
    source, refused = stick(tmp_path / "s", "2.0"), []

    def another(step: str) -> None:
        if step == "marked":
            with pytest.raises(FormcheckError, match="Another update is running") as error:
                update(source, place_of(opt))
            refused.append(error)

    update(source, place_of(opt), told=another)
    assert refused
    assert version(opt) == "2.0"


# -- sticks that are not whole ----


def spoil_wheel(folder: Path) -> None:
    path = next(folder.glob("*.whl"))
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def spoil_list(folder: Path) -> None:
    (folder / REQUIREMENTS).write_text("formcheck==2.0\n")


def rewrite(folder: Path, **changes: object) -> None:
    data = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**data, **changes}))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (spoil_wheel, "is damaged or was changed"),
        (spoil_list, "requirements.txt on the stick is damaged"),
        (lambda folder: next(folder.glob("*.whl")).unlink(), "is missing on the stick"),
        (lambda folder: (folder / MANIFEST).unlink(), "holds no update"),
        (lambda folder: (folder / MANIFEST).write_text("{"), "manifest.json on the stick is damaged"),
        (lambda folder: (folder / MANIFEST).write_bytes(b" " * 3_000_000), "far too large"),
        (lambda folder: rewrite(folder, version="../../etc"), "damaged"),
        (lambda folder: rewrite(folder, files={"../x.whl": "0" * 64, REQUIREMENTS: "0" * 64}), "damaged"),
        (lambda folder: rewrite(folder, schema="formcheck.wheelhouse/2"), "of a later kind"),
        (lambda folder: rewrite(folder, python="3.9"), "is for Python 3.9"),
        (lambda folder: rewrite(folder, machine="riscv"), "riscv"),
        (lambda folder: rewrite(folder, unpacked_bytes="x"), "damaged"),
    ],
)
def test_a_stick_that_is_not_whole_is_refused(
    opt: Path, tmp_path: Path, spoil: Callable[[Path], object], sentence: str
) -> None:
    folder = stick(tmp_path / "s", "2.0")
    spoil(folder)
    unchanged(opt, lambda: update(folder, place_of(opt)), sentence)


@pytest.mark.parametrize("signer", [None, ANOTHER], ids=["nobody", "somebody else"])
def test_with_a_vendors_key_only_what_the_vendor_signed_is_taken(
    opt: Path, tmp_path: Path, signer: Ed25519PrivateKey | None
) -> None:
    (opt / "vendor.pub").write_text(public_text(KEY) + "\n")
    folder = stick(tmp_path / "s", "2.0", signer)
    unchanged(opt, lambda: update(folder, place_of(opt)), "signed")


def test_a_signed_stick_is_taken_and_one_changed_afterwards_is_not(opt: Path, tmp_path: Path) -> None:
    (opt / "vendor.pub").write_text(public_text(KEY) + "\n")
    folder = stick(tmp_path / "s", "2.0", KEY)
    changed = Path(shutil.copytree(folder, tmp_path / "changed"))
    rewrite(changed, built="2026-12-24")
    unchanged(opt, lambda: update(changed, place_of(opt)), "or was changed")
    assert update(folder, place_of(opt), needs_signature=True).is_signed


def test_asked_for_a_signature_without_a_key_nothing_is_taken(opt: Path, tmp_path: Path) -> None:
    folder = stick(tmp_path / "s", "2.0", KEY)
    unchanged(opt, lambda: update(folder, place_of(opt), needs_signature=True), "no vendor's key")


@pytest.mark.parametrize("text", ["", "not a key", base64.b64encode(b"short").decode()])
def test_a_damaged_key_is_never_taken_as_none(opt: Path, tmp_path: Path, text: str) -> None:
    (opt / "vendor.pub").write_text(text)
    unchanged(opt, lambda: update(stick(tmp_path / "s", "2.0"), place_of(opt)), "holds no public key")


# -- making a stick ----


def pinned(path: Path) -> str:
    """As it stands in a file of constraints."""
    name, number = path.name.split("-")[:2]
    return f"{name}=={number} \\\n    --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def test_a_stick_that_is_made_here_is_taken_there(opt: Path, tmp_path: Path) -> None:
    links, dist = tmp_path / "links", tmp_path / "dist"
    links.mkdir()
    dist.mkdir()
    own = wheel(dist, "2.0", needs="plinth>=3")
    plinth = wheel(links, "3.1", name="plinth")
    wheel(links, "3.2", name="plinth")
    wheel(links, "9.0", name="other")
    pip = wheel(links, "26.0", name="pip")
    constraints, pips = tmp_path / "constraints.txt", tmp_path / "pip.txt"
    constraints.write_text(
        f"other==9.0 \\\n    --hash=sha256:{'1' * 64}\n{pinned(plinth)}"
        f"plinth==3.2 ; python_version < '3' \\\n    --hash=sha256:{'3' * 64}\n"
    )
    pips.write_text(pinned(pip))
    secret, folder = tmp_path / "vendor.key", tmp_path / "stick"
    source = Wheelhouse(own, (constraints, pips), find_links=links, signing_key=secret)
    manifest, public = make_wheelhouse(folder, source, date(2026, 11, 30))
    assert manifest.built == "2026-11-30"
    assert sorted(manifest.files) == [own.name, pip.name, plinth.name, REQUIREMENTS], (
        "what was tested, and nothing else"
    )
    assert secret.stat().st_mode & 0o777 == 0o600
    assert secret.read_text().strip() not in "".join(p.read_text() for p in folder.iterdir() if p.suffix != ".whl")
    again, same = make_wheelhouse(folder, source, date(2026, 11, 30))
    assert (again, same) == (manifest, public)
    (opt / "vendor.pub").write_text(public)
    assert update(folder, place_of(opt)).is_signed
    assert version(opt) == "2.0"
    assert (opt / "current/bin/plinth").exists()
    constraints.write_text(f"plinth==3.1 \\\n    --hash=sha256:{'2' * 64}\n")
    with pytest.raises(FormcheckError, match="can't be had"):
        make_wheelhouse(tmp_path / "wrong", source, date(2026, 11, 30))
    assert not (tmp_path / "wrong" / MANIFEST).exists(), "what is not whole is no stick"
    constraints.write_text("")
    with pytest.raises(FormcheckError, match="plinth is not in"):
        make_wheelhouse(tmp_path / "wrong", source, date(2026, 11, 30))


def test_a_folder_with_other_files_is_not_filled_and_another_wheel_is_refused(tmp_path: Path) -> None:
    own = wheel(tmp_path, "2.0")
    folder = tmp_path / "holiday"
    folder.mkdir()
    (folder / "beach.jpg").write_text("x")
    with pytest.raises(FormcheckError, match="holds other files"):
        make_wheelhouse(folder, Wheelhouse(own, ()), date(2026, 11, 30))
    assert [path.name for path in folder.iterdir()] == ["beach.jpg"]
    with pytest.raises(FormcheckError, match="no wheel of FormCheck"):
        make_wheelhouse(folder, Wheelhouse(wheel(tmp_path, "3.1", name="plinth"), ()), date(2026, 11, 30))


# -- the commands ----


def test_the_commands_update_and_go_back(opt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formcheck.kiosk.update.HIDDEN", ())
    source = stick(tmp_path / "s", "2.0")
    if Path(sys.base_prefix).resolve().is_relative_to("/root") or Path(sys.base_prefix).is_relative_to("/home"):
        refused = CliRunner().invoke(cli, ["update", str(source), "--prefix", str(opt)])
        assert isinstance(refused.exception, FormcheckError)
        update(source, place_of(opt))
    done = CliRunner().invoke(cli, ["update", str(source), "--prefix", str(opt), "--vendor-key", str(tmp_path / "no")])
    assert done.exit_code == 0, done.exception
    assert "hashes only" in done.output
    assert version(opt) == "2.0"
    done = CliRunner().invoke(cli, ["rollback", "--prefix", str(opt)])
    assert done.exit_code == 0
    assert "1.0-" in done.output
    assert version(opt) == "1.0"
    assert not (source / SIGNATURE).exists()
