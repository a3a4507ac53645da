from __future__ import annotations

import pytest

from formcheck.camera.stamps import PtsNormalizer

NAN = float("nan")


@pytest.mark.parametrize(
    ("stamps", "times"),
    [
        pytest.param([0.0, 0.04, 0.2, 0.23], [0.0, 0.04, 0.2, 0.23], id="a variable rate is taken as it is"),
        pytest.param([0.0, 0.0, 0.0, 0.0], [0.0, 0.1, 0.2, 0.3], id="without stamps the nominal rate counts"),
        pytest.param([NAN, NAN, NAN], [0.0, 0.1, 0.2], id="stamps that are no numbers"),
        pytest.param([5.0, 5.1, 5.2], [5.0, 5.1, 5.2], id="a recording that begins late"),
        pytest.param([-1.0, 0.1, 0.2], [0.0, 1.1, 1.2], id="a negative first stamp"),
        pytest.param([0.0, 0.1, 0.1, 0.2], [0.0, 0.1, 0.101, 0.2], id="a double stamp shifts nothing after it"),
        pytest.param([0.0, 0.1, 0.2, 0.15, 0.3], [0.0, 0.1, 0.2, 0.201, 0.3], id="a slip back shifts nothing after it"),
        pytest.param([4.0, 5.0, 3.5, 5.1], [4.0, 5.0, None, 5.1], id="an outlier is left out"),
        pytest.param(
            [8.0, 9.0, 0.0, 0.1, 0.2, 0.3, 0.4],
            [8.0, 9.0, 9.1, 9.2, 9.3, 9.4, 9.5],
            id="joined recordings go on",
        ),
        pytest.param([8.0, 9.0, 0.0, 0.1], [8.0, 9.0, 9.1, 9.2], id="joined recordings, the second very short"),
        pytest.param([0.0, 60.0, 60.1], [0.0, 60.0, 60.1], id="a long gap is real"),
    ],
)
def test_times_follow_the_stamps_and_always_grow(stamps: list[float], times: list[float | None]) -> None:
    clock = PtsNormalizer(fps=10.0)
    got = list(clock.timed(enumerate(stamps)))
    assert [item for item, _ in got] == [i for i, t in enumerate(times) if t is not None]
    assert [t for _, t in got] == pytest.approx([t for t in times if t is not None])
