"""A network camera, by its address."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import av

from formcheck.camera.decoder import Decoder, NoVideoError
from formcheck.camera.live import LiveSource
from formcheck.core.text import phrase
from formcheck.system.errors import SourceError

SCHEMES = ("http", "https", "rtsp", "rtsps")
OPEN_TIMEOUT_S = 5.0
"""A camera on the same network answers within one second; a sleeping one needs a few."""
READ_TIMEOUT_S = 5.0
"""Longer than the 2 s after which the picture counts as lost, so that a hiccup doesn't cost a reconnection on FFmpeg's
side too; short enough that a dead connection's thread ends by itself."""
OPTIONS = {
    "protocol_whitelist": "http,https,httpproxy,tcp,tls,udp,rtp,srtp,crypto",
    "rtsp_transport": "tcp",
}
"""For FFmpeg: a stream never leads to a file of this machine; RTSP's pictures come whole, over TCP. Not `nobuffer`: it
throws away what was read to learn the format, and with it the one whole picture for seconds (measured)."""


def redact(address: str) -> str:
    """The address as it may be shown: without user, password, query, or path pieces that carry settings.

    Cameras take passwords in all of these places (`rtsp://u:p@…`, `?pwd=…`, `/user=u_password=p/`).
    """
    scheme, mark, rest = address.strip().partition("://")
    if not mark:
        return "***"
    # The last "@": passwords with an unescaped "/" or "@" in them do occur.
    user, at, place = rest.rpartition("@")
    place, question, _ = place.partition("?")
    place = "/".join("***" if "=" in piece else piece for piece in place.partition("#")[0].split("/"))
    return f"{scheme}://{'***@' if at and user else ''}{place}{'?***' if question else ''}"


class NetworkStream(LiveSource):
    """MJPEG or MPEG-TS over HTTP or HTTPS, or RTSP.

    The stream is taken as live: each picture bears the time at which it arrived.
    """

    def __init__(self, address: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare it; nothing is contacted before `open`.

        Args:
            address: `http://`, `https://`, `rtsp://` or `rtsps://`; user and password may stand in it.
            clock: seconds; read right after each grab.

        Raises:
            SourceError: the address is of another kind.
        """
        super().__init__(redact(address), clock)
        self._address = address.strip()
        if not re.match(rf"({'|'.join(SCHEMES)})://[^/]", self._address, re.IGNORECASE):
            raise SourceError(
                phrase(
                    "{name} is not the address of a camera: it must begin with http://, https:// or rtsp:// "
                    "and name the camera.",
                    name=self.name,
                )
            )

    def open(self) -> None:
        """Connect.

        Raises:
            SourceError: nothing answers, or what answers sends no pictures.
        """
        self.close()
        try:
            decoder = Decoder(self._address, OPTIONS, is_live=True, timeout_s=(OPEN_TIMEOUT_S, READ_TIMEOUT_S))
        except (av.error.FFmpegError, NoVideoError, ValueError):
            raise SourceError(
                phrase(
                    "No pictures come from {name}. Check that it is on, its address and its password.", name=self.name
                )
            ) from None
        self._begin(decoder)

    def fresh(self) -> NetworkStream:
        """An unconnected source of the same address."""
        return NetworkStream(self._address, self._clock)
