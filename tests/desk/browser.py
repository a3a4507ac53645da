"""A browser of one person, as far as a server can tell: it speaks ASGI, keeps cookies, fills in forms."""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

HOST = "127.0.0.1:8443"


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    content: bytes

    @property
    def text(self):
        return self.content.decode()

    @property
    def words(self):
        """What stands on the page, without its marks."""
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", self.text)).split())

    def header(self, name):
        return next((value for each, value in self.headers if each == name), None)

    @property
    def to(self):
        return self.header("location")


@dataclass
class Browser:
    app: object
    address: str = "192.0.2.7"
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    """What the last page has put into its forms."""

    def get(self, path, **headers):
        return self.ask("GET", path, headers=headers)

    def post(self, path, fields=None, csrf=None, **headers):
        brought = self.csrf if csrf is None else csrf
        body = urlencode({"csrf": brought, **(fields or {})}).encode()
        return self.ask("POST", path, body, {"content-type": "application/x-www-form-urlencoded", **headers})

    def ask(self, method, path, body=b"", headers=None, chunks=None):
        given = {"host": HOST, "content-length": str(len(body))} | {
            name.replace("_", "-"): value for name, value in (headers or {}).items() if value is not None
        }
        if self.cookies:
            given["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = asyncio.run(self._ask(method, path, given, chunks or [body]))
        for name, value in answer.headers:
            if name == "set-cookie":
                for each, morsel in SimpleCookie(value).items():
                    self.cookies.pop(each, None) if morsel["max-age"] == "0" else self.cookies.update(
                        {each: morsel.value}
                    )
        if found := re.search(r'name="csrf" (?:content|value)="([0-9a-f]+)"', answer.content.decode("latin-1")):
            self.csrf = found[1]
        return answer

    async def _ask(self, method, path, headers, chunks):
        parts = urlsplit(path)
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "https",
            "path": parts.path, "raw_path": parts.path.encode(), "query_string": parts.query.encode(), "root_path": "",
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
            "client": (self.address, 4711), "server": ("127.0.0.1", 8443),
        }  # fmt: skip
        left, said = list(chunks), []

        async def receive():
            if not left:
                await asyncio.Event().wait()
            return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

        async def send(message):
            said.append(message)

        await self.app(scope, receive, send)
        start = next(message for message in said if message["type"] == "http.response.start")
        content = b"".join(message.get("body", b"") for message in said if message["type"] == "http.response.body")
        return Answer(start["status"], [(n.decode(), v.decode()) for n, v in start["headers"]], content)

    def log_in(self, name, password):
        self.get("/login")
        return self.post("/login", {"name": name, "password": password})
