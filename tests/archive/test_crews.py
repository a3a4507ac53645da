"""Many processes: what kills one costs its own recording, and all kinds of workers find the same."""

import shutil

from tests.archive.conftest import score_apart

REASONS = {
    "aborts/a.npz": "aborts/a.npz ends the process that scores it.",
    "dead-bug/torn.npz": "torn.npz is not a FormCheck pose recording, or it is damaged. Record it again.",
    "hangs/h.npz": "hangs/h.npz took longer than 2 s for one picture.",
}


def results(to):
    return {path.name: path.read_bytes() for path in to.rglob("*.json") if path.parent.parent.name == "results"}


def test_what_kills_a_worker_costs_only_its_own_recording_whoever_the_workers_are(poisoned, tmp_path):
    site, folder = poisoned
    pool, dask = tmp_path / "pool", tmp_path / "dask"
    code, told, found = score_apart(site, folder, pool, "--jobs", "2", "--limit", "2")
    assert {each["recording"]: each["reason"] for each in found["failed"]} == REASONS
    assert (code, found["recordings"]["scored"], len(results(pool))) == (3, 3, 3)
    assert all(reason in told for reason in REASONS.values())
    assert "Traceback" not in told
    without_hangs = shutil.copytree(folder, tmp_path / "in", ignore=shutil.ignore_patterns("hangs"))
    code, told, found = score_apart(site, without_hangs, dask, "--jobs", "1", "--scheduler", "local")
    assert {each["recording"]: each["reason"] for each in found["failed"]} == {
        name: reason for name, reason in REASONS.items() if name != "hangs/h.npz"
    }
    assert (code, "Traceback" in told) == (3, False)
    assert results(dask) == results(pool)
