"""Sticks for the tests of updates: a FormCheck that only knows how to examine itself, as a real wheel."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from formcheck.kiosk.stick import MANIFEST, REQUIREMENTS, SIGNATURE, Manifest, here

PROGRAM = """
import json, sys
CHECKS = {checks}
def main():
    if sys.argv[1:2] == ["--version"]:
        print({version!r})
    elif sys.argv[1:6] == ["doctor", "--kiosk", "--without-devices", "--json", "-"]:
        {before}
        print(json.dumps({{"schema": "formcheck.doctor/1", "checks": CHECKS, "measured": {{}}}}))
    else:
        sys.exit("the update asks something else")
"""
GOOD = [{"what": "model full", "verdict": "good", "finding": "checksum is right"}]


def wheel(
    folder: Path, version: str, *, checks: object = GOOD, before: str = "pass", ballast: int = 0,
    name: str = "formcheck", needs: str = "",
) -> Path:  # fmt: skip
    """A wheel of that version.

    Args:
        folder: where it is written.
        version: its version.
        checks: what its self-test finds.
        before: a statement that is run before it says so.
        ballast: bytes of a file in it.
        name: of the package.
        needs: another package that it depends on.
    """
    info = f"{name}-{version}.dist-info"
    needed = f"Requires-Dist: {needs}\n" if needs else ""
    files = {
        f"stand_in_{name}.py": PROGRAM.format(checks=checks, version=version, before=before),
        f"ballast_{name}.bin": "\0" * ballast,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needed}Provides-Extra: more\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = stand_in_{name}:main\n",
    }
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        record = []
        for inside, text in files.items():
            out.writestr(inside, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record.append(f"{inside},sha256={digest},{len(text)}")
        out.writestr(f"{info}/RECORD", "\n".join([*record, f"{info}/RECORD,,"]) + "\n")
    return path


def seal(folder: Path, version: str, key: Ed25519PrivateKey | None = None, **changes: object) -> Path:
    """Write requirements and manifest for the wheels of a folder, as `make_wheelhouse` would."""
    wheels = sorted(folder.glob("*.whl"))
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in wheels}
    lines = [f"{n.split('-')[0]}=={n.split('-')[1]} --hash=sha256:{sha}" for n, sha in hashes.items()]
    listed = folder / REQUIREMENTS
    listed.write_text("\n".join(lines) + "\n")
    hashes[REQUIREMENTS] = hashlib.sha256(listed.read_bytes()).hexdigest()
    python, system, machine = here()
    manifest = json.loads(Manifest(version, python, system, machine, "2026-11-30", 5000, hashes).to_json())
    content = (json.dumps({**manifest, **changes}) + "\n").encode()
    (folder / MANIFEST).write_bytes(content)
    if key is not None:
        (folder / SIGNATURE).write_bytes(base64.b64encode(key.sign(content)))
    return folder


def stick(folder: Path, version: str, key: Ed25519PrivateKey | None = None, **kind: object) -> Path:
    """A whole stick with a FormCheck of that version."""
    folder.mkdir(parents=True)
    wheel(folder, version, **kind)  # type: ignore[arg-type]
    return seal(folder, version, key)
