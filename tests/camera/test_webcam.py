from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, ClassVar

import cv2
import cv2_enumerate_cameras
import numpy as np
import pytest

from formcheck.camera import CameraInfo, View, Webcam, find_camera, list_cameras
from formcheck.camera.live import MAX_BROKEN
from formcheck.camera.reader import STALL_S
from formcheck.camera.turned import Turned
from formcheck.system.errors import SourceError


class Device:
    """OpenCV's capture, as far as a webcam needs it: what it is asked is written down."""

    calls: ClassVar[list[tuple[Any, ...]]] = []
    pictures: ClassVar[list[Any]] = []
    """What each grab finds: a picture, "broken", or "gone"."""
    present: ClassVar[set[int]] = set()

    def __init__(self, index: int, backend: int, _settings: list[int]) -> None:
        self.index = index
        self._picture: Any = None
        self.calls.append(("open", index, backend))

    def isOpened(self) -> bool:  # noqa: N802 -- OpenCV's name
        return self.index in self.present

    def set(self, prop: int, value: float) -> bool:
        self.calls.append(("set", prop, value))
        return True

    def get(self, prop: int) -> float:
        return 30.0 if prop == cv2.CAP_PROP_FPS else 0.0

    def grab(self) -> bool:
        self.calls.append(("grab",))
        self._picture = self.pictures.pop(0) if self.pictures else "gone"
        return not isinstance(self._picture, str) or self._picture != "gone"

    def retrieve(self) -> tuple[bool, Any]:
        self.calls.append(("retrieve",))
        return (False, None) if isinstance(self._picture, str) else (True, self._picture)

    def release(self) -> None:
        self.calls.append(("release",))


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> type[Device]:
    Device.calls.clear()
    Device.pictures[:] = [np.full((120, 160, 3), i, np.uint8) for i in range(3)]
    Device.present.clear()
    Device.present.add(0)
    monkeypatch.setattr(cv2, "VideoCapture", Device)
    return Device


def plug_in(monkeypatch: pytest.MonkeyPatch, *names: str, path: str = "") -> None:
    found = [SimpleNamespace(index=i, name=name, path=path) for i, name in enumerate(names)]
    monkeypatch.setattr(cv2_enumerate_cameras, "enumerate_cameras", lambda _backend: list(reversed(found)))


def ticking(device: type[Device], *times: float) -> Callable[[], float]:
    left: Iterator[float] = iter(times)

    def clock() -> float:
        device.calls.append(("clock",))
        return next(left)

    return clock


def test_the_format_is_asked_for_before_the_size(device: type[Device]) -> None:
    with Webcam(0, width=640, height=480):
        pass
    asked = [call[1:] for call in device.calls if call[0] == "set"]
    assert asked[:3] == [
        (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),
        (cv2.CAP_PROP_FRAME_WIDTH, 640),
        (cv2.CAP_PROP_FRAME_HEIGHT, 480),
    ]
    assert device.calls[0] == ("open", 0, cv2.CAP_V4L2)
    assert device.calls[-1] == ("release",)


def test_the_time_is_taken_between_grabbing_and_decoding(device: type[Device]) -> None:
    with Webcam(0, clock=ticking(device, 7.0, 7.5)) as camera:
        del device.calls[:]
        frames = [camera.read(), camera.read()]
    assert device.calls[:3] == [("grab",), ("clock",), ("retrieve",)]
    assert [(f.t_s, f.index) for f in frames if f is not None] == [(7.0, 0), (7.5, 1)]


def test_a_coarse_clock_gives_no_two_pictures_one_time(device: type[Device]) -> None:
    with Webcam(0, clock=ticking(device, 7.0, 7.0, 7.0)) as camera:
        times = [frame.t_s for frame in (camera.read(), camera.read(), camera.read()) if frame is not None]
    assert times == sorted(set(times))
    assert len(times) == 3


def test_a_torn_picture_is_passed_over(device: type[Device]) -> None:
    device.pictures.insert(0, "broken")
    with Webcam(0) as camera:
        frame = camera.read()
    assert frame is not None
    assert frame.index == 1


def decoded(camera: Webcam, count: int) -> list[float]:
    """Times of the next pictures that are read."""
    return [round(frame.t_s, 3) for _ in range(count) if (frame := camera.read()) is not None]


def test_a_spared_camera_is_grabbed_all_along_and_decoded_seldom(device: type[Device]) -> None:
    device.pictures[:] = [np.full((120, 160, 3), i, np.uint8) for i in range(60)]
    with Webcam(0, clock=ticking(device, *[i / 30 for i in range(60)])) as camera:
        camera.spare(0.25)
        times = decoded(camera, 5)
    assert times == [0.0, 0.267, 0.5, 0.767, 1.0]  # four a second, though 0.25 s is no multiple of the camera's 1/30
    assert [call[0] for call in device.calls].count("retrieve") == 5
    assert [call[0] for call in device.calls].count("grab") == 31


def test_sparing_can_be_switched_on_and_off_while_it_runs(device: type[Device]) -> None:
    device.pictures[:] = [np.full((120, 160, 3), i, np.uint8) for i in range(60)]
    with Webcam(0, clock=ticking(device, *[i / 10 for i in range(60)])) as camera:
        times = decoded(camera, 2)
        camera.spare(0.5)
        times += decoded(camera, 3)
        camera.spare(0.0)
        times += decoded(camera, 2)
    assert times == [0.0, 0.1, 0.2, 0.6, 1.1, 1.2, 1.3]


def test_pictures_are_never_spared_for_so_long_that_the_camera_counts_as_lost(device: type[Device]) -> None:
    device.pictures[:] = [np.full((120, 160, 3), i, np.uint8) for i in range(60)]
    with Webcam(0, clock=ticking(device, *[i / 10 for i in range(60)])) as camera:
        camera.spare(60.0)
        times = decoded(camera, 3)
    assert max(np.diff(times)) < STALL_S


def test_a_camera_whose_picture_is_turned_is_spared_as_well(device: type[Device]) -> None:
    device.pictures[:] = [np.full((120, 160, 3), i, np.uint8) for i in range(60)]
    with Turned(Webcam(0, clock=ticking(device, *[i / 10 for i in range(60)])), View.turned(90)) as camera:
        camera.spare(0.5)
        assert [round(frame.t_s, 1) for _ in range(2) if (frame := camera.read()) is not None] == [0.0, 0.5]


def test_torn_pictures_are_counted_only_among_the_decoded_ones(device: type[Device]) -> None:
    device.pictures[:] = ["broken"] * (MAX_BROKEN + 10) + [np.zeros((9, 9, 3), np.uint8)] * 9
    with Webcam(0, clock=ticking(device, *[i / 10 for i in range(90)])) as camera:
        camera.spare(0.5)
        assert camera.read() is not None


@pytest.mark.parametrize("pictures", [[], ["broken"] * MAX_BROKEN + [np.zeros((9, 9, 3), np.uint8)]])
def test_a_camera_without_a_picture_says_so(device: type[Device], pictures: list[Any]) -> None:
    device.pictures[:] = pictures
    with Webcam(0) as camera, pytest.raises(SourceError, match=r"Camera 0 stopped sending pictures. Check its cable"):
        camera.read()


@pytest.mark.usefixtures("device")
def test_a_missing_number_names_the_cameras_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, "Lid", "Logitech C920")
    with pytest.raises(SourceError) as error:
        Webcam(7).open()
    assert str(error.value) == "No camera number 7. Cameras found: 0 (Lid), 1 (Logitech C920)."


@pytest.mark.usefixtures("device")
def test_a_missing_number_without_any_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch)
    with pytest.raises(SourceError, match=r"No camera number 7. Cameras found: none. Plug one in"):
        Webcam(7).open()


def test_a_camera_in_use_says_so(device: type[Device], monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, "Lid", "Logitech C920")
    with pytest.raises(SourceError, match=r"Camera 1 \(Logitech C920\) can't be opened: close other programs"):
        Webcam(1).open()
    assert device.calls[-1] == ("release",)


@pytest.mark.usefixtures("device")
def test_a_forbidden_camera_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, "Lid", "Logitech C920", path="/dev/no-such-video")
    with pytest.raises(SourceError, match="may not be used by this account"):
        Webcam(1).open()


def test_a_name_is_looked_up_at_each_opening(device: type[Device], monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, "Lid", "Logitech C920")
    device.present.update({1, 2})
    camera = Webcam("logitech")
    with camera:
        pass
    plug_in(monkeypatch, "Lid", "Other", "Logitech C920")
    with camera.fresh():
        pass
    assert [call[1] for call in device.calls if call[0] == "open"] == [1, 2]


def test_a_fresh_one_asks_for_the_same(device: type[Device]) -> None:
    with Webcam(0, width=640, height=360, rate_fps=15.0).fresh():
        pass
    assert {call[2] for call in device.calls if call[0] == "set"} >= {640, 360, 15.0}


def test_cameras_are_listed_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, "Lid", "")
    assert list_cameras() == (CameraInfo(0, "Lid"), CameraInfo(1, "camera 1"))


@pytest.mark.parametrize("error", [OSError, RuntimeError, NotImplementedError, ImportError, AttributeError])
def test_listing_cameras_never_raises(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def fail(_backend: int) -> list[object]:
        raise error

    monkeypatch.setattr(cv2_enumerate_cameras, "enumerate_cameras", fail)
    assert list_cameras() == ()


CAMERAS = (CameraInfo(0, "Cam Pro"), CameraInfo(1, "Cam"), CameraInfo(2, "Étage"))


@pytest.mark.parametrize(("name", "index"), [("cam", 1), ("PRO", 0), ("am", 0), ("éTAGE", 2)])
def test_a_name_finds_its_camera(name: str, index: int) -> None:
    assert find_camera(name, CAMERAS).index == index


@pytest.mark.parametrize("name", ["sony", ""])
def test_a_wrong_name_names_the_cameras_that_there_are(name: str) -> None:
    with pytest.raises(SourceError, match=rf"“{name}”. Cameras found: 0 \(Cam Pro\), 1 \(Cam\), 2 \(Étage\)\."):
        find_camera(name, CAMERAS)


def cameras(*names: str) -> list[CameraInfo]:
    return [CameraInfo(i, name) for i, name in enumerate(names)]


def test_a_camera_given_by_its_number_is_found_again_by_its_name(device: type[Device]) -> None:
    """It was unplugged, and came back behind another one."""
    there = cameras("Front", "Desk")
    device.present.update({0, 1, 2})
    camera = Webcam(1, cameras=lambda: there)
    camera.open()
    there[:] = cameras("Front", "Other", "Desk")
    camera.fresh().open()
    assert [call[1] for call in device.calls if call[0] == "open"] == [1, 2]


def test_another_camera_is_not_opened_in_its_place(device: type[Device]) -> None:
    there = cameras("Front", "Desk")
    device.present.update({0, 1})
    camera = Webcam(1, cameras=lambda: there)
    camera.open()
    there[:] = cameras("Front", "Other")
    with pytest.raises(SourceError, match=r"Camera “Desk” is not plugged in. Cameras found: 0 \(Front\), 1 \(Other\)."):
        camera.fresh().open()
    there[:] = cameras("Front", "Other", "Desk")
    device.present.add(2)
    camera.fresh().open()
    assert device.calls[-6][:2] == ("open", 2)


def test_of_two_cameras_of_one_name_the_number_tells(device: type[Device]) -> None:
    device.present.update({0, 1})
    camera = Webcam(1, cameras=lambda: cameras("Twin", "Twin"))
    camera.open()
    camera.fresh().open()
    assert [call[1] for call in device.calls if call[0] == "open"] == [1, 1]


def test_where_cameras_cannot_be_listed_the_number_is_all_there_is(device: type[Device]) -> None:
    camera = Webcam(0, cameras=lambda: ())
    camera.open()
    camera.fresh().open()
    assert [call[1] for call in device.calls if call[0] == "open"] == [0, 0]


SYSTEMS = [
    ("linux", cv2.CAP_V4L2, "plug it in again, or add this account to the group “video” and log in again."),
    ("win32", cv2.CAP_DSHOW, "plug it in again, or allow it in Settings, Privacy & security, Camera."),
    ("darwin", cv2.CAP_AVFOUNDATION, "plug it in again, or allow it in System Settings, Privacy & Security, Camera."),
    ("freebsd14", cv2.CAP_ANY, "plug it in again, or add this account to the group “video” and log in again."),
]


@pytest.mark.parametrize(("system", "backend", "advice"), SYSTEMS)
def test_each_system_lists_and_opens_by_its_own_door_and_says_how_to_allow_it(
    device: type[Device], monkeypatch: pytest.MonkeyPatch, system: str, backend: int, advice: str
) -> None:
    listed: list[int] = []

    def enumerate_cameras(by: int) -> list[SimpleNamespace]:
        listed.append(by)
        return [SimpleNamespace(index=0, name="Lid", path="")]

    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(cv2_enumerate_cameras, "enumerate_cameras", enumerate_cameras)
    Webcam(0).open()
    assert set(listed) == {backend}
    assert device.calls[0] == ("open", 0, backend)
    device.present.clear()
    with pytest.raises(SourceError, match=re.escape(advice)):
        Webcam(0).open()


@pytest.mark.usefixtures("device")
def test_a_device_file_that_may_be_used_is_not_called_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, "Lid", "Logitech C920", path="/dev/null")
    with pytest.raises(SourceError) as error:
        Webcam(1).open()
    assert str(error.value).endswith("close other programs that use it, or plug it in again.")
