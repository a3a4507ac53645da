from __future__ import annotations

import base64
import socket
from typing import TYPE_CHECKING

import pytest

from formcheck.camera import CameraThread, NetworkStream, redact, stream
from formcheck.system.errors import SourceError

if TYPE_CHECKING:
    from tests.camera.conftest import MjpegServer, VirtualTime

GUARD_S = 20.0


def test_pictures_come_with_the_time_of_their_arrival(server: MjpegServer) -> None:
    server.answers = [30]
    ticks = iter(range(100, 200))
    with NetworkStream(server.url(), clock=lambda: float(next(ticks))) as source:
        assert source.is_live
        frames = [source.read() for _ in range(30)]
        with pytest.raises(SourceError, match="stopped sending pictures"):
            source.read()
    assert [f.t_s for f in frames if f is not None] == [100.0 + i for i in range(30)]
    assert [f.index for f in frames if f is not None] == list(range(30))
    assert {f.image.shape for f in frames if f is not None} == {(120, 160, 3)}
    assert [round((float(f.image[60:].mean()) - 20) / 4) for f in frames if f is not None] == list(range(30))


def test_user_and_password_reach_the_camera_and_nobody_else(
    server: MjpegServer, capfd: pytest.CaptureFixture[str]
) -> None:
    server.password_needed = True
    server.answers = [30]
    with NetworkStream(server.url(user="clara:s3cr%40t@")) as source:
        assert source.read() is not None
    assert server.authorizations[-1] == "Basic " + base64.b64encode(b"clara:s3cr@t").decode()
    shown = source.name + str(vars(source.fresh())["name"]) + repr(source) + capfd.readouterr().err
    assert "s3cr" not in shown
    assert "clara" not in shown


def test_nothing_is_contacted_before_opening(server: MjpegServer) -> None:
    NetworkStream(server.url()).fresh()
    assert server.visits == []


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_a_wrong_port_is_told_without_the_password(scheme: str, capfd: pytest.CaptureFixture[str]) -> None:
    port = closed_port()
    with pytest.raises(SourceError) as error:
        NetworkStream(f"{scheme}://clara:s3cret@127.0.0.1:{port}/v?pwd=s3cret").open()
    assert str(error.value) == (
        f"No pictures come from {scheme}://***@127.0.0.1:{port}/v?***. "
        "Check that it is on, its address and its password."
    )
    assert capfd.readouterr().err == ""


def test_an_answer_without_pictures_is_told(server: MjpegServer) -> None:
    server.answers = ["refuse"]
    with pytest.raises(SourceError, match="No pictures come from"):
        NetworkStream(server.url()).open()
    assert server.visits == ["/video"]


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_a_host_that_never_answers_is_given_up(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "OPEN_TIMEOUT_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(SourceError, match="No pictures come from"):
        NetworkStream(f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/v").open()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://10.0.0.5:554/live/1", "rtsp://10.0.0.5:554/live/1"),
        ("rtsp://u:p@10.0.0.5/live", "rtsp://***@10.0.0.5/live"),
        ("rtsp://u:p@ss@10.0.0.5/live", "rtsp://***@10.0.0.5/live"),
        ("rtsp://u:p/w@10.0.0.5/live", "rtsp://***@10.0.0.5/live"),
        ("rtsp://u:p?w#x@10.0.0.5/live", "rtsp://***@10.0.0.5/live"),
        ("http://10.0.0.5/video?user=u&pwd=p", "http://10.0.0.5/video?***"),
        ("rtsp://10.0.0.5/user=u_password=p_channel=1.sdp", "rtsp://10.0.0.5/***"),
        ("http://[fe80::1]:80/v#p", "http://[fe80::1]:80/v"),
        ("u:p", "***"),
    ],
)
def test_an_address_is_shown_without_its_secrets(address: str, shown: str) -> None:
    assert redact(address) == shown


def test_a_dropped_connection_comes_back_by_itself(server: MjpegServer, virtual: VirtualTime) -> None:
    server.answers = [40, "refuse", "hold"]
    camera = CameraThread(NetworkStream(server.url()), clock=virtual.clock, wait=virtual.wait)
    with camera:
        first = camera.take(GUARD_S)
        virtual.until_waiting(0.5)  # the server hung up
        lost = camera.state
        while camera.take(0) is not None:
            pass
        virtual.advance(0.5)  # and refuses
        virtual.until_waiting(1.0)
        refused = camera.state
        virtual.advance(1.0)  # and is there again
        again = camera.take(GUARD_S)
        state = camera.state
    assert first is not None
    assert again is not None
    assert (lost.status, lost.reconnects) == ("lost", 0)
    assert lost.message == (
        f"http://127.0.0.1:{server.port}/video stopped sending pictures. Check its cable and its power. Trying again …"
    )
    assert (refused.status, refused.reconnects) == ("lost", 0)
    assert (state.status, state.reconnects, state.message) == ("live", 1, "")
    assert again.index >= 40
    assert len(server.visits) == 3
