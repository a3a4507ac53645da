"""Recorded pose streams: what the pose room saw, as one `.npz` file. Written only when asked for.

The file holds numbers of one person, no picture and no name: `header` (JSON text) and the arrays of `ARRAYS`. What is
read may come from anywhere: every size is checked before memory is taken, every array before it is believed.
"""

from __future__ import annotations

import contextlib
import json
import math
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, get_args

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from formcheck.core.body.back import STATIONS, Back, Contour, Unknown
from formcheck.core.body.pose import JOINT_COUNT, Evidence, Pose
from formcheck.system.errors import SourceError
from formcheck.system.shown import shown

SCHEMA = "formcheck.poses/1"
ARRAYS: dict[str, tuple[str, tuple[int, ...]]] = {
    "header": ("U", ()),
    "t_s": ("f", ()),
    "index": ("iu", ()),
    "size": ("iu", (2,)),
    "xy_px": ("f", (JOINT_COUNT, 2)),
    "evidence": ("u", (JOINT_COUNT,)),
    "present": ("b", ()),
    "others": ("iu", ()),
    "offset_t": ("f", (len(STATIONS),)),
    "sd_t": ("f", (len(STATIONS),)),
    "contour_px": ("f", (len(STATIONS), 2)),
    "unknown": ("U", ()),
    "belly_t": ("f", ()),
    "consensus_t": ("f", (2, len(STATIONS))),
    "person": ("iu", ()),
}
"""Each array: the kinds that its numbers may have (numpy's letters), and its shape after the first axis, one row a
picture; the header is a single text."""
OPTIONAL = frozenset({"belly_t", "consensus_t", "person"})
"""Absent in old files."""
BYTES_MAX = 1 << 30
"""Memory that a stream may take: 0.8 kB a picture, so eleven hours at 30 pictures/s."""
PIXELS_MAX = 1e6
"""Joints further off than this, in pixels, are no joints: a picture of 8K is 7680 wide."""
SECONDS_MAX = 1e9
"""Times beyond this (thirty years) are no times of a camera."""


def save_recording(file: BinaryIO, stream: Sequence[tuple[Pose, Back]], source: dict[str, Any]) -> None:
    """Write a stream and the description of its source to a file that is open (by name, numpy would add `.npz`)."""
    poses, backs = [p for p, _ in stream], [b for _, b in stream]
    np.savez_compressed(
        file,
        header=np.array(json.dumps({"schema": SCHEMA, "source": source})),
        t_s=np.array([p.t_s for p in poses]),
        index=np.array([p.index for p in poses]),
        size=np.array([(p.width, p.height) for p in poses]),
        xy_px=np.array([p.xy_px for p in poses], np.float32),
        evidence=np.array([p.evidence for p in poses], np.uint8),
        present=np.array([p.is_present for p in poses]),
        others=np.array([p.others for p in poses]),
        person=np.array([p.person for p in poses]),
        offset_t=np.array([b.offset_tl for b in backs], np.float32),
        sd_t=np.array([b.sd_tl for b in backs], np.float32),
        contour_px=np.array([b.contour_px for b in backs], np.float32),
        unknown=np.array([b.unknown for b in backs]),
        belly_t=np.array([b.belly_tl for b in backs], np.float32),
        consensus_t=np.array([_rows(b) for b in backs], np.float32),
    )


def _rows(back: Back) -> NDArray[np.float32]:
    """(2, 17) offsets and doubts of the consensus; NaN where there is none."""
    if back.consensus is None:
        return np.full((2, len(STATIONS)), np.nan, np.float32)
    return np.stack([back.consensus.offset_tl, back.consensus.sd_tl])


class Recording:
    """A recorded stream; iterate it for `(Pose, Back)` pairs."""

    def __init__(self, path: Path, file: BinaryIO | None = None) -> None:
        """Open a recording.

        Args:
            path: where it lies.
            file: its bytes, where they are at hand; `path` is only its name then.

        Raises:
            SourceError: not a recording, damaged, or without a picture; the text says which.
        """
        name = shown(path.name)
        with _told(name):
            self._data = _read(file or path)
            self.source: dict[str, Any] = _source(str(self._data.pop("header")))
            problem = _problem(self._data)
        if problem:
            raise SourceError(f"{name} {problem}. Record it again.")

    @staticmethod
    def source_of(path: Path) -> dict[str, Any]:
        """What a recording's header says of its source, without reading the rest.

        Raises:
            SourceError: it has no such header.
        """
        with _told(shown(path.name)), zipfile.ZipFile(path) as archive:
            return _source(str(_array(archive, archive.getinfo("header.npy"), "header")))

    def __len__(self) -> int:
        return len(self._data["t_s"])

    def __iter__(self) -> Iterator[tuple[Pose, Back]]:
        d, count = self._data, len(self)
        plain = [d[name].tolist() for name in ("t_s", "index", "size", "present", "others", "unknown")]
        person = d["person"].tolist() if "person" in d else [0] * count
        belly = d["belly_t"].tolist() if "belly_t" in d else [math.nan] * count
        outlines: Iterable[Contour | None] = map(_contour, d["consensus_t"]) if "consensus_t" in d else [None] * count
        arrays = (d[name] for name in ("xy_px", "evidence", "offset_t", "sd_t", "contour_px"))
        rows = zip(*plain, person, belly, outlines, *arrays, strict=True)
        for t_s, index, size, present, others, unknown, who, belly_tl, outline, xy_px, evidence, *lines in rows:
            pose = Pose(t_s, index, size[0], size[1], xy_px, evidence, present, others, who)
            yield pose, Back(t_s, lines[0], lines[1], lines[2], unknown, belly_tl, outline)


def _contour(rows: NDArray[np.float32]) -> Contour | None:
    """(2, 17) offsets and doubts as an outline; None where no station is known."""
    return None if np.isnan(rows[0]).all() else Contour(*rows)


class TooLargeError(Exception):
    """A stream would take more memory than it may."""


@contextlib.contextmanager
def _told(name: str) -> Iterator[None]:
    """Whatever a stranger's file does to its readers, as a sentence."""
    try:
        yield
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise SourceError(f"{name} can't be read ({error.strerror or error}). Check the path.") from error
    except TooLargeError as error:
        raise SourceError(f"{name} is larger than any recording of a session. Record it again.") from error
    except Exception as error:  # a stranger's bytes may break the readers of others in any way
        text = f"{name} is not a FormCheck pose recording, or it is damaged. Record it again."
        raise SourceError(text) from error


def _read(path: Path | BinaryIO) -> dict[str, NDArray[Any]]:
    """The arrays of a file, each of the right kind and shape; all of them are as long as `t_s`.

    Raises:
        OSError: it can't be read.
        Exception: it is damaged, in whatever way.
    """
    with zipfile.ZipFile(path) as archive:
        entries = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist()}
        if len(entries) != len(archive.infolist()) or not ARRAYS.keys() - OPTIONAL <= entries.keys():
            raise ValueError("its arrays are not ours")
        if sum(entry.file_size for entry in entries.values()) > BYTES_MAX:
            raise TooLargeError
        data = {name: _array(archive, entry, name) for name, entry in entries.items()}
    if {len(array) for name, array in data.items() if name != "header"} != {len(data["t_s"])}:
        raise ValueError("its arrays are not equally long")
    return data


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> NDArray[Any]:
    """One array, whose size is known to be the one of its file before that is read; the archive checks its sum."""
    kinds, tail = ARRAYS[name]
    with archive.open(entry) as file:
        read_header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[npy.read_magic(file)]
        shape, is_fortran, dtype = read_header(file)
        fits = shape == () if name == "header" else shape[1:] == tail and len(shape) > 0
        size = math.prod(shape) * dtype.itemsize
        if dtype.kind not in kinds or not fits or is_fortran or file.tell() + size != entry.file_size:
            raise ValueError(f"{name} is not as it should be")
        return np.frombuffer(file.read(), dtype).reshape(shape)


def _source(header: str) -> dict[str, Any]:
    """What the header says of the source: plain values by name."""
    read = json.loads(header)
    source: dict[str, Any] = read["source"]
    is_plain = all(isinstance(value, (str, int, float, type(None))) for value in source.values())
    if read["schema"] != SCHEMA or not is_plain or not all(math.isfinite(v) for v in source.values() if _is_number(v)):
        raise ValueError("its header is not ours")
    return source


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float))


def _problem(data: dict[str, NDArray[Any]]) -> str:
    """What is wrong with a stream whose arrays have the right form, to follow its name; empty where nothing is."""
    if not len(data["t_s"]):
        return "holds no picture"
    if np.isnan(data["t_s"]).all():
        return "holds no times"
    if data["present"].any() and np.isnan(data["xy_px"]).all():
        return "holds no joints"
    is_right = (
        (np.abs(data["t_s"]) <= SECONDS_MAX).all()
        and (data["size"] > 0).all()
        and (data["size"] <= PIXELS_MAX).all()
        and (data["evidence"] <= max(Evidence)).all()
        and not (np.abs(data["xy_px"]) > PIXELS_MAX).any()
        and not np.isnan(data["xy_px"][data["evidence"] == Evidence.MEASURED]).any()
        and not any(np.isinf(array).any() for array in data.values() if array.dtype.kind == "f")
        and set(np.unique(data["unknown"]).tolist()) <= set(get_args(Unknown))
    )
    return "" if is_right else "holds numbers that can't be: it is damaged"
