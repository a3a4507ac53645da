"""Render the strange split.

Run ``python -m tests.lab.strange --out DIR --jobs 2``; ``--skip 200 --first N`` renders the first N
clips of the third drawing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import islice
from pathlib import Path

from tests.lab.render import clips_folder, is_done, render
from tests.lab.strange.catalogue import list_strangers


def render_numbered(number: int, folder: Path) -> str:
    """Render a clip by its place in the list: its knobs don't travel between processes."""
    return render(list_strangers()[number], folder).name


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.lab.strange")
    parser.add_argument("--out", type=Path, default=clips_folder(), help="folder for clips and truth")
    parser.add_argument("--skip", type=int, default=0, help="leave out so many at the beginning")
    parser.add_argument("--first", type=int, help="only so many")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--list", action="store_true", help="only list the names")
    choice = parser.parse_args()
    clips = dict(islice(enumerate(list_strangers()), choice.skip, choice.first and choice.skip + choice.first))
    if choice.list:
        print(*(clip.name for clip in clips.values()), sep="\n")
        return 0
    os.environ.setdefault("LP_NUM_THREADS", "1")
    wanted = [number for number, clip in clips.items() if not is_done(clip, choice.out)]
    failed = 0
    with ProcessPoolExecutor(choice.jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        pending = {pool.submit(render_numbered, number, choice.out): number for number in wanted}
        for count, future in enumerate(as_completed(pending), 1):
            problem = future.exception()
            failed += problem is not None
            print(f"[{count}/{len(wanted)}] {clips[pending[future]].name} {problem or ''}", flush=True)
    return 1 if failed else 0
