"""The supervisor with real processes that do nothing but obey: what is on the screen, whatever dies or hangs."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from formcheck.kiosk.supervisor import EARLY_MAX, Kiosk, spawner

WORKER = Path(__file__).parent / "fake_worker.py"
ROOT = WORKER.parent.parent.parent


class House:
    """A kiosk on a clock that can be moved forward, with workers that obey."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "log"
        self.log.touch()
        self.notes: list[str] = []
        self._ahead_s = 0.0
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.sweeps = 0
        spawn = spawner([sys.executable, str(WORKER), str(self.log)], environment)
        self.kiosk = Kiosk(spawn, self.notes.append, self.sweep)

    def sweep(self) -> None:
        self.sweeps += 1

    def now(self) -> float:
        return time.monotonic() + self._ahead_s

    def until(self, is_so, seconds: float = 20.0) -> None:
        """Turn until something is so; what never comes fails."""
        end_s = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < end_s, f"it never came:\n{self.log.read_text()}"
            self.kiosk.turn(self.now())
            select.select(self.kiosk.ends(), [], [], 0.02)

    def skip(self, seconds: float) -> None:
        self._ahead_s += seconds

    def later(self, seconds: float) -> None:
        """Time goes on while the page is drawn."""
        for _ in range(round(seconds / 2)):
            self.skip(2.0)
            self.until(lambda: self.kiosk.front is not None and self.kiosk.front.drawn_s >= self.now() - 1.0)

    def order(self, word: str) -> None:
        self.log.with_suffix(".do").write_text(word, encoding="utf-8")

    def obeyed(self, word: str) -> None:
        """Give an order, and wait until it has been heard."""
        self.order(word)
        self.until(lambda: not self.log.with_suffix(".do").exists())
        before = self.kiosk.front.drawn_s if self.kiosk.front is not None else 0.0
        self.until(lambda: self.kiosk.front is not None and self.kiosk.front.drawn_s > before)

    def is_shown(self) -> bool:
        return self.kiosk.front is not None and self.kiosk.front.shown_s < float("inf")

    @property
    def pid(self) -> int:
        assert self.kiosk.front is not None
        return self.kiosk.front.process.pid

    def lines(self, word: str) -> list[str]:
        return [line for line in self.log.read_text(encoding="utf-8").splitlines() if word in line]


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    yield made
    made.kiosk.close()


def shown(house: House) -> int:
    """The process on the screen, with the next one ready behind it."""
    house.until(house.is_shown)
    house.skip(2.0)
    house.until(lambda: house.kiosk.standby is not None and house.kiosk.standby.is_ready)
    return house.pid


def test_the_next_one_is_shown_before_the_one_that_saw_somebody_goes(house):
    first = shown(house)
    house.order("finish")
    house.until(lambda: house.pid != first and house.is_shown())
    second = house.pid
    house.until(lambda: bool(house.lines(f"{first} left")))
    lines = house.lines("")
    assert lines.index(f"{second} show") < lines.index(f"{first} left")


def test_every_visit_has_its_own_process(house):
    seen = []
    for _ in range(4):
        seen.append(shown(house))
        house.order("finish")
        house.until(lambda: house.pid != seen[-1] and house.is_shown())
    assert len(set(seen)) == 4


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_one_that_dies_is_replaced_by_the_one_behind_it(house, number):
    first = shown(house)
    behind = house.kiosk.standby.process.pid
    house.skip(30.0)
    os.kill(first, number)
    house.until(lambda: house.kiosk.front is not None and house.pid != first and house.is_shown())
    assert house.pid == behind


def test_one_that_hangs_is_ended_and_replaced(house):
    first = shown(house)
    house.order("hang")
    house.until(lambda: not house.log.with_suffix(".do").exists())
    house.kiosk.turn(house.now())
    assert house.pid == first
    house.skip(10.0)
    house.until(lambda: house.kiosk.front is not None and house.pid != first and house.is_shown())
    house.until(lambda: not Path(f"/proc/{first}").exists())


def test_the_one_behind_may_die_too(house):
    shown(house)
    os.kill(house.kiosk.standby.process.pid, signal.SIGKILL)
    house.until(lambda: house.kiosk.standby is None)
    house.skip(30.0)
    house.until(lambda: house.kiosk.standby is not None and house.kiosk.standby.is_ready)


def test_after_a_few_early_deaths_a_plain_page_stands_and_then_it_is_tried_again(house):
    for _ in range(EARLY_MAX):
        house.until(house.is_shown)
        before = house.pid
        house.order("die")
        house.until(lambda b=before: house.kiosk.front is None or house.pid != b)
    house.until(lambda: bool(house.lines("born plain")) and house.is_shown())
    assert house.kiosk.front.is_plain
    house.skip(400.0)
    house.order("")
    house.until(lambda: house.is_shown() and not house.kiosk.front.is_plain)


def test_one_that_somebody_else_ends_is_never_taken_for_broken(house):
    for _ in range(EARLY_MAX + 2):
        house.until(house.is_shown)
        before = house.pid
        os.kill(before, signal.SIGKILL)
        house.until(lambda b=before: house.kiosk.front is not None and house.pid != b and house.is_shown())
    assert house.lines("plain") == []


def test_deaths_that_come_late_never_bring_the_plain_page(house):
    for _ in range(EARLY_MAX + 2):
        first = shown(house)
        house.skip(5.5)
        house.until(lambda: house.kiosk.front.drawn_s >= house.now() - 1.0)
        os.kill(first, signal.SIGSEGV)
        house.until(lambda f=first: house.kiosk.front is not None and house.pid != f and house.is_shown())
    assert house.lines("plain") == []


def test_systemd_is_told_of_drawn_pictures_alone(house):
    house.until(lambda: house.kiosk.standby is not None)
    assert house.notes == []
    shown(house)
    assert house.notes[0] == "ready"
    house.order("hang")
    house.until(lambda: not house.log.with_suffix(".do").exists())
    for _ in range(5):
        house.kiosk.turn(house.now())
    told = len(house.notes)
    house.skip(3.0)
    for _ in range(20):
        house.kiosk.turn(house.now())
    assert len(house.notes) == told


def test_wrong_pins_are_remembered_from_one_process_to_the_next(house):
    first = shown(house)
    house.order("lock")
    house.until(lambda: house.kiosk.locked == "3:120")
    house.order("finish")
    house.until(lambda: house.pid != first and house.is_shown())
    house.until(lambda: bool(house.lines(f"{house.pid} show 3:120")))


def test_the_staff_end_it(house):
    shown(house)
    house.order("quit")
    house.until(lambda: house.kiosk.is_over)


def test_pages_that_fail_again_and_again_bring_the_plain_page_too(house):
    for _ in range(EARLY_MAX):
        house.until(house.is_shown)
        first = house.pid
        house.order("failed")
        house.until(lambda f=first: house.kiosk.front is None or house.pid != f)
    house.until(lambda: bool(house.lines("born plain")) and house.is_shown())
    house.until(lambda: house.kiosk.front is not None and house.kiosk.front.is_plain and house.is_shown())


def test_what_can_not_even_be_loaded_brings_the_plain_page_and_is_tried_again(house):
    house.log.with_suffix(".ill").write_text("load", encoding="utf-8")
    house.until(lambda: house.is_shown())
    assert house.kiosk.front.is_plain
    for _ in range(EARLY_MAX + 2):  # it stays while the others die behind it
        born = len(house.lines("born"))
        house.later(24.0)
        house.until(lambda b=born: len(house.lines("born")) > b)
        assert house.kiosk.front.is_plain
    house.log.with_suffix(".ill").unlink()
    house.later(24.0)
    house.until(lambda: house.is_shown() and not house.kiosk.front.is_plain, 90.0)


def test_a_file_that_is_broken_while_somebody_is_there_brings_the_plain_page_after_them(house):
    first = shown(house)
    house.log.with_suffix(".ill").write_text("load", encoding="utf-8")
    os.kill(house.kiosk.standby.process.pid, signal.SIGKILL)
    for _ in range(EARLY_MAX + 1):
        born = len(house.lines("born"))
        house.later(24.0)
        house.until(lambda b=born: len(house.lines("born")) > b)
        assert house.pid == first
    house.order("finish")
    house.until(lambda: house.kiosk.front.is_plain and house.is_shown())
    assert house.lines("born plain")


def test_where_nothing_comes_to_the_screen_it_gives_up_so_that_all_is_started_anew(house):
    house.log.with_suffix(".ill").write_text("show", encoding="utf-8")
    house.until(lambda: house.kiosk.is_blind)
    assert house.notes == []
    assert len(house.lines("born plain")) == EARLY_MAX


@pytest.mark.parametrize("text", ["nonsense [[[", 'keys = { Nosuchkey = "next" }', 'languages = ["xx"]'])
def test_the_plain_page_stands_whatever_the_file_says(tmp_path, text):
    file = tmp_path / "kiosk.toml"
    file.write_text(text, encoding="utf-8")
    words = [sys.executable, "-m", "formcheck.cli", "kiosk", "--worker", "--config", str(file)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SDL_VIDEODRIVER": "dummy"}
    kiosk = Kiosk(lambda _: spawner(words, environment)(True))
    end_s = time.monotonic() + 30
    try:
        while kiosk.front is None or kiosk.front.shown_s > time.monotonic():
            assert time.monotonic() < end_s
            kiosk.turn(time.monotonic())
            select.select(kiosk.ends(), [], [], 0.02)
    finally:
        kiosk.close()


@pytest.mark.parametrize(("text", "told"), [
    ('programs = ["nonsense"]', "There is no program 'nonsense'"),
    ('keys = { Nosuchkey = "next" }', "There is no key 'Nosuchkey'"),
    ("programs = []\nexercises = false", "There is nothing to choose"),
    ('[staff]\npin = "1234"', "PIN"),
])  # fmt: skip
def test_a_mistake_in_the_file_is_told_before_anything_starts(tmp_path, text, told):
    file = tmp_path / "kiosk.toml"
    file.write_text(text, encoding="utf-8")
    words = [sys.executable, "-m", "formcheck.cli", "kiosk", "--config", str(file)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SDL_VIDEODRIVER": "dummy"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert told in done.stderr


def test_one_that_never_gets_ready_is_replaced(house):
    house.log.with_suffix(".ill").write_text("wait", encoding="utf-8")
    house.until(lambda: bool(house.lines("born")))
    first = house.kiosk.standby.process.pid
    house.skip(60.0)
    house.until(lambda: house.kiosk.standby is None or house.kiosk.standby.process.pid != first)
    house.until(lambda: not Path(f"/proc/{first}").exists())


def die_early(house):
    """As many early deaths as bring the plain page."""
    for _ in range(EARLY_MAX):
        house.until(lambda: house.is_shown() and not house.kiosk.front.is_plain)
        before = house.pid
        house.order("die")
        house.until(lambda b=before: house.kiosk.front is None or house.pid != b)
    house.until(lambda: house.is_shown() and house.kiosk.front.is_plain)


def test_the_plain_page_stands_longer_the_second_time(house):
    die_early(house)
    house.later(24.0)
    die_early(house)
    house.later(24.0)
    assert house.kiosk.front.is_plain
    house.later(20.0)
    house.until(lambda: house.is_shown() and not house.kiosk.front.is_plain)


def test_systemd_is_told_no_more_than_it_needs(house):
    shown(house)
    now, told = house.now(), len(house.notes)
    for _ in range(30):
        house.kiosk.turn(now)
        select.select(house.kiosk.ends(), [], [], 0.02)
    assert len(house.notes) <= told + 1


def test_now_and_then_one_that_does_not_load_brings_no_plain_page(house):
    for _ in range(EARLY_MAX + 1):
        first = shown(house)
        house.log.with_suffix(".ill").write_text("load", encoding="utf-8")
        born = len(house.lines("born"))
        os.kill(house.kiosk.standby.process.pid, signal.SIGKILL)
        house.later(4.0)
        house.until(lambda b=born: len(house.lines("born")) > b)
        house.log.with_suffix(".ill").unlink()
        house.later(24.0)
        house.until(lambda: house.kiosk.standby is not None and house.kiosk.standby.is_ready)
        assert house.pid == first
    house.order("finish")
    house.until(lambda: house.pid != first and house.is_shown())
    assert house.lines("plain") == []


# -- what still waits for a printer ----------------------------------------------------------------------------------


def printed(house: House) -> int:
    """Somebody has come and printed; the process that saw them."""
    first = shown(house)
    assert house.sweeps == 1, "what an earlier start has left is swept once"
    house.obeyed("woken")
    house.obeyed("printing")
    house.later(100.0)
    assert house.sweeps == 1, "not while they are there"
    return first


def gone(house: House, first: int) -> None:
    house.until(lambda: house.kiosk.front is not None and house.pid != first and house.is_shown())


@pytest.mark.parametrize("way", ["finish", "die"])
def test_a_page_that_has_not_come_out_is_taken_back_a_while_after_its_visit(house, way):
    first = printed(house)
    house.order(way)
    gone(house, first)
    house.later(30.0)
    assert house.sweeps == 1, "a slow printer is let do its work"
    house.later(20.0)
    assert house.sweeps == 2
    house.later(100.0)
    assert house.sweeps == 2


def test_a_page_that_has_not_come_out_is_taken_back_when_the_next_one_comes(house):
    first = printed(house)
    house.order("finish")
    gone(house, first)
    assert house.sweeps == 1
    house.obeyed("woken")
    assert house.sweeps == 2


def test_without_a_page_nothing_is_swept(house):
    first = shown(house)
    house.obeyed("woken")
    house.order("finish")
    gone(house, first)
    house.later(60.0)
    house.obeyed("woken")
    assert house.sweeps == 1


def test_what_a_process_has_started_ends_with_it(house):
    first = shown(house)
    house.obeyed("help")
    helper = Path(f"/proc/{house.log.with_suffix('.helper').read_text()}")
    assert helper.exists()
    house.order("finish")
    gone(house, first)
    house.until(lambda: not helper.exists() or "Z" in helper.joinpath("stat").read_text().rpartition(")")[2][:3])
