"""The folder of an export: all files or none, and nothing that is there is touched."""

import pytest

from formcheck.export.folder import write_files
from formcheck.system.errors import FormcheckError

FILES = {"a.csv": b"1", "b.csv": b"2"}


def write(folder, contents=FILES, meanwhile=lambda: None):
    def fill(files):
        meanwhile()
        for name, content in contents.items():
            files[name].write(content)

    write_files(folder, list(contents), fill)


def test_the_files_are_written_into_a_new_folder_or_beside_others(tmp_path):
    write(tmp_path / "new")
    assert {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()} == FILES
    (tmp_path / "mine.txt").write_text("mine")
    write(tmp_path)
    assert (tmp_path / "b.csv").read_bytes() == b"2"
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_what_is_there_stays_and_nothing_is_written_beside_it(tmp_path):
    (tmp_path / "b.csv").write_text("mine")
    with pytest.raises(FormcheckError, match=r"holds b\.csv already"):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["b.csv"]
    assert (tmp_path / "b.csv").read_text() == "mine"


def test_a_link_that_leads_nowhere_is_somebodys_too(tmp_path):
    (tmp_path / "a.csv").symlink_to(tmp_path / "away.csv")
    with pytest.raises(FormcheckError, match=r"holds a\.csv already"):
        write(tmp_path)
    assert not (tmp_path / "away.csv").exists()


@pytest.mark.parametrize("place", ["file", "no/such/folder", "file/below", "x" * 300])
def test_a_place_that_is_no_folder_is_refused(tmp_path, place):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FormcheckError, match=r"can't be (made a folder|written)"):
        write(tmp_path / place)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("is_new", [True, False])
def test_where_one_can_not_be_written_none_is(tmp_path, is_new):
    folder = tmp_path / "out"
    if not is_new:
        folder.mkdir()
        (folder / "mine.txt").write_text("mine")
    with pytest.raises(FormcheckError):
        write(folder, FILES | {"no/such/c.csv": b"3"})
    assert folder.exists() != is_new
    assert is_new or [path.name for path in folder.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), FormcheckError("no")])
@pytest.mark.parametrize("is_new", [True, False])
def test_what_breaks_in_the_midst_leaves_nothing(tmp_path, error, is_new):
    folder = tmp_path / "out"
    if not is_new:
        folder.mkdir()

    def broken():
        raise error

    with pytest.raises(FormcheckError if isinstance(error, OSError) else type(error)):
        write(folder, meanwhile=broken)
    assert [path.name for path in tmp_path.iterdir()] == ([] if is_new else ["out"])
    assert is_new or not list(folder.iterdir())


def test_where_the_last_one_finds_its_place_taken_the_others_go_again(tmp_path):
    with pytest.raises(FormcheckError, match=r"b\.csv can't be written"):
        write(tmp_path, meanwhile=(tmp_path / "b.csv").mkdir)
    assert [path.name for path in tmp_path.iterdir()] == ["b.csv"]
