"""Pictures with their times: webcam, video file, picture folder, network stream, test picture.

Nothing is written, and no network is touched unless a stream's address was given.
"""

from formcheck.camera.cameras import CameraInfo, find_camera, list_cameras
from formcheck.camera.folder import ImageFolder
from formcheck.camera.frame import Frame
from formcheck.camera.picture import to_bgr
from formcheck.camera.reader import CameraState, CameraThread
from formcheck.camera.slot import LatestFrame
from formcheck.camera.source import Source
from formcheck.camera.specification import open_source
from formcheck.camera.stream import NetworkStream, redact
from formcheck.camera.synthetic import Synthetic, moving_picture
from formcheck.camera.video import VideoFile
from formcheck.camera.view import AS_IT_IS, View
from formcheck.camera.webcam import Webcam

__all__ = [
    "AS_IT_IS",
    "CameraInfo",
    "CameraState",
    "CameraThread",
    "Frame",
    "ImageFolder",
    "LatestFrame",
    "NetworkStream",
    "Source",
    "Synthetic",
    "VideoFile",
    "View",
    "Webcam",
    "find_camera",
    "list_cameras",
    "moving_picture",
    "open_source",
    "redact",
    "to_bgr",
]
