"""The screen room: draws what it is told, and hands back which keys were pressed. The one place that knows pygame."""

from __future__ import annotations

from formcheck.screen.canvas import Box, Canvas, Label
from formcheck.screen.figures import figure_for
from formcheck.screen.overlay import Overlay
from formcheck.screen.painter import Painter
from formcheck.screen.view import (
    Action,
    CameraState,
    Caption,
    Card,
    Choose,
    DebugNumbers,
    HelpView,
    Hint,
    MenuView,
    MessageView,
    SoundState,
    SummaryView,
    View,
    ViewModel,
)
from formcheck.screen.window import DisplayError, Window

__all__ = [
    "Action",
    "Box",
    "CameraState",
    "Canvas",
    "Caption",
    "Card",
    "Choose",
    "DebugNumbers",
    "DisplayError",
    "HelpView",
    "Hint",
    "Label",
    "MenuView",
    "MessageView",
    "Overlay",
    "Painter",
    "SoundState",
    "SummaryView",
    "View",
    "ViewModel",
    "Window",
    "figure_for",
]
