"""Draw the handbook's figures: `make figures`. Run from anywhere; needs no display, camera or tracker.

People are the renders of `assets/clips/` with the poses that were recorded from them (`tests/recordings/`). Each figure
is what the window shows then: the same set, the same chain, the same painter.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.app import words
from formcheck.app.pages.menu import menu_cards
from formcheck.app.pages.replay import ReplayPage
from formcheck.app.report import report_of, summary_of, tally_of
from formcheck.app.sheets import sheets_of
from formcheck.core.body.back import Back
from formcheck.core.body.light import Light
from formcheck.core.body.pose import Evidence, Joint, Pose
from formcheck.core.body.tracked import track
from formcheck.core.coach.snapshot import Snapshot
from formcheck.core.feedback.phrases import KIOSK
from formcheck.kiosk.result import result_of
from formcheck.kiosk.staff import menu_of
from formcheck.kiosk.takeaway import takeaway_of, view_of
from formcheck.pipeline.chain import Chain
from formcheck.pipeline.moments import Moments
from formcheck.pipeline.observers import Observer
from formcheck.pose.recording import Recording
from formcheck.screen import (
    COURSE_HINTS,
    SETUP_HINTS,
    TURN_HINTS,
    AttractView,
    Caption,
    ChoiceView,
    Course,
    MenuView,
    Option,
    Painter,
    SafetyView,
    StillThereView,
    View,
    ViewModel,
    Wording,
)
from formcheck.session.document import Kept, SessionDocument
from formcheck.session.program import PlannedSet, load_program
from formcheck.session.record import SetRecord
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import SessionRecord
from formcheck.session.set import Set, SetOptions
from formcheck.system.assets import asset

HERE = Path(__file__).parent
RECORDINGS = HERE.parent / "tests" / "recordings"
SIZE = (1280, 720)
TODAY = date(2026, 12, 4)
"""A Friday: bridge, dead bug and stretch are due."""
REST_S = 30.0
"""Between two sets of the report."""
NOW = datetime(2026, 12, 4, 18, tzinfo=UTC)
LIGHT = Light(brightness=0.5, glare=0.0, person=0.4, edge_px=2.5)
Picture = NDArray[np.uint8]


def steps(name: str, until_s: float) -> Iterator[tuple[Pose, Back]]:
    """The recorded poses of a demo clip up to a moment."""
    for pose, back in Recording(RECORDINGS / f"{name}.npz"):
        if pose.t_s > until_s:
            return
        yield pose, back


def picture(name: str, index: int) -> Picture:
    """A picture of a demo clip."""
    capture = cv2.VideoCapture(str(asset("clips", f"demo-{name}.mp4")))
    capture.set(cv2.CAP_PROP_POS_FRAMES, index)
    is_read, image = capture.read()
    capture.release()
    if not is_read:
        raise SystemExit(f"The clip of {name} has no picture {index}.")
    return np.asarray(image, np.uint8)


def narrowed(pose: Pose, left: int) -> Pose:
    """The same person in a picture that begins `left` pixels further right: what lies before is out of it."""
    xy, evidence = pose.xy_px - np.array([left, 0], np.float32), pose.evidence.copy()
    is_out = xy[:, 0] < 0
    xy[is_out], evidence[is_out] = np.nan, Evidence.ABSENT
    return replace(pose, width=pose.width - left, xy_px=np.asarray(xy, np.float32), evidence=evidence)


def working(name: str, until_s: float) -> View:
    """The screen of a set that has gone on for so long."""
    exercise = load_exercises().get(name)
    dose = exercise.dose
    options = SetOptions(target_reps=dose.reps, is_per_side=dose.per_side)
    chain = Chain(Set(exercise, is_live=True, options=options), SetRecord.begin("", exercise))
    caption, shot = None, None
    for pose, back in steps(name, until_s):
        for cue in chain.step(None, track(pose, back, exercise.posture)).cues:
            fault = cue.name.partition(".")[2]
            film = exercise.film(fault, is_remedy=True) if fault in exercise.shown.faults else None
            caption = Caption(cue.text, cue.kind, film) if cue.sound == "voice" else caption
        shot = (pose, back)
    assert shot is not None
    pose, back = shot
    return ViewModel(
        exercise.title,
        chain.set.snapshot(),
        picture(name, pose.index),
        pose,
        back,
        caption=caption,
        wording=Wording.of(exercise),
        tally=tally_of(chain.record.counts),
        is_per_side=dose.per_side,
    )


def menu() -> View:
    """All programs and exercises."""
    return MenuView(menu_cards(load_exercises(), datetime.combine(TODAY, datetime.min.time())))


def setup() -> View:
    """The set-up coach with its arrow: the feet are cut off."""
    name = "dead-bug"
    exercise = load_exercises().get(name)
    current = Set(exercise, is_live=True, options=SetOptions(set_up=True))
    pairs = list(steps(name, 1.2))
    left = int(min(pairs[0][0].point(j)[0] for j in (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)) + 12) // 4 * 4
    for pose, back in pairs:
        current.update(track(narrowed(pose, left), back, exercise.posture), LIGHT)
    pose, _ = pairs[-1]
    snapshot = current.snapshot()
    image = np.ascontiguousarray(picture(name, pose.index)[:, left:])
    caption = Caption(snapshot.setup_text, "setup")
    return ViewModel(
        exercise.title, snapshot, image, narrowed(pose, left), caption=caption, hints=SETUP_HINTS, film=exercise.film()
    )


def rest() -> View:
    """The rest before the second exercise of a program."""
    planned = load_program("low-back-daily", load_exercises(), TODAY).sets
    place = next(i for i, s in enumerate(planned) if s.exercise.name == "dead-bug")
    course = Course(place + 1, len(planned), planned[place].in_words, planned[place].exercise.steps)
    pose, _ = next(steps("dead-bug", 0.1))
    snapshot = Snapshot(stage="countdown", countdown_s=17.2, target_reps=planned[place].reps)
    title = planned[place].exercise.title
    image = picture("dead-bug", pose.index)
    film = planned[place].exercise.film(side=planned[place].side)
    return ViewModel(title, snapshot, image, pose, course=course, hints=COURSE_HINTS, film=film)


def pain() -> View:
    """The question before and after."""
    program = load_program("low-back-daily", load_exercises(), TODAY)
    return replace(words.pain_view(words.program_in_words(program)), chosen=3)


def summary() -> View:
    """A set on its own: the demo clip of the glute bridge."""
    return summary_of(record_of(_planned("glute-bridge", 3), 0.0))


def report() -> View:
    """The last page, from the three demo clips done as three sets."""
    session = session_of_clips()
    return report_of(session, [record.exercise for record in session.sets], words.ended(session))


def progress() -> View:
    """The page of progress, as if the three demo clips had been done again and again: the same counts every week."""
    session = session_of_clips()
    session.effort = {record.exercise.name: 3 for record in session.sets}
    once = SessionDocument.model_validate(session.as_dict())
    days = [NOW - timedelta(days=days) for days in (47, 40, 26, 19, 12, 5, 1)]
    past = [Kept(session=once.model_copy(update={"started_utc": day, "session_id": f"{day}"})) for day in days]
    sheets = {sheet.view.title: sheet.view for sheet in sheets_of(past, NOW, load_exercises())}
    return replace(sheets["Dead bug"], place=(2, 3), hints=TURN_HINTS)


def watching() -> View:
    """The best and the worst repetition of the dead bug, where the low back lifts."""
    moments = Moments()
    record_of(_planned("dead-bug", 6), 0.0, [moments])
    assert moments.replay is not None
    page = ReplayPage([moments.replay], lambda _: None)
    page.enter(0.0)
    return page.view(5.4)


def session_of_clips() -> SessionRecord:
    """The three demo clips done as three sets."""
    program = load_program("low-back-long", load_exercises())
    sets = tuple(_planned(name, reps) for name, reps in {"glute-bridge": 3, "dead-bug": 6, "bird-dog": 2}.items())
    session = SessionRecord.begin("", replace(program, title="Low back", sets=sets))
    session.pain_before, session.pain_after = 2, 2
    from_s = 0.0
    for planned in sets:
        session.begin_set(record_of(planned, from_s))
        from_s = session.sets[-1].end_s + REST_S
    return session


def _planned(name: str, reps: int) -> PlannedSet:
    """A set of a demo clip's exercise, with as many repetitions as the clip shows."""
    program = load_program("low-back-long", load_exercises())
    return replace(next(s for s in program.sets if s.exercise.name == name), reps=reps)


def record_of(planned: PlannedSet, from_s: float, observers: Sequence[Observer] = ()) -> SetRecord:
    """A demo clip as one set of a program, begun at so many seconds."""
    exercise = planned.exercise
    record = SetRecord.begin("", exercise, planned=planned)
    chain = Chain(Set(exercise, planned.overrides, is_live=False), record, observers)
    chain.start()
    for pose, back in steps(exercise.name, 1e9):
        later = replace(pose, t_s=pose.t_s + from_s), replace(back, t_s=back.t_s + from_s)
        chain.step(None, track(*later, exercise.posture))
    chain.finish("done")
    return record


def kiosk_attract() -> View:
    """A kiosk before which nobody stands."""
    exercise = load_exercises().exercises["bird-dog"]
    return AttractView(exercise.film(), exercise.title, "Practice Example", "Ask at the desk for your own program.")


def kiosk_choose() -> View:
    """A choice that is pointed to."""
    options = (
        Option("daily", "Low back, daily", "2 exercises in 5 sets, about 9 min"),
        Option("exercises", "Single exercises", "choose one of them"),
        Option("code", "My program", "with a code or a slip from your clinician"),
    )
    note = KIOSK["kiosk.point"]
    return ChoiceView(KIOSK["kiosk.choose"], options, note, hints=(), is_pointed=True, forming=(1, 0.65))


def kiosk_still_there() -> View:
    """Nobody has answered for a while."""
    return StillThereView(7)


def kiosk_qr() -> View:
    """The result as a code."""
    session = session_of_clips()
    return view_of(takeaway_of(result_of(session, datetime(2026, 12, 4, 9, 30), load_exercises()), "en"))


def kiosk_staff() -> View:
    """The staff's menu."""
    return menu_of(0.75, "en")


FIGURES: dict[str, Callable[[], View]] = {
    "menu": menu,
    "safety": SafetyView,
    "pain": pain,
    "setting-up": setup,
    "dead-bug": lambda: working("dead-bug", 16.3),
    "bird-dog": lambda: working("bird-dog", 4.5),
    "glute-bridge": lambda: working("glute-bridge", 7.5),
    "rest": rest,
    "summary": summary,
    "report": report,
    "progress": progress,
    "watch-again": watching,
    "kiosk-attract": kiosk_attract,
    "kiosk-choose": kiosk_choose,
    "kiosk-still-there": kiosk_still_there,
    "kiosk-qr": kiosk_qr,
    "kiosk-staff": kiosk_staff,
}


def main(folder: Path) -> None:
    """Write every figure into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in FIGURES.items():
        canvas = Painter().paint(make(), SIZE)
        cv2.imwrite(str(folder / f"{name}.png"), canvas.pixels, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        sys.stdout.write(f"{folder / name}.png\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "images")
