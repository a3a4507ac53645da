"""From samples to bands: a tone lies in its band, loudness is a power, and it does not matter how the sound is cut."""

import numpy as np
import pytest

from formcheck.hearing.features import BANDS, FLOOR, HOP, RATE_HZ, WINDOW, band_weights, bands


def tone(hz, level=1000.0, seconds=0.5):
    return (level * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)).astype(np.float32)


@pytest.mark.parametrize("hz", [200, 440, 1000, 2000, 3500])
def test_a_tone_is_loudest_in_the_band_around_it(hz):
    middles = (band_weights() * np.arange(WINDOW // 2 + 1)[:, None] * RATE_HZ / WINDOW).sum(0) / band_weights().sum(0)
    loudest = np.argmax(bands(tone(hz)).mean(axis=0))
    assert abs(middles[loudest] - hz) <= np.diff(middles).max()


def test_ten_times_the_sound_is_two_more():
    quiet, loud = bands(tone(440, 300.0)), bands(tone(440, 3000.0))
    band = np.argmax(loud.mean(axis=0))
    assert loud[:, band] - quiet[:, band] == pytest.approx(2.0, abs=1e-3)


def test_silence_is_no_quieter_than_the_floor():
    assert np.array_equal(bands(np.zeros(WINDOW + HOP, np.float32)), np.full((2, BANDS), np.log10(FLOOR) + 2))


@pytest.mark.parametrize(("samples", "columns"), [(0, 0), (WINDOW - 1, 0), (WINDOW, 1), (WINDOW + 7 * HOP, 8)])
def test_a_column_every_ten_milliseconds(samples, columns):
    assert bands(np.ones(samples, np.float32)).shape == (columns, BANDS)


def test_high_sounds_beyond_a_telephone_are_not_heard():
    assert bands(tone(6000)).max() < bands(tone(3000)).max() - 3
