"""What a supervisor sees live, and the commands that go back to a station."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, cast

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from formcheck.core.body.pose import Side
from formcheck.core.rules.events import FaultAmended, RepAdded
from formcheck.core.text import marked, phrase
from formcheck.desk import correcting, wire
from formcheck.desk.hub import HubError, Station, Update
from formcheck.desk.nobodys import choices
from formcheck.desk.roles import Right
from formcheck.desk.tile import Board, Offer
from formcheck.desk.visit import Desk, Visit, route
from formcheck.session.settings import check_overrides
from formcheck.store.folding import Amendment

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
IN_RECORD = marked("Done. The set is over: it stands in the record.")
NO_LINE = marked("Type a short line first.")
NO_NUMBER = marked("Type a number.")
NO_OFFER = marked("This is not proposed any more.")
NO_STATION = marked("There is no such station.")
NO_WHY = marked("Say why: it stands in the record.")
NOT_NOW = marked("This set does not go on now, or its station is away.")
WHOSE_FIRST = marked("Say first whose session this is: it holds for the next ones.")
ACCEPTED = "the coach's proposal, accepted"
"""Why a threshold was changed, in the record."""


def routes(desk: Desk) -> list[Route]:
    """These pages."""
    return [
        route(desk, "GET", "/live", live, Right.WATCH),
        route(desk, "GET", "/live/events", events, Right.WATCH, is_quiet=True),
        route(desk, "GET", "/live/people", people, Right.CORRECT),
        route(desk, "POST", "/live/{station}/steer", steer, Right.STEER),
        route(desk, "POST", "/live/{station}/say", say, Right.STEER),
        route(desk, "POST", "/live/{station}/threshold", threshold, Right.CORRECT),
        route(desk, "POST", "/live/{station}/dose", dose, Right.CORRECT),
        route(desk, "POST", "/live/{station}/accept", accept, Right.CORRECT),
        route(desk, "POST", "/live/{station}/assign", assign, Right.CORRECT),
        route(desk, "POST", "/live/{station}/correct", correct, Right.CORRECT),
    ]


async def live(visit: Visit) -> Response:
    """The page; a script fills it."""
    await run_in_threadpool(visit.note, "live-seen")
    return visit.page("live.html", steps=STEPS)


def people(visit: Visit) -> Response:
    """Whose a session may be said to be. Asked for when somebody wants to say it: looking at names is noted."""
    return JSONResponse({"people": choices(visit, visit.store), "text": ""})


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
    """One of the coach's cues aloud, or a short line on the patient's screen."""
    cue = visit.given("cue", wire.NAME_MAX)
    if cue:
        return await _send(visit, wire.Say(cue=cue, by=visit.who.who), f"say {cue}")
    line = visit.given("line", wire.LINE_MAX)
    if not line or not line.isprintable():
        raise HubError(NO_LINE)
    return await _send(visit, wire.Say(line=line, by=visit.who.who), "say")


async def threshold(visit: Visit) -> Response:
    """Another threshold for this patient, from the next repetition on."""
    station, set_id = _going_on(visit)
    name, why = visit.given("setting", wire.NAME_MAX), _why(visit)
    try:
        value = float(visit.given("value", 30))
    except ValueError:
        raise HubError(NO_NUMBER) from None
    record = visit.desk.board.record(station, set_id)
    if record is None or not math.isfinite(value):
        raise HubError(NO_NUMBER)
    check_overrides(record.exercise, {name: value}, where=str(record.exercise.title))
    command = wire.Threshold(set_id=set_id, setting=name, value=value, why=why, by=visit.who.who)
    return await _send(visit, command, f"threshold {name} = {value:g} of set {set_id}")


async def dose(visit: Visit) -> Response:
    """Another number of repetitions for this set."""
    _, set_id = _going_on(visit)
    reps, why = visit.given("reps", 4), _why(visit)
    if not reps.isdecimal() or not 1 <= int(reps) <= wire.REPS_MAX:
        raise HubError(phrase("Ask for 1 to {n} repetitions.", n=wire.REPS_MAX))
    command = wire.Dose(set_id=set_id, reps=int(reps), why=why, by=visit.who.who)
    return await _send(visit, command, f"dose {reps} of set {set_id}")


async def accept(visit: Visit) -> Response:
    """Take what the coach proposes: for this set at once, and for the person's next sessions where it is known whose it
    is."""
    board, station = visit.desk.board, _station(visit)
    offers, at = board.offers(station), visit.given("offer", 3)
    if not at.isdecimal() or int(at) >= len(offers):
        raise HubError(NO_OFFER)
    offer, record = offers[int(at)], board.record(station)
    person = board.keeper.person(station.id, board.session_id(station))
    if person is None and not offer.is_now:
        raise HubError(WHOSE_FIRST)
    if person is not None:
        await run_in_threadpool(_remember, visit, person, offer)
    if not offer.is_now or record is None:
        return JSONResponse({"text": DONE})
    given: dict[str, Any] = {"setting": offer.setting, "value": offer.value, "why": ACCEPTED, "by": visit.who.who}
    return await _send(visit, wire.Threshold(set_id=record.set_id, **given), f"accept {offer.setting}")


def _remember(visit: Visit, person: str, offer: Offer) -> None:
    store = visit.store
    body = {
        "exercise": offer.exercise, "what": offer.setting, "value": offer.value, "by": visit.who.who,
        "utc": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    store.add_choice(person, body)
    store.note("proposal-accepted", person, f"{offer.exercise}: {offer.setting} = {offer.value:g}")


async def assign(visit: Visit) -> Response:
    """Say whose the session of a station is; before it begins, whose it is to be."""
    board, station, person = visit.desk.board, _station(visit), visit.given("person", 32) or None
    session_id = board.session_id(station)
    if board.session(station) is not None:
        await run_in_threadpool(board.keeper.assign, session_id, person, visit.who.who)
    else:
        await run_in_threadpool(board.keeper.await_for, session_id or station.id, person, visit.who.who)
    board.hub.changed(station.id)
    return JSONResponse({"text": DONE})


async def correct(visit: Visit) -> Response:
    """Correct a repetition, or add one: at the station while the set goes on, in the store when it is over."""
    board, station, choice = visit.desk.board, _station(visit), visit.given("choice")
    record = board.record(station, visit.given("set", 64))
    if record is None:
        raise correcting.CorrectionError(correcting.NO_SUCH)
    why, by = visit.given("why", wire.WHY_MAX), visit.who.who
    if visit.given("rep", 6) == "new":
        side = visit.given("side", 5)
        sided = cast("Side | None", side if side in ("left", "right") else None)
        event: Amendment = correcting.addition(record, choice, sided, by, why)
    else:
        event = correcting.amendment(record, correcting.index_of(visit.given("rep", 6)), choice, by, why)
    if board.is_going_on(station, record.set_id):
        command = _command(record.set_id, event, choice)
        return await _send(visit, command, f"correct {command.what} of set {command.set_id}")
    session_id = board.session_id(station)
    await run_in_threadpool(board.keeper.amend, session_id, record.set_id, event, by)
    board.hub.changed(station.id)
    return JSONResponse({"text": IN_RECORD})


def _command(set_id: str, event: Amendment, choice: str) -> wire.Amend:
    """What a station is told, which makes the event itself of what it knows by then."""
    given: dict[str, Any] = {"set_id": set_id, "why": event.why, "by": event.by}
    if isinstance(event, RepAdded) and event.now is not None:
        fault = event.now.faults[0] if event.now.faults else ""
        return wire.Amend(what="add", verdict=event.now.verdict, fault=fault, side=event.now.side, **given)
    given["rep"] = event.rep if isinstance(event, FaultAmended) else event.index
    if choice in ("count", "no-count"):
        return wire.Amend(what="count", is_so=choice == "count", **given)
    if choice == "as-told":
        return wire.Amend(what="as-told", **given)
    if choice.startswith(correcting.FAULT):
        return wire.Amend(what="fault", fault=choice.removeprefix(correcting.FAULT), **given)
    return wire.Amend(what="verdict", verdict="clean" if choice == "clean" else "not-judged", **given)


def _station(visit: Visit) -> Station:
    station = visit.desk.board.hub.station(visit.path("station"))
    if station is None:
        raise HubError(NO_STATION)
    return station


def _going_on(visit: Visit) -> tuple[Station, str]:
    """The station, and the set that goes on there and that the page meant."""
    station, set_id = _station(visit), visit.given("set", 64)
    if not visit.desk.board.is_going_on(station, set_id):
        raise HubError(NOT_NOW)
    return station, set_id


def _why(visit: Visit) -> str:
    why = visit.given("why", wire.WHY_MAX)
    if not why:
        raise HubError(NO_WHY)
    return why


async def _send(visit: Visit, command: wire.AnyCommand, what: str) -> Response:
    station = visit.path("station")
    await run_in_threadpool(visit.note, "command", "", f"station {station[:16]}: {what}")
    done = await visit.desk.board.hub.send(station, command)
    return JSONResponse({"text": done.text or DONE}, 200 if done.ok else 409)
