"""Results: refused before the work, whole or not there after it."""

import errno
import os
import stat
from pathlib import Path

import pytest

from formcheck.system.errors import FormcheckError
from formcheck.system.files import Draft, cannot_write, check_results, check_writable, write_text
from formcheck.system.shown import shown


def names(folder):
    return sorted(os.listdir(folder))


def test_a_draft_takes_its_name_only_when_it_is_whole(tmp_path):
    path = tmp_path / "out.json"
    path.write_text("old")
    with Draft(path) as draft:
        draft.path.write_text("new")
        assert path.read_text() == "old"
        assert draft.path.parent == tmp_path, "beside its name: a move within one disk is whole or not at all"
        draft.keep()
    assert path.read_text() == "new"
    assert names(tmp_path) == ["out.json"]


def test_a_draft_that_breaks_off_leaves_what_was_there_and_nothing_else(tmp_path):
    path = tmp_path / "out.json"
    path.write_text("old")

    def work():
        with Draft(path) as draft:
            draft.path.write_text("ha")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["out.json"]


def test_a_link_stays_a_link_and_rights_stay_as_they_were(tmp_path):
    target, link = tmp_path / "real.json", tmp_path / "link.json"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_text(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_has_the_rights_that_new_files_have(tmp_path):
    (tmp_path / "plain").write_text("")
    write_text(tmp_path / "out.json", "x")
    assert (tmp_path / "out.json").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_pipe_is_written_to_and_never_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    check_writable(pipe)
    write_text(pipe, "findings")
    assert os.read(reader, 100) == b"findings"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert names(tmp_path) == ["pipe"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_called_one(code):
    said = str(cannot_write(Path("out.json"), OSError(code, os.strerror(code))))
    assert said == "The disk is full: out.json was not written. Make room and try again."
    assert "can't be written (Permission denied)" in str(
        cannot_write(Path("out.json"), PermissionError(errno.EACCES, "Permission denied"))
    )


@pytest.mark.parametrize("name", ["nowhere/out.json", "file/out.json", "."])
def test_a_place_that_cannot_be_written_is_told(tmp_path, name):
    (tmp_path / "file").write_text("")
    with pytest.raises(FormcheckError, match="can't be written"):
        check_writable(tmp_path / name)
    assert names(tmp_path) == ["file"]


def test_looking_whether_it_can_be_written_leaves_nothing(tmp_path):
    check_writable(tmp_path / "out.json")
    assert names(tmp_path) == []


@pytest.mark.parametrize("how", ["itself", "another spelling", "symbolic link", "hard link"])
def test_a_result_that_is_an_input_is_refused(tmp_path, how):
    video, result = tmp_path / "video.mp4", tmp_path / "result.json"
    video.write_text("pictures")
    if how == "symbolic link":
        result.symlink_to(video)
    elif how == "hard link":
        result.hardlink_to(video)
    else:
        result = video if how == "itself" else tmp_path / ".." / tmp_path.name / "video.mp4"
    with pytest.raises(FormcheckError, match=r"--json .* would overwrite a file that is read"):
        check_results({"--json": result}, [video])
    assert video.read_text() == "pictures"


@pytest.mark.parametrize("how", ["same", "case", "symbolic link", "link to the folder", "hard link"])
def test_two_results_in_one_file_are_refused(tmp_path, how):
    one, two = tmp_path / "a.json", tmp_path / "b.json"
    if how == "same":
        two = one
    elif how == "case":
        two = tmp_path / "A.json"
    elif how == "symbolic link":
        two.symlink_to(one)
    elif how == "hard link":
        one.write_text("")
        two.hardlink_to(one)
    else:
        (tmp_path / "folder").symlink_to(tmp_path)
        two = tmp_path / "folder" / "a.json"
    with pytest.raises(FormcheckError, match="--events and --json are the same file"):
        check_results({"--json": one, "--events": two}, [])


def test_results_of_their_own_are_let_pass(tmp_path):
    (tmp_path / "video.mp4").write_text("")
    (tmp_path / "old.json").write_text("")
    (tmp_path / "sub").mkdir()
    null = Path("/dev/null")
    wanted = {"--json": tmp_path / "old.json", "--events": tmp_path / "sub" / "old.json", "--poses": None}
    check_results(wanted, [tmp_path / "video.mp4", tmp_path / "not-there"])
    check_results({"--json": null, "--events": null}, [])


def test_a_name_that_is_no_utf_8_can_be_shown_and_written_to(tmp_path):
    path = tmp_path / os.fsdecode(b"n\xffme.json")
    write_text(path, "x")
    assert os.listdir(os.fsencode(tmp_path)) == [b"n\xffme.json"]
    assert shown(path).endswith("n\ufffdme.json")
    assert shown("übung.json") == "übung.json"
