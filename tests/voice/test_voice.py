"""The voice: what is played for which cue, mute and volume, and going on without sound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pygame
import pytest
from structlog.testing import capture_logs

from formcheck.core.feedback.queue import clip_name
from formcheck.core.rules.events import Cue
from formcheck.system.assets import asset
from formcheck.voice import Voice, clip_duration_s
from formcheck.voice.clips import SOUNDS, clip_set
from formcheck.voice.speaker import RATE_HZ, MixerSpeaker
from tests.voice.conftest import Samples, Tape, decoded

FORM = Cue(0.0, "form", "dead-bug.too-fast", "Lower the leg slowly.")
SAFETY = Cue(0.0, "safety", "safety.hurt", "Stop. Rest until it is calm.")


def rep(n: int) -> Cue:
    return Cue(0.0, "count", f"count.{n}", str(n), "ding")


def second(n: int) -> Cue:
    return Cue(0.0, "count", f"hold.{n}", str(n), "tick")


def session(voice: Voice, tape: Tape, script: list[tuple[float, Cue]], until_s: float) -> None:
    """Play a script of cues in invented time, 50 pictures a second."""
    left = sorted(script, key=lambda item: item[0])
    for picture in range(round(until_s * 50)):
        tape.now_s = picture / 50
        while left and left[0][0] <= tape.now_s:
            voice.offer(left.pop(0)[1])
        voice.update(tape.now_s)


@pytest.fixture
def voice(tape: Tape) -> Voice:
    return Voice(tape, clip_duration_s)


def test_a_rep_is_a_ding_and_its_number(voice: Voice, tape: Tape) -> None:
    voice.offer(rep(3))
    voice.update(0.0)
    assert [name for _, name in tape.log] == ["ding", "number.3"]


def test_a_second_of_a_hold_is_a_tick_and_its_number(voice: Voice, tape: Tape) -> None:
    voice.offer(second(2))
    voice.update(0.0)
    assert [name for _, name in tape.log] == ["tick", "number.2"]


def test_counts_sound_while_something_is_said(voice: Voice, tape: Tape) -> None:
    voice.offer(FORM)
    voice.update(0.0)
    voice.offer(second(1))
    voice.update(0.1)
    voice.offer(rep(1))
    voice.update(0.2)
    assert [name for _, name in tape.log] == [FORM.name, "tick", "ding"]


def test_a_cue_without_sound_is_not_heard(voice: Voice, tape: Tape) -> None:
    voice.offer(Cue(0.0, "form", FORM.name, FORM.text, ""))
    assert [cue.name for cue in voice.update(0.0).played] == [FORM.name]
    assert tape.log == []


def test_it_knows_when_it_speaks(voice: Voice) -> None:
    assert not voice.is_speaking
    voice.offer(FORM)
    voice.update(0.0)
    assert voice.is_speaking
    voice.update(5.0)
    assert not voice.is_speaking


def test_mute_silences_at_once_and_forgets_what_waits(voice: Voice, tape: Tape) -> None:
    voice.offer(FORM)
    voice.update(0.0)
    voice.toggle_mute()
    voice.offer(rep(1))
    voice.offer(SAFETY)
    voice.update(0.5)
    assert [name for _, name in tape.log] == [FORM.name, "hush"]
    assert voice.status.is_muted
    assert "M" in voice.status.message
    assert not voice.is_speaking
    voice.toggle_mute()
    voice.update(0.6)
    assert [name for _, name in tape.log] == [FORM.name, "hush"]
    voice.offer(SAFETY)
    voice.update(0.7)
    assert tape.log[-1][1] == SAFETY.name
    assert voice.status.message == ""


@pytest.mark.parametrize(("wish", "volume"), [(0.5, 0.5), (-1.0, 0.0), (7.0, 1.0)])
def test_volume_is_kept_between_0_and_1(voice: Voice, tape: Tape, wish: float, volume: float) -> None:
    voice.set_volume(wish)
    assert tape.volume == volume
    assert voice.status.volume == volume


def test_the_volume_of_the_start_reaches_the_loudspeaker(tape: Tape) -> None:
    Voice(tape, clip_duration_s, volume=0.3)
    assert tape.volume == 0.3


def test_a_missing_clip_is_silent_and_logged_once(voice: Voice, tape: Tape) -> None:
    with capture_logs() as logs:
        for _ in range(3):
            voice.offer(Cue(0.0, "form", "clinic.own-cue", "Nobody has rendered this."))
        voice.offer(rep(61))
        voice.update(0.0)
    assert [entry["clip"] for entry in logs] == ["clinic.own-cue", "number.61"]
    assert [name for _, name in tape.log] == ["ding"]


def test_it_tells_what_was_heard_and_what_was_lost(voice: Voice) -> None:
    voice.offer(Cue(0.0, "setup", "setup.armed", "Good. Begin when you are ready."))
    assert [cue.name for cue in voice.update(0.0).played] == ["setup.armed"]
    voice.offer(FORM)
    assert voice.update(0.1).lost == ()
    assert [cue.name for cue in voice.update(3.2).lost] == [FORM.name]


def test_without_a_sound_card_every_cue_counts_as_shown() -> None:
    voice = Voice(None, lambda _: 0.0)
    for cue in (FORM, rep(1), SAFETY):
        voice.offer(cue)
    order = voice.update(0.0)
    assert order.played == (FORM, rep(1), SAFETY)
    assert order.lost == ()


def test_an_announcement_can_be_taken_back(voice: Voice, tape: Tape) -> None:
    voice.offer(Cue(0.0, "setup", "dead-bug.title", "Dead bug.", must_be_heard=True))
    voice.update(0.0)
    voice.cancel("dead-bug.title")
    voice.update(0.2)
    assert [name for _, name in tape.log] == ["dead-bug.title", "hush"]


def test_after_closing_it_is_silent(voice: Voice, tape: Tape) -> None:
    voice.close()
    voice.close()
    voice.offer(FORM)
    voice.update(1.0)
    assert [name for _, name in tape.log] == ["closed"]


def test_no_sound_card_goes_on_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "nonsense")
    pygame.mixer.quit()
    voice = Voice.start(volume=0.5)
    voice.offer(FORM)
    voice.offer(rep(1))
    voice.update(1.0)
    voice.toggle_mute()
    voice.set_volume(1.0)
    assert not voice.is_speaking
    assert not voice.status.is_available
    assert voice.status.message.startswith("No sound")
    voice.close()


@pytest.mark.usefixtures("mixer")
def test_on_a_sound_card_speech_and_sounds_have_channels_of_their_own() -> None:
    pygame.mixer.quit()
    pygame.mixer.init(44100, -16, 2, 4096)
    voice = Voice.start(volume=0.5)
    assert voice.status.is_available
    assert pygame.mixer.get_init() == (RATE_HZ, -16, 1), "the mixer that pygame.init() opens is replaced"
    assert pygame.mixer.Sound(buffer=bytes(4800)).play() is None, "others keep off the reserved channels"
    voice.offer(FORM)
    voice.update(0.0)
    voice.offer(rep(1))
    voice.offer(second(1))
    playing = [pygame.mixer.Channel(n).get_sound() for n in range(3)]
    assert all(sound is not None and sound.get_volume() == pytest.approx(0.5, abs=0.01) for sound in playing)
    assert playing[0] is not None
    assert playing[0].get_length() == pytest.approx(clip_duration_s(FORM.name), abs=0.01)
    voice.toggle_mute()
    voice.close()
    assert pygame.mixer.get_init() is None


@pytest.mark.usefixtures("mixer")
def test_each_shipped_clip_can_be_said() -> None:
    speaker = MixerSpeaker({name: clip_set().path(name) for name in clip_set().durations_s}, {})
    assert [name for name in clip_set().durations_s if not speaker.can_say(name)] == []
    speaker.close()


@pytest.mark.usefixtures("mixer")
def test_a_clip_is_as_loud_as_was_set_before_it_was_wanted() -> None:
    speaker = MixerSpeaker({name: clip_set().path(name) for name in ("number.1", "number.2")}, {})
    for clip, volume in (("number.1", 0.5), ("number.2", 0.25)):
        speaker.set_volume(volume)
        speaker.say(clip)
        playing = pygame.mixer.Channel(0).get_sound()
        assert playing is not None
        assert playing.get_volume() == pytest.approx(volume, abs=0.01)
    speaker.close()


@pytest.mark.usefixtures("mixer")
def test_a_broken_clip_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "cut.ogg").write_bytes(b"OggS")
    speaker = MixerSpeaker({"cut": tmp_path / "cut.ogg", "gone": tmp_path / "gone.ogg"}, {})
    assert not any(speaker.can_say(name) for name in ("cut", "gone", "never heard of"))
    speaker.say("cut")
    assert not pygame.mixer.Channel(0).get_busy()
    speaker.sound("ding")
    speaker.close()


@pytest.mark.usefixtures("mixer")
def test_an_installation_without_any_clips_goes_on_in_silence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("formcheck.system.assets._PACKAGED", tmp_path)
    monkeypatch.setattr("formcheck.system.assets._CHECKOUT", tmp_path)
    clip_set.cache_clear()
    with capture_logs() as logs:
        voice = Voice.start()
        voice.offer(FORM)
        voice.offer(rep(1))
        voice.update(1.0)
    clip_set.cache_clear()
    assert [entry["event"] for entry in logs] == ["no sound"] * 8 + ["no voice clip"] * 2
    assert not voice.is_speaking
    voice.close()


def match(recording: Samples, clip: Samples, at_s: float) -> float:
    """Normalised correlation of a clip with the recording at a moment: 1 when it is there, alone and in full."""
    start = round(at_s * RATE_HZ)
    there = recording[start : start + len(clip)]
    clip = clip[: len(there)]
    return float(np.dot(there, clip) / (np.linalg.norm(there) * np.linalg.norm(clip) + 1e-9))


def test_the_tone_of_a_hold_sounds_while_it_is_on_and_not_where_it_is_unwanted(tape: Tape) -> None:
    voice = Voice(tape, clip_duration_s)
    for is_on in (False, True, True, False):
        voice.hum(is_on)
    voice.hum(True)
    voice.toggle_mute()
    voice.hum(True)
    assert [name for _, name in tape.log] == ["hum", "no hum", "hum", "no hum"]
    tape.log.clear()
    Voice(tape, clip_duration_s, has_tone=False).hum(True)
    Voice(None, clip_duration_s).hum(True)
    assert tape.log == []


@pytest.mark.usefixtures("mixer")
def test_the_tone_is_soft_and_has_no_seam() -> None:
    tone = decoded(str(asset("voice", "sounds", "tone.ogg")))
    voice = decoded(str(clip_set().path("setup.armed")))
    assert np.abs(tone).max() < 0.3 * np.abs(voice).max()
    assert abs(tone[0] - tone[-1]) < 0.02, "it is played again and again"
    assert np.sqrt((tone**2).mean()) > 0.01


@pytest.mark.usefixtures("mixer")
def test_a_whole_set_is_heard_at_its_moments(voice: Voice, tape: Tape) -> None:
    script = [(1.0, Cue(0, "setup", "setup.armed", "Good. Begin when you are ready."))]
    script += [(4.0 + n, second(n)) for n in (1, 2, 3)] + [(8.0, rep(1))]
    script += [(8.0, Cue(0, "praise", "dead-bug.too-fast-praise", "You lowered the leg slowly."))]
    script += [(12.0, replace(FORM, is_urgent=True)), (12.4, rep(2)), (12.6, SAFETY)]
    session(voice, tape, script, 16.0)
    recording = tape.mixed(16.0)
    praise_s = 8.0 + clip_duration_s("number.1") + 0.12
    for at_s, name, least in [
        (1.0, "setup.armed", 0.99),
        (5.0, "number.1", 0.8),
        (6.0, "number.2", 0.8),
        (7.0, "number.3", 0.8),
        (8.0, "number.1", 0.5),
        (12.0, FORM.name, 0.3),
    ]:
        assert match(recording, decoded(str(clip_set().path(name))), at_s) > least, f"{name} at {at_s} s"
    spoken = {name: at_s for at_s, name in tape.log if name not in SOUNDS}
    assert spoken["dead-bug.too-fast-praise"] == pytest.approx(praise_s, abs=0.03)
    assert spoken[SAFETY.name] == pytest.approx(12.72, abs=0.03)
    assert "number.2" in spoken
    assert spoken["number.2"] == 6.0, "the second rep's number gives way to the form cue, its ding does not"
    dings = [at_s for at_s, name in tape.log if name == "ding"]
    assert dings == pytest.approx([8.0, 12.4])
    ding = decoded(str(asset("voice", "sounds", "ding.ogg")))
    assert match(recording, ding[: RATE_HZ // 5], 12.4) > 0.3
    assert np.abs(recording).max() < 1.0, "speech and sounds together clip"


def test_counts_share_the_numbers() -> None:
    assert clip_name("count.3") == clip_name("hold.3") == "number.3"
    assert clip_duration_s("count.3") == clip_duration_s("hold.3") > 0
