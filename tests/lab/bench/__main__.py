"""Command line of the bench."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from formcheck.system.quiet import quiet_native_stderr
from tests.lab.bench.clips import find_clips, watch_clips
from tests.lab.bench.figures import failures, measure
from tests.lab.bench.keep import SMALL
from tests.lab.bench.report import goals_table, write

ROOT = Path(__file__).parents[3]


def main() -> int:
    """Watch, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.lab.bench")
    parser.add_argument("--clips", type=Path, default=ROOT / ".lab", help="folder of rendered clips with their truth")
    parser.add_argument("--cache", type=Path, help="where pose streams are kept (default: CLIPS/poses)")
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="folder of accuracy.md and accuracy.json")
    parser.add_argument("--split", choices=("test", "tune"), default="test", help="tune is printed, never written")
    parser.add_argument("--quick", action="store_true", help="the small recorded set; printed, never written")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--fresh", dest="when", action="store_const", const="all", help="watch every clip again")
    which.add_argument("--kept", dest="when", action="store_const", const="none", help="only clips watched before")
    parser.add_argument("--failures", action="store_true", help="list the clips that differ from their truth")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    choice = parser.parse_args()
    folder = SMALL if choice.quick else choice.clips
    split = "tune" if choice.quick else choice.split
    paths = find_clips(folder, split)
    if not paths:
        print(f"No clips of the {split} split in {folder}. Render them first: make lab-clips", file=sys.stderr)
        return 1
    with quiet_native_stderr():
        clips = watch_clips(paths, choice.cache or folder / "poses", choice.jobs, choice.when or "new")
    figures = measure(clips)
    print(goals_table(figures))
    if choice.failures:
        print(*failures(clips), sep="\n")
    if split == "test":
        write(figures, clips, choice.out)
        print(f"\n{len(clips)} clips; wrote {choice.out / 'accuracy.md'} and accuracy.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
