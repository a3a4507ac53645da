"""Recorded pose streams: what the pose room saw, as one `.npz` file. Written only when asked for.

The file holds numbers of one person, no picture and no name: `header` (JSON text), `t_s` (n,), `index` (n,),
`size` (n, 2), `xy_px` (n, 33, 2), `evidence` (n, 33), `present` (n,), `others` (n,), `offset_t`, `sd_t` (n, 17),
`contour_px` (n, 17, 2), `unknown` (n,) text; `belly_t` (n,), `consensus_t` (n, 2, 17) and `person` (n,), absent in old
ones.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import STATIONS, Back, Contour
from formcheck.core.body.pose import Pose
from formcheck.system.errors import SourceError

SCHEMA = "formcheck.poses/1"


def save_recording(path: Path, stream: Sequence[tuple[Pose, Back]], source: dict[str, Any]) -> None:
    """Write a stream and the description of its source."""
    poses, backs = [p for p, _ in stream], [b for _, b in stream]
    np.savez_compressed(
        path,
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

    def __init__(self, path: Path) -> None:
        """Open a recording.

        Raises:
            SourceError: not a recording, or cut off.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
                self._data = {name: data[name] for name in data.files}
            header = json.loads(str(self._data["header"]))
            if header.get("schema") != SCHEMA:
                raise ValueError(header.get("schema"))
            self.source: dict[str, Any] = header["source"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            text = f"{path.name} is not a FormCheck pose recording, or it is cut off. Record it again."
            raise SourceError(text) from error

    def __len__(self) -> int:
        return len(self._data["t_s"])

    def __iter__(self) -> Iterator[tuple[Pose, Back]]:
        d = self._data
        person = d.get("person", np.zeros(len(self), int))
        belly = d.get("belly_t", np.full(len(self), np.nan))
        for i in range(len(self)):
            width, height = (int(v) for v in d["size"][i])
            pose = Pose(
                float(d["t_s"][i]),
                int(d["index"][i]),
                width,
                height,
                d["xy_px"][i],
                d["evidence"][i],
                bool(d["present"][i]),
                int(d["others"][i]),
                int(person[i]),
            )
            unknown, belly_tl = str(d["unknown"][i]), float(belly[i])
            consensus = Contour(*d["consensus_t"][i]) if "consensus_t" in d else None
            if consensus is not None and np.isnan(consensus.offset_tl).all():
                consensus = None
            lines = d["offset_t"][i], d["sd_t"][i], d["contour_px"][i]
            back = Back(float(d["t_s"][i]), *lines, unknown, belly_tl, consensus)  # type: ignore[arg-type]
            yield pose, back
