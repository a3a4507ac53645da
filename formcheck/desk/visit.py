"""One request: who asks, whether they may, and the answer. Every page and change of the desk goes through here."""

from __future__ import annotations

import inspect
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from formcheck.core.text import marked
from formcheck.desk.accounts import Account, Accounts, TooManyError
from formcheck.desk.records import Records
from formcheck.desk.roles import TITLES, Right
from formcheck.desk.security import COOKIE, TOO_LARGE, BodyError, csrf_of, fits
from formcheck.store import Store, StoreError, StoreTroubleError
from formcheck.store.errors import NoStoreError
from formcheck.system.errors import FormcheckError

if TYPE_CHECKING:
    from formcheck.desk.tickets import TicketMaker
    from formcheck.desk.tile import Board

DOOR = "__Host-formcheck-door"
"""Cookie of who is not logged in yet: only what their form must bring back."""
FIELDS_MAX = 40
TEMPLATES = Path(__file__).parent / "templates"
FORM = "application/x-www-form-urlencoded"

NOT_ALLOWED = marked("Your account may not do that.")
OLD_FORM = marked("This page is too old, or came from elsewhere. Load it again.")
NO_FORM = marked("The desk takes forms only.")
NOT_FOUND = marked("There is no such page.")
BROKEN = marked("Something went wrong at the desk. Try again; what was kept is still there.")
LOGGED_OUT = marked("You were logged out. Log in again.")

Needs = Right | Literal["open", "account"]
"""What a page needs: a right, an account of any kind, or nothing at all."""
Handler = Callable[["Visit"], Response] | Callable[["Visit"], Awaitable[Response]]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pages work with."""

    accounts: Accounts
    records: Records
    board: Board
    environment: Environment
    tickets: TicketMaker | None = None
    """Signs tickets for the kiosk; None where this desk has no key for it."""
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    """Of this process: forms of before a restart are too old."""


def environment() -> Environment:
    """The templates: everything is escaped, a name that is not known is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"t": lambda text: text, "Right": Right, "role_titles": TITLES}
    return made


class Visit:
    """One request, of somebody."""

    def __init__(self, desk: Desk, request: Request, account: Account | None, form: Mapping[str, str]) -> None:
        self.desk, self.request, self.account, self.form = desk, request, account, form

    @property
    def who(self) -> Account:
        """Who is logged in.

        Raises:
            HTTPException: nobody.
        """
        if self.account is None:
            raise HTTPException(401, LOGGED_OUT)
        return self.account

    @property
    def token(self) -> str:
        """Of the log-in, or of the door where there is none."""
        return self.request.cookies.get(COOKIE if self.account is not None else DOOR, "")

    @property
    def address(self) -> str:
        """Whence it came."""
        return self.request.client.host if self.request.client else ""

    @property
    def store(self) -> Store:
        """The store, in which this account acts."""
        return self.desk.records.store(self.who.who)

    def path(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def given(self, name: str, longest: int = 300) -> str:
        """What was typed into a field, without spaces around it.

        Raises:
            HTTPException: it is too long.
        """
        text = self.form.get(name, "").strip()
        if len(text) > longest:
            raise HTTPException(400, TOO_LARGE)
        return text

    def note(self, what: str, pseudonym: str = "", detail: str = "") -> None:
        """Add to the audit."""
        self.desk.records.note(self.who.who, what, pseudonym, detail)

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page of a template."""
        door = "" if self.token else secrets.token_urlsafe(32)
        common = {
            "account": self.account,
            "csrf": csrf_of(self.desk.secret, self.token or door),
            "here": self.request.url.path,
            "problem": "",
        }
        answer = HTMLResponse(self.desk.environment.get_template(template).render(common | values), status)
        if door:
            set_cookie(answer, DOOR, door)
        return answer

    def problem(self, status: int, sentence: str) -> Response:
        """A page with one sentence; for a part of a page the sentence alone."""
        if "application/json" in self.request.headers.get("accept", ""):
            return JSONResponse({"text": str(sentence)}, status)
        if "hx-request" in self.request.headers:
            return self.page("problem_part.html", status, problem=sentence)
        return self.page("problem.html", status, problem=sentence)


def set_cookie(answer: Response, name: str, value: str) -> None:
    """A cookie that scripts can't read, that no other page can send, and that goes when the browser is closed."""
    answer.set_cookie(name, value, path="/", secure=True, httponly=True, samesite="strict")


def to(address: str) -> RedirectResponse:
    """Go on there, with a GET."""
    return RedirectResponse(address, 303)


def route(
    desk: Desk,
    method: str,
    path: str,
    handler: Handler,
    needs: Needs,
    *,
    is_quiet: bool = False,
    fields: int = FIELDS_MAX,
) -> Route:
    """A page or a change, behind what it needs.

    Args:
        desk: what it works with.
        method: GET, or POST for whatever changes something.
        path: as Starlette takes it.
        handler: makes the answer; one that is no coroutine runs in a thread of its own.
        needs: what is needed.
        is_quiet: whether the page asks by itself, which does not count as somebody being there.
        fields: how many fields its form may have.
    """

    async def answer(request: Request) -> Response:
        token = request.cookies.get(COOKIE, "")
        account = await run_in_threadpool(desk.accounts.account_of, token, not is_quiet) if token else None
        visit = Visit(desk, request, account, {})
        try:
            refused = _refusal(visit, needs)
            if refused is not None:
                return refused
            if method == "POST":
                visit.form = await _form(visit, fields)
            if inspect.iscoroutinefunction(handler):
                return cast("Response", await handler(visit))
            return cast("Response", await run_in_threadpool(handler, visit))
        except FormcheckError as error:
            return visit.problem(_status_of(error), error.text)
        except HTTPException as error:
            return visit.problem(error.status_code, error.detail)
        except BodyError as error:
            return visit.problem(error.status, error.sentence)

    made = Route(path, answer, methods=[method], name=f"{method} {path}")
    made.needs = needs  # type: ignore[attr-defined]
    return made


def _refusal(visit: Visit, needs: Needs) -> Response | None:
    if needs == "open":
        return None
    if visit.account is None:
        if visit.request.method == "POST" or "hx-request" in visit.request.headers:
            answer = visit.problem(401, LOGGED_OUT)
            answer.headers["hx-redirect"] = "/login"
            return answer
        return to("/login")
    if needs != "account" and not visit.account.may(needs):
        visit.note("refused", detail=f"{needs}")
        return visit.problem(403, NOT_ALLOWED)
    return None


async def _form(visit: Visit, fields: int) -> Mapping[str, str]:
    """The form, if it came from a page of ours.

    Raises:
        HTTPException: it is none, or came from elsewhere.
    """
    request = visit.request
    if request.headers.get("content-type", FORM).partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415, NO_FORM)
    given = await request.form(max_files=0, max_fields=fields)
    form = {name: value for name, value in given.items() if isinstance(value, str)}
    brought = request.headers.get("x-csrf-token", form.get("csrf", ""))
    if not visit.token or not fits(visit.desk.secret, visit.token, brought):
        raise HTTPException(403, OLD_FORM)
    return form


def _status_of(error: FormcheckError) -> int:
    if isinstance(error, TooManyError):
        return 429
    if isinstance(error, StoreTroubleError | NoStoreError):
        return 503
    return 404 if isinstance(error, StoreError) and "There is no such" in error.text else 400


async def missing(_: Request, error: Exception) -> Response:
    """What is answered where there is no page, or the wrong method was used."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    return HTMLResponse(f"<!doctype html><title>FormCheck</title><p>{NOT_FOUND}</p>", status)


async def broken(_: Request, error: Exception) -> Response:
    """What is answered where we have made a mistake; only its kind is logged, since its text may hold anything."""
    log.error("desk.broken", kind=type(error).__name__)
    return HTMLResponse(f"<!doctype html><title>FormCheck</title><p>{BROKEN}</p>", 500)
