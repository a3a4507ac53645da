"""Identities sort by time and are those of the standard; times are UTC text."""

import time
import uuid

from hypothesis import given
from hypothesis import strategies as st

from formcheck.session.identity import utc_text, uuid7


def test_it_is_the_example_of_the_standard():
    """RFC 9562, appendix A.6: 2022-02-22 14:22:22 in New York, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F."""
    random = (0xCC3 << 64 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    assert uuid7(0x017F22E279B0, random) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(st.integers(0, (1 << 48) - 2), st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_later_ones_sort_after_earlier_ones_whatever_is_random(utc_ms, one, other):
    first, second = uuid.UUID(uuid7(utc_ms, one)), uuid.UUID(uuid7(utc_ms + 1, other))
    assert str(first) < str(second)
    for made in (first, second):
        assert made.version == 7
        assert made.variant == uuid.RFC_4122
    assert first.int >> 80 == utc_ms


def test_two_of_the_same_moment_differ():
    assert len({uuid7(1_700_000_000_000) for _ in range(100)}) == 100


def test_those_of_now_sort_in_the_order_in_which_they_were_made():
    """A store reads them back by it: within a millisecond dozens are made."""
    made = [uuid7() for _ in range(3000)]
    assert made == sorted(made)
    assert len(set(made)) == 3000
    assert {(uuid.UUID(one).version, uuid.UUID(one).variant) for one in made} == {(7, uuid.RFC_4122)}


def test_those_of_a_moment_that_is_given_do_not_hold_up_those_of_now():
    uuid7((1 << 48) - 1)
    before = time.time_ns() // 1_000_000
    assert before <= uuid.UUID(uuid7()).int >> 80 <= before + 60_000


def test_a_time_is_utc_text_with_milliseconds():
    assert utc_text(0.0) == "1970-01-01T00:00:00.000Z"
    assert utc_text(1_795_939_200.25) == "2026-11-29T08:00:00.250Z"
