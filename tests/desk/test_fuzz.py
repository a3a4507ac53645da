"""Ten thousand requests of nobody's making: each is answered with a sentence, none with an error of ours."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from urllib.parse import quote_plus

from formcheck.desk.patience import Rate
from formcheck.desk.server import desk_of
from formcheck.store import open_store
from formcheck.store.upkeep import verify
from tests.desk.conftest import FAST
from tests.desk.test_doors import filled, kept, routes

__all__ = ["kept"]
REQUESTS = 10_500
NAMES = (
    "name", "password", "code", "roles", "role-clinician", "set", "rep", "choice", "why", "number", "off", "to", "line",
    "cue", "csrf", "page", "paper", "x",
)  # fmt: skip
TEXTS = (
    "", "0", "-1", "1e999", "99999999999999999999", "NaN", "on", "yes", "clean", "fault:low-back-arch", "fault:",
    "as-told", "'; DROP TABLE person; --", "<script>alert(1)</script>", "{{ 7*7 }}", "=cmd|' /C calc'!A0", "../../etc",
    "%00", "\x00", "\ud800", "\u202e", "é" * 50, "a" * 301, "x" * 5000, "None", "[]", "null", "\r\nSet-Cookie: a=b",
)  # fmt: skip


def body_of(draw, csrf):
    kind = draw.random()
    if kind < 0.1:
        return draw.randbytes(draw.randrange(200))
    fields = [(draw.choice(NAMES), draw.choice(TEXTS)) for _ in range(draw.randrange(8))]
    if kind < 0.8:
        fields.append(("csrf", csrf))
    encoded = "&".join(f"{quote_plus(n)}={quote_plus(t, errors='surrogatepass')}" for n, t in fields)
    return encoded.encode() + (draw.randbytes(3) if kind < 0.2 else b"")


def headers_of(draw, length):
    kind = draw.choice(("application/x-www-form-urlencoded",) * 6 + ("multipart/form-data", "text/plain", "x/\xff", ""))
    found = {"content-type": kind, "content-length": str(length)}
    if draw.random() < 0.1:
        found[draw.choice(("accept", "origin", "hx-request", "x-csrf-token", "cookie", "range"))] = draw.choice((
            "application/json", "null", "true", "\xe9", "a=b; c", "bytes=0-", "x" * 900,
        ))  # fmt: skip
    return found


def path_of(draw, path, kept):
    path = filled(path, kept)
    kind = draw.random()
    if kind < 0.1:
        path += "?" + draw.choice(("page=-1", "page=999999", "page=x", "paper=letter", "%00=%00", "a[]=1&a[]=2"))
    elif kind < 0.15:
        path = path[: draw.randrange(1, len(path) + 1)] + draw.choice(("/", "..", "%2f", "%00", "~", "\u00e9"))
    return path


def test_ten_thousand_requests_of_nobodys_making(house, kept):
    house.parts.close()
    parts = house.parts = desk_of(
        house.folder / "desk", lambda: open_store(house.where), now=house.clock, hasher=FAST, rate=Rate(1e9, 10**9)
    )
    browser = house.browser("chief")
    browser.get("/live")
    draw = random.Random(20261130)
    pages = [(method, path) for method, path, _ in routes(house) if path not in ("/live/events", "/logout")]
    forms, looks = ([page for page in pages if page[0] == method] for method in ("POST", "GET"))
    token = dict(browser.cookies)
    seen = Counter()

    async def all_of_them():
        for _ in range(REQUESTS):
            method, path = draw.choice(forms if draw.random() < 0.93 else looks)
            body = body_of(draw, browser.csrf) if method == "POST" else b""
            given = {"host": "127.0.0.1:8443", **headers_of(draw, len(body))}
            if draw.random() < 0.8:
                given.setdefault("cookie", "; ".join(f"{name}={value}" for name, value in token.items()))
            answer = await browser._ask(method, path_of(draw, path, kept), given, [body])
            assert answer.status < 500, (method, path, body, answer.words)
            assert b"Traceback" not in answer.content
            seen[answer.status] += 1

    asyncio.run(all_of_them())
    assert {200, 303, 400, 401, 403, 404, 415} <= set(seen)
    parts.close()
    house.open()
    with open_store(house.where) as store:
        assert verify(store).is_sound
        assert store.one(kept[1]).session.session_id == kept[1]
