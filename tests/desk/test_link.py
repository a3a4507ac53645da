"""A station's line to the desk, over real sockets: sessions that are told of, cut, steered and corrected."""

from __future__ import annotations

import itertools
import stat

import pygame
import pytest

from formcheck.app.app import App
from formcheck.core.rules.events import Event, RepAdded, RepAmended, SettingsChanged
from formcheck.desk import wire
from formcheck.desk.hub import Hub, MemoryKeeper
from formcheck.desk.identity import Address, Identity, IdentityError
from formcheck.desk.link import Link
from formcheck.desk.station import Station
from formcheck.screen import SummaryView, ViewModel
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import SessionRecord
from formcheck.session.wire import session_of
from formcheck.system.errors import UsageError
from tests import replay
from tests.app.people import press
from tests.desk.running import PAUSES_S, Cable, Desk, paired, until

STEPS = replay.recorded("dead-bug", 15.0)
EXERCISE = load_exercises().get("dead-bug")
NUMBERS = itertools.count(1, 1000)
"""Of the first identity of each session: no two sets are the same."""


def end(_: float, view: object) -> None:
    """Leave the page at the end."""
    if isinstance(view, SummaryView):
        press(pygame.K_ESCAPE)


def led(station_of, on_view=end, steps=STEPS, *, closes=False):
    """A set of the recorded person, whole, told to a desk; `closes` ends the line with the window."""
    made: list[Station] = []

    def join(app: App):
        def session_id() -> str:
            return app.session.session_id if app.session is not None else ""

        station = station_of(lambda: app.speech, session_id)
        made.append(station)
        app.observe(station.observer)
        app.tell(station.scribe)
        return station.policy

    ran = replay.run(EXERCISE, steps, on_view=on_view, is_camera=False, join=join, first_id=next(NUMBERS))
    if closes:
        made[0].close()
    return ran


class Wired:
    """A desk, a cable to it, and a station that was paired through it."""

    def __init__(self, folder) -> None:
        self.keeper = MemoryKeeper()
        self.desk = Desk(Hub(keeper=self.keeper, name="Desk 1"))
        self.desk.__enter__()
        self.cable = Cable(self.desk.port)
        self.identity = Identity(folder)
        self.link = Link(Address.parse(f"127.0.0.1:{self.cable.port}"), self.identity, name="S", pauses_s=PAUSES_S)
        self.known = paired(self.desk, self.link)

    def station(self, speech, session_id) -> Station:
        return Station(
            Address.parse(f"127.0.0.1:{self.cable.port}"), speech, session_id, identity=self.identity, link=self.link
        )

    def close(self) -> None:
        self.link.close(0.0)
        self.cable.close()
        self.desk.__exit__()

    def entries(self) -> list[wire.EntrySaid]:
        return [said for _, said in self.keeper.kept]

    def events(self) -> list[Event]:
        return [event for said in self.entries() for event in said.events]

    def session(self, session_id: str) -> SessionRecord:
        """What the desk makes of what it was sent."""
        mine = [said for said in self.entries() if said.session_id == session_id]
        assert [said.i for said in mine] == list(range(len(mine)))
        return session_of(session_id, [said.entry for said in mine], {EXERCISE.name: EXERCISE})

    def shown(self):
        found = self.desk.ask(self.desk.hub.stations)
        assert len(found) == 1
        return found[0]

    def send(self, command):
        """As a browser would: the station's loop goes on meanwhile."""
        return self.desk.begin(self.desk.hub.send(self.known.id, command))


@pytest.fixture
def wired(tmp_path):
    both = Wired(tmp_path / "station")
    yield both
    both.close()


def told(ran) -> list[tuple[str, int, str]]:
    return [(e.set_id, e.seq, type(e).__name__) for record in ran.session.sets for e in record.events]


def arrived(wired: Wired) -> list[tuple[str, int, str]]:
    return [(event.set_id, event.seq, type(event).__name__) for event in wired.events()]


def test_a_whole_set_arrives_at_the_desk_and_no_picture_with_it(wired):
    reps: list[int] = []

    def look(now_s: float, view: object) -> None:
        end(now_s, view)
        if isinstance(view, ViewModel) and view.snapshot.reps not in reps:
            reps.append(view.snapshot.reps)
            status = until(lambda: (s := wired.shown().status) and s.reps == reps[-1] and s, "the count at the desk")
            tally = view.tally
            assert tally is not None
            assert (status.clean, status.faulty, status.not_judged) == (tally.clean, tally.faulty, tally.not_judged)

    ran = led(wired.station, look, closes=True)
    assert wired.link.waiting == (0, 0), "closing sends what is left"
    assert reps == list(range(len(reps)))
    until(lambda: len(arrived(wired)) >= len(told(ran)), "all events")
    assert arrived(wired) == told(ran)
    assert len(told(ran)) > 20
    kinds = [said.kind for said in wired.entries()]
    assert [*kinds[:2], *kinds[-4:]] == ["session", "set", "set-end", "answers", "provenance", "end"]
    assert set(kinds[2:-4]) == {"events"}
    assert wired.events() == ran.session.sets[0].events, "with all their digits"
    assert wired.session(ran.session.session_id).as_dict() == {**ran.session.as_dict(), "ended_utc": None}


def test_a_frame_is_small_and_has_what_was_seen(wired):
    frames: list[wire.Frame] = []

    def look(now_s: float, view: object) -> None:
        end(now_s, view)
        if isinstance(view, ViewModel) and (pose := view.pose) is not None:
            made = until(lambda: (f := wired.shown().frame) and abs(f.t_s - pose.t_s) < 0.1 and f, "its frame")
            frames.append(made)

    led(wired.station, look, STEPS[: len(STEPS) // 3])
    assert len({frame.t_s for frame in frames}) > 100, "fifteen a second"
    assert 400 < max(len(wire.encode(frame)) for frame in frames) <= wire.FRAME_MAX
    seen = {
        ("".join(str(v) for v in pose.evidence.tolist()), tuple(wire.whole(v) for v in pose.xy_px.ravel().tolist()))
        for pose, _ in STEPS
    }
    assert all((frame.evidence, tuple(frame.xy)) in seen for frame in frames)
    assert any(f.back is not None and f.back.value is not None and f.back.arch_limit > 0 for f in frames)
    assert all(14.0 < frame.fps < 16.0 for frame in frames[30:])


def test_a_line_that_is_cut_twenty_times_loses_no_event(wired):
    cuts = iter(range(20))
    every = len(STEPS) // 21
    seen = 0

    def cutting(now_s: float, view: object) -> None:
        nonlocal seen
        end(now_s, view)
        if isinstance(view, ViewModel):
            seen += 1
            if seen % every == 0 and next(cuts, None) is not None:
                wired.cable.cut()

    ran = led(wired.station, cutting)
    assert next(cuts, None) is None, "it was cut twenty times"
    until(lambda: wired.link.waiting[0] == 0, "all acknowledgements")
    assert arrived(wired) == told(ran)
    assert wired.link.waiting[1] == 0


def test_a_desk_that_was_away_gets_what_was_kept(wired):
    wired.cable.is_open = False
    wired.cable.cut()
    until(lambda: wired.link.state.where == "away")
    ran = led(wired.station)
    assert arrived(wired) == []
    waiting = wired.link.waiting[0]
    assert waiting > len(ran.session.sets[0].reps) + 5
    wired.cable.is_open = True
    until(lambda: wired.link.waiting[0] == 0, "what was kept")
    assert len(wired.entries()) == waiting
    assert arrived(wired) == told(ran)


def test_an_event_that_comes_twice_is_written_once(wired):
    said = wire.EntrySaid(k=0, session_id="a", i=0, kind="session", body={"program": None})
    for _ in range(3):
        wired.link.keep(said)
    until(lambda: wired.link.waiting[0] == 0)
    assert len(wired.keeper.kept) == 1


class Clinician:
    """Somebody at the desk who does one thing in the midst of a set, and looks at the patient's screen after it."""

    def __init__(self, wired: Wired, when, command_of) -> None:
        self.wired, self.when, self.command_of = wired, when, command_of
        self.answer = None
        self.after: list[ViewModel] = []

    def __call__(self, now_s: float, view: object) -> None:
        end(now_s, view)
        if not isinstance(view, ViewModel):
            return
        if self.answer is None and self.when(view):
            status = until(lambda: (s := self.wired.shown().status) and s.set_id and s)
            self.answer = self.wired.send(self.command_of(status.set_id))
            until(lambda: self.wired.link._commands, "the command")
        elif self.answer is not None:
            self.after.append(view)

    @property
    def done(self) -> wire.Done:
        assert self.answer is not None
        return self.answer.result(10)


def counted(n: int):
    return lambda view: view.snapshot.reps >= n


def test_a_repetition_that_is_taken_back_is_off_the_patients_screen_at_once_and_in_the_record(wired):
    amend = lambda set_id: wire.Amend(set_id=set_id, rep=1, what="count", is_so=False, by="clinician", why="too short")  # noqa: E731
    at_desk = Clinician(wired, counted(2), amend)
    ran = led(wired.station, at_desk)
    assert at_desk.done.ok, at_desk.done.text
    assert at_desk.after[0].snapshot.reps == 1
    counted_aloud = [name for name in ran.log.names if name.startswith("count.")]
    assert counted_aloud[:4] == ["count.1", "count.2", "count.2", "count.3"], "the voice follows"
    record = ran.session.sets[0]
    assert len(record.all_reps) == len(record.reps) + 1
    (event,) = [e for e in record.events if isinstance(e, RepAmended)]
    assert (event.by, event.why, event.seq >= 0) == ("clinician", "too short", True)
    assert [e.seq for e in record.events] == list(range(len(record.events)))
    until(lambda: len(arrived(wired)) >= len(told(ran)), "all events")
    assert arrived(wired) == told(ran), "the correction comes back to the desk as an event"


def test_a_repetition_that_the_coach_has_not_counted_is_added_said_shown_and_can_be_taken_back(wired):
    added = lambda set_id: wire.Amend(set_id=set_id, what="add", verdict="not-judged", side="left", by="c", why="seen")  # noqa: E731
    at_desk = Clinician(wired, counted(2), added)
    undo = Clinician(
        wired, lambda view: view.snapshot.reps >= 5,
        lambda set_id: wire.Amend(set_id=set_id, rep=-1, what="as-told", by="c", why="no, it was none"),
    )  # fmt: skip

    def look(now_s: float, view: object) -> None:
        at_desk(now_s, view)
        undo(now_s, view)

    ran = led(wired.station, look)
    assert at_desk.done.ok, at_desk.done.text
    assert undo.done.ok, undo.done.text
    assert at_desk.after[0].snapshot.reps == 3, "the patient's screen follows"
    assert at_desk.after[0].tally.not_judged == 1
    assert undo.after[0].snapshot.reps == 4
    said = [name for name in ran.log.names if name.startswith("count.")]
    assert said[:5] == ["count.1", "count.2", "count.4", "count.5", "count.5"], "and the voice"
    record = ran.session.sets[0]
    (event,) = [e for e in record.events if isinstance(e, RepAdded)]
    assert (event.index, event.by, event.why, event.now.side) == (-1, "c", "seen", "left")
    (line,) = [line for line in record.all_reps if line.index < 0]
    assert (line.is_counted, line.is_amended) == (False, True)
    assert [type(each) for each in line.amendments] == [RepAdded, RepAmended]
    until(lambda: len(arrived(wired)) >= len(told(ran)), "all events")
    assert wired.session(ran.session.session_id).sets[0].counts == record.counts


def test_a_set_is_done_when_those_that_were_added_are_enough_and_asks_for_what_the_desk_asks_for(wired):
    dose = Clinician(wired, counted(1), lambda set_id: wire.Dose(set_id=set_id, reps=3, by="c", why="tired"))
    one_more = Clinician(
        wired, counted(2), lambda set_id: wire.Amend(set_id=set_id, what="add", verdict="clean", by="c")
    )

    def look(now_s: float, view: object) -> None:
        dose(now_s, view)
        one_more(now_s, view)

    ran = led(wired.station, look)
    assert dose.done.ok, dose.done.text
    assert dose.after[0].snapshot.target_reps == 3
    record = ran.session.sets[0]
    assert (record.outcome, record.counts.reps) == ("done", 3), "one of them by eye"
    (change,) = record.settings_changes
    assert (change.settings, change.was, change.by, change.why) == ({"reps": 3.0}, {"reps": 12.0}, "c", "tired")
    assert record.target_reps == 3


def test_another_dose_holds_also_where_the_set_is_begun_anew(wired):
    dose = Clinician(wired, counted(1), lambda set_id: wire.Dose(set_id=set_id, reps=5, by="c", why="tired"))
    again = Clinician(wired, counted(2), lambda _: wire.Steer(to="repeat"))

    def look(now_s: float, view: object) -> None:
        dose(now_s, view)
        again(now_s, view)

    ran = led(wired.station, look)
    assert again.done.ok, again.done.text
    first, second = ran.session.sets
    assert (first.outcome, first.target_reps) == ("restarted", 5)
    assert second.target_reps == 5
    assert again.after[-1].snapshot.target_reps == 5


@pytest.mark.parametrize(
    ("what", "verdict", "faults"),
    [
        ({"what": "verdict", "verdict": "clean"}, "clean", ()),
        ({"what": "verdict", "verdict": "not-judged"}, "not-judged", ()),
        ({"what": "fault", "fault": "low-back-arch"}, "faulty", ("low-back-arch",)),
    ],
    ids=["this was fine", "not judged", "this was not"],
)
def test_a_verdict_is_corrected(wired, what, verdict, faults):
    at_desk = Clinician(
        wired, counted(2), lambda set_id: wire.Amend(set_id=set_id, rep=2, by="clinician", why="seen", **what)
    )
    ran = led(wired.station, at_desk)
    line = ran.session.sets[0].all_reps[1]
    told_before = (line.original.verdict, line.original.faults)
    if at_desk.done.ok:
        assert (line.verdict, line.faults) == (verdict, faults)
        assert line.is_amended
    else:
        assert at_desk.done.text == "That is so already."
        assert told_before == (verdict, faults)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (lambda set_id: wire.Amend(set_id=set_id, rep=77, what="count", is_so=False), "There is no repetition 77"),
        (lambda _: wire.Amend(set_id="another", rep=1, what="count", is_so=False), "That set is over"),
        (lambda set_id: wire.Amend(set_id=set_id, rep=1, what="fault", fault="hat"), "knows no fault of this name"),
        (lambda set_id: wire.Threshold(set_id=set_id, setting="reach_hip_deg", value=900.0, why="x"), "reach_hip_deg"),
        (lambda set_id: wire.Threshold(set_id=set_id, setting="nose", value=1.0, why="x"), "nose"),
        (lambda _: wire.Say(), "one of both"),
        (lambda _: wire.Say(cue="no.such"), "no such cue"),
        (lambda _: wire.Steer(to="change-side"), "asks for no side"),
    ],
    ids=["no rep", "no set", "no fault", "out of range", "no setting", "nothing", "no cue", "no side"],
)
def test_what_can_not_be_done_is_refused_with_a_sentence_and_changes_nothing(wired, command, sentence):
    at_desk = Clinician(wired, counted(1), command)
    ran = led(wired.station, at_desk)
    assert not at_desk.done.ok
    assert sentence in at_desk.done.text
    assert not ran.session.sets[0].amendments
    assert not ran.session.sets[0].settings_changes


def test_a_threshold_holds_from_the_next_repetition_on(wired):
    at_desk = Clinician(
        wired, counted(1),
        lambda set_id: wire.Threshold(set_id=set_id, setting="reach_hip_deg", value=120.0, by="c", why="sore hip"),
    )  # fmt: skip
    ran = led(wired.station, at_desk)
    assert at_desk.done.ok, at_desk.done.text
    (change,) = ran.session.sets[0].settings_changes
    assert isinstance(change, SettingsChanged)
    assert (change.settings, change.by, change.why) == ({"reach_hip_deg": 120.0}, "c", "sore hip")
    assert change.was == {"reach_hip_deg": 140}


def test_the_desk_pauses_and_a_line_is_shown(wired):
    at_desk = Clinician(wired, counted(1), lambda _: wire.Steer(to="pause"))

    def look(now_s: float, view: object) -> None:
        at_desk(now_s, view)
        if len(at_desk.after) == 20:
            wired.send(wire.Steer(to="go-on"))

    led(wired.station, look)
    assert at_desk.done.ok
    assert at_desk.after[0].snapshot.pause_reason == "held"
    line = Clinician(wired, counted(1), lambda _: wire.Say(line="Breathe <b>out</b>."))
    led(wired.station, line)
    assert line.done.ok
    assert line.after[0].caption is not None
    assert line.after[0].caption.text == "Breathe <b>out</b>."
    assert line.after[-1].caption is None or line.after[-1].caption.text != "Breathe <b>out</b>."


def test_the_desk_has_a_cue_said_ends_the_set_and_sees_that_it_hurts(wired):
    said = Clinician(wired, counted(1), lambda _: wire.Say(cue="low-back-arch"))
    ran = led(wired.station, said)
    assert "dead-bug.low-back-arch" in ran.log.names
    over = Clinician(wired, counted(1), lambda _: wire.Steer(to="end"))
    ran = led(wired.station, over)
    assert ran.session.sets[0].outcome == "stopped"
    assert ran.session.sets[0].counts.reps == 1

    def hurt(now_s: float, view: object) -> None:
        end(now_s, view)
        if isinstance(view, ViewModel) and view.snapshot.reps == 1:
            press(pygame.K_x)
        elif not isinstance(view, (ViewModel, SummaryView)):
            press(pygame.K_ESCAPE)

    led(wired.station, hurt)
    until(lambda: (s := wired.shown().status) and s.hurts, "the alarm")


def test_somebody_who_leaves_the_picture_is_told_of(wired):
    absent: list[bool] = []
    alarms: list[int] = []

    def status_says(has_left: bool):
        return lambda: (s := wired.shown().status) and s.page == "set" and s.has_left == has_left

    def look(now_s: float, view: object) -> None:
        end(now_s, view)
        if not isinstance(view, ViewModel) or view.pose is None:
            return
        absent.append(not view.pose.is_present)
        if sum(absent) in (1, 45) and absent[-1]:  # 45 pictures are three seconds
            until(status_says(sum(absent) == 45), "what the desk is told")
            alarms.append(sum(absent))

    led(wired.station, look, replay.joined([STEPS[:150], replay.empty(5.0, STEPS[0][0]), STEPS[150:200]]))
    assert alarms == [1, 45]


# -- pairing -----------------------------------------------------------------------------------------------------------


def test_the_code_is_on_the_screen_until_it_is_typed_or_put_away(tmp_path):
    shown: list[str] = []
    with Desk() as desk:
        link = Link(desk.address, Identity(tmp_path), pauses_s=PAUSES_S)
        link.start()
        code = until(lambda: link.state.code)

        def look(now_s: float, view: object) -> None:
            end(now_s, view)
            shown.append(getattr(view, "text", ""))
            if shown[-1] == f"Type {code[:3]} {code[3:]} at the desk.":
                press(pygame.K_RETURN)

        led(lambda *of: Station(desk.address, *of, link=link), look, STEPS[:60])
        link.close(0.0)
    assert shown.count(f"Type {code[:3]} {code[3:]} at the desk.") <= 2


def test_the_key_is_the_users_own_and_stays(tmp_path):
    first = Identity(tmp_path)
    assert stat.S_IMODE((tmp_path / "station.key").stat().st_mode) == 0o600
    assert Identity(tmp_path).key == first.key
    assert Identity(tmp_path / "other").key != first.key
    (tmp_path / "station.key").chmod(0o644)
    with pytest.raises(IdentityError, match="chmod 600"):
        Identity(tmp_path)
    (tmp_path / "station.key").chmod(0o600)
    (tmp_path / "station.key").write_text("nonsense")
    with pytest.raises(IdentityError, match="no station's key"):
        Identity(tmp_path)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("192.168.1.20", "wss://192.168.1.20:8443"),
        ("desk.local:9000", "wss://desk.local:9000"),
        ("https://desk.local:9000/", "wss://desk.local:9000"),
        ("127.0.0.1:8000", "ws://127.0.0.1:8000"),
        ("wss://127.0.0.1:8000", "wss://127.0.0.1:8000"),
        ("[::1]:8000", "ws://[::1]:8000"),
    ],
)
def test_an_address_is_read_as_it_is_meant(text, name):
    assert Address.parse(text).name == name


@pytest.mark.parametrize(
    "text",
    [
        "", "http://192.168.1.20", "ws://desk.local", "ftp://desk", "desk:99999", "a@b", "desk/page",
        "127.0.0.1.evil.org:1?x", "ws://127.0.0.1.evil.org",
    ],
)  # fmt: skip
def test_an_address_without_tls_elsewhere_or_that_is_none_is_refused(text):
    with pytest.raises(UsageError):
        Address.parse(text)
