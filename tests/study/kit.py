"""A small study of recorded movement, and raters who answer by a rule."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import NamedTuple

from formcheck.session.registry import load_exercises
from formcheck.study.clips import Clip, Told
from formcheck.study.sheets import COUNT, questions_of, write_sheets
from tests.replay import FOLDER


class Asked(NamedTuple):
    clip: int
    is_repeat: bool
    question: str


WORKED = ("bird-dog", "dead-bug", "glute-bridge")


def clip_list(folder, persons=("p1", "p1", "p2")):
    """A list of the three recorded streams."""
    for name in WORKED:
        (folder / f"{name}.npz").write_bytes((FOLDER / f"{name}.npz").read_bytes())
    path = folder / "clips.csv"
    rows = "".join(f"{name}.npz,{name},{person}\n" for name, person in zip(WORKED, persons, strict=True))
    path.write_text(f"file,exercise,person\n{rows}")
    return path


def many(n, exercise="dead-bug"):
    """Clips that are all of one stream, under n names and of n/2 persons."""
    data, known = (FOLDER / f"{exercise}.npz").read_bytes(), load_exercises().get(exercise)
    return [Clip(f"c{i}.npz", f"{i:064x}", known, f"person {i // 2}", None, data) for i in range(n)]


def all_no(clip):
    return Told(6, dict.fromkeys(questions_of(clip.exercise), "no"))


def made(to, n=8, raters=2, repeats=0.5, seed=7, told=all_no):
    return write_sheets(to, many(n), told, raters=raters, repeats=repeats, seed=seed)


def form_data(folder, rater):
    text = (folder / rater / "form.html").read_text()
    found = re.search(r'<script type="application/json" id="data" data-sheet="([0-9a-f]+)">(.*?)</script>', text, re.S)
    return found[1], json.loads(found[2])


def rated(folder, key, rater, answer):
    """The file that a rater hands in.

    Args:
        answer: given what is asked: `clip`, `is_repeat`, `question`.
    """
    sheet = next(each for each in key["sheets"] if each["rater"] == rater)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["study", "sheet", "rater", "place", "question", "answer", "at"])
    for place in sheet["order"]:
        for question in (COUNT, *key["clips"][place["clip"] - 1]["questions"]):
            given = answer(Asked(place["clip"], place["is_repeat"], question))
            writer.writerow(
                [key["study"], sheet["sheet"], rater, place["place"], question, given, "2026-11-30T12:00:00Z"]
            )
    path = folder / f"{rater}.csv"
    path.write_bytes(text.getvalue().encode())
    return path
