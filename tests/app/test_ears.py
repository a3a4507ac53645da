"""Words said from the mat, through the whole window program: what each does on each page, and what is asked back."""

from __future__ import annotations

import pytest

from formcheck.app.ears import ASK_S, Listen
from formcheck.hearing import Heard, MicrophoneError
from formcheck.screen import GO_ON_HINT, ChoiceView, ConfirmView, ViewModel
from formcheck.session.registry import load_exercises
from tests import replay
from tests.app.people import Person

FPS = 15


def every(_):
    """Networks for whatever language: none ship."""
    return True


class Mat:
    """An ear that understands every word at once: words by the second at which they are said."""

    def __init__(self, clock, said, goes_deaf_s=1e9):
        self.caution, self.is_open, self.cautions = 0.0, False, {}
        self._clock, self._said, self._goes_deaf_s = clock, sorted(said), goes_deaf_s

    @property
    def is_deaf(self):
        return self._clock() > self._goes_deaf_s

    def start(self):
        self.is_open = True

    def heard(self):
        self.cautions[round(self._clock(), 1)] = self.caution
        due = [word for at_s, word in self._said if at_s <= self._clock()]
        self._said = self._said[len(due) :]
        return [Heard(word, self._clock(), 0.9) for word in due]

    def close(self):
        self.is_open = False


def bridge(said, *, mats=None, person=None, seconds=24, **mat):
    """Somebody who does bridges, and says words; the set begins after about ten seconds."""
    film = replay.recorded("glute-bridge", FPS)
    steps = replay.joined([replay.still(film[0], 12), film[: seconds * FPS]])

    def listen(clock):
        made = Mat(clock, said, **mat)
        if mats is not None:
            mats.append(made)
        return Listen(True, open_ear=lambda _: made, is_heard=every)

    exercise = load_exercises().get("glute-bridge")
    return replay.run(exercise, steps, on_view=person or Person(), listen=listen)


def shown(ran, what):
    """The seconds at which a view of that kind was on the screen."""
    return [at_s for at_s, view in ran.log.shown if isinstance(view, what)]


def told(ran):
    """What was shown about listening, each once, in order."""
    return list(dict.fromkeys(sound.heard for sound in ran.log.sounds if sound.heard))


def test_it_hurts_stops_the_set_at_once_and_asks_nothing_back():
    ran = bridge([(20.0, "hurt")])
    assert ran.session.sets[0].outcome == "hurt"
    assert ran.session.break_off == "pain"
    assert not shown(ran, ConfirmView)
    assert min(shown(ran, ChoiceView)) == pytest.approx(20.0, abs=0.2)
    assert "Heard: It hurts" in told(ran)


def test_pause_holds_the_set_and_go_on_lets_it_go_on():
    ran = bridge([(18.0, "pause"), (18.5, "pause"), (23.0, "go-on")])
    held = [at_s for at_s, view in ran.log.shown if isinstance(view, ViewModel) and GO_ON_HINT in view.hints]
    assert min(held) == pytest.approx(18.0, abs=0.2), "the second word does not undo the first"
    assert max(held) == pytest.approx(23.0, abs=0.2)


def test_stop_is_asked_back_and_go_on_stays():
    ran = bridge([(20.0, "stop"), (23.0, "go-on")])
    asked = shown(ran, ConfirmView)
    assert min(asked) == pytest.approx(20.0, abs=0.2)
    assert max(asked) == pytest.approx(23.0, abs=0.2)
    assert ran.session.sets[0].outcome not in ("stopped", "hurt")


@pytest.mark.parametrize("answer", ["yes", "stop"])
def test_stop_ends_the_set_after_yes_or_stop_again(answer):
    ran = bridge([(20.0, "stop"), (23.0, answer)])
    assert ran.session.sets[0].outcome == "stopped"


def test_it_hurts_is_heard_while_it_is_asked_whether_to_stop():
    ran = bridge([(20.0, "stop"), (22.0, "hurt")])
    assert ran.session.sets[0].outcome == "hurt"
    assert ran.session.break_off == "pain"


@pytest.mark.parametrize("answer", ["yes", "next"])
def test_next_is_asked_back(answer):
    ran = bridge([(20.0, "next"), (24.0, answer)])
    assert ran.session.sets[0].outcome == "skipped"
    assert "listen.next" in ran.log.names
    assert "Next? Say yes." in told(ran)


@pytest.mark.parametrize("later", [(20.0 + ASK_S + 0.5, "yes"), (22.0, "pause")], ids=["too late", "something else"])
def test_without_a_yes_nothing_ends(later):
    ran = bridge([(20.0, "next"), later, (33.0, "go-on")])
    assert ran.session.sets[0].outcome != "skipped"


def test_yes_alone_does_nothing_and_is_not_shown():
    ran = bridge([(18.0, "yes")])
    assert "Heard: Yes" not in told(ran)


def test_again_begins_the_set_anew_after_a_yes():
    ran = bridge([(20.0, "again"), (24.0, "yes")])
    assert ran.session.sets[0].outcome == "restarted"


def test_how_many_is_answered_with_what_was_counted_until_then():
    ran = bridge([(32.0, "how-many")])
    counts = [name for at_s, name in ran.log.cues if name.startswith("count.") and at_s < 32.0]
    answers = [name for at_s, name in ran.log.cues if name.startswith("count.") and 32.0 <= at_s < 36.0]
    assert answers[:1] == counts[-1:]


def test_a_word_that_the_coach_says_itself_is_no_answer():
    mats = []
    ran = bridge([(20.0, "again")], mats=mats)
    asked_s = next(at_s for at_s, name in ran.log.clips if name == "listen.again")
    echo = [(20.0, "again"), (asked_s + 1.5, "again")]
    assert [record.outcome for record in bridge(echo).session.sets] != ["restarted", "interrupted"]
    assert bridge([*echo, (asked_s + 2.5, "again")]).session.sets[0].outcome == "restarted"
    assert mats[0].cautions[round(asked_s + 0.5, 1)] > 0
    assert max(mats[0].cautions.values()) < 1
    assert min(mats[0].cautions.values()) == 0


def test_the_screen_says_for_as_long_as_it_listens_and_the_microphone_is_given_back():
    mats = []
    ran = bridge([], mats=mats)
    assert all(sound.is_listening for sound in ran.log.sounds)
    assert not mats[0].is_open


def test_a_microphone_that_is_taken_away_is_told_and_the_set_goes_on():
    ran = bridge([(25.0, "hurt")], goes_deaf_s=20.0)
    assert any("microphone is gone" in text for text in told(ran))
    assert not ran.log.sounds[-1].is_listening
    assert ran.session.sets[0].outcome != "hurt"


def test_without_a_microphone_one_sentence_says_so_and_the_set_goes_on():
    class Missing(Mat):
        def start(self):
            raise MicrophoneError("I can't find a microphone.")

    film = replay.recorded("glute-bridge", FPS)
    kept = []
    ran = replay.run(
        load_exercises().get("glute-bridge"), replay.joined([replay.still(film[0], 12), film[: 10 * FPS]]),
        on_view=Person(), listen=lambda clock: Listen(True, kept.append, lambda _: Missing(clock, []), every),
    )  # fmt: skip
    assert told(ran) == ["I can't find a microphone. Plug one in, then press E."]
    assert shown(ran, ViewModel)


def test_nobody_is_listened_to_who_did_not_ask_for_it():
    film = replay.recorded("glute-bridge", FPS)

    def never(_):
        raise AssertionError("the microphone was opened")

    ran = replay.run(
        load_exercises().get("glute-bridge"), replay.joined([film[: 3 * FPS]]), on_view=Person(),
        listen=lambda _: Listen(open_ear=never),
    )  # fmt: skip
    assert not any(sound.is_listening or sound.heard for sound in ran.log.sounds)


def test_as_it_ships_it_says_that_words_are_not_understood_and_opens_no_microphone():
    def never(_):
        raise AssertionError("the microphone was opened")

    film = replay.recorded("glute-bridge", FPS)
    ran = replay.run(
        load_exercises().get("glute-bridge"), replay.joined([film[: 3 * FPS]]), on_view=Person(),
        listen=lambda _: Listen(True, open_ear=never),
    )  # fmt: skip
    assert "I don't understand spoken words in this language yet." in {sound.heard for sound in ran.log.sounds}
    assert not any(sound.is_listening for sound in ran.log.sounds)


def test_a_key_turns_it_on_and_off_and_the_wish_is_kept():
    import pygame

    kept, mats = [], []
    film = replay.recorded("glute-bridge", FPS)

    def listen(clock):
        def made(_):
            mats.append(Mat(clock, []))
            return mats[-1]

        return Listen(False, kept.append, made, every)

    keys = {3.0: pygame.K_e, 8.0: pygame.K_e}
    ran = replay.run(
        load_exercises().get("glute-bridge"), replay.joined([replay.still(film[0], 12)]), on_view=Person(keys=keys),
        listen=listen,
    )  # fmt: skip
    assert kept == [True, False]
    on = [at_s for (at_s, _), sound in zip(ran.log.shown, ran.log.sounds, strict=True) if sound.is_listening]
    assert 3.0 <= min(on) < 3.3
    assert 7.9 <= max(on) <= 8.2
    assert not mats[0].is_open


def test_the_safety_page_is_not_confirmed_by_a_word():
    ran = bridge([(0.5, "go-on"), (1.0, "yes")], person=lambda *_: None, seconds=1)
    assert not shown(ran, ViewModel)
