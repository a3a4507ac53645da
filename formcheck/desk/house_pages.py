"""Logging in and out, accounts, stations, and the files that pages are made of."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from formcheck.core.text import marked
from formcheck.desk.accounts import RefusedError, TooManyError
from formcheck.desk.roles import RIGHTS, Right, Role, may_make
from formcheck.desk.security import COOKIE
from formcheck.desk.visit import DOOR, NOT_FOUND, Desk, Visit, route, set_cookie, to
from formcheck.system.assets import asset
from formcheck.system.errors import FormcheckError

FILES: dict[str, tuple[str, str]] = {
    "desk.css": ("desk", "text/css"),
    "icon.svg": ("desk", "image/svg+xml"),
    "desk.js": ("desk", "text/javascript"),
    "live.js": ("desk", "text/javascript"),
    "charts.js": ("desk", "text/javascript"),
    "replay.js": ("desk", "text/javascript"),
    "uPlot.iife.min.js": ("desk", "text/javascript"),
    "uPlot.min.css": ("desk", "text/css"),
    "htmx.min.js": ("desk", "text/javascript"),
    "AtkinsonHyperlegible-Regular.ttf": ("fonts", "font/ttf"),
    "AtkinsonHyperlegible-Bold.ttf": ("fonts", "font/ttf"),
}
"""Every file that is served: its folder under `assets`, and its type. No other can be asked for."""
FIRST: tuple[tuple[Right, str], ...] = (
    (Right.WATCH, "/live"), (Right.PATIENTS, "/patients"), (Right.PAIR, "/stations"),
)  # fmt: skip
NEW_CODE = marked("Give them this code, once and in person. It holds for three days.")


def routes(desk: Desk) -> list[Route]:
    """These pages."""
    return [
        route(desk, "GET", "/", start, "account"),
        route(desk, "GET", "/login", login_page, "open"),
        route(desk, "POST", "/login", log_in, "open"),
        route(desk, "GET", "/join", join_page, "open"),
        route(desk, "POST", "/join", join, "open"),
        route(desk, "POST", "/logout", log_out, "account"),
        route(desk, "POST", "/still-here", still_here, "account"),
        route(desk, "GET", "/static/{name}", static, "open", is_quiet=True),
        route(desk, "GET", "/stations", stations, Right.PAIR),
        route(desk, "GET", "/stations/waiting", waiting, Right.PAIR, is_quiet=True),
        route(desk, "POST", "/stations/pair", pair, Right.PAIR),
        route(desk, "POST", "/stations/{station}/revoke", revoke, Right.PAIR),
        route(desk, "GET", "/accounts", accounts, Right.ACCOUNTS),
        route(desk, "POST", "/accounts", invite, Right.ACCOUNTS),
        route(desk, "POST", "/accounts/{account}/switch", switch, Right.ACCOUNTS),
    ]


def start(visit: Visit) -> Response:
    """To the first page that somebody may see."""
    return to(next(address for right, address in FIRST if visit.who.may(right)))


def static(visit: Visit) -> Response:
    """A file that ships."""
    name = visit.path("name")
    if name not in FILES:
        raise HTTPException(404, NOT_FOUND)
    folder, kind = FILES[name]
    content = asset(folder, name).read_bytes()
    return Response(content, media_type=kind, headers={"cache-control": "private, max-age=300"})


# -- logging in ------------------------------------------------------------------------------------------------------


def login_page(visit: Visit) -> Response:
    """The form; who is logged in goes on."""
    return to("/") if visit.account is not None else visit.page("login.html", is_first=not visit.desk.accounts.all())


def log_in(visit: Visit) -> Response:
    """Take name and password; a new token whatever the browser brought."""
    desk = visit.desk
    try:
        account, token = desk.accounts.log_in(visit.form.get("name", ""), visit.form.get("password", ""), visit.address)
    except TooManyError as error:
        desk.records.note("nobody", "log-in-paused")
        paused = visit.page("login.html", 429, problem=error.text, is_first=False)
        paused.headers["retry-after"] = str(round(error.wait_s) + 1)
        return paused
    except RefusedError as error:
        desk.records.note("nobody", "log-in-refused")
        return visit.page("login.html", 401, problem=error.text, is_first=False)
    old = visit.request.cookies.get(COOKIE)
    if old:
        desk.accounts.log_out(old)
    desk.records.note(account.who, "log-in")
    answer = to("/")
    set_cookie(answer, COOKIE, token)
    answer.delete_cookie(DOOR, path="/", secure=True, httponly=True, samesite="strict")
    return answer


def join_page(visit: Visit) -> Response:
    """The form for a one-time code."""
    return visit.page("join.html")


def join(visit: Visit) -> Response:
    """Make an account of a one-time code, or give one a new password."""
    form, desk = visit.form, visit.desk
    try:
        account = desk.accounts.accept(
            form.get("code", ""), form.get("name", ""), form.get("password", ""), visit.address
        )
    except RefusedError as error:
        return visit.page("join.html", 429 if isinstance(error, TooManyError) else 400, problem=error.text)
    desk.records.note(account.who, "account-joined")
    return to("/login")


def log_out(visit: Visit) -> Response:
    """End this log-in."""
    visit.desk.accounts.log_out(visit.token)
    visit.note("log-out")
    answer = to("/login")
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    return answer


def still_here(_: Visit) -> Response:
    """Somebody's hand is on the page: that it was asked for is all."""
    return Response(status_code=204)


# -- stations --------------------------------------------------------------------------------------------------------


async def stations(visit: Visit) -> Response:
    """Those that are paired, and those that wait."""
    return _stations(visit)


def _stations(visit: Visit, status: int = 200, problem: str = "") -> Response:
    hub = visit.desk.board.hub
    return visit.page("stations.html", status, stations=hub.stations(), waiting=hub.pairings(), problem=problem)


async def waiting(visit: Visit) -> Response:
    """The part of the page that asks by itself."""
    hub = visit.desk.board.hub
    return visit.page("stations_part.html", stations=hub.stations(), waiting=hub.pairings())


async def pair(visit: Visit) -> Response:
    """Take in the station that shows this code."""
    code = "".join(visit.given("code", 20).split())
    try:
        known = await visit.desk.board.hub.pair(code, visit.who.who)
    except FormcheckError as error:
        await run_in_threadpool(visit.note, "pairing-refused")
        return _stations(visit, 400, error.text)
    await run_in_threadpool(visit.note, "station-paired", "", f"station {known.id}")
    return to("/stations")


async def revoke(visit: Visit) -> Response:
    """Know a station no more."""
    station = visit.path("station")
    if visit.desk.board.hub.station(station) is None:
        raise HTTPException(404, NOT_FOUND)
    await run_in_threadpool(visit.note, "station-revoked", "", f"station {station}")
    await visit.desk.board.hub.revoke(station, visit.who.who)
    return to("/stations")


# -- accounts --------------------------------------------------------------------------------------------------------


def accounts(visit: Visit) -> Response:
    """Everybody who may log in."""
    return _accounts(visit)


def _accounts(visit: Visit, status: int = 200, problem: str = "", code: str = "", invited: str = "") -> Response:
    return visit.page(
        "accounts.html",
        status,
        accounts=visit.desk.accounts.all(),
        grantable=[role for role in Role if may_make(visit.who.roles, {role})],
        table=RIGHTS,
        rights=list(Right),
        problem=problem,
        code=code,
        invited=invited,
        about_code=NEW_CODE,
    )


def invite(visit: Visit) -> Response:
    """A one-time code for somebody new, or for a new password; it is shown once, and never again."""
    name = visit.given("name")
    roles = [role for role in Role if visit.form.get(f"role-{role}") == "on"]
    try:
        code = visit.desk.accounts.invite(name, roles, visit.who)
    except RefusedError as error:
        return _accounts(visit, 400, error.text)
    visit.note("account-invited", detail=",".join(roles))
    return _accounts(visit, code=code, invited=name)


def switch(visit: Visit) -> Response:
    """Switch an account off or on."""
    is_off = visit.given("off") == "yes"
    visit.desk.accounts.switch(visit.path("account"), is_off)
    visit.note("account-off" if is_off else "account-on", detail=f"account {visit.path('account')}")
    return to("/accounts")
