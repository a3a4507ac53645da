"""A PostgreSQL server for the tests: in a temporary folder, on a socket only, by a user who is not root.

    python -m tests.store.server COMMAND …

runs a command while it is up, with its address in `FORMCHECK_TEST_POSTGRES`. Debian's package `postgresql` is enough.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "FORMCHECK_TEST_POSTGRES"
USER = "postgres"
"""Whom the package makes; a server refuses to run as root."""


class Server:
    """A server that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        found = shutil.which("postgres")
        if not programs and found is None:
            raise SystemExit("There is no PostgreSQL here. Install it: apt-get install postgresql")
        self._bin = programs[-1].parent if programs else Path(str(found)).parent
        self._as_user = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []

    @property
    def url(self) -> str:
        """Its address, of the database that every server has."""
        user = USER if self._as_user else os.environ.get("USER", USER)
        return f"postgresql://{user}@/postgres?host={self.folder}"

    def make(self) -> None:
        """A new cluster."""
        if self._as_user:
            shutil.chown(self.folder, USER)
        self._run("initdb", "-D", self.data, "-A", "trust", "-E", "UTF8", "--no-sync", "-k")

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.folder / "log", "-o", options, "start")

    def stop(self, how: str = "immediate") -> None:
        """Stop it, by default as if somebody had pulled the plug."""
        self._run("pg_ctl", "-D", self.data, "-w", "-m", how, "stop")

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self._as_user, str(self._bin / program), *map(str, arguments)]
        done = subprocess.run(
            command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stdout}")


@contextmanager
def running() -> Iterator[Server]:
    """A server that is up within the block."""
    with tempfile.TemporaryDirectory(prefix="formcheck-pg-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Server(folder)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()


def main() -> int:
    with running() as server:
        return subprocess.run(sys.argv[1:], env={**os.environ, VARIABLE: server.url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
