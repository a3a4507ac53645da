"""Whether a video file is whole, judged by the lengths that it declares itself.

OpenCV ends a cut-off file like any other, without a word; the number of pictures that it announces is an estimate
for several formats, so it can't tell either.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

# Boxes that stand at the top level of MP4 and MOV. Only these prove a cut: some cameras append junk.
_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"free", b"skip", b"wide", b"uuid", b"styp", b"sidx", b"mfra"})
_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
# Bytes read to tell a text file; longer than any playlist's head.
_SNIFF_BYTES = 2048


def is_text(path: Path) -> bool:
    """Whether a file is plain text. ffmpeg would "play" a .txt as ANSI art, and follow a playlist's addresses."""
    with path.open("rb") as file:
        head = file.read(_SNIFF_BYTES)
    # A sign cut in two at the end is no sign of a binary file.
    text = head.decode("utf-8", errors="ignore")
    return len(head) - len(text.encode()) < 4 and all(sign.isprintable() or sign in "\t\r\n\f\ufeff" for sign in text)


def is_cut_off(path: Path) -> bool:
    """Whether an MP4, MOV, AVI, MKV or WebM file is shorter than it says; False for other formats.

    Raises:
        OSError: the file can't be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        if head[4:8] in _BOXES:
            return _is_mp4_cut(file, size)
        if head[:4] == b"RIFF":
            declared = int.from_bytes(head[4:8], "little")
            # 0: the recorder crashed before it wrote the length. Long AVIs go on in further RIFF chunks.
            return declared == 0 or declared + 8 > size
        return head[:4] == _EBML and _is_matroska_cut(file, size)


def _is_mp4_cut(file: BinaryIO, size: int) -> bool:
    """Walk the top-level boxes: one reaches past the end, or the index (moov) never came."""
    position, has_index = 0, False
    while position + 8 <= size:
        file.seek(position)
        header = file.read(16)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        has_index = has_index or kind == b"moov"
        if length == 0:  # to the end of the file
            break
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if length < 8 or position + length > size:
            return kind in _BOXES or not has_index
        position += length
    return not has_index


def _is_matroska_cut(file: BinaryIO, size: int) -> bool:
    """Compare the segment's length with the file's; a live recording declares none."""
    file.seek(0)
    head = file.read(4096)
    start = head.find(_SEGMENT)
    if start < 0 or start + 5 > len(head):
        return False
    first = head[start + 4]
    width = 9 - first.bit_length()
    if not 1 <= width <= 8:
        return False
    raw = int.from_bytes(head[start + 4 : start + 4 + width], "big")
    unknown = (1 << 7 * width) - 1
    length = raw & unknown
    return length != unknown and start + 4 + width + length > size
