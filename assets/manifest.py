"""Write `assets/manifest.json`: origin, licence and SHA-256 of every file under `assets/`.

Run it after an asset changed: `python assets/manifest.py`. A test compares the manifest with the files.
"""

import hashlib
import json
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parent
OURS = ("made for FormCheck", "Apache-2.0")
POSE = ("npm @mediapipe/pose 0.5.1675469404, with metadata by assets/models/build.py", "Apache-2.0")
KOKORO = ("rendered with Kokoro-82M (voice af_heart) by assets/voice/build.py", "Apache-2.0")
FONT = (
    "Atkinson Hyperlegible 1.006, Braille Institute; npm @expo-google-fonts/atkinson-hyperlegible 0.4.1",
    "OFL-1.1",
)
BACK = ("trained by tests/lab/training on rendered people only", "Apache-2.0")
RENDER = ("rendered by tests/lab from a MakeHuman body (CC0) posed with anny (Apache-2.0)", "Apache-2.0")
HTMX = ("npm htmx.org 2.0.11, dist/htmx.min.js, unchanged", "0BSD")
UPLOT = ("npm uplot 1.6.32, dist/, unchanged", "MIT")
ORIGINS = (
    ("desk/htmx*", HTMX),
    ("desk/uPlot*", UPLOT),
    ("models/*.task", POSE),
    ("models/back-contour.*", BACK),
    ("voice/sounds/*", OURS),
    ("voice/*/*.ogg", KOKORO),
    ("fonts/*.ttf", FONT),
    ("fonts/OFL.txt", FONT),
    ("clips/*.mp4", RENDER),
    ("*", OURS),
)
"""First match wins."""
LEFT_OUT = ("manifest.json", "*.pyc", "*/__pycache__/*")


def entries() -> list[dict[str, str]]:
    """One entry a file, sorted by path."""
    out = []
    for path in sorted(p for p in ROOT.rglob("*") if p.is_file()):
        name = path.relative_to(ROOT).as_posix()
        if any(fnmatch(name, pattern) for pattern in LEFT_OUT):
            continue
        origin, licence = next(value for pattern, value in ORIGINS if fnmatch(name, pattern))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        out.append({"path": name, "origin": origin, "licence": licence, "sha256": digest})
    return out


if __name__ == "__main__":
    (ROOT / "manifest.json").write_text(json.dumps({"files": entries()}, indent=1) + "\n")
