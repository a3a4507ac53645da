"""Scripts for the window's loop."""

from __future__ import annotations

from formcheck.app.loop import Page


class OnePage:
    """A script of one page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def first(self) -> Page:
        """The page."""
        return self._page

    def after(self, page: Page) -> None:
        """Nothing follows."""
