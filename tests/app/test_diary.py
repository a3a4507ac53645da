"""Remembering, through the real window program: asked once, kept as it happened, and only if somebody said yes."""

from __future__ import annotations

import keyring
import pygame
import pytest
from keyring.backends import fail

from formcheck.app.app import AppOptions
from formcheck.app.remembering import Memory
from formcheck.app.report import summary_of
from formcheck.cli.run import diary_of
from formcheck.pipeline.diary import Diary
from formcheck.pipeline.recorded import analyse
from formcheck.pose.recording import Recording
from formcheck.screen import ChoiceView, ConfirmView, MenuView, ProgressView, SafetyView, SummaryView, ViewModel
from formcheck.session import wire
from formcheck.session.document import SessionDocument
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from formcheck.store import OWNER, Identity, KeySources, StoreError, create_store, open_store
from formcheck.store.keeper import Keeper
from formcheck.store.opening import keys_at_hand
from tests import kept, replay
from tests.app.people import Person, day, press
from tests.app.test_menu import Presser
from tests.app.test_programs import PROGRAM
from tests.store.conftest import SERVER, Ring, new_database
from tests.store.sessions import written

YES, NO = (pygame.K_1, "1"), (pygame.K_2, "2")
ENTER, ESCAPE = (pygame.K_RETURN,), (pygame.K_ESCAPE,)


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """A user whose data folder is empty."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "data"))
    monkeypatch.delenv("FORMCHECK_STORE", raising=False)
    return tmp_path / "data" / "formcheck"


@pytest.fixture
def sources():
    return KeySources(keyring=Ring())


def dead_bug(diary, answers, first_id=1, options=None, fidgets=0):
    """One set of dead bugs; the questions about remembering are answered in turn.

    Who fidgets moves for so many pictures before the work.
    """
    keys = {
        MenuView: [], SafetyView: [ENTER], ChoiceView: list(answers), ViewModel: [], ConfirmView: [ENTER],
        SummaryView: [ENTER],
    }  # fmt: skip
    person = Presser(keys)
    memory = Memory(diary.past, diary.accepted, diary.keep)
    bug = replay.recorded("dead-bug", 10)
    still = replay.still(bug[0], 14, 10)
    steps = replay.joined([bug[:fidgets], still, bug[:160], replay.still(bug[0], 4, 10)], 10)
    ran = replay.run(
        load_exercises().get("dead-bug"), steps, on_view=person, diary=diary, memory=memory, first_id=first_id,
        options=options,
    )  # fmt: skip
    diary.close()
    return ran, person


def test_who_says_yes_is_remembered_as_it_was(sources):
    ran, person = dead_bug(Diary(sources=sources), [YES])
    assert ChoiceView in person.kinds
    with open_store(sources=sources) as store:
        (found,) = store.kept()
        (somebody,) = store.people()
    assert found.session == SessionDocument.model_validate(ran.session.as_dict())
    assert found.state == "ended"
    assert found.person == somebody.pseudonym
    assert len(found.session.sets[0].reps) == 3
    assert {figure.fault for figure in found.figures} >= {""}, "the best repetition's furthest reach"


@pytest.mark.parametrize("answers", [[NO], [ENTER], []], ids=["no", "skipped", "nothing"])
def test_without_a_yes_nothing_is_kept(home, sources, answers):
    ran, _ = dead_bug(Diary(sources=sources), answers)
    assert ran.session.counts.reps == 3
    assert [path.name for path in home.rglob("*") if path.is_file()] == (["memory.json"] if answers == [NO] else [])


def test_it_is_asked_once_and_who_skipped_it_is_asked_again(sources):
    _, first = dead_bug(Diary(sources=sources), [ENTER])
    _, second = dead_bug(Diary(sources=sources), [YES], 11)
    _, third = dead_bug(Diary(sources=sources), [], 21)
    assert [ChoiceView in person.kinds for person in (first, second, third)] == [True, True, False]
    with open_store(sources=sources) as store:
        assert len(store.kept()) == 2


def test_where_there_is_no_place_for_a_key_it_is_kept_plain_only_if_the_person_agrees(home):
    class NoRing(KeySources):
        def best(self):
            return "none"

    ran, _ = dead_bug(Diary(sources=NoRing()), [YES])
    questions = [view.question for _, view in ran.log.shown if isinstance(view, ChoiceView)]
    assert list(dict.fromkeys(questions)) == ["Remember your sessions?", "Keep them without a lock?"]
    assert not list(home.glob("formcheck.db*"))
    seen = []

    def agrees(_, view):
        page = getattr(view, "question", type(view).__name__)
        if page in seen:
            return
        seen.append(page)
        if isinstance(view, ChoiceView):
            press(*YES)
        elif isinstance(view, (SafetyView, SummaryView, ConfirmView)):
            press(*ENTER)

    diary = Diary(sources=NoRing())
    bug = replay.recorded("dead-bug", 10)
    steps = replay.joined([replay.still(bug[0], 14, 10), bug[:90]], 10)
    replay.run(load_exercises().get("dead-bug"), steps, on_view=agrees, diary=diary)
    diary.close()
    with open_store() as store:
        assert len(store.kept()) == 1
        assert not store.keys.is_encrypted


def test_both_questions_are_asked_aloud(sources):
    ran, _ = dead_bug(Diary(sources=sources), [YES])
    assert "memory.ask" in ran.log.names


def test_a_recording_is_not_remembered_and_nobody_is_asked(home, sources):
    diary = Diary(sources=sources)
    person = Presser({ViewModel: [ESCAPE], ConfirmView: [ENTER], SummaryView: [ENTER]})
    replay.run(load_exercises().get("dead-bug"), day()[:60], on_view=person, is_camera=False, diary=diary)
    diary.close()
    assert ChoiceView not in person.kinds
    assert not home.exists()


def test_a_whole_program_with_its_answers_is_kept_without_its_title(sources, tmp_path):
    path = tmp_path / "program.toml"
    path.write_text(PROGRAM.replace("Short day", "For Anna Ålund"), encoding="utf-8")
    program = load_program(str(path), load_exercises(), replay.BEGAN)
    diary = Diary(sources=sources, wish=True)
    ran = replay.run(program, day(), on_view=Person(2, 5, efforts=(4,)), diary=diary)
    diary.close()
    with open_store(sources=sources) as store:
        (found,) = store.kept()
    assert found.session == SessionDocument.model_validate(ran.session.as_dict())
    assert (found.session.pain.before, found.session.pain.after) == (2, 5)
    assert found.session.effort == {"glute-bridge": 4, "dead-bug": None}
    assert "Ålund" not in found.model_dump_json()
    assert [planned.exercise for planned in found.session.planned] == ["glute-bridge", "dead-bug"]


def test_the_menu_switches_remembering_on_and_off(sources):
    diary = Diary(sources=sources)
    person = Presser({MenuView: [(pygame.K_k, "k"), (pygame.K_k, "k"), ESCAPE]})
    shown = []

    def look(now_s, view):
        if isinstance(view, MenuView):
            label = next(hint.label for hint in view.hints if hint.key == "K")
            if not shown or shown[-1] != label:
                shown.append(label)
                person.kinds.clear()  # a menu that looks otherwise is another page to press keys on
        person(now_s, view)

    replay.run(None, day()[:30], on_view=look, diary=diary)
    assert shown == ["Remember: off", "Remember: on", "Remember: off"]
    assert Diary(sources=sources).state.is_on is False
    assert not Diary(sources=sources).state.is_asked


def test_the_pose_stream_is_kept_only_where_that_was_asked_for(sources, tmp_path):
    path = tmp_path / "kept.npz"
    for keeps in (False, True):
        diary = Diary(sources=sources, wish=True, keeps_poses=keeps)
        ran, _ = dead_bug(diary, [], 11 if keeps else 1, fidgets=70)
    with open_store(sources=sources) as store:
        (stream,) = store.recordings()
        assert stream.session_id == ran.session.session_id
        assert stream.exercise == "dead-bug"
        path.write_bytes(stream.read())
    kept, seen = list(Recording(path)), ran.session.sets[0]
    assert len(kept) > 100
    assert kept[0][0].t_s > 7.0, "what was before the coach was given the body would be judged, too"
    again = analyse(str(path), load_exercises().get("dead-bug")).findings.record
    assert [rep.verdict for rep in again.reps] == [rep.verdict for rep in seen.reps]


def test_what_was_asked_for_by_hand_is_shown_and_kept(sources):
    ran, _ = dead_bug(Diary(sources=sources, wish=True), [], options=AppOptions(reps=2, tells_steps=False))
    shown = summary_of(ran.session.sets[0])
    assert (shown.target_reps, shown.is_per_side) == (2, False), "of two, and not of the twelve that are usual"
    with open_store(sources=sources) as store:
        (found,) = store.kept()
    assert found.session.sets[0].target_reps == 2
    assert len(found.session.sets[0].reps) == 2


def test_what_was_remembered_is_on_the_page_of_progress(sources):
    dead_bug(Diary(sources=sources), [YES])
    diary = Diary(sources=sources)
    person = Presser({MenuView: [(pygame.K_p, "p"), ESCAPE], ProgressView: []})
    pages = []

    def look(now_s, view):
        person(now_s, view)
        if isinstance(view, ProgressView) and view.tiles:
            pages.append(view)
            press(*ESCAPE)

    memory = Memory(diary.past, diary.accepted, diary.keep)
    replay.run(None, day()[:30], on_view=look, diary=diary, memory=memory)
    diary.close()
    assert pages
    assert "Dead bug" in str(pages[-1])


def test_a_store_that_can_not_be_written_never_stops_a_set_and_is_told(home, sources):
    home.mkdir(parents=True)
    (home / "formcheck.db").mkdir()  # where the file should be there is a folder
    ran, _ = dead_bug(Diary(sources=sources, wish=True), [])
    assert ran.session.counts.reps == 3
    assert "memory.trouble" in ran.log.names


def test_of_a_server_nobodys_past_is_nobody_elses(sources, tmp_path):
    """A station whose person is not named shows no progress at all."""
    if not SERVER:
        where, drop = str(tmp_path / "clinic.db"), None
    else:
        where, drop = new_database()
    with create_store(where, "none", sources) as store:
        written(store, 1, store.add_person(Identity("Anna")))
    seen = Diary(where, sources=sources, is_asked_for=True).past()
    assert seen == []
    assert len(Diary(where, person="Anna", sources=sources, is_asked_for=True).past()) == 1
    if drop is not None:
        drop()


def test_what_broke_off_is_ended_when_the_program_starts_again(home, sources):
    dead_bug(Diary(sources=sources), [YES])
    session = kept.session_record(("dead-bug",), number=7)
    keeper = Keeper(lambda _: open_store(sources=sources), home, lambda: keys_at_hand(None, sources))
    keeper.begin(session.session_id, [wire.session_entry(session)], OWNER, session.started_utc)
    assert keeper.settle(60)
    keeper.end(session.session_id)  # as if it were killed: it says nothing more, and its mark is let go of
    keeper.close()
    again = Diary(sources=sources)
    with open_store(sources=sources) as store:
        assert [each.state for each in store.kept()] == ["open", "ended"]
    again.read_ahead()
    again.accepted()
    with open_store(sources=sources) as store:
        assert [each.state for each in store.kept()] == ["interrupted", "ended"]


@pytest.mark.parametrize("asked", ["--keep-poses", "FORMCHECK_STORE"])
def test_what_a_command_asks_for_is_not_kept_without_a_key_unless_somebody_agreed(home, monkeypatch, asked):
    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    if asked == "FORMCHECK_STORE":
        monkeypatch.setenv(asked, str(home / "mine.db"))
    with pytest.raises(StoreError, match="no place for a key"):
        diary_of(None, False, None, keep_poses=asked == "--keep-poses")
    assert not home.exists()
