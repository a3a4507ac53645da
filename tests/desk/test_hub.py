"""The desk's end: who is let in and who is not, what browsers are told, and what is written. Real sockets, real TLS."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from formcheck.desk import hub as hubs
from formcheck.desk import link as links
from formcheck.desk import wire
from formcheck.desk.hub import Hub, HubError, Known, Listening, MemoryKeeper, MemoryKeys, Update
from formcheck.desk.identity import Address, Identity
from formcheck.desk.link import Link
from formcheck.desk.pairing import Exchange, PairingError, context_of, signed, station_id
from tests.desk.running import PAUSES_S, Between, Cable, Desk, certificate, paired, until
from tests.desk.test_wire import frame

BEGUN = wire.EntrySaid(k=0, session_id="a", i=0, kind="session", body={"program": None})


class Hand:
    """A station by hand: it keeps to the protocol only where a test wants it to."""

    def __init__(self) -> None:
        self.private = Ed25519PrivateKey.generate()
        self.key = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def connect(self, desk: Desk) -> ClientConnection:
        return connect(f"ws://127.0.0.1:{desk.port}{wire.PATH}", proxy=None, max_size=None)

    def hello(self, nonce: str, fingerprint: str = "") -> str:
        signature = signed(self.private, context_of(self.key, nonce, fingerprint))
        return wire.encode(wire.Hello(key=self.key, name="By hand", signature=signature))

    def known_at(self, keys: MemoryKeys) -> str:
        keys.add(Known(station_id(self.key), self.key, "By hand", "clinician", 0.0))
        return station_id(self.key)


def heard(line: ClientConnection) -> wire.FromDesk:
    return wire.from_desk(line.recv(timeout=10))


def refusal(line: ClientConnection) -> str:
    """The last sentence, after which the desk hangs up."""
    while True:
        said = heard(line)
        if isinstance(said, wire.Refused):
            break
    with pytest.raises(ConnectionClosed):
        line.recv(timeout=10)
    return said.why


def let_in(hand: Hand, line: ClientConnection) -> None:
    challenge = heard(line)
    assert isinstance(challenge, wire.Challenge)
    line.send(hand.hello(challenge.nonce))
    assert isinstance(heard(line), wire.Welcome)


@pytest.fixture
def desk():
    keys = MemoryKeys()
    hand = Hand()
    hand.known_at(keys)
    keeper = MemoryKeeper()
    with Desk(Hub(keys, keeper, name="Room 1")) as running:
        running.hand, running.keys, running.keeper = hand, keys, keeper
        yield running


# -- pairing -----------------------------------------------------------------------------------------------------------


def test_a_station_is_paired_over_tls_comes_back_by_its_key_and_is_revoked(tmp_path, monkeypatch):
    monkeypatch.setattr(hubs, "SILENT_S", 600.0)  # so that it is cut off for no other reason
    files, fingerprint = certificate(tmp_path)
    keys = MemoryKeys()
    with Desk(Hub(keys, fingerprint=fingerprint, name="Room 1"), certificate=files) as desk:
        address = Address.parse(f"wss://127.0.0.1:{desk.port}")
        identity = Identity(tmp_path / "station")
        link = Link(address, identity, name="Kiosk 2", pauses_s=PAUSES_S)
        known = paired(desk, link)
        assert (known.id, known.name, known.by) == (identity.id, "Kiosk 2", "clinician")
        assert keys.known() == (known,)
        assert link.state.desk == "Room 1"
        assert identity.pinned(address) == fingerprint
        assert desk.ask(desk.hub.pairings) == ()
        link.close()
        until(lambda: not desk.ask(desk.hub.stations)[0].is_online)

        again = Link(address, Identity(tmp_path / "station"), pauses_s=PAUSES_S)
        again.start()
        until(lambda: again.state.where == "connected", "the return without a code")
        desk.call(desk.hub.revoke(known.id, "clinician"))
        until(lambda: again.state.where == "pairing", "the end of it")
        assert desk.ask(desk.hub.stations) == ()
        assert keys.known() == ()
        again.close(0.0)


def test_wrong_codes_are_refused_a_station_then_shows_another_one_and_at_last_nobody_may_try(tmp_path):
    with Desk() as desk:
        link = Link(desk.address, Identity(tmp_path), pauses_s=PAUSES_S)
        link.start()
        codes = set()
        for tried in range(hubs.WRONG_MAX):
            code = until(lambda: desk.ask(desk.hub.pairings) and link.state.code, "a code")
            codes.add(code)
            wrong = f"{(int(code) + 1) % 10**6:06d}"
            with pytest.raises(HubError, match="No station shows this code"):
                desk.call(desk.hub.pair(wrong, "clinician"))
            if tried % hubs.WRONG_OF_ONE == hubs.WRONG_OF_ONE - 1:
                until(lambda: link.state.code not in ("", *codes), "another code")
        assert len(codes) == 4
        right = until(lambda: desk.ask(desk.hub.pairings) and link.state.code)
        with pytest.raises(HubError, match="Too many wrong codes"):
            desk.call(desk.hub.pair(right, "clinician"))
        assert desk.ask(desk.hub.stations) == ()
        link.close(0.0)


def test_of_two_that_wait_the_one_is_taken_in_whose_code_was_typed(tmp_path):
    with Desk() as desk:
        links = [Link(desk.address, Identity(tmp_path / str(i)), name=f"S{i}", pauses_s=PAUSES_S) for i in range(3)]
        for link in links:
            link.start()
        until(lambda: len(desk.ask(desk.hub.pairings)) == 3 and all(link.state.code for link in links))
        known = desk.call(desk.hub.pair(links[1].state.code, "clinician"))
        assert known.name == "S1"
        until(lambda: links[1].state.where == "connected")
        assert [link.state.where for link in links] == ["pairing", "connected", "pairing"]
        for link in links:
            link.close(0.0)


def test_only_so_many_may_ask_to_be_paired_at_once():
    with Desk() as desk, contextlib.ExitStack() as stack:
        lines = []
        for _ in range(hubs.PENDING_MAX + 1):
            hand = Hand()
            line = stack.enter_context(hand.connect(desk))
            challenge = heard(line)
            assert isinstance(challenge, wire.Challenge)
            line.send(hand.hello(challenge.nonce))
            lines.append(line)
        assert all(isinstance(heard(line), wire.Unpaired) for line in lines[:-1])
        assert "Too many stations" in refusal(lines[-1])
        assert len(desk.ask(desk.hub.pairings)) == hubs.PENDING_MAX
        stack.close()
        until(lambda: desk.ask(desk.hub.pairings) == ())


def test_somebody_between_who_shows_a_certificate_of_his_own_is_not_paired(tmp_path):
    """He passes on all that both say, and reads it; the code is the right one."""
    files, fingerprint = certificate(tmp_path)
    his, _ = certificate(tmp_path, "his")
    with Desk(Hub(fingerprint=fingerprint), certificate=files) as desk, Between(desk.port, his, files) as he:
        link = Link(Address.parse(f"wss://127.0.0.1:{he.port}"), Identity(tmp_path / "s"), pauses_s=PAUSES_S)
        link.start()
        until(lambda: "another certificate" in link.state.text, "the refusal")
        assert desk.ask(desk.hub.pairings) == ()
        link.close(0.0)


def test_a_station_does_not_talk_to_a_desk_with_another_certificate_than_the_paired_one(tmp_path):
    files, fingerprint = certificate(tmp_path)
    identity = Identity(tmp_path / "station")
    with Desk(Hub(fingerprint=fingerprint), certificate=files) as desk:
        address = Address.parse(f"wss://127.0.0.1:{desk.port}")
        link = Link(address, identity, pauses_s=PAUSES_S)
        paired(desk, link)
        link.close()
        port = desk.port
    other, another = certificate(tmp_path, "other")
    keys = MemoryKeys()
    keys.add(Known(identity.id, identity.key, "", "", 0.0))
    with Desk(Hub(keys, fingerprint=another), certificate=other, port=port) as false:
        link = Link(address, identity, pauses_s=PAUSES_S)
        link.start()
        until(lambda: link.state.where == "refused", "the refusal")
        assert "another certificate" in link.state.text
        assert not false.ask(false.hub.stations)[0].heard_s


def test_a_desk_that_only_says_that_it_knows_the_station_is_not_believed(tmp_path):
    identity, keys = Identity(tmp_path), MemoryKeys()
    keys.add(Known(identity.id, identity.key, "", "", 0.0))
    with Desk(Hub(keys)) as desk:
        link = Link(desk.address, identity, pauses_s=PAUSES_S)
        link.keep(BEGUN)
        link.start()
        until(lambda: link.state.where == "refused", "the refusal")
        assert "not the other way round" in link.state.text
        assert link.waiting == (1, 0)


class Door:
    """A station's connection as the hub sees it, without a network: what comes is put in, what goes is taken out."""

    def __init__(self, on_proof=None):
        self.came, self.said, self.on_proof = asyncio.Queue(), asyncio.Queue(), on_proof
        self.application_state = None

    async def accept(self):
        pass

    async def receive(self):
        return await self.came.get()

    async def send_text(self, text):
        await self.said.put(wire.from_desk(text))
        if self.on_proof is not None and isinstance(wire.from_desk(text), wire.PairProof):
            await self.on_proof()

    async def close(self, code=1000):
        await self.said.put(None)

    async def greet(self, hand):
        challenge = await self.said.get()
        await self.came.put({"type": "websocket.receive", "text": hand.hello(challenge.nonce)})
        return challenge, await self.said.get()


def test_a_station_that_is_back_before_the_desk_has_noted_it_is_sent_to_greet_again():
    async def paired_and_back():
        hub, hand, tasks = Hub(), Hand(), []
        second = Door()

        async def be_back():
            tasks.append(asyncio.create_task(hub.serve(second)))
            assert isinstance((await second.greet(hand))[1], wire.Unpaired)

        first = Door(be_back)
        tasks.append(asyncio.create_task(hub.serve(first)))
        challenge, unpaired = await first.greet(hand)
        assert isinstance(unpaired, wire.Unpaired)
        pairing = asyncio.create_task(hub.pair("123456", "clinician"))
        share = await first.said.get()
        station = Exchange("station", "123456", context_of(hand.key, challenge.nonce, ""))
        proof = station.agree(share.share).proof("station")
        answer = wire.encode(wire.PairAnswer(share=station.share, proof=proof))
        await first.came.put({"type": "websocket.receive", "text": answer})
        assert (await pairing).key == hand.key
        told = await asyncio.wait_for(second.said.get(), 10)
        for task in tasks:
            task.cancel()
        return told

    assert asyncio.run(paired_and_back()) == wire.Refused(why="This station was paired meanwhile.")


def test_the_exchange_of_keys_proves_the_same_code_and_the_same_view_and_nothing_else():
    seen = context_of("aa", "bb", "cc")

    def agreed(code: str, context: bytes) -> bool:
        desk, station = Exchange("desk", "123456", seen), Exchange("station", code, context)
        one, two = desk.agree(station.share), station.agree(desk.share)
        is_one = one.is_proved("station", two.proof("station"))
        assert is_one == two.is_proved("desk", one.proof("desk"))
        assert not one.is_proved("station", one.proof("desk")), "a proof can't be sent back"
        return is_one

    assert agreed("123456", seen)
    assert not agreed("123457", seen)
    assert not agreed("123456", context_of("aa", "bb", "cd"))
    mine = Exchange("desk", "123456", seen)
    for share in ("0", "1", mine.share, "f" * 768):
        with pytest.raises(PairingError):
            mine.agree(share)


# -- who is not let in -------------------------------------------------------------------------------------------------


def test_a_greeting_that_was_heard_before_lets_nobody_in(desk):
    with desk.hand.connect(desk) as line:
        challenge = heard(line)
        said = desk.hand.hello(challenge.nonce)
        line.send(said)
        assert isinstance(heard(line), wire.Welcome)
    with desk.hand.connect(desk) as line:
        assert isinstance(heard(line), wire.Challenge)
        line.send(said)
        assert "signature" in refusal(line)


def test_a_signature_of_another_or_for_another_certificate_lets_nobody_in(desk):
    other = Hand()
    other.key = desk.hand.key
    for hand, fingerprint in ((other, ""), (desk.hand, "ab" * 32)):
        with hand.connect(desk) as line:
            challenge = heard(line)
            line.send(hand.hello(challenge.nonce, fingerprint))
            assert "signature" in refusal(line)
    assert not desk.ask(desk.hub.stations)[0].is_online


@pytest.mark.parametrize(
    "said",
    [
        wire.encode(wire.Status()), wire.encode(BEGUN), "{", "", "[" * 10_000, '{"m":"hello","v":2}', b"\x00\x01",
        "x" * (wire.MESSAGE_MAX + 1),
    ],
    ids=["a status", "an event", "half", "nothing", "deep", "a version", "bytes", "too long"],
)  # fmt: skip
def test_whoever_does_not_greet_first_is_hung_up_on(desk, said):
    with desk.hand.connect(desk) as line:
        assert isinstance(heard(line), wire.Challenge)
        is_hung_up = False
        try:
            line.send(said)
            while not is_hung_up:
                is_hung_up = isinstance(heard(line), wire.Refused)
        except ConnectionClosed:
            is_hung_up = True  # too long a message ends it before it is read
        assert is_hung_up
    assert desk.keeper.kept == []


@pytest.mark.parametrize(
    "said",
    [
        lambda: [BEGUN, BEGUN],
        lambda: [BEGUN, wire.numbered(BEGUN, 2)],
        lambda: [wire.numbered(BEGUN, 1)],
        lambda: [BEGUN, wire.PairAnswer(share="1", proof="ab" * 32)],
    ],
    ids=["twice", "one left out", "not from 0", "no message of a station that is in"],
)
def test_a_message_that_comes_twice_or_out_of_turn_ends_the_line(desk, said):
    with desk.hand.connect(desk) as line:
        let_in(desk.hand, line)
        for each in said():
            line.send(wire.encode(each))
        assert "twice, or out of turn" in refusal(line)
    assert len(desk.keeper.kept) <= 1
    until(lambda: not desk.ask(desk.hub.stations)[0].is_online)


def test_a_message_that_makes_no_sense_ends_that_line_and_no_other(desk, tmp_path):
    link = Link(desk.address, Identity(tmp_path), pauses_s=PAUSES_S)
    paired(desk, link)
    with desk.hand.connect(desk) as line:
        let_in(desk.hand, line)
        line.send('{"m":"frame","n":0,"xy":"picture"}')
        assert "makes no sense" in refusal(line)
    assert link.state.where == "connected"
    link.keep(BEGUN)
    until(lambda: link.waiting[0] == 0, "the other station's event")
    link.close(0.0)


def test_of_two_lines_with_one_key_the_newer_one_stands(desk):
    with desk.hand.connect(desk) as old, desk.hand.connect(desk) as new:
        let_in(desk.hand, old)
        let_in(desk.hand, new)
        assert "connected again" in refusal(old)
        new.send(wire.encode(wire.Status(page="new")))
        until(lambda: (s := desk.ask(desk.hub.stations)[0].status) and s.page == "new")
        assert desk.ask(desk.hub.stations)[0].is_online


def test_a_lie_about_an_event_of_another_station_stays_its_own(desk):
    """Every kept thing is written with the id of the key that signed the greeting, whatever it says."""
    with desk.hand.connect(desk) as line:
        let_in(desk.hand, line)
        line.send(wire.encode(BEGUN))
        assert isinstance(heard(line), wire.Ack)
    assert [station for station, _ in desk.keeper.kept] == [station_id(desk.hand.key)]


# -- what is written, and told -----------------------------------------------------------------------------------------


class Failing(MemoryKeeper):
    """A disk that is full at first."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times
        self.threads: set[int] = set()

    def keep(self, station: str, said: wire.EntrySaid) -> bool:
        self.threads.add(threading.get_ident())
        if self.left:
            self.left -= 1
            raise OSError("no space left")
        return super().keep(station, said)


def test_what_can_not_be_written_is_not_acknowledged_and_comes_again(tmp_path):
    keeper = Failing(3)
    with Desk(Hub(keeper=keeper)) as desk:
        link = Link(desk.address, Identity(tmp_path), name="S", pauses_s=PAUSES_S)
        paired(desk, link)
        for i in range(50):
            link.keep(BEGUN.model_copy(update={"session_id": f"s-{i}"}))
        until(lambda: link.waiting[0] == 0, "all of it")
        assert [said.session_id for _, said in keeper.kept] == [f"s-{i}" for i in range(50)]
        assert desk._thread.ident not in keeper.threads, "a slow disk holds up nobody"
        link.close(0.0)


def test_a_command_is_answered_or_it_is_said_that_nobody_does(desk, monkeypatch):
    hub, id = desk.hub, station_id(desk.hand.key)
    with pytest.raises(HubError, match="not connected"):
        desk.call(hub.send(id, wire.Steer(to="next")))
    with pytest.raises(HubError, match="not connected"):
        desk.call(hub.send("0" * 16, wire.Steer(to="next")))
    with desk.hand.connect(desk) as line:
        let_in(desk.hand, line)
        asked = desk.begin(hub.send(id, wire.Steer(to="next", by="clinician")))
        said = heard(line)
        assert isinstance(said, wire.Steer)
        assert (said.to, said.by) == ("next", "clinician")
        line.send(wire.encode(wire.Done(id=said.id + 1, ok=False)))
        line.send(wire.encode(wire.Done(n=1, id=said.id, ok=True)))
        assert asked.result(10).ok
        monkeypatch.setattr(hubs, "ANSWER_S", 0.05)
        with pytest.raises(HubError, match="does not answer"):
            desk.call(hub.send(id, wire.Steer(to="pause")))


def test_a_station_that_goes_before_it_answers_is_said(desk):
    with desk.hand.connect(desk) as line:
        let_in(desk.hand, line)
        asked = desk.begin(desk.hub.send(station_id(desk.hand.key), wire.Steer(to="next")))
        heard(line)
    answer = asked.result(10)
    assert not answer.ok
    assert "went away" in answer.text


def test_browsers_are_told_all_that_happens_in_order(desk):
    told: list[Update] = []
    end = desk.gather(told)
    with desk.hand.connect(desk) as line:
        let_in(desk.hand, line)
        line.send(wire.encode(BEGUN))
        line.send(wire.encode(wire.numbered(frame(), 1)))
        until(lambda: any(update.kind == "frame" for update in told))
        line.send(wire.encode(wire.numbered(BEGUN, 2)))
        line.send(wire.encode(wire.EntrySaid(n=3, k=1, session_id="a", i=1, kind="set-end", body={})))
        until(lambda: sum(update.kind == "entry" for update in told) == 2)
        station = desk.ask(desk.hub.stations)[0]
        assert [said.kind for said in station.entries] == ["session", "set-end"]
        assert station.frame is None
    until(lambda: told[-1].kind == "offline")
    end()
    assert [update.kind for update in told] == ["online", "entry", "frame", "entry", "offline"]
    assert {update.station for update in told} == {station_id(desk.hand.key)}


def test_a_slow_browser_gets_the_newest_picture_and_is_told_how_many_events_it_missed():
    async def slow() -> list[Update]:
        listening = Listening()
        for i in range(hubs.TAIL + 7):
            listening.offer(Update("s", "entry", BEGUN.model_copy(update={"k": i})))
            listening.offer(Update("s", "frame", frame().model_copy(update={"reps": i})))
            listening.offer(Update("t", "frame", frame().model_copy(update={"reps": i})))
        got = [await anext(listening) for _ in range(hubs.TAIL + 2)]
        listening.close()
        assert [update async for update in listening] == []
        return got

    got = asyncio.run(slow())
    events, frames = got[:-2], got[-2:]
    assert (events[0].missed, events[1].missed) == (7, 0)
    assert [update.value.k for update in events] == list(range(7, hubs.TAIL + 7))
    assert [(update.station, update.value.reps) for update in frames] == [("s", hubs.TAIL + 6), ("t", hubs.TAIL + 6)]


def test_a_browser_that_went_away_is_forgotten(desk):
    desk.ask(lambda: desk.hub.listen() and None)
    gc.collect()
    assert len(desk.hub._listening) == 0


def test_more_than_can_be_kept_is_given_up_oldest_first_and_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(links, "KEPT_MAX", 10)
    keeper = MemoryKeeper()
    with Desk(Hub(keeper=keeper)) as desk:
        cable = Cable(desk.port)
        link = Link(Address.parse(f"127.0.0.1:{cable.port}"), Identity(tmp_path), name="S", pauses_s=PAUSES_S)
        paired(desk, link)
        cable.is_open = False
        cable.cut()
        until(lambda: link.state.where == "away")
        for i in range(15):
            link.keep(BEGUN.model_copy(update={"session_id": f"s-{i}"}))
        assert link.waiting == (10, 5)
        cable.is_open = True
        link.tell(wire.Status(page="back"))
        until(lambda: link.waiting[0] == 0)
        assert [said.session_id for _, said in keeper.kept] == [f"s-{i}" for i in range(5, 15)]
        status = until(lambda: desk.ask(desk.hub.stations)[0].status)
        assert status.lost == 5
        link.close(0.0)
        cable.close()
