"""The working screen: picture, person, panel, cue and notices put together."""

from __future__ import annotations

from dataclasses import replace

from formcheck.core.rules.demonstration import film_of
from formcheck.screen.canvas import Box, Canvas, Pixels
from formcheck.screen.course import below_strip, draw_next, draw_sign, draw_steps, draw_strip
from formcheck.screen.guide import Guide
from formcheck.screen.hud import draw_panel
from formcheck.screen.intents import Action
from formcheck.screen.layout import Layout, arrange
from formcheck.screen.notices import (
    Banner,
    banner_for,
    draw_banner,
    draw_caption,
    draw_chips,
    draw_debug,
    draw_hints,
    draw_no_picture,
    draw_remedy,
    draw_sound,
)
from formcheck.screen.palette import BLUE_TEXT, PICTURE_EDGE, WHITE
from formcheck.screen.person import LockFrame, draw_contour, draw_skeleton, person_scale
from formcheck.screen.pointer import draw_arrow
from formcheck.screen.projection import Projection, as_bgr, project, put_picture
from formcheck.screen.shapes import brackets
from formcheck.screen.trace import draw_trace
from formcheck.screen.treadmill import arrange_run, draw_numbers
from formcheck.screen.words import Words
from formcheck.screen.work_view import Caption, SoundState, ViewModel

DIMMED = 0.55
"""Opacity of the veil over a picture in which nothing is being counted."""


class WorkScreen:
    """Draws a `ViewModel`. Keeps only the steady frame around the person, and the steady outline of the start."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._lock = LockFrame()
        self._guide = Guide()

    def draw(
        self, canvas: Canvas, view: ViewModel, sound: SoundState, is_large: bool = False
    ) -> list[tuple[Box, Action]]:
        """Draw everything.

        Returns:
            Where the keys' buttons stand.
        """
        layout = (arrange_run if view.is_run else arrange)(canvas.size, is_large)
        canvas.clear()
        if view.is_stopped:
            still = replace(view.snapshot, phase_text="", progress=0.0, faults=(), back="unknown")
            view = replace(view, snapshot=still)
        banner = banner_for(view, self._words)
        area = self._draw_picture(canvas, layout, view, banner)
        if banner is not None:
            draw_banner(canvas, layout, banner)
        self._draw_course(canvas, layout, view)
        draw_chips(canvas, layout, view, sound, self._words, area)
        if banner is None and view.snapshot.stage == "working":
            free = below_strip(area, layout.unit) if view.course is not None else area
            draw_trace(canvas, free, view, self._words, layout.unit)
        draw_sound(canvas, sound, self._words, area, layout.unit)
        draw_sign(canvas, layout.picture, view.sign, self._words, layout.unit)
        if view.debug is not None:
            draw_debug(canvas, layout, view.debug, self._words, area)
        if view.is_run:
            draw_numbers(canvas, layout, self._title(view), view.snapshot, self._words)
        else:
            draw_panel(canvas, layout, self._title(view), view, self._words)
        caption = _as_seen(view)
        is_open = draw_caption(canvas, layout, caption, self._words)
        if is_open and banner is None and caption is not None:
            draw_remedy(canvas, _upper_corner(layout.picture, layout.unit), caption)
        if view.course is not None and view.snapshot.stage == "countdown" and view.caption is None:
            draw_steps(canvas, layout.caption, view.course, self._words, layout.unit)
        return list(draw_hints(canvas, layout.hints, view.hints, self._words, layout.unit))

    def _title(self, view: ViewModel) -> str:
        if view.course is None:
            return self._words(view.title)
        place = self._words("{n} of {m}", n=view.course.number, m=view.course.count)
        return f"{self._words(view.title)} · {place}"

    def _draw_course(self, canvas: Canvas, layout: Layout, view: ViewModel) -> None:
        if view.course is None:
            if view.snapshot.stage == "countdown" and view.film is not None and view.image is not None:
                canvas.stage(_lower_corner(layout.picture), view.film, is_bare=True)
            return
        if view.snapshot.stage == "countdown":
            draw_next(canvas, layout.picture, view.title, view.course, view.film, self._words, layout.unit)
        draw_strip(canvas, layout.picture, view.course, layout.unit)

    def _draw_picture(self, canvas: Canvas, layout: Layout, view: ViewModel, banner: Banner | None) -> Box:
        """The camera picture with the person; the box that notices may use."""
        canvas.panel(layout.picture, PICTURE_EDGE)
        image = as_bgr(view.image)
        if image is None:
            draw_no_picture(canvas, layout, view, self._words)
            return layout.picture
        projection = project(image.shape[1], image.shape[0], layout.picture, view.is_mirrored)
        put_picture(canvas, image, projection)
        if banner is not None and banner.dims_picture:
            canvas.plate(projection.box, DIMMED)
        if view.course is None or view.snapshot.stage != "countdown":  # else the steps stand there
            self._draw_person(canvas, view, projection, layout.unit, layout.banner.bottom if banner else 0)
        if view.film is not None and view.snapshot.stage in ("setup", "waiting"):
            missing = [check.spot for check in view.snapshot.start_checks if check.spot and check.is_met is False]
            pixels, near = canvas.view(projection.box), view.snapshot.near
            self._guide.draw(pixels, view.film, view.pose, near, projection, missing, layout.unit)
        draw_arrow(canvas, projection.box, view.snapshot.setup_arrow, view.is_mirrored)
        return layout.picture

    def _draw_person(self, canvas: Canvas, view: ViewModel, projection: Projection, unit: float, top: int) -> None:
        pixels = canvas.view(projection.box)
        pose = view.pose
        frame = self._lock.follow(pose, projection)
        if pose is None or not pose.is_present:
            return
        if frame is not None:
            self._draw_lock(canvas, pixels, frame, projection, unit, top)
        fine = unit * person_scale(frame, unit)
        draw_skeleton(pixels, pose, projection, view.snapshot.near, fine)
        if view.back is not None:
            draw_contour(pixels, view.back, view.snapshot.back, projection, fine)

    def _draw_lock(
        self,
        canvas: Canvas,
        pixels: Pixels,
        frame: tuple[float, float, float, float],
        projection: Projection,
        unit: float,
        top: int,
    ) -> None:
        """The frame with its word; the word stands below `top`, the row where a banner ends."""
        brackets(pixels, frame, 22 * unit, BLUE_TEXT, 2.5 * unit)
        width, height = round(48 * unit), round(26 * unit)
        x = min(projection.box.x + round(frame[0]), projection.box.right - width)
        y = projection.box.y + round(frame[1]) - height - round(5 * unit)
        tag = Box(max(projection.box.x, x), max(projection.box.y, top, y), width, height)
        canvas.plate(tag)
        canvas.text(self._words("You"), tag.inset(2, 0), 14 * unit, ink=WHITE, align="centre")


def _as_seen(view: ViewModel) -> Caption | None:
    """The caption, with its figure lying the way that the person does on the screen."""
    caption, near = view.caption, view.snapshot.near
    if caption is None or caption.film is None or near is None:
        return caption
    film = caption.film
    is_turned = ((near == "right") != view.is_mirrored) != (film.side == "right")
    return replace(caption, film=film_of(film.of, film.fault, film.side, film.is_remedy, is_turned))


def _lower_corner(picture: Box) -> Box:
    """Where an exercise on its own is shown before it begins: large, and the person still sees themselves."""
    return picture.rows(0.45, 1.0).columns(0.0, 0.5)


def _upper_corner(picture: Box, unit: float) -> Box:
    """Where the right position stands when the words of its cue leave no room beside them."""
    return Box(picture.x, picture.y + round(20 * unit), round(0.36 * picture.w), round(0.46 * picture.h))
