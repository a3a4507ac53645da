"""Pose streams from anywhere: read as they were written, or told in one sentence; nothing is believed unseen."""

import io
import json
import struct
import tracemalloc
import zipfile
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from formcheck.pose.recording import SCHEMA, Recording
from formcheck.system.errors import SourceError
from tests.test_recordings import FOLDER

SMALL = FOLDER / "setup" / "bird-dog.good.npz"
WHOLE = SMALL.read_bytes()
DAMAGED = "is not a FormCheck pose recording, or it is damaged. Record it again."
COUNT = 22


@cache
def arrays():
    with np.load(SMALL) as data:
        return dict(data)


def content(path):
    """Everything that a recording gives, as bytes."""
    return [
        (p.t_s, p.index, p.width, p.height, p.xy_px.tobytes(), p.evidence.tobytes(), p.is_present, p.others,
         b.offset_tl.tobytes(), b.sd_tl.tobytes(), b.contour_px.tobytes(), b.unknown, str(b.belly_tl),
         b.consensus and b.consensus.sd_tl.tobytes())
        for p, b in Recording(path)
    ]  # fmt: skip


RIGHT = content(SMALL)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("streams") / "mine.npz"


def told(path):
    with pytest.raises(SourceError) as caught:
        Recording(path)
    assert caught.value.exit_code == 3
    return str(caught.value)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(WHOLE) - 1), bit=st.integers(0, 7))
@example(at=len(WHOLE) - 60, bit=3)
def test_one_flipped_bit_is_told_or_changes_nothing(place, at, bit):
    broken = bytearray(WHOLE)
    broken[at] ^= 1 << bit
    place.write_bytes(broken)
    try:
        found = content(place)
    except SourceError as error:
        assert str(error) == f"mine.npz {DAMAGED}"  # noqa: PT017 - either is right
    else:
        assert found == RIGHT


def changed(**changes):
    out = dict(arrays())
    for name, value in changes.items():
        if value is None:
            del out[name]
        else:
            out[name] = value(out[name].copy()) if callable(value) else value
    return out


def filled(value, where=np.s_[:]):
    def fill(array):
        array[where] = value
        return array

    return fill


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        *(({name: None}, DAMAGED) for name in sorted(arrays().keys() - {"belly_t", "consensus_t"})),
        ({"surplus": np.zeros(COUNT)}, DAMAGED),
        ({"xy_px": lambda a: a[:, :32]}, DAMAGED),
        ({"xy_px": lambda a: a[:-1]}, DAMAGED),
        ({"t_s": lambda a: a[:-1]}, DAMAGED),
        ({"t_s": np.float64(3)}, DAMAGED),
        ({"t_s": lambda a: a.astype(str)}, DAMAGED),
        ({"xy_px": lambda a: a.astype(complex)}, DAMAGED),
        ({"evidence": lambda a: a.astype(float)}, DAMAGED),
        ({"xy_px": lambda a: np.asfortranarray(a)}, DAMAGED),
        ({"header": np.array("[]")}, DAMAGED),
        ({"header": np.array("{")}, DAMAGED),
        ({"header": np.array(json.dumps({"schema": SCHEMA}))}, DAMAGED),
        ({"header": np.array(json.dumps({"schema": "other/1", "source": {}}))}, DAMAGED),
        ({"header": np.array(json.dumps({"schema": SCHEMA, "source": {"fps": float("nan")}}))}, DAMAGED),
        ({"header": np.array(json.dumps({"schema": SCHEMA, "source": {"fps": float("inf")}}))}, DAMAGED),
        ({"header": np.array(f'{{"schema": "{SCHEMA}", "source": {{"fps": 1e999}}}}')}, DAMAGED),
        ({"header": np.array(json.dumps({"schema": SCHEMA, "source": {"a": {"b": 1}}}))}, DAMAGED),
        ({"header": np.array(json.dumps({"schema": SCHEMA, "source": 3}))}, DAMAGED),
        ({name: lambda a: a[:0] for name in arrays() if name != "header"}, "holds no picture"),
        ({"t_s": filled(np.nan)}, "holds no times"),
        ({"xy_px": filled(np.nan), "evidence": filled(0)}, "holds no joints"),
        ({"t_s": filled(np.nan, 3)}, "numbers that can't be"),
        ({"t_s": filled(np.inf, 3)}, "numbers that can't be"),
        ({"t_s": filled(1e30, 3)}, "numbers that can't be"),
        ({"xy_px": filled(np.inf, (3, 4))}, "numbers that can't be"),
        ({"xy_px": filled(1e9, (3, 4))}, "numbers that can't be"),
        ({"xy_px": filled(np.nan, (3, 11)), "evidence": filled(2, (3, 11))}, "numbers that can't be"),
        ({"size": filled(0, 3)}, "numbers that can't be"),
        ({"size": filled(10**7, 3)}, "numbers that can't be"),
        ({"evidence": filled(3, (3, 3))}, "numbers that can't be"),
        ({"sd_t": filled(np.inf, 3)}, "numbers that can't be"),
        ({"unknown": lambda a: filled("dusk", 3)(a.astype("U20"))}, "numbers that can't be"),
    ],
)  # fmt: skip
def test_a_stream_that_can_t_be_is_told(place, changes, says):
    np.savez(place, **changed(**changes))
    assert says in told(place)


def test_nobody_in_any_picture_is_no_damage(place):
    np.savez(place, **changed(xy_px=filled(np.nan), evidence=filled(0), present=filled(False)))
    assert len(Recording(place)) == COUNT


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x05\x06" + bytes(18), b"\x93NUMPY\x01\x00"])
def test_what_is_no_archive_is_told(place, content):
    place.write_bytes(content)
    assert told(place) == f"mine.npz {DAMAGED}"


def test_what_is_not_there_or_a_folder_is_told(tmp_path):
    (tmp_path / "folder.npz").mkdir()
    assert "nope.npz can't be read" in told(tmp_path / "nope.npz")
    assert "folder.npz can't be read" in told(tmp_path / "folder.npz")


def test_pickled_objects_are_never_loaded(place, tmp_path):
    class Evil:
        def __reduce__(self):
            return (tmp_path.joinpath, ("x",))

    np.savez(place, **changed(t_s=np.array([Evil()] * COUNT, object)))
    assert told(place) == f"mine.npz {DAMAGED}"


def with_member(name, data):
    """The archive with one member of these bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, data if entry.filename == name else old.read(entry))
    return out.getvalue()


def bombs():
    huge = io.BytesIO()
    np.lib.format.write_array_header_1_0(huge, {"descr": "<f8", "fortran_order": False, "shape": (10**13,)})
    yield "announced by the array", with_member("t_s.npy", huge.getvalue() + bytes(800))
    yield "zeros", with_member("t_s.npy", huge.getvalue() + bytes(60_000_000))
    negative = io.BytesIO()
    np.lib.format.write_array_header_1_0(negative, {"descr": "<f8", "fortran_order": False, "shape": (-8,)})
    yield "negative", with_member("t_s.npy", negative.getvalue())
    yield "announced by the archive", announcing(1_000_000_000)


def announcing(size):
    """The archive, whose list says that its first member is so large."""
    lying = bytearray(WHOLE)
    struct.pack_into("<I", lying, lying.index(b"PK\x01\x02") + 24, size)
    return bytes(lying)


@pytest.mark.parametrize("size", [1_100_000_000, 0xFFFFFFF0])
def test_a_stream_longer_than_a_night_is_told(place, size):
    place.write_bytes(announcing(size))
    assert told(place) == "mine.npz is larger than any recording of a session. Record it again."


@pytest.mark.parametrize("data", [pytest.param(data, id=name) for name, data in bombs()])
def test_a_bomb_is_refused_before_memory_is_taken(place, data):
    place.write_bytes(data)
    tracemalloc.start()
    try:
        assert told(place) == f"mine.npz {DAMAGED}"
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_two_members_of_one_name_are_told(place):
    place.write_bytes(WHOLE)
    later = io.BytesIO()
    np.save(later, arrays()["t_s"] + 1.0)
    with zipfile.ZipFile(place, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("t_s.npy", later.getvalue())
    assert told(place) == f"mine.npz {DAMAGED}"
