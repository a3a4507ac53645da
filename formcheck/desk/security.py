"""What holds for every request, whatever it asks for: which host, how large, from whose page, with which headers."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import math
import re
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from formcheck.core.text import marked
from formcheck.desk.patience import BODY_S, Rate

COOKIE = "__Host-formcheck"
"""The prefix makes browsers refuse it without Secure, with a Domain, or for a part of the paths."""
BODY_MAX = 64 * 1024
"""Bytes of a request's body: the largest form has a few hundred."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
TOO_OFTEN = marked("This device has asked too often. Wait a moment, then load the page again.")
TOO_LARGE = marked("That is too much.")
TOO_SLOW = marked("That came too slowly. Try again.")
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with "no-referrer" a browser sends "Origin: null" with our own forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
    "x-frame-options": "DENY",
}
"""On every answer, unless the answer has its own."""
SECURE_ONLY = {"strict-transport-security": "max-age=31536000"}
"""With TLS."""
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


class Guard:
    """Around the whole application: refuses strange hosts, foreign pages, large and slow bodies, and whoever asks too
    often; adds the headers."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], rate: Rate | None = None) -> None:
        """Wrap an application.

        Args:
            app: the application.
            hosts: names and addresses under which the desk may be asked for, without a port, small letters.
            rate: how often one device may ask.
        """
        self._app, self._hosts = app, frozenset(host.lower() for host in hosts)
        self._rate = Rate() if rate is None else rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        sender = _with_headers(scope, send)
        wait_s = self._rate.wait_s(scope["client"][0] if scope.get("client") else "")
        refused = (429, TOO_OFTEN) if wait_s else self._refusal(scope)
        if refused is None:
            await self._app(scope, _Limited(receive) if scope["type"] == "http" else receive, sender)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            answer = _told(scope, *refused)
            if wait_s:
                answer.headers["retry-after"] = str(math.ceil(wait_s))
            await answer(scope, receive, sender)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or host_of(hosts[0]) not in self._hosts:
            return 421, "The desk is not known under that name."
        origin = headers.get("origin")
        is_foreign = origin is not None and origin.partition("://")[2].lower() != hosts[0].lower()
        if is_foreign or (scope.get("method") == "POST" and _is_from_elsewhere(headers)):
            return 403, "This came from another page."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:12]) > BODY_MAX:
            return 413, TOO_LARGE
        return None


def _told(scope: Scope, status: int, sentence: str) -> Response:
    if "application/json" in Headers(scope=scope).get("accept", ""):
        return JSONResponse({"text": sentence}, status)
    return PlainTextResponse(sentence, status)


def host_of(header: str) -> str:
    """The name or address in a Host header, without its port."""
    found = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]/@\s]+)(:\d{1,5})?", header)
    return found[1].strip("[]").lower() if found else ""


def _is_from_elsewhere(headers: Headers) -> bool:
    return headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


class BodyError(Exception):
    """A body is not read to its end."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status, self.sentence = status, sentence


class _Limited:
    """A body that ends where it becomes too large or too slow, whatever its length was said to be."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._bytes, self._is_whole = receive, 0, False
        self._ends_s = asyncio.get_running_loop().time() + BODY_S

    async def __call__(self) -> Message:
        if self._is_whole:
            return await self._receive()  # what comes now is the end of the connection
        try:
            async with asyncio.timeout_at(self._ends_s):
                message = await self._receive()
        except TimeoutError as error:
            raise BodyError(408, TOO_SLOW) from error
        self._is_whole = not message.get("more_body", False)
        self._bytes += len(message.get("body", b""))
        if self._bytes > BODY_MAX:
            raise BodyError(413, TOO_LARGE)
        return message


def _with_headers(scope: Scope, send: Send) -> Send:
    added = HEADERS | (SECURE_ONLY if scope["scheme"] in ("https", "wss") else {})

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in added.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def csrf_of(secret: bytes, token: str) -> str:
    """What a form must bring back: it belongs to this browser's cookie, and only the desk can make it."""
    return hmac.new(secret, f"form\n{token}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def fits(secret: bytes, token: str, given: str) -> bool:
    """Whether a form brought back the right thing."""
    return hmac.compare_digest(csrf_of(secret, token).encode(), given.encode("utf-8", "surrogatepass"))


def policy_of_report(html: str) -> str:
    """The policy for a report, which stands for itself: its one style sheet by its hash, and nothing else at all."""
    styles = (hashlib.sha256(style.encode()).digest() for style in _STYLE.findall(html))
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in styles)
    return (
        f"default-src 'none'; style-src {allowed}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    )
