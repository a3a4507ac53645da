"""The result on paper and by phone, my program by a slip, the staff's door: through whole visits."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pygame
import pytest

from formcheck.app.policy import Policy
from formcheck.desk.hub import Hub, MemoryKeeper
from formcheck.desk.identity import Identity as StationIdentity
from formcheck.desk.link import Link
from formcheck.desk.station import DeskScribe
from formcheck.kiosk.carried import Carried
from formcheck.kiosk.config import KioskConfig
from formcheck.kiosk.desk import keep_ticket, make_ticket, new_key, public_text, read_key
from formcheck.kiosk.pin import Instant, hash_pin
from formcheck.kiosk.spooler import TROUBLES
from formcheck.kiosk.takeaway import matrix_of
from formcheck.pipeline.diary import Diary
from formcheck.screen import ConsentView, KeypadView, MessageView, OptionsView, TakeawayView, ViewModel
from formcheck.session.registry import load_exercises
from formcheck.session.wire import session_of
from formcheck.store import Identity, KeySources, create_store, open_store
from formcheck.system.checks import Check
from tests import replay
from tests.app.people import press, press_digit
from tests.desk.running import PAUSES_S, Desk, paired, until
from tests.kiosk.day import recorded
from tests.kiosk.people import FPS, away, chained, lasting, standing
from tests.kiosk.test_visit import Fingers
from tests.kiosk.visits import name_of, visit
from tests.replay import BEGAN
from tests.store.conftest import Ring

PROGRAM = '[[exercise]]\nname = "glute-bridge"\nreps = 3\nsets = 1\n'


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")


def doing(seconds: float = 60.0):
    """Somebody who stands, chooses, lies down and does the bridges, and stays a while."""
    film = recorded("glute-bridge")
    return chained(lasting(standing(), 14), replay.still(film[0], 26, FPS), film, lasting(film[-1], seconds), away(200))


def to_bridge(**more: int):
    """Keys to the bridge, and what follows."""
    return Fingers(
        AttractView=pygame.K_RETURN, Language=1, Hello=1, Read=1, want=2, Choose=[3, 1], **more
    )  # fmt: skip


def with_printer(folder: Path, monkeypatch, script: str) -> Path:
    """A spooler's command that does what a script says, and writes down what it is given."""
    seen = folder / "printed"
    for name in ("lp", "lpstat", "cancel"):
        path = folder / name
        path.write_text(f'#!/bin/sh\necho "$0 $@" >> {folder}/calls\n{script if name == "lp" else ""}\n')
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return seen


class Reader:
    """Ends the set after three repetitions, and then presses as told."""

    def __init__(self, *keys: int) -> None:
        self._bridge, self._keys = to_bridge(), list(keys)
        self._page, self._since_s, self._has_ended = "", 0.0, False

    def __call__(self, now_s, view):
        self._bridge(now_s, view)
        name = name_of(view)
        if name != self._page:
            self._page, self._since_s = name, now_s
        if isinstance(view, ViewModel) and view.snapshot.reps >= 3 and not self._has_ended:
            self._has_ended = True
            press(pygame.K_n)
        is_end = name.startswith(("SummaryView", "ChoiceView Take your result", "TakeawayView", "MessageView"))
        if is_end and self._keys and now_s - self._since_s > 1.0:
            self._since_s = now_s
            key = self._keys.pop(0)
            press_digit(key) if key <= 9 else press(key)


def test_the_result_is_offered_as_a_code_that_holds_it():
    seen = visit(doing(), on_view=Reader(pygame.K_ESCAPE))
    assert "SummaryView" in seen.pages
    code = next(view for _, view in seen.log.shown if isinstance(view, TakeawayView))
    assert 50 < len(code.matrix) < 90
    assert seen.pages[-2:] == ["TakeawayView", "StillThereView"]
    assert "kiosk.take-along" in seen.clips


@pytest.mark.parametrize("is_watched", [False, True])
def test_the_code_says_that_nothing_is_sent_only_where_nothing_is(is_watched):
    seen = visit(doing(), on_view=Reader(pygame.K_ESCAPE), desk=Policy() if is_watched else None)
    code = next(view for _, view in seen.log.shown if isinstance(view, TakeawayView))
    assert any("holds the result" in line for line in code.lines)
    assert any("Nothing is sent" in line for line in code.lines) is not is_watched


def test_a_printer_prints_it_and_gets_no_name(tmp_path, monkeypatch):
    printed = with_printer(tmp_path, monkeypatch, f'cat > {tmp_path}/printed\necho "request id is desk-7 (1 file(s))"')
    config = KioskConfig.model_validate({"printer": {"name": "desk"}})
    seen = visit(doing(), config, on_view=Reader(pygame.K_ESCAPE, 2, pygame.K_RETURN))
    assert seen.pages[-1] == "MessageView"
    deadline = time.monotonic() + 20
    while not printed.exists() or not printed.read_text():
        assert time.monotonic() < deadline
    assert "Glute bridge" in printed.read_text()
    assert "-d desk" in (tmp_path / "calls").read_text()


def test_a_printer_that_takes_nothing_says_what_to_do(tmp_path, monkeypatch):
    with_printer(tmp_path, monkeypatch, "echo refused >&2\nexit 1")
    config = KioskConfig.model_validate({"printer": {"name": "desk"}})
    seen = visit(doing(), config, on_view=Reader(pygame.K_ESCAPE, 2), real_sleep=True)
    told = [view.text for _, view in seen.log.shown if isinstance(view, MessageView)]
    assert any("takes nothing now" in text for text in told)


# -- my program ----


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """A desk's key, and a ticket in the kiosk's folder."""
    folder = tmp_path_factory.mktemp("desk")
    new_key(folder / "key")
    key = read_key(folder / "key")
    plan = folder / "plan.toml"
    plan.write_text(f'title = "Private"\n{PROGRAM}')
    made = make_ticket(str(plan), key, load_exercises(), BEGAN.date(), language="fr", folder=folder)
    keep_ticket(made, folder)
    config = KioskConfig.model_validate({"tickets": {"key": public_text(key), "folder": str(folder)}})
    return config, made


def typed(page: str, digits: str):
    """Keys to `page`, and the digits there."""
    go = Fingers(AttractView=pygame.K_RETURN, Language=1, Hello=1, Read=1, want=3)
    left, at = [*digits, "\r"], [0.0]

    def fingers(now_s, view):
        go(now_s, view)
        if page in name_of(view) and left and now_s - at[0] > 0.3:
            at[0] = now_s
            sign = left.pop(0)
            press(pygame.K_RETURN) if sign == "\r" else press_digit(int(sign))

    return fingers


def test_a_code_brings_its_program_in_its_language(clinic):
    config, made = clinic
    steps = chained(lasting(standing(), 60), away(300))
    seen = visit(steps, config, on_view=typed("My program", made.ticket.code))
    assert seen.visit.chosen is not None
    assert seen.visit.chosen.title == "My program"
    assert [planned.reps for planned in seen.visit.chosen.sets] == [3]
    assert seen.visit.app.tongue.language == "fr"


def test_a_wrong_code_says_so_and_is_carried_to_the_next_process(clinic):
    config, made = clinic
    wrong = made.ticket.code[:-1] + str((int(made.ticket.code[-1]) + 1) % 10)
    kept: list[str] = []
    seen = visit(
        chained(lasting(standing(), 30), away(300)), config, on_view=typed("My program", wrong),
        carried=Carried.of("", kept.append),
    )  # fmt: skip
    troubles = {getattr(view, "trouble", "") for _, view in seen.log.shown}
    assert any("wrong" in trouble for trouble in troubles)
    assert "kiosk.code-wrong" in seen.clips
    assert Carried.of(kept[-1]).tries == seen.visit.carried.tries


def test_a_slip_that_is_held_to_the_camera_is_taken(clinic):
    config, made = clinic
    matrix = np.array(matrix_of(made.text))
    code = np.kron(np.pad(~matrix, 4, constant_values=True), np.ones((6, 6))) * 255
    slip = np.full((720, 1280, 3), 120, np.uint8)
    slip[100 : 100 + len(code), 400 : 400 + len(code)] = code[..., None]
    go = Fingers(AttractView=pygame.K_RETURN, Language=1, Hello=1, Read=1, want=3)
    seen = visit(chained(lasting(standing(), 40), away(300)), config, on_view=go, picture=slip)
    assert seen.visit.chosen is not None
    assert [planned.reps for planned in seen.visit.chosen.sets] == [3]


# -- the staff ----

PIN = "271828"


@pytest.fixture(scope="module")
def staffed():
    return KioskConfig.model_validate({"staff": {"pin": hash_pin(PIN)}})


def knocking(*keys: int, pin: str = PIN):
    """F10, the PIN, and then keys, one a second."""
    left = [pygame.K_F10, *(int(digit) for digit in pin), pygame.K_RETURN, *keys]
    at = [0.0]

    def fingers(now_s, _):
        if left and now_s - at[0] > 1.0:
            at[0] = now_s
            key = left.pop(0)
            press_digit(key) if key <= 9 else press(key)

    return fingers


def test_the_pin_opens_the_staff_s_menu_and_ends_the_kiosk(staffed):
    seen = visit(away(60), staffed, on_view=knocking(7))
    menus = [view for _, view in seen.log.shown if isinstance(view, OptionsView)]
    assert [row.name for row in menus[0].switches][-1] == "quit"
    assert seen.visit.policy.end == "quit"


def test_a_wrong_pin_opens_nothing_and_is_carried_on(staffed):
    kept: list[str] = []
    seen = visit(away(120), staffed, on_view=knocking(7, pin="111111"), carried=Carried.of("", kept.append))
    assert not any(isinstance(view, OptionsView) for _, view in seen.log.shown)
    assert seen.visit.policy.end == "gone"
    assert Carried.of(kept[-1]).gate.wrong == 1


def test_the_staff_find_no_session_of_anybody(staffed):
    """The staff come while somebody exercises: it is over, and nothing of it is shown."""
    go = to_bridge()
    knock = knocking(pygame.K_ESCAPE)

    def fingers(now_s, view):
        go(now_s, view)
        if now_s > 40:
            knock(now_s, view)

    seen = visit(chained(lasting(standing(), 90), away(200)), staffed, on_view=fingers)
    at = seen.pages.index("KeypadView PIN")
    assert "ViewModel" in seen.pages[:at]
    assert {page.split()[0] for page in seen.pages[at:]} <= {"KeypadView", "OptionsView", "StillThereView"}
    assert seen.visit.app.session.sets[0].outcome == "interrupted"


def test_volume_and_language_of_the_staff_last(staffed):
    kept: list[str] = []
    levels = [1.0]

    def volume(wanted):
        if wanted is not None:
            levels.append(wanted)
        return levels[-1]

    keys = knocking(1, 4, pygame.K_ESCAPE)
    visit(away(60), staffed, on_view=keys, carried=Carried.of("", kept.append), volume=volume)
    carried = Carried.of(kept[-1])
    assert carried.volume == 0.25
    assert carried.language == "es"


# -- kept, where the person says yes ----


@pytest.fixture
def keeping(tmp_path, monkeypatch):
    """A store with one person, and a kiosk that takes a ticket of theirs and may keep what they do."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    sources = KeySources(keyring=Ring())
    with create_store(None, sources=sources) as store:
        person = store.add_person(Identity("A patient"))
    folder = tmp_path / "tickets"
    folder.mkdir()
    new_key(tmp_path / "key")
    key = read_key(tmp_path / "key")
    plan = tmp_path / "plan.toml"
    plan.write_text(f'title = "Private"\n{PROGRAM}')
    made = make_ticket(str(plan), key, load_exercises(), BEGAN.date(), person=person, folder=folder)
    keep_ticket(made, folder)
    config = KioskConfig.model_validate({"keeps": True, "tickets": {"key": public_text(key), "folder": str(folder)}})
    return config, made.ticket.code, sources, person


def bridges(code: str, *, keeps: int):
    """The code, whether it is kept, no pain; then three bridges."""
    typing, asked = typed("My program", code), Fingers(Keep=keeps)
    answered: list[float] = []

    def fingers(now_s, view):
        typing(now_s, view)
        asked(now_s, view)
        if "pain" in name_of(view) and (not answered or now_s - answered[-1] > 5):
            answered.append(now_s)
            press_digit(2)
            press(pygame.K_RETURN)

    film = recorded("glute-bridge")
    return fingers, chained(lasting(standing(), 20), replay.still(film[0], 60, FPS), film, away(200))


def sessions_of(sources, person):
    with open_store(None, sources=sources) as store:
        return store.kept(person)


def test_what_is_done_with_a_ticket_is_kept_for_whom_it_names(keeping):
    config, code, sources, person = keeping
    fingers, steps = bridges(code, keeps=1)
    diary = lambda who: Diary(person=who, is_asked_for=True, wish=True, sources=sources)  # noqa: E731
    seen = visit(steps, config, on_view=fingers, open_diary=diary, real_sleep=True)
    assert any("Keep what you do" in page for page in seen.pages)
    (kept,) = sessions_of(sources, person)
    assert sum(len(each.reps) for each in kept.session.sets) == 3


@pytest.mark.parametrize(("answer", "told"), [(1, ("person", True)), (2, ("", False))], ids=["yes", "no"])
@pytest.mark.parametrize("keeps", [True, False], ids=["its own store too", "the desk's only"])
def test_a_desk_keeps_what_is_done_with_a_ticket_only_where_the_person_says_yes(keeping, answer, told, keeps):
    config, code, sources, person = keeping
    fingers, steps = bridges(code, keeps=answer)
    said: list[tuple[str, bool]] = []
    seen = visit(
        steps, config.model_copy(update={"keeps": keeps}), on_view=fingers, real_sleep=True, desk=Policy(),
        open_diary=lambda who: Diary(person=who, is_asked_for=True, wish=True, sources=sources),
        tell_whose=lambda whose, is_kept: said.append((whose, is_kept)),
    )  # fmt: skip
    assert sum(each.counts.reps for each in seen.visit.app.session.sets) == 3
    assert said == [(person if told[0] else "", told[1])]
    assert len(sessions_of(sources, person)) == (keeps and told[1])


@pytest.mark.parametrize(("answer", "is_kept"), [(1, True), (2, False)], ids=["yes", "no"])
def test_a_whole_visit_is_sent_to_the_desk_for_whom_the_ticket_names_or_as_nothing_to_be_kept(
    keeping, tmp_path, answer, is_kept
):
    config, code, _, person = keeping
    fingers, steps = bridges(code, keeps=answer)
    keeper = MemoryKeeper()
    with Desk(Hub(keeper=keeper)) as desk:
        link = Link(desk.address, StationIdentity(tmp_path / "station"), pauses_s=PAUSES_S)
        paired(desk, link)
        scribe = DeskScribe(link)

        def tell_whose(whose, kept):
            scribe.person, scribe.is_kept = whose, kept

        seen = visit(
            steps, config.model_copy(update={"keeps": False}), on_view=fingers, real_sleep=True, desk=Policy(),
            scribes=[scribe], tell_whose=tell_whose,
        )  # fmt: skip
        until(lambda: link.waiting == (0, 0), "all of it")
        link.close(0.0)
    sent = [said for _, said in keeper.kept]
    session = session_of(sent[0].session_id, [said.entry for said in sent], load_exercises().exercises)
    assert session.counts == seen.visit.app.session.counts
    assert session.counts.reps == 3
    assert (sent[0].person, sent[-1].kind) == (person if is_kept else "", "end")
    assert {said.is_kept for said in sent} == {is_kept}
    assert "Private" not in str(sent), "the program's title may hold a name"


def test_who_says_no_leaves_nothing(keeping):
    config, code, sources, person = keeping
    fingers, steps = bridges(code, keeps=2)
    diary = lambda who: Diary(person=who, is_asked_for=True, wish=True, sources=sources)  # noqa: E731
    seen = visit(steps, config, on_view=fingers, open_diary=diary, real_sleep=True)
    assert sum(each.counts.reps for each in seen.visit.app.session.sets) == 3
    assert sessions_of(sources, person) == []


def test_a_store_that_can_t_be_opened_stops_nobody(keeping):
    config, code, _, _ = keeping
    fingers, steps = bridges(code, keeps=1)
    locked = KeySources(keyring=Ring())  # without the key
    diary = lambda who: Diary(person=who, is_asked_for=True, wish=True, sources=locked)  # noqa: E731

    def both(now_s, view):
        fingers(now_s, view)
        if isinstance(view, MessageView) and "kept here" in view.text:
            press(pygame.K_RETURN)

    seen = visit(steps, config, on_view=fingers, open_diary=diary, real_sleep=True)
    told = [view.text for _, view in seen.log.shown if isinstance(view, MessageView)]
    assert any("can't be kept" in text for text in told)
    assert seen.visit.policy.end == "gone" or seen.visit.app.session is not None


def test_the_volume_alone_is_handed_on_too(staffed):
    kept: list[str] = []
    levels = [0.5]

    def volume(wanted):
        if wanted is not None:
            levels.append(wanted)
        return levels[-1]

    visit(
        away(60), staffed, on_view=knocking(1, pygame.K_ESCAPE), carried=Carried.of("", kept.append), volume=volume
    )  # fmt: skip
    assert Carried.of(kept[-1]).volume == 0.75


def test_after_too_many_wrong_pins_the_right_one_has_to_wait(staffed):
    wrong = [*(int(digit) for digit in "111111"), pygame.K_RETURN]
    right = [*(int(digit) for digit in PIN), pygame.K_RETURN]
    keys = knocking(*wrong, *wrong, *wrong, *right, pin="111111")
    seen = visit(away(200), staffed, on_view=keys)
    troubles = {view.trouble for _, view in seen.log.shown if isinstance(view, KeypadView)}
    assert "Too many wrong PINs. Wait, then try again." in troubles
    assert not any(isinstance(view, OptionsView) for _, view in seen.log.shown)


def test_a_page_that_waits_for_paper_is_taken_back(tmp_path, monkeypatch):
    with_printer(tmp_path, monkeypatch, 'echo "request id is desk-7 (1 file(s))"')
    (tmp_path / "lpstat").write_text("#!/bin/sh\necho 'desk-7  root  1024  Mon'\n")
    config = KioskConfig.model_validate({"printer": {"name": "desk"}})
    seen = visit(doing(100.0), config, on_view=Reader(pygame.K_ESCAPE, 2), real_sleep=True)
    told = [view.text for _, view in seen.log.shown if isinstance(view, MessageView)]
    assert told[-1] == TROUBLES["waits"]
    assert (tmp_path / "calls").read_text().splitlines()[-1].endswith("cancel -x desk-7")


def test_the_supervisor_is_told_that_a_page_goes_to_the_printer(tmp_path, monkeypatch):
    with_printer(tmp_path, monkeypatch, "cat > /dev/null")
    config = KioskConfig.model_validate({"printer": {"name": "desk"}})
    seen = visit(doing(), config, on_view=Reader(pygame.K_ESCAPE, 2, pygame.K_RETURN))
    assert [word for _, word in seen.told if word == "printing"] == ["printing"]
    by_phone = visit(doing(), config, on_view=Reader(pygame.K_ESCAPE, 1, pygame.K_RETURN))
    assert "printing" not in [word for _, word in by_phone.told]


@pytest.mark.parametrize(("volume", "kept"), [("7", 1.0), ("-1", 0.0), ("0.25", 0.25), ("null", None)])
def test_what_is_handed_on_is_never_out_of_bounds(volume, kept):
    told: list[str] = []
    Carried.of("", told.append).hand_on()
    damaged = told[-1].replace('"volume":null', f'"volume":{volume}').replace('"language":""', '"language":"xx"')
    carried = Carried.of(damaged)
    assert carried.volume == kept
    assert carried.language == ""


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", '{"tries":[1]}', '{"tries":[0,0],"gate":7,"language":"","volume":""}']
)
def test_damage_never_opens_the_door(text):
    assert Carried.of(text).gate.wait_s(Instant.now()) > 0


def test_the_self_test_names_first_what_is_to_be_mended(staffed):
    found = (Check("clock", "good", "it goes"), Check("disk", "bad", "full"), Check("sound", "note", "quiet"))
    keys = knocking(3, pygame.K_ESCAPE, pygame.K_ESCAPE)
    seen = visit(away(60), staffed, on_view=keys, checks=lambda: found, real_sleep=True)
    tests = [view for _, view in seen.log.shown if isinstance(view, OptionsView) and view.title == "Self-test"]
    assert [row.title for row in tests[-1].switches] == ["disk", "sound", "clock"]
    assert [row.value for row in tests[-1].switches] == ["Mend it", "Look at it", "Good"]


def test_the_staff_look_at_every_picture_of_the_camera(staffed):
    seen = visit(away(60), staffed, on_view=knocking(2, pygame.K_ESCAPE, pygame.K_ESCAPE))
    assert "ConsentView Camera" in seen.pages
    assert 0.0 in seen.feed.rests
    (shown,) = {view.choice.is_pointed for _, view in seen.log.shown if isinstance(view, ConsentView)}
    assert not shown, "nobody is followed there: pointing would do nothing"
