"""Visits of strangers: who wakes the kiosk, what is asked, how it ends, and that it ends."""

from __future__ import annotations

import pygame
import pytest

from formcheck.kiosk.config import KioskConfig
from formcheck.screen import AttractView, ReportView, StillThereView, SummaryView, ViewModel
from tests.app.people import press, press_digit
from tests.kiosk.people import away, chained, lasting, pointing, standing
from tests.kiosk.visits import name_of, visit

CONSENT = "ConsentView Hello. The camera sees how you move. Is that all right?"
SAFETY = "SafetyView Read this first. Does one of these hold for you?"
CHOOSE = "ChoiceView What do you want to do?"


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")


class Fingers:
    """Presses a key once, a second after a page has come."""

    def __init__(self, **keys: int | list[int]) -> None:
        self._keys = {name: list(digits) if isinstance(digits, list) else [digits] for name, digits in keys.items()}
        self._page, self._since_s, self._is_done = "", 0.0, False

    def __call__(self, now_s, view):
        name = f"{name_of(view)} {[option.title for option in getattr(view, 'options', ())]}"
        if name != self._page:
            self._page, self._since_s, self._is_done = name, now_s, False
        if self._is_done or now_s - self._since_s < 1.0:
            return
        for part, keys in self._keys.items():
            if part in name and keys:
                self._is_done = True
                key = keys.pop(0)
                if key <= 9:
                    press_digit(key)
                else:
                    press(key)


def test_an_empty_room_is_left_alone_and_told_nothing():
    turns = [0]

    def enough():
        turns[0] += 1
        return turns[0] > 900

    seen = visit(away(200), is_locked=enough)
    assert seen.pages == ["AttractView"]
    assert seen.clips == []
    assert seen.told == []


def test_somebody_who_steps_in_front_is_greeted_within_two_seconds():
    seen = visit(chained(away(5), lasting(standing(), 8), away(120)))
    assert seen.pages[0] == "AttractView"
    assert seen.pages[1].startswith("ChoiceView Language")
    (woken_s, word) = seen.told[0]
    assert word == "woken"
    stands_s = 5.0 + seen.feed.began_s
    assert 1.4 <= woken_s - stands_s <= 2.0


def test_a_whole_visit_by_pointing_alone_reaches_the_set():
    steps = chained(
        away(2), lasting(standing(), 3), pointing("left"), pointing("left"), pointing("left"), pointing("left"),
        lasting(standing(), 30), away(200),
    )  # fmt: skip
    seen = visit(steps)
    assert seen.pages[1:5] == [seen.pages[1], CONSENT, SAFETY, CHOOSE]
    assert "ScaleView How is your pain now?" in seen.pages
    assert seen.visit.chosen is not None
    assert seen.visit.chosen.title == "Low back, daily"


def test_no_consent_no_session():
    seen = visit(chained(lasting(standing(), 60)), on_view=Fingers(AttractView=pygame.K_RETURN, Language=1, Hello=2))
    assert seen.pages[-1] == CONSENT
    assert not any(isinstance(view, ViewModel) for _, view in seen.log.shown)


def test_who_has_one_of_the_reasons_is_sent_to_a_clinician():
    seen = visit(lasting(standing(), 90), on_view=Fingers(AttractView=pygame.K_RETURN, Language=1, Hello=1, Read=2))
    assert "MessageView" in seen.pages
    assert CHOOSE not in seen.pages
    assert "kiosk.unfit" in seen.clips


def test_nobody_answers_it_is_asked_and_counted_down_and_back_to_the_start():
    seen = visit(chained(away(1), lasting(standing(), 4), away(200)))
    assert seen.pages[-1] == "StillThereView"
    asked = [view.left_s for _, view in seen.log.shown if isinstance(view, StillThereView)]
    assert asked[0] == 10
    assert asked[-1] in (0, 1)
    at_s = seen.when("StillThereView")
    assert 33 <= at_s <= 38  # 30 seconds after somebody was last seen
    clips = seen.clips[seen.clips.index("kiosk.still-there") :]
    counted = [clip for clip in clips if clip.startswith("number.")]
    assert counted == [f"number.{n}" for n in range(7, 0, -1)]  # those after the question itself
    assert seen.visit.policy.end == "gone"


def test_any_sign_of_life_ends_the_question():
    steps = chained(away(1), lasting(standing(), 4), away(36), lasting(standing(), 20), away(200))
    seen = visit(steps)
    assert seen.pages.count("StillThereView") == 2
    first = seen.when("StillThereView")
    back = next(t for t, view in seen.log.shown if t > first and not isinstance(view, StillThereView))
    assert 41 <= back <= 43


def test_a_key_ends_the_question_and_does_nothing_else():
    pressed = []

    def once(now_s, view):
        if isinstance(view, StillThereView) and not pressed:
            pressed.append(now_s)
            press_digit(1)

    seen = visit(chained(away(1), lasting(standing(), 4), away(300)), on_view=once)
    assert [page for page in seen.pages if page.startswith("ConsentView")] == []
    assert seen.pages.count("StillThereView") == 2


def to_bridge():
    """Keys to the bridge: language, consent, safety, single exercises, more, the first of those."""
    return Fingers(AttractView=pygame.K_RETURN, Language=1, Hello=1, Read=1, want=2, Choose=[3, 1])


def test_whoever_goes_in_a_set_is_asked_and_then_it_is_over():
    seen = visit(chained(lasting(standing(), 90), away(300)), on_view=to_bridge())
    kinds = [page.split()[0] for page in seen.pages]
    assert "ViewModel" in kinds
    assert kinds[-1] == "StillThereView"
    assert seen.visit.policy.end == "gone"
    asked_s = seen.when("StillThereView")
    assert asked_s - 90 == pytest.approx(20, abs=3.0)
    over_s = seen.log.shown[-1][0]
    assert over_s - 90 == pytest.approx(60, abs=3.0)
    assert not any(isinstance(view, (ReportView, SummaryView)) for _, view in seen.log.shown)


def test_somebody_else_takes_the_place_and_nothing_more_is_shown():
    steps = chained(lasting(standing(), 90), away(3), lasting(standing(person=1), 60))
    seen = visit(steps, on_view=to_bridge())
    assert seen.visit.policy.end == "exchanged"
    assert isinstance(seen.log.shown[-1][1], ViewModel)
    assert seen.log.shown[-1][0] - 93 <= 2.5


def test_an_exchange_before_the_choice_ends_it_too():
    steps = chained(lasting(standing(), 10), lasting(standing(person=1), 60))
    seen = visit(steps, on_view=Fingers(AttractView=pygame.K_RETURN, Language=1))
    assert seen.visit.policy.end == "exchanged"
    assert seen.log.shown[-1][0] <= 13


@pytest.mark.parametrize("key", [
    pygame.K_f, pygame.K_F11, pygame.K_d, pygame.K_k, pygame.K_p, pygame.K_c, pygame.K_l, pygame.K_s, pygame.K_ESCAPE,
])  # fmt: skip
def test_no_key_leads_out_of_it(key):
    pressed = []

    def mash(now_s, view):
        if name_of(view) == CONSENT and len(pressed) < 5:
            pressed.append(now_s)
            press(key)
            pygame.event.post(pygame.event.Event(pygame.QUIT))

    go = Fingers(AttractView=pygame.K_RETURN, Language=1)
    seen = visit(chained(lasting(standing(), 20), away(100)), on_view=lambda t, v: (go(t, v), mash(t, v)))
    after = [page for page in seen.pages if "Hello" in page or "StillThere" in page]
    if key == pygame.K_ESCAPE:
        assert seen.pages[-1] == CONSENT  # back to the start: nobody has agreed
    else:
        assert after == [CONSENT, "StillThereView"]


def test_without_a_camera_nobody_is_asked_anything():
    from formcheck.camera import CameraState

    def broken(feed):
        feed.status = lambda: CameraState("lost", "No camera.") if feed._clock.now_s < 60 else CameraState("live")

    keys = Fingers(AttractView=pygame.K_RETURN)
    turns = [0]

    def enough():
        turns[0] += 1
        return turns[0] > 500

    seen = visit(away(100), on_view=keys, prepare=broken, is_locked=enough)
    assert seen.pages == ["AttractView"]
    notices = {view.notice for _, view in seen.log.shown if isinstance(view, AttractView)}
    assert "The camera is missing. Please tell the staff." in notices


def test_at_night_the_page_is_dim_and_nothing_moves():
    config = KioskConfig.model_validate({"night": {"begins": "07:00", "ends": "09:00"}})
    turns = [0]

    def enough():
        turns[0] += 1
        return turns[0] > 50

    seen = visit(away(30), config, is_locked=enough)
    assert all(view.is_dim for _, view in seen.log.shown if isinstance(view, AttractView))


def test_the_camera_is_released_at_the_end():
    assert visit(chained(away(1), lasting(standing(), 4), away(200))).feed.is_released


def test_a_process_that_stood_there_for_hours_is_replaced():
    night = KioskConfig.model_validate({"night": {"begins": "07:00", "ends": "09:00"}})  # nothing moves
    seen = visit(away(10), night, longest_s=5 * 3600.0)
    assert seen.pages == ["AttractView"]
    assert 4 * 3600 <= seen.log.shown[-1][0] <= 4 * 3600 + 5
    assert seen.visit.policy.end == ""


def test_one_without_sound_is_replaced_sooner():
    seen = visit(away(200), has_sound=lambda: False)
    assert seen.pages == ["AttractView"]
    assert 59 <= seen.log.shown[-1][0] <= 62


def test_the_first_page_speaks_one_language_after_the_other():
    turns = [0]

    def enough():
        turns[0] += 1
        return turns[0] > 500

    seen = visit(away(100), is_locked=enough)
    shown = [str(view.invites) for _, view in seen.log.shown if isinstance(view, AttractView)]
    assert list(dict.fromkeys(shown)) == [
        "Step in front of the screen to begin.", "Póngase delante de la pantalla para empezar.",
        "Placez-vous devant l’écran pour commencer.",
    ]  # fmt: skip


@pytest.mark.parametrize(("desk", "is_said"), [("", True), ("192.168.1.20:8443", False)])
def test_the_first_page_says_that_nothing_is_sent_only_where_nothing_is(desk, is_said):
    turns = [0]

    def enough():
        turns[0] += 1
        return turns[0] > 20

    seen = visit(away(10), KioskConfig(desk=desk), is_locked=enough)
    promises = {str(view.promises) for _, view in seen.log.shown if isinstance(view, AttractView)}
    assert promises
    assert all(("nothing is sent" in text) is is_said for text in promises)


def test_one_without_sound_stays_for_somebody_who_is_just_coming():
    seen = visit(chained(away(59), lasting(standing(), 5), away(200)), has_sound=lambda: False)
    assert [word for _, word in seen.told] == ["woken"]
    assert 59 <= seen.told[0][0] <= 62


def test_whoever_is_greeted_is_seen_in_every_picture():
    seen = visit(chained(away(3), lasting(standing(), 5), away(200)))
    before = seen.feed.rests[: seen.feed.rests.index(0.0)]
    assert before  # an empty room is looked at now and then
    assert all(every_s > 0.0 for every_s in before)
    assert seen.feed.rests[-1] == 0.0
