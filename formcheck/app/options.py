"""The options: a page over any other page, on which a person changes how the window is and how it leads."""

from __future__ import annotations

from formcheck.core.feedback.phrases import PAGES
from formcheck.core.text import marked, phrase
from formcheck.screen import Choose, Intent, OptionsView, Switch
from formcheck.system.wishes import CAPTIONS_S, Wishing

FIRST_ONE = marked("The first one")
ON, OFF = PAGES["page.on"], PAGES["page.off"]
FULLSCREEN, SOUND, CAMERA = "fullscreen", "sound", "choose-camera"
"""Switches that are the window's, the voice's and the menu's: the loop does what they say."""


def options_view(wishing: Wishing, *, is_fullscreen: bool, is_heard: bool) -> OptionsView:
    """What can be changed, and what it is set to."""
    now = wishing.now

    def switch(name: str, is_on: bool, line: str) -> Switch:
        return Switch(name, PAGES[f"page.{name}"], ON if is_on else OFF, line)

    return OptionsView(
        (
            switch("large", now.large, "To read from the mat on a small screen; the picture is smaller."),
            switch("contrast", now.contrast, "White letters on black."),
            Switch(
                "captions_s",
                PAGES["page.captions"],
                phrase("{n} s", n=now.captions_s),
                "How long you can read what was said.",
            ),
            switch("flash", now.flash, "The edge of the screen lights up with ticks and counts."),
            switch("pace", now.pace, "Soft ticks lead you: slowly on the floor, quick steps in a run. Key T."),
            switch("gentle", now.gentle, "Shorter ranges and more time, from the next exercise on."),
            Switch(CAMERA, "Camera", now.camera or FIRST_ONE, "Choose it by its picture, from the menu. Key C."),
            Switch(SOUND, "Sound", ON if is_heard else OFF, "Key M. Plus and minus make it louder and quieter."),
            Switch(FULLSCREEN, "Full screen", ON if is_fullscreen else OFF, "Key F."),
        )
    )


def change(wishing: Wishing, intent: Intent) -> None:
    """Do what was chosen on the page: the other way round, or the next of several."""
    if not isinstance(intent, Choose) or not hasattr(wishing.now, intent.name):
        return
    if intent.name == "captions_s":
        at = CAPTIONS_S.index(wishing.now.captions_s)
        wishing.change(captions_s=CAPTIONS_S[(at + 1) % len(CAPTIONS_S)])
    else:
        wishing.change(**{intent.name: not getattr(wishing.now, intent.name)})
