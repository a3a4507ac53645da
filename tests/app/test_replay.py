"""Watching a set again: best and worst side by side, in time with each other, forgotten when the session is over."""

from __future__ import annotations

import gc

import numpy as np
import pygame
import pytest

from exercises.dead_bug import EXERCISE as DEAD_BUG
from formcheck.app.pages.replay import ReplayPage, note_of, phase_at
from formcheck.core.body.pose import Joint
from formcheck.pipeline.moments import Moments
from formcheck.pipeline.recorded import analyse
from formcheck.screen import Action, MenuView, ReplayView, ReportView, SummaryView
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from formcheck.session.replay import Clip, SetReplay
from tests import replay
from tests.app.people import Person, day, press
from tests.app.test_menu import Presser

V, ESCAPE, SPACE = pygame.K_v, pygame.K_ESCAPE, pygame.K_SPACE
TWO = 'title = "Two"\n[[exercise]]\nname = "glute-bridge"\nreps = 2\nhold_s = 5\nrest_s = 12\n' \
      '[[exercise]]\nname = "dead-bug"\nreps = 2\nsets = 1\n'  # fmt: skip


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


def kept_of(name):
    moments = Moments()
    analyse(str(replay.FOLDER / f"{name}.npz"), load_exercises().get(name), observers=[moments])
    return moments.replay


@pytest.fixture(scope="module")
def bug():
    return kept_of("dead-bug")


class Film:
    """A page of replay, and a clock that goes on with every turn."""

    def __init__(self, *sets):
        self.now_s = 100.0
        self.page = ReplayPage(sets, self._sleep)
        self.page.enter(self.now_s)

    def _sleep(self, seconds):
        self.now_s += seconds

    def views(self, seconds):
        until, seen = self.now_s + seconds, []
        while self.now_s < until:
            self.page.turn(self.now_s)
            seen.append(self.page.view(self.now_s))
        return seen


def test_best_and_worst_move_side_by_side_in_time_with_each_other(bug):
    views = Film(bug).views(30)
    assert all(len(view.panes) == 2 for view in views)
    assert all(one.at == other.at for one, other in (view.panes for view in views))
    best, worst = views[0].panes
    assert (best.title, best.fault, best.mark) == ("Best: number 4, right side", "", None)
    assert (worst.title, worst.fault) == ("With a fault: number 3, left side", "Low back lifts")
    assert worst.is_of_back


def test_at_the_furthest_reach_both_legs_are_out(bug):
    at_top = min(Film(bug).views(30), key=lambda view: abs(view.panes[0].at - 0.5))
    for pane, ankle in zip(at_top.panes, (Joint.RIGHT_ANKLE, Joint.LEFT_ANKLE), strict=True):
        hip = pane.pose.point(Joint.LEFT_HIP)
        reach = np.hypot(*(pane.pose.point(ankle) - hip))
        others = np.hypot(*(pane.pose.point(Joint(55 - ankle)) - hip))
        assert reach > 1.2 * others, "the leg whose side is named"


def test_left_and_right_are_as_filmed(bug):
    pane = Film(bug).views(1)[0].panes[0]
    filmed = bug.best.clip.frames[0].pose
    assert np.sign(pane.pose.point(Joint.NOSE)[0] - pane.pose.point(Joint.LEFT_HIP)[0]) == np.sign(
        filmed.point(Joint.NOSE)[0] - filmed.point(Joint.LEFT_HIP)[0]
    )


def test_the_whole_body_is_always_in_its_box(bug):
    for view in Film(bug).views(12):
        for pane in view.panes:
            seen = pane.pose.xy_px[pane.pose.evidence > 0]
            assert (seen >= 0).all()
            assert (seen <= [pane.pose.width, pane.pose.height]).all()
        assert len({(pane.pose.width, pane.pose.height) for pane in view.panes}) == 1, "as large as one another"


def test_the_moment_of_the_fault_is_marked_and_shown_as_one(bug):
    panes = [view.panes[1] for view in Film(bug).views(20)]
    lit = [pane.at for pane in panes if pane.is_fault_now]
    assert lit
    assert min(lit) <= panes[0].mark <= max(lit)
    assert any(not pane.is_fault_now for pane in panes)
    assert not any(view.panes[0].is_fault_now for view in Film(bug).views(20))


def test_it_goes_at_half_speed(bug):
    clips = [shown.clip for shown in bug.shown]
    longest = max(clip.peak_s - clip.start_s for clip in clips)
    assert phase_at(longest, clips) == pytest.approx(0.5)
    assert phase_at(2 * longest, clips) == pytest.approx(1.0, abs=0.01)


def test_it_is_drawn_anew_only_while_something_moves(bug):
    film = Film(bug)
    moving = film.views(3)
    assert len({id(view) for view in moving}) == pytest.approx(3 * 15, abs=3)
    film.page.handle(Action.PAUSE, film.now_s)
    still = film.views(3)
    assert len({id(view) for view in still}) == 1
    film.page.handle(Action.PAUSE, film.now_s)
    going = film.views(1)
    assert len({id(view) for view in going}) > 10
    assert going[0].panes[0].at - still[0].panes[0].at < 0.1, "it goes on where it was"


@pytest.mark.parametrize(
    ("sets", "words"),
    [
        (SetReplay(DEAD_BUG), "No repetition counted"),
        (SetReplay(DEAD_BUG, reps=3), "Nothing could be judged"),
        (SetReplay(DEAD_BUG, reps=3, judged=3, faulty=1), "No movement was kept"),
    ],
)
def test_where_there_is_nothing_to_show_it_says_why(sets, words):
    assert note_of(sets).startswith(words)


def test_where_no_fault_was_seen_it_claims_no_more_than_was_judged(bug):
    def note(**changes):
        return note_of(SetReplay(bug.exercise, best=bug.best, **changes))

    assert note(reps=6, judged=6) == "No fault was seen. At half speed."
    assert note(reps=6, judged=4) == "No fault was seen in the 4 that I could judge. At half speed."
    assert note_of(SetReplay(bug.exercise, worst=bug.worst, reps=6, judged=6, faulty=6)).startswith("No repetition was")


def test_the_arrows_turn_to_another_set(bug):
    film = Film(kept_of("bird-dog"), bug)
    assert film.views(1)[-1].title == "Dead bug"
    film.page.handle(Action.RIGHT, film.now_s)
    assert film.views(1)[-1].title == "Bird dog"
    film.page.handle(Action.LEFT, film.now_s)
    assert film.views(1)[-1].title == "Dead bug"
    assert {hint.action for hint in film.views(1)[0].hints} >= {Action.LEFT, Action.RIGHT, Action.BACK}
    assert not {hint.action for hint in Film(bug).views(1)[0].hints} & {Action.LEFT, Action.RIGHT}


# -- in the window -----------------------------------------------------------------------------------------------------


class Watcher:
    """Watches a set again for some seconds from the last page, then goes on."""

    def __init__(self, last):
        self._last, self._person, self._presser = last, Person(2, 2), Presser({last: [(V,), (ESCAPE,)]})
        self._since_s = None
        self.clips = 0

    def __call__(self, now_s, view):
        self._presser(now_s, view)
        if isinstance(view, ReplayView):
            self.clips = self.clips or clips_in_memory()
            self._since_s = now_s if self._since_s is None else self._since_s
            if now_s - self._since_s > 5:
                press(ESCAPE)
        elif not isinstance(view, (self._last, MenuView)):
            self._person(now_s, view)

    @property
    def kinds(self):
        return [kind for kind in self._presser.kinds if kind in (self._last, ReplayView)]


def clips_in_memory():
    gc.collect()
    return sum(isinstance(each, Clip) for each in gc.get_objects())


def test_after_a_program_each_set_can_be_watched_and_then_it_is_forgotten(tmp_path):
    path = tmp_path / "two.toml"
    path.write_text(TWO)
    before = clips_in_memory()
    watcher = Watcher(ReportView)
    ran = replay.run(load_program(str(path), load_exercises(), replay.BEGAN), day(), on_view=watcher)
    assert watcher.kinds == [ReportView, ReplayView, ReportView]
    shown = [view for _, view in ran.log.shown if isinstance(view, ReplayView)]
    assert shown[0].title == "Dead bug", "the last set first"
    assert len({view.panes[0].at for view in shown}) > 30, "it moves"
    assert watcher.clips > before
    assert clips_in_memory() == before, "nothing of it is left"
    report = next(view for _, view in ran.log.shown if isinstance(view, ReportView))
    assert Action.REPLAY in {hint.action for hint in report.hints}
    assert ran.log.names.count("session.pain") == 2


def test_where_nothing_was_done_no_key_is_offered_that_does_nothing():
    keys = {SummaryView: [(V,), (ESCAPE,)]}
    presser, person = Presser(keys), Person(keys={3.0: ESCAPE})

    def somebody(now_s, view):
        presser(now_s, view)
        if not isinstance(view, SummaryView):
            person(now_s, view)

    running = load_exercises().get("running")
    ran = replay.run(running, day()[:40], on_view=somebody, is_camera=False)
    (summary,) = {view.hints for _, view in ran.log.shown if isinstance(view, SummaryView)}
    assert Action.REPLAY not in {hint.action for hint in summary}
    assert not any(isinstance(view, ReplayView) for _, view in ran.log.shown)
