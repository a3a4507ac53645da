"""Debian's Chromium, and a desk to look at."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from formcheck.store import Identity, open_store
from tests.desk.conftest import PASSWORD
from tests.desk.test_live import Running
from tests.store.sessions import written

CHROMIUM = "chromium"
AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
SIZES = {"tablet": {"width": 1024, "height": 768}, "laptop": {"width": 1366, "height": 768}}
SCHEMES = ("light", "dark")
NASTY = "<script>alert(1)</script><b>Ann</b> \"'><img src=x onerror=alert(2)>"
SHOTS = os.environ.get("FORMCHECK_SHOTS", "")
"""A folder for screenshots, where somebody wants to look at them."""


@pytest.fixture(scope="session")
def chromium():
    found = shutil.which(CHROMIUM)
    assert found, "There is no Chromium here. Install it: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def barriers(page):
    """What axe finds that is serious or worse."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['impact']} {each['id']}: {node['target']} {node['html'][:120]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


class Tab:
    """One browser of one person; what it complains of is kept."""

    def __init__(self, chromium, base="", size="laptop", scheme="light", downloads=True):
        self.base, self.complaints, self.dialogs = base, [], []
        self.context = chromium.new_context(
            viewport=SIZES[size], color_scheme=scheme, ignore_https_errors=True, accept_downloads=downloads
        )
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("dialog", self._dialog)

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _dialog(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.accept()

    def go(self, path):
        return self.page.goto(self.base + path)

    def log_in(self, name, password=PASSWORD):
        self.go("/login")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url(lambda url: not url.endswith("/login"))

    def words(self):
        return self.page.locator("body").inner_text()

    def barriers_of_report(self, answer):
        """Those of the report; its own page is a sandbox in which nothing runs, axe neither."""
        text, page = answer.text(), self.context.new_page()
        page.set_content(text)
        found = barriers(page)
        page.close()
        return found

    def barriers(self):
        """What axe finds on this page that is serious or worse."""
        return barriers(self.page)

    def shot(self, name):
        if SHOTS:
            self.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)

    def close(self):
        if self.page is not None:
            self.context.close()
            self.page = None


@pytest.fixture
def tab(chromium):
    """Makes tabs; each must have had nothing to complain of."""
    tabs = []

    def made(*arguments, **more):
        tabs.append(Tab(chromium, *arguments, **more))
        return tabs[-1]

    yield made
    for each in tabs:
        each.close()
    assert [complaint for each in tabs for complaint in each.complaints] == []


class House(Running):
    """A desk over TLS whose clock stands, with a patient and what they did."""

    def __init__(self, folder):
        super().__init__(folder)
        with open_store(self.where) as store:
            self.person = store.add_person(Identity(NASTY, "", "Nr-4711"))
            self.sessions = [
                written(store, n, self.person, days=n, names=("dead-bug", "bird-dog", "glute-bridge")).session_id
                for n in (1, 2)
            ]

    @property
    def base(self):
        return f"https://127.0.0.1:{self.port}"


@pytest.fixture
def house(tmp_path):
    with House(tmp_path) as house:
        yield house
