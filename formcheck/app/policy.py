"""What goes on above all pages: by default nothing. A kiosk locks keys, asks who is still there, and ends a visit."""

from __future__ import annotations

from collections.abc import Sequence
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


class Policies(Policy):
    """Several, the first one first; its cover lies under that of the next."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        self._policies = tuple(policies)

    def takes(self, intent: Intent, page: Page, now: float) -> bool:
        """Whether one of them takes it; the others are not asked then."""
        return any(policy.takes(intent, page, now) for policy in self._policies)

    def turn(self, page: Page, now: float) -> None:
        """Time goes on for all."""
        for policy in self._policies:
            policy.turn(page, now)

    def cover(self, view: View, page: Page, now: float) -> View:
        """What all of them make of a view."""
        for policy in self._policies:
            view = policy.cover(view, page, now)
        return view

    def drawn(self, now: float) -> None:
        """All are told."""
        for policy in self._policies:
            policy.drawn(now)
