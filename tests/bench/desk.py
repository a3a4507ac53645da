"""Stations, the desk and browsers at once, in real time: `python -m tests.bench.desk`.

Each station is a process that runs recorded poses through the coach at their own pace, with the station's observer and
its line; the desk is a process with the hub under uvicorn; each browser is a coroutine of another process that takes
updates out of a WebSocket as JSON. Measured is the time from a frame being made in the station to its arrival in a
browser (one clock, one machine), the memory of the desk, and whether an event was lost, with the line cut meanwhile.
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
from formcheck.desk.hub import Hub, HubError, MemoryKeeper, station_route
from formcheck.desk.identity import Address, Identity
from formcheck.desk.link import Link
from formcheck.desk.station import Watched
from formcheck.pipeline.chain import Chain
from formcheck.session.identity import uuid7
from formcheck.session.record import SetRecord
from formcheck.session.registry import load_exercises
from formcheck.session.set import Set
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
    link = Link(Address.parse(f"127.0.0.1:{port}"), Identity(Path(folder.name)), name=f"S{number}", pauses_s=(0.2, 1.0))
    link.start()
    while not link.state.code:
        time.sleep(0.01)
    pipe.send(link.state.code)
    while link.state.where != "connected":
        time.sleep(0.01)
    pipe.send("connected")
    pipe.recv()
    name = STREAMS[number % len(STREAMS)]
    exercise, steps = load_exercises().get(name), replay.recorded(name, FPS)
    told: list[tuple[str, int]] = []
    began, busy, pictures = time.monotonic(), time.process_time(), 0
    while time.monotonic() - began < seconds:
        set_id = uuid7()
        chain = Chain(Set(exercise, is_live=True, set_id=set_id), SetRecord.begin(set_id, exercise))
        chain.observers._observers.append(Watched(link, lambda: "s"))
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
        told += [(set_id, event.seq) for event in chain.record.events]
    used_s = time.process_time() - busy
    until_s = time.monotonic() + 20
    while link.waiting[0] and time.monotonic() < until_s:
        time.sleep(0.01)
    pipe.send({"told": told, "left": link.waiting, "pictures": pictures, "used_s": used_s})
    link.close(1.0)
    folder.cleanup()


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


def serve(pipe: Connection) -> None:
    """The desk in a process of its own; it takes codes, and tells at the end what was written."""
    keeper = MemoryKeeper()
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
        kept = [(said.set_id, said.seq) for _, said in keeper.kept if isinstance(said, wire.EventSaid)]
        pipe.send({"kept": kept, "memory": memory, "used_s": used_s})


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def measure(stations: int, listeners: int, seconds: float, cuts: int) -> dict[str, Any]:
    """Run it all once."""
    desk, to_desk = _begin(serve)
    port = to_desk.recv()
    cable = Cable(port)
    led = [_begin(station, cable.port, number, seconds) for number in range(stations)]
    for _, pipe in led:
        to_desk.send(pipe.recv())
        assert to_desk.recv(), "a station could not be paired"
        assert pipe.recv() == "connected"
    looking, to_browsers = _begin(browsers, port, listeners, seconds)
    to_desk.send("begin")
    for _, pipe in led:
        pipe.send("go")
    stop = threading.Event()
    disturbing = threading.Thread(target=_disturb, args=(cable, to_desk, seconds, cuts, stop))
    disturbing.start()
    late_ms = to_browsers.recv()
    results = [pipe.recv() for _, pipe in led]
    stop.set()
    disturbing.join()
    to_desk.send("end")
    written = to_desk.recv()
    for process in (desk, looking, *(each for each, _ in led)):
        process.join(10)
    cable.close()
    return {"late_ms": late_ms, "stations": results, **written}


def _begin(what: Any, *values: Any) -> tuple[Any, Connection]:
    """A process, and the pipe to it."""
    spawn = multiprocessing.get_context("spawn")
    mine, theirs = spawn.Pipe()
    process = spawn.Process(target=what, args=(*values, theirs), daemon=True)
    process.start()
    return process, mine


def _disturb(cable: Cable, to_desk: Connection, seconds: float, cuts: int, stop: threading.Event) -> None:
    """Cut the line now and then, and have the desk's memory noted."""
    times = max(cuts, 5)
    for i in range(times):
        if stop.wait(seconds / (times + 1)):
            return
        to_desk.send("memory")
        if i < cuts:
            cable.cut()


def report(found: dict[str, Any], seconds: float, cuts: int) -> bool:
    """Print it; whether the goals are met."""
    late = sorted(value for each in found["late_ms"] for value in each)
    hundredths = quantiles(late, n=100)
    told = [tuple(key) for each in found["stations"] for key in each["told"]]
    kept = [tuple(key) for key in found["kept"]]
    lost, twice = len(set(told) - set(kept)), len(kept) - len(set(kept))
    frames = [len(each) for each in found["late_ms"]]
    pictures = sum(each["pictures"] for each in found["stations"])
    used = [each["used_s"] / max(each["pictures"], 1) * 1000 for each in found["stations"]]
    print(f"{len(found['stations'])} stations, {len(frames)} browsers, {seconds:.0f} s, line cut {cuts} times")
    p95, p99 = hundredths[94], hundredths[98]
    print(f"frame made to browser: p50 {median(late):.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms, longest "
          f"{late[-1]:.0f} ms ({len(late)} arrivals)")  # fmt: skip
    shown = median(frames) / seconds / len(found["stations"])
    print(f"pictures {pictures}; a browser was shown {shown:.1f} a second of each station")
    print(f"desk: {found['memory'][0]:.0f} MB at first, {found['memory'][-1]:.0f} MB at last, "
          f"{100 * found['used_s'] / seconds:.0f} % of a core")  # fmt: skip
    print(f"station, coach and line: {median(used):.1f} ms of the processor a picture")
    print(f"events: {len(told)} told, {len(kept)} written, {lost} lost, {twice} twice")
    return p95 <= GOAL_MS and not lost and not twice


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--stations", type=int, default=4)
    parser.add_argument("--browsers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--cuts", type=int, default=CUTS)
    asked = parser.parse_args()
    found = measure(asked.stations, asked.browsers, asked.seconds, asked.cuts)
    is_met = report(found, asked.seconds, asked.cuts)
    print("goals met" if is_met else f"goals NOT met (p95 <= {GOAL_MS:.0f} ms, nothing lost, nothing twice)")
    return 0 if is_met else 1


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    raise SystemExit(main())
