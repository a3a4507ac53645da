"""The slip that a clinician prints and hands over: the ticket's code, its number in large digits, its last day."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.kiosk.desk import Made, slip_words
from formcheck.kiosk.short_code import in_groups
from formcheck.kiosk.takeaway import matrix_of
from formcheck.screen import Box, Canvas
from formcheck.screen.lettering import PITCH, fit, width_px
from formcheck.screen.takeaway import QUIET, draw_code
from formcheck.system.errors import UsageError
from formcheck.system.files import Draft, cannot_write
from formcheck.system.shown import shown

PAGE_MM = (148, 210)
"""A5, upright."""
DOTS_PER_MM = 12
"""305 dots an inch."""
CODE_MM = 113
"""Side of the code with its white border. Of the code itself 9 cm and more: a webcam reads it at 45 cm."""
SVG_MM = 108
"""Width of a drawing's lines: room for a font that is wider than ours."""
BLACK, WHITE = (0, 0, 0), (255, 255, 255)


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of the slip, centred in its room."""

    text: str
    top_mm: float
    height_mm: float
    cap_mm: float
    is_bold: bool = True


def write_slip(path: Path, made: Made) -> None:
    """Write a slip as a picture (.png), a drawing (.svg) or a page (.pdf), in the ticket's language.

    Raises:
        FormcheckError: its name ends in another way, or it can't be written.
    """
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise UsageError(f"{shown(path)}: a slip is a .png, .svg or .pdf. Choose such a name.")
    data = write(made)
    with Draft(path) as draft:
        try:
            draft.path.write_bytes(data)
        except OSError as error:
            raise cannot_write(path, error) from error
        draft.keep()


def _texts(made: Made) -> Iterator[_Text]:
    heading, do_this, valid, meaning = slip_words(made.ticket)
    yield _Text(heading, 8, 14, 6.5)
    yield _Text(in_groups(made.ticket.code), 138, 17, 13)
    yield _Text(do_this, 157, 17, 3.6, False)
    yield _Text(valid, 176, 9, 4.6)
    yield _Text(meaning, 187, 14, 3.0, False)


def _drawn(made: Made) -> NDArray[np.uint8]:
    """The slip in grey, (2520, 1776)."""
    canvas = Canvas((PAGE_MM[0] * DOTS_PER_MM, PAGE_MM[1] * DOTS_PER_MM))
    canvas.clear(WHITE)
    side = CODE_MM * DOTS_PER_MM
    draw_code(canvas, Box((canvas.size[0] - side) // 2, 24 * DOTS_PER_MM, side, side), matrix_of(made.text))
    for text in _texts(made):
        room = Box(0, round(text.top_mm * DOTS_PER_MM), canvas.size[0], round(text.height_mm * DOTS_PER_MM))
        canvas.text(
            text.text, room.inset(10 * DOTS_PER_MM, 0), text.cap_mm * DOTS_PER_MM,
            ink=BLACK, backing=WHITE, align="centre", is_bold=text.is_bold,
        )  # fmt: skip
    return np.asarray(cv2.cvtColor(canvas.pixels, cv2.COLOR_BGR2GRAY), np.uint8)


def _png(made: Made) -> bytes:
    """A picture that says how large it is, so that it is printed so."""
    _, packed = cv2.imencode(".png", _drawn(made))
    data = packed.tobytes()
    size = struct.pack(">IIB", 1000 * DOTS_PER_MM, 1000 * DOTS_PER_MM, 1)
    chunk = struct.pack(">I", len(size)) + b"pHYs" + size + struct.pack(">I", zlib.crc32(b"pHYs" + size))
    end_of_header = 8 + 25
    return data[:end_of_header] + chunk + data[end_of_header:]


def _svg(made: Made) -> bytes:
    """A drawing in millimetres; its letters are those of whoever shows it."""
    width, height = PAGE_MM
    matrix = matrix_of(made.text)
    module = CODE_MM / (len(matrix) + 2 * QUIET)
    left, top = (width - CODE_MM) / 2 + QUIET * module, 24 + QUIET * module
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark)
    size, place = f'width="{width}mm" height="{height}mm"', f"translate({left:.3f} {top:.3f}) scale({module:.5f})"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<path transform="{place}" shape-rendering="crispEdges" d="{dark}"/>',
        *(line for text in _texts(made) for line in _svg_text(text)),
        "</svg>\n",
    ]
    return "\n".join(parts).encode()


def _svg_text(text: _Text) -> Iterator[str]:
    fitted = fit(
        text.text, SVG_MM * DOTS_PER_MM, round(text.height_mm * DOTS_PER_MM), text.cap_mm * DOTS_PER_MM, text.is_bold
    )
    em = fitted.em / DOTS_PER_MM
    weight = "bold" if text.is_bold else "normal"
    for i, line in enumerate(fitted.lines):
        y = text.top_mm + (text.height_mm - PITCH * em * len(fitted.lines)) / 2 + em * (0.92 + PITCH * i)
        length = width_px(line, fitted.em, text.is_bold) / DOTS_PER_MM  # another font takes as much room as ours
        yield (
            f'<text x="{PAGE_MM[0] / 2}" y="{y:.2f}" textLength="{length:.2f}" lengthAdjust="spacingAndGlyphs" '
            f'font-size="{em:.2f}" font-weight="{weight}" text-anchor="middle" '
            f'font-family="Atkinson Hyperlegible, Arial, sans-serif">{escape(line)}</text>'
        )


def _pdf(made: Made) -> bytes:
    """One page of its true size that holds the picture (ISO 32000-1)."""
    grey = _drawn(made)
    height, width = grey.shape
    w, h = (f"{mm * 72 / 25.4:.2f}" for mm in PAGE_MM)
    picture, drawing = zlib.compress(grey.tobytes(), 9), f"{w} 0 0 {h} 0 0 cm /Slip Do".encode()
    page = f"/Type/Page/Parent 2 0 R/MediaBox[0 0 {w} {h}]/Contents 4 0 R/Resources<</XObject<</Slip 5 0 R>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<<{page}>>".encode(),
        _stream(b"", drawing),
        _stream(
            f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8"
            "/Filter/FlateDecode".encode(),
            picture,
        ),
    ]  # fmt: skip
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    tail = b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return data + tail % (count, table, count, len(data))


def _stream(about: bytes, content: bytes) -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (about, len(content), content)


WRITERS: dict[str, Callable[[Made], bytes]] = {".png": _png, ".svg": _svg, ".pdf": _pdf}
