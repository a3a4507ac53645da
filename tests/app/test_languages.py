"""No English is left on the screen: whole sessions, in a language in which every letter of a known text is `é`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from gettext import NullTranslations
from itertools import combinations, cycle
from string import Formatter
from typing import get_args

import pygame
import pytest
from babel.messages.pofile import read_po

from formcheck.app import words
from formcheck.app.pages.menu import menu_cards
from formcheck.app.pages.replay import ReplayPage
from formcheck.app.report import report_of, summary_of
from formcheck.app.sheets import sheets_of
from formcheck.core.coach.snapshot import ActiveFault, Snapshot, StartCheck
from formcheck.core.feedback.phrases import UNSEEN
from formcheck.core.rules.setting import Settings
from formcheck.pipeline.moments import Moments
from formcheck.pipeline.recorded import analyse
from formcheck.screen import (
    Caption,
    Course,
    DebugNumbers,
    MenuView,
    Painter,
    SafetyView,
    Sign,
    SummaryView,
    View,
    ViewModel,
    Wording,
    menu_hints,
    not_judged_text,
)
from formcheck.screen.wording import YOURS
from formcheck.screen.words import PAUSES
from formcheck.screen.work_view import SignMeaning, Slowness
from formcheck.session.program import dose_in_words, load_program
from formcheck.session.registry import load_exercises
from formcheck.session.texts import catalogue, languages, translate, translator, translator_of
from formcheck.system.assets import asset
from tests import replay
from tests.app.people import Person, day
from tests.kept import BEGAN, RECORDED, judged, kept, session_record
from tests.screen.samples import SOUNDS, pages, room, work_views
from tests.screen.test_texts import SMALLEST_CAP, overlaps

KNOWN = {
    text
    for message in read_po(io.BytesIO(asset("text", "formcheck.pot").read_bytes()))
    for text in (message.id if isinstance(message.id, tuple) else (message.id,))
}
NAMES = re.compile(r"FormCheck|formcheck[a-z ]*")


class Pseudo(NullTranslations):
    """Turns every letter of a known text outside its values into `é`; what is not known stays as it is."""

    def gettext(self, message: str) -> str:
        return accented(message) if message in KNOWN else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def accented(pattern: str) -> str:
    parts = []
    for literal, name, spec, _ in Formatter().parse(pattern):
        parts.append(re.sub("[A-Za-z]", "é", literal))
        parts.append("" if name is None else f"{{{name}{':' if spec else ''}{spec}}}")
    return "".join(parts)


def english_in(painter: Painter, view: View, size: tuple[int, int] = (1280, 720)) -> set[str]:
    """The texts with letters that no translation reached."""
    labels = {label.text for label in painter.paint(view, size, sound=SOUNDS["muted"]).labels}
    return {text for text in labels if len(text) > 1 and re.search("[A-Za-z]", NAMES.sub("", text))}  # keys have one


def distinct(views: Iterable[View]) -> list[View]:
    """One view for each set of texts: pictures and bodies don't matter."""
    found: dict[str, View] = {}
    for view in views:
        if isinstance(view, ViewModel):
            snapshot = replace(view.snapshot, progress=0.0, hold_s=0.0, countdown_s=0.0)
            bare = replace(view, image=None if view.image is None else view.image[:0], pose=None, back=None)
            bare = replace(bare, debug=DebugNumbers() if view.debug and view.debug.lines else None)
            key = repr(replace(bare, snapshot=replace(snapshot, back_trace=type(snapshot.back_trace)())))
        else:
            key = re.sub("[0-9.]+", "", repr(view))
        found.setdefault(key, view)
    return list(found.values())


@pytest.fixture
def painter(monkeypatch) -> Painter:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    return Painter(translator_of(Pseudo()))


def test_a_text_that_nobody_marked_is_found(painter):
    assert english_in(painter, MenuView(notice="Nobody has translated this.")) == {"Nobody has translated this."}
    assert not english_in(painter, SafetyView())


def test_no_english_is_left_in_a_whole_session(painter, tmp_path):
    path = tmp_path / "day.toml"
    path.write_text(PROGRAM, encoding="utf-8")
    program = load_program(str(path), load_exercises(), replay.BEGAN)
    person = Person(2, 8, efforts=(4,), keys={20.0: pygame.K_d, 25.0: pygame.K_h, 27.0: pygame.K_h})
    ran = replay.run(program, day(), on_view=person)
    shown = distinct(view for _, view in ran.log.shown)
    assert len(shown) > 20
    assert {text for view in shown for text in english_in(painter, view)} == set()


PROGRAM = """
title = "1234"
[[exercise]]
name = "glute-bridge"
reps = 2
hold_s = 5
rest_s = 12
[[exercise]]
name = "dead-bug"
reps = 2
sets = 1
rest_s = 14
"""


def exercises_pages() -> Iterator[View]:
    """Each exercise at rest and at work, with its checks, phases, faults and steps; its summary."""
    for exercise in load_exercises().exercises.values():
        wording, settings = Wording.of(exercise), Settings(exercise.all_settings)
        checks = tuple(
            StartCheck(each.text, None) for each in (*exercise.start(settings), *exercise.invariants(settings))
        )
        yield ViewModel(exercise.title, Snapshot("waiting", start_checks=checks), image=room(), wording=wording)
        course = Course(1, 3, dose_in_words(exercise), exercise.steps)
        yield ViewModel(exercise.title, Snapshot("countdown", countdown_s=9.0), image=room(), course=course)
        for rule, (phase, text) in zip(exercise.all_faults, cycle(exercise.phase_texts.items()), strict=False):
            fault = ActiveFault(rule.name, rule.cue, rule.severity)
            snapshot = Snapshot("working", phase=phase, phase_text=text, side="left", faults=(fault,), back="fault")
            yield ViewModel(exercise.title, snapshot, image=room(), wording=wording, caption=Caption(rule.cue, "form"))
        if exercise.bout is not None:
            lines = tuple((each.title, each.in_words(1.5)) for each in exercise.bout.metrics)
            figure = Snapshot("working", figure="168", figure_text=exercise.bout.metrics[0].unit, lines=lines)
            yield ViewModel(exercise.title, figure, image=room(), wording=wording)
            yield SummaryView(exercise.title, lines=lines)


def other_pages() -> Iterator[View]:
    """The menu, the questions, what may go wrong in a set, summary, report, progress and replay."""
    registry = load_exercises()
    yield MenuView(menu_cards(registry, replay.BEGAN), hints=menu_hints(True))
    yield from (words.remember_view(), words.remember_plain_view(), words.why_view(), words.rest_today_view())
    yield from (words.hurt_view(True), words.leave_view(True), words.leave_view(False), words.effort_view("Dead bug"))
    yield from (ViewModel("Dead bug", Snapshot("working"), image=room(), slowness=each) for each in get_args(Slowness))
    yield from (ViewModel("Dead bug", Snapshot("paused", pause_reason=each), image=room()) for each in PAUSES)
    yield from (ViewModel("", Snapshot("working", unseen_part=each), image=room()) for each in UNSEEN)
    yield from (
        ViewModel("", Snapshot("working"), image=room(), notice=not_judged_text(3, (each, "back"))) for each in YOURS
    )
    yield from (
        ViewModel("", Snapshot("working"), image=room(), sign=Sign(each, 0.5)) for each in get_args(SignMeaning)
    )
    past = [kept(number=i, began=BEGAN + timedelta(days=i)) for i in (0, 7, 14)]
    yield from (sheet.view for sheet in sheets_of(past, BEGAN + timedelta(days=15), registry))
    records = [judged(name) for name in RECORDED]
    yield from (summary_of(record) for record in records)
    yield report_of(session_record(), [record.exercise for record in records], words.ended(session_record()))
    moments = Moments()
    analyse(str(replay.FOLDER / "dead-bug.npz"), registry.get("dead-bug"), observers=[moments])
    assert moments.replay is not None
    yield ReplayPage([moments.replay], lambda _: None).view(0.0)


SMALL = (800, 600)
LONG = 36
"""Letters from which a cue may be too long for its place."""
READ_LYING = 52 / 1080
"""Least cap height of a cue, share of the window's shorter side: at 2.5 m and 24 inches, 20 minutes of arc."""


@pytest.mark.parametrize("size", [SMALL, (1280, 720), (720, 1280)])
@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_every_page_fits(painter, language, size):
    painter.words.use(translator(language))
    for view in (*exercises_pages(), *other_pages(), *work_views().values(), *pages().values()):
        canvas = painter.paint(view, size)
        for label in canvas.labels:
            assert canvas.box.contains(label.box), label
            assert label.text.isdecimal() or label.room.contains(label.box), label
            assert label.cap_px >= SMALLEST_CAP * min(size), label
        fixed = [label for label in canvas.labels if label.text != translate("You", language)]
        for one, other in combinations(fixed, 2):
            assert not overlaps(one.box, other.box), (one, other)


@pytest.mark.parametrize("size", [SMALL, (1280, 720), (720, 1280)])
@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_every_cue_can_be_read_lying_down(painter, language, size):
    painter.words.use(translator(language))
    cues = {translate(cue, language) for name, cue in catalogue().items() if not name.startswith("page.")}
    for cue in (cue for cue in cues if len(cue) >= LONG):
        labels = painter.paint(ViewModel("", Snapshot("working"), image=None, caption=Caption(cue)), size).labels
        (label,) = [label for label in labels if label.text == cue]
        assert label.cap_px >= READ_LYING * min(size), (cue, label.cap_px / min(size) * 1080)


def test_every_cue_is_translated(painter):
    unknown = {str(cue) for cue in catalogue().values() if re.search("[A-Za-z]", painter.words(cue))}
    assert unknown == set()


@pytest.mark.parametrize("views", [exercises_pages, other_pages])
def test_no_english_is_left_on_any_page(painter, views):
    assert {text for view in views() for text in english_in(painter, view)} == set()
