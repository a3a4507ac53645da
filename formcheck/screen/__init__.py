"""The screen room: draws what it is told, and hands back which keys were pressed. The one place that knows pygame."""

from __future__ import annotations

from formcheck.screen.canvas import Box, Canvas, Label
from formcheck.screen.figures import figure_for
from formcheck.screen.overlay import Overlay
from formcheck.screen.painter import Painter
from formcheck.screen.view import (
    COURSE_HINTS,
    SETUP_HINTS,
    WORK_HINTS,
    Action,
    Bar,
    CameraState,
    Caption,
    Card,
    ChoiceView,
    Choose,
    Course,
    DebugNumbers,
    HelpView,
    Hint,
    MenuView,
    MessageView,
    Option,
    ReportRow,
    ReportView,
    SafetyView,
    SoundState,
    SummaryView,
    View,
    ViewModel,
)
from formcheck.screen.window import DisplayError, Window

__all__ = [
    "COURSE_HINTS",
    "SETUP_HINTS",
    "WORK_HINTS",
    "Action",
    "Bar",
    "Box",
    "CameraState",
    "Canvas",
    "Caption",
    "Card",
    "ChoiceView",
    "Choose",
    "Course",
    "DebugNumbers",
    "DisplayError",
    "HelpView",
    "Hint",
    "Label",
    "MenuView",
    "MessageView",
    "Option",
    "Overlay",
    "Painter",
    "ReportRow",
    "ReportView",
    "SafetyView",
    "SoundState",
    "SummaryView",
    "View",
    "ViewModel",
    "Window",
    "figure_for",
]
