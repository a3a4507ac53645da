"""What a supervisor sees live, and the commands that go back to a station."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from formcheck.core.rules.events import Event
from formcheck.core.rules.exercise import Exercise
from formcheck.core.text import marked
from formcheck.desk import correcting, wire
from formcheck.desk.hub import Hub, HubError, Station, Update
from formcheck.desk.roles import Right
from formcheck.desk.visit import Desk, Visit, route
from formcheck.session.fold import RepLine, reps_of

BEAT_S = 5.0
"""Seconds after which a browser is told that the desk is there, and whether it is still logged in is looked at."""
STEPS: dict[str, str] = marked({
    "pause": "Pause",
    "go-on": "Go on",
    "next": "Next",
    "repeat": "Repeat",
    "change-side": "Change sides",
    "end": "End",
})  # fmt: skip
DONE = marked("Done.")
UNKNOWN_STEP = marked("A station can't be told that.")
NO_LINE = marked("Type a short line first.")


@dataclass(frozen=True, slots=True)
class Board:
    """The hub, and the exercises by which its events are put into words."""

    hub: Hub
    installed: Mapping[str, Exercise]

    def told(self, station: Station) -> dict[str, Any]:
        """A station as a tile shows it, without its picture; JSON-ready."""
        status = station.status or wire.Status()
        exercise = self.installed.get(status.exercise)
        return {
            "id": station.id,
            "name": station.name,
            "is_online": station.is_online,
            "title": status.title or status.exercise,
            "stage": status.stage,
            "set_id": status.set_id,
            "is_held": status.is_held,
            "hurts": status.hurts,
            "has_left": status.has_left,
            "kept": status.kept,
            "lost": status.lost,
            "choices": correcting.choices_of(exercise),
            "fault_words": {r.name: r.short or r.name for r in exercise.all_faults} if exercise is not None else {},
            "reps": [_rep(exercise, line) for line in _lines(station)],
            "counts": {
                "reps": status.reps,
                "clean": status.clean,
                "faulty": status.faulty,
                "not_judged": status.not_judged,
            },
        }


def _lines(station: Station) -> list[RepLine]:
    set_id = station.status.set_id if station.status is not None else ""
    said = [each for each in station.events if isinstance(each, wire.EventSaid) and each.set_id == set_id]
    events: list[Event] = [each.event for each in said]
    return reps_of(events)


def _rep(exercise: Exercise | None, line: RepLine) -> dict[str, Any]:
    last = line.amendments[-1] if line.amendments else None
    return {
        "index": line.index,
        "side": line.side or "",
        "told": str(correcting.told(exercise, True, line.original.verdict, line.original.faults)),
        "now": str(correcting.told(exercise, line.is_counted, line.verdict, line.faults)),
        "verdict": line.verdict if line.is_counted else "",
        "why": getattr(last, "why", ""),
    }


def routes(desk: Desk) -> list[Route]:
    """These pages."""
    return [
        route(desk, "GET", "/live", live, Right.WATCH),
        route(desk, "GET", "/live/events", events, Right.WATCH, is_quiet=True),
        route(desk, "POST", "/live/{station}/steer", steer, Right.STEER),
        route(desk, "POST", "/live/{station}/say", say, Right.STEER),
        route(desk, "POST", "/live/{station}/correct", correct, Right.CORRECT),
    ]


async def live(visit: Visit) -> Response:
    """The page; a script fills it."""
    await run_in_threadpool(visit.note, "live-seen")
    return visit.page("live.html", steps=STEPS)


async def events(visit: Visit) -> Response:
    """Server-sent events: the stations now, and what is new from now on."""
    return StreamingResponse(_stream(visit), media_type="text/event-stream")


async def _stream(visit: Visit) -> AsyncIterator[str]:
    board = visit.desk.board
    with board.hub.listen() as updates:
        yield _said("stations", [board.told(station) for station in board.hub.stations()])
        for station in board.hub.stations():
            if station.frame is not None:
                yield _framed(station.id, station.frame)
        clock = asyncio.get_running_loop().time
        next_beat_s = clock() + BEAT_S
        while True:
            update: Update | None = None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, next_beat_s - clock())):
                    update = await anext(updates)
            if update is not None:
                yield _news(board, update)
            if clock() >= next_beat_s:
                next_beat_s = clock() + BEAT_S
                account = await run_in_threadpool(visit.desk.accounts.account_of, visit.token, False)
                if account is None or not account.may(Right.WATCH):
                    yield _said("bye", None)
                    return
                yield _said("beat", None)


def _news(board: Board, update: Update) -> str:
    if isinstance(update.value, wire.Frame):
        return _framed(update.station, update.value)
    if update.kind == "cue" and isinstance(update.value, wire.CueSaid):
        return _said("cue", {"id": update.station, "text": update.value.text})
    if update.kind == "revoked":
        return _said("gone", {"id": update.station})
    station = board.hub.station(update.station)
    return ": \n\n" if station is None else _said("station", board.told(station))


def _framed(station: str, frame: wire.Frame) -> str:
    return _said("frame", {"id": station, "frame": frame.model_dump(mode="json")})


def _said(kind: str, data: Any) -> str:
    """One event; JSON has no line breaks of its own, so nothing that a station says can begin another event."""
    return f"event: {kind}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"


async def steer(visit: Visit) -> Response:
    """Lead the session at a station."""
    step = visit.given("to")
    if step not in STEPS:
        raise HubError(UNKNOWN_STEP)
    return await _send(visit, wire.Steer(to=step, by=visit.who.who), f"steer {step}")  # type: ignore[arg-type]


async def say(visit: Visit) -> Response:
    """A short line on the patient's screen."""
    line = visit.given("line", wire.LINE_MAX)
    if not line or not line.isprintable():
        raise HubError(NO_LINE)
    return await _send(visit, wire.Say(line=line, by=visit.who.who), "say")


async def correct(visit: Visit) -> Response:
    """Correct a repetition of the set that goes on."""
    choice, rep = visit.given("choice"), visit.given("rep", 6)
    station = visit.desk.board.hub.station(visit.path("station"))
    if station is None or not rep.isdecimal() or not 1 <= int(rep) <= 10_000:
        raise correcting.CorrectionError("There is no such repetition, or that can't be said of it.")
    command = _amend(visit.desk.board, station, int(rep), choice, visit.given("why", wire.WHY_MAX), visit.who.who)
    return await _send(visit, command, f"correct {command.what} of set {command.set_id}")


def _amend(board: Board, station: Station, rep: int, choice: str, why: str, by: str) -> wire.Amend:
    status = station.status or wire.Status()
    if choice not in correcting.choices_of(board.installed.get(status.exercise)) and choice != "count":
        raise correcting.CorrectionError("There is no such repetition, or that can't be said of it.")
    if not status.set_id:
        raise correcting.CorrectionError("No set goes on at this station.")
    given: dict[str, Any] = {"set_id": status.set_id, "rep": rep, "why": why, "by": by}
    if choice in ("count", "no-count"):
        return wire.Amend(what="count", is_so=choice == "count", **given)
    if choice == "as-told":
        return wire.Amend(what="as-told", **given)
    if choice.startswith(correcting.FAULT):
        return wire.Amend(what="fault", fault=choice.removeprefix(correcting.FAULT), **given)
    return wire.Amend(what="verdict", verdict="clean" if choice == "clean" else "not-judged", **given)


async def _send(visit: Visit, command: wire.AnyCommand, what: str) -> Response:
    station = visit.path("station")
    await run_in_threadpool(visit.note, "command", "", f"station {station[:16]}: {what}")
    done = await visit.desk.board.hub.send(station, command)
    return JSONResponse({"text": done.text or DONE}, 200 if done.ok else 409)
