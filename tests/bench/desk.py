"""Stations, the desk and browsers at once, in real time: `python -m tests.bench.desk`.

Each station is a process that runs recorded poses through the coach at their own pace, with the station's observer and
its line; the desk is a process with the hub under uvicorn; each browser is a coroutine of another process that takes
updates out of a WebSocket as JSON. Measured is the time from a frame being made in the station to its arrival in a
browser (one clock, one machine), the memory of the desks, and whether what was told is what the store has, with the
line cut meanwhile. With `--desks 2`, and the address of a server in FORMCHECK_TEST_POSTGRES, two write into one store.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import tempfile
import threading
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import connect

from formcheck.core.body.tracked import track
from formcheck.desk import wire
from formcheck.desk.book import Book
from formcheck.desk.hub import Hub, HubError, station_route
from formcheck.desk.identity import Address, Identity
from formcheck.desk.keeping import StoreKeeper
from formcheck.desk.link import Link
from formcheck.desk.records import Records
from formcheck.desk.station import DeskScribe, Watched
from formcheck.pipeline.chain import Chain
from formcheck.session.identity import utc_text, uuid7
from formcheck.session.record import SetRecord
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import SessionRecord
from formcheck.session.set import Set
from formcheck.store import create_store, open_store
from tests import replay
from tests.desk.running import Cable, Desk

STREAMS = ("dead-bug", "bird-dog", "glute-bridge")
FPS, CUTS = 15.0, 20
GOAL_MS = 300.0
WARM_S = 3.0
"""Seconds at first of which no time is taken: connections are made, code is loaded."""


def station(port: int, number: int, seconds: float, pipe: Connection) -> None:
    """A station in a process of its own: sets one after the other, at the pace of their pictures."""
    folder = tempfile.TemporaryDirectory()
    link = _joined(port, Path(folder.name), number, pipe)
    name = STREAMS[number % len(STREAMS)]
    exercise, steps = load_exercises().get(name), replay.recorded(name, FPS)
    scribe, session = DeskScribe(link), SessionRecord.begin(uuid7(), None)
    began, busy, pictures = time.monotonic(), time.process_time(), 0
    while time.monotonic() - began < seconds:
        set_id = uuid7()
        record = SetRecord.begin(set_id, exercise, started_utc=_utc())
        session.begin_set(record)
        observers = [*scribe.observers(session, _utc), Watched(link)]
        chain = Chain(Set(exercise, is_live=True, set_id=set_id), record, observers)
        chain.start()
        first_s = time.monotonic()
        for pose, back in steps:
            wait_s = first_s + pose.t_s - steps[0][0].t_s - time.monotonic()
            time.sleep(max(0.0, wait_s))
            now_s = time.monotonic()
            chain.step(None, track(replace(pose, t_s=now_s), replace(back, t_s=now_s), exercise.posture))
            pictures += 1
            if now_s - began > seconds:
                break
        chain.finish("done")
    told = sum(len(one.events) for one in session.sets)
    scribe.end(session, _utc())
    used_s, until_s = time.process_time() - busy, time.monotonic() + 20
    while link.waiting[0] and time.monotonic() < until_s:
        time.sleep(0.01)
    sent = {"session": session.session_id, "events": told, "entries": link.sent, "reps": session.counts.reps}
    pipe.send({**sent, "left": link.waiting, "pictures": pictures, "used_s": used_s})
    link.close(1.0)
    folder.cleanup()


def _joined(port: int, folder: Path, number: int, pipe: Connection) -> Counting:
    """The line to the desk, once it is there and all may begin."""
    link = Counting(Address.parse(f"127.0.0.1:{port}"), Identity(folder), name=f"S{number}", pauses_s=(0.2, 1.0))
    link.start()
    pipe.recv()  # one after the other: a station that was tried with three wrong codes shows another one
    while not link.state.code:
        time.sleep(0.01)
    pipe.send(link.state.code)
    while link.state.where != "connected":
        time.sleep(0.01)
    pipe.send("connected")
    pipe.recv()
    return link


class Counting(Link):
    """A line that counts the entries that it is handed."""

    sent = 0

    def keep(self, said: wire.EntrySaid) -> None:
        self.sent += 1
        super().keep(said)


def _utc() -> str:
    return utc_text(time.time())


def browsers(port: int, count: int, seconds: float, pipe: Connection) -> None:
    """So many browsers in a process: each notes how late every frame was."""

    async def browse(late_ms: list[float]) -> None:
        began = time.monotonic()
        async with connect(f"ws://127.0.0.1:{port}/live", proxy=None) as line:
            async for text in line:
                made_ms = json.loads(text).get("made_ms")
                if made_ms and time.monotonic() - began > WARM_S:
                    late_ms.append(time.time_ns() / 1e6 - made_ms)

    async def all_of_them() -> list[list[float]]:
        noted: list[list[float]] = [[] for _ in range(count)]
        tasks = [asyncio.create_task(browse(each)) for each in noted]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return noted

    pipe.send(asyncio.run(all_of_them()))


class LiveDesk(Desk):
    """The desk with a route for browsers: what a page would be sent."""

    def __init__(self, hub: Hub) -> None:
        super().__init__(hub)

        async def live(socket: WebSocket) -> None:
            await socket.accept()
            try:
                with hub.listen() as listening:
                    async for update in listening:
                        await socket.send_text(wire.encode(update.value) if update.value else "{}")
            except (WebSocketDisconnect, RuntimeError):
                pass

        app = Starlette(routes=[station_route(hub), WebSocketRoute("/live", live)])
        self._server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, ws="websockets-sansio", ws_max_size=wire.MESSAGE_MAX, lifespan="off")
        )


def serve(where: str, pipe: Connection) -> None:
    """A desk in a process of its own; it takes codes, and tells at the end what it has used."""
    folder = tempfile.TemporaryDirectory()
    book = Book(Path(folder.name) / "desk.db")
    records = Records(lambda: open_store(where), book)
    keeper = StoreKeeper(records, book, load_exercises().exercises)
    with LiveDesk(Hub(keeper=keeper)) as desk:
        pipe.send(desk.port)
        memory: list[float] = []
        while (asked := pipe.recv()) != "end":
            if asked == "memory":
                memory.append(_resident_mb())
            elif asked == "begin":
                busy = time.process_time()
            else:
                try:
                    desk.call(desk.hub.pair(asked, "bench"))
                    pipe.send(True)
                except HubError:
                    pipe.send(False)
        used_s = time.process_time() - busy
        pipe.send({"memory": memory, "used_s": used_s})
    records.close()
    book.close()
    folder.cleanup()


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def measure(stations: int, listeners: int, seconds: float, cuts: int, desks: int, where: str) -> dict[str, Any]:
    """Run it all once; the browsers look at the first desk."""
    begun = [_begin(serve, where) for _ in range(desks)]
    pipes = [pipe for _, pipe in begun]
    ports = [pipe.recv() for pipe in pipes]
    cables = [Cable(port) for port in ports]
    led = [_begin(station, cables[number % desks].port, number, seconds) for number in range(stations)]
    for number, (_, pipe) in enumerate(led):
        to_desk = pipes[number % desks]
        pipe.send("code")
        to_desk.send(pipe.recv())
        assert to_desk.recv(), "a station could not be paired"
        assert pipe.recv() == "connected"
    looking, to_browsers = _begin(browsers, ports[0], listeners, seconds)
    for pipe in (*pipes, *(pipe for _, pipe in led)):
        pipe.send("begin")
    stop = threading.Event()
    disturbing = threading.Thread(target=_disturb, args=(cables, pipes, seconds, cuts, stop))
    disturbing.start()
    late_ms = to_browsers.recv()
    results = [pipe.recv() for _, pipe in led]
    stop.set()
    disturbing.join()
    for pipe in pipes:
        pipe.send("end")
    used = [pipe.recv() for pipe in pipes]
    for process in (looking, *(each for each, _ in (*begun, *led))):
        process.join(10)
    for cable in cables:
        cable.close()
    return {"late_ms": late_ms, "stations": results, "desks": used, "stored": _stored(where)}


def _stored(where: str) -> dict[str, dict[str, Any]]:
    """What the store has of each session."""
    found = {}
    with open_store(where) as store:
        for kept in store.kept():
            session_id = kept.session.session_id
            stored = store.stored(session_id)
            assert stored is not None
            record = store.record(session_id)
            found[session_id] = {
                "entries": len(stored[1]),
                "events": sum(len(one.events) for one in record.sets),
                "reps": record.counts.reps,
                "state": kept.state,
            }
    return found


def _begin(what: Any, *values: Any) -> tuple[Any, Connection]:
    """A process, and the pipe to it."""
    spawn = multiprocessing.get_context("spawn")
    mine, theirs = spawn.Pipe()
    process = spawn.Process(target=what, args=(*values, theirs), daemon=True)
    process.start()
    return process, mine


def _disturb(cables: list[Cable], pipes: list[Connection], seconds: float, cuts: int, stop: threading.Event) -> None:
    """Cut the lines now and then, and have the desks' memory noted."""
    times = max(cuts, 5)
    for i in range(times):
        if stop.wait(seconds / (times + 1)):
            return
        for pipe in pipes:
            pipe.send("memory")
        for cable in cables if i < cuts else ():
            cable.cut()


def report(found: dict[str, Any], seconds: float, cuts: int) -> bool:
    """Print it; whether the goals are met."""
    late = sorted(value for each in found["late_ms"] for value in each)
    hundredths = quantiles(late, n=100)
    told, stored = found["stations"], found["stored"]
    missing = {"entries": 0, "events": 0, "reps": 0}
    wrong = [
        (each[what], stored.get(each["session"], missing)[what])
        for each in told
        for what in missing
        if each[what] != stored.get(each["session"], missing)[what]
    ]
    frames = [len(each) for each in found["late_ms"]]
    pictures = sum(each["pictures"] for each in found["stations"])
    used = [each["used_s"] / max(each["pictures"], 1) * 1000 for each in found["stations"]]
    desks = len(found["desks"])
    print(f"{len(told)} stations, {desks} desks, {len(frames)} browsers, {seconds:.0f} s, line cut {cuts} times")
    p95, p99 = hundredths[94], hundredths[98]
    print(f"frame made to browser: p50 {median(late):.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms, longest "
          f"{late[-1]:.0f} ms ({len(late)} arrivals)")  # fmt: skip
    shown = median(frames) / seconds / len(found["stations"])
    print(f"pictures {pictures}; a browser was shown {shown:.1f} a second of each station")
    for each in found["desks"]:
        print(f"desk: {each['memory'][0]:.0f} MB at first, {each['memory'][-1]:.0f} MB at last, "
              f"{100 * each['used_s'] / seconds:.0f} % of a core")  # fmt: skip
    print(f"station, coach and line: {median(used):.1f} ms of the processor a picture")
    for what in missing:
        there = sum(each[what] for each in stored.values())
        print(f"{what}: {sum(each[what] for each in told)} told, {there} in the store")
    states = sorted({each["state"] for each in stored.values()})
    print(f"sessions: {len(told)} told, {len(stored)} in the store, {', '.join(states)}; {len(wrong)} numbers differ")
    return p95 <= GOAL_MS and not wrong and len(stored) == len(told) and states == ["ended"]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--stations", type=int, default=4)
    parser.add_argument("--browsers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--cuts", type=int, default=CUTS)
    parser.add_argument("--desks", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = os.environ.get("FORMCHECK_TEST_POSTGRES", str(Path(folder) / "store.db"))
        create_store(where, "none").close()
        found = measure(asked.stations, asked.browsers, asked.seconds, asked.cuts, asked.desks, where)
    is_met = report(found, asked.seconds, asked.cuts)
    print("goals met" if is_met else f"goals NOT met (p95 <= {GOAL_MS:.0f} ms, nothing lost, nothing twice)")
    return 0 if is_met else 1


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    raise SystemExit(main())
