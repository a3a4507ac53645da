"""The dummy video driver, and the repository's root on the path for the shared samples."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["SDL_VIDEODRIVER"] = "dummy"
sys.path.insert(0, str(Path(__file__).parents[2]))

from formcheck.screen import Painter, Window


@pytest.fixture
def painter() -> Painter:
    return Painter()


@pytest.fixture
def window() -> Iterator[Window]:
    with Window((1280, 720)) as opened:
        yield opened
