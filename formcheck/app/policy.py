"""What goes on above all pages: by default nothing. A kiosk locks keys, asks who is still there, and ends a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.screen import Intent, View

if TYPE_CHECKING:
    from formcheck.app.loop import Page


class Policy:
    """Told of everything that happens on every page. Override what is wanted."""

    def takes(self, intent: Intent, page: Page, now: float) -> bool:
        """Whether something that the person asked for goes no further: it was done here, or may not be done."""
        return False

    def turn(self, page: Page, now: float) -> None:
        """Time goes on; may leave the page."""

    def cover(self, view: View, page: Page, now: float) -> View:
        """What is shown in place of a page's view."""
        return view

    def drawn(self, now: float) -> None:
        """A picture is on the screen."""
