"""A worker that does what it is told by its arguments' file, in no time: for tests of the supervisor.

    python fake_worker.py LOG [--plain]

It writes what happens to it into LOG. The file LOG.do, if there is one, holds a word for the next worker to be shown:
`die`, `hang`, `finish` (a visit that is over), `quit`, `lock`, `woken`, `printing`, `help` (it starts a process that
hangs). It is taken away when it is read. The file LOG.ill, if
there is one, says what is broken for good: `load` (only a plain one gets ready), `show` (none comes to the screen),
`wait` (none gets ready).
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from formcheck.kiosk.link import Link


def obey(orders: Path, link: Link) -> None:
    """Do what the file says, once."""
    order = orders.read_text(encoding="utf-8") if orders.exists() else ""
    if not order:
        return
    orders.unlink()
    if order == "die":
        os._exit(1)
    if order == "hang":
        time.sleep(1000)
    if order == "help":
        helper = subprocess.Popen(["tail", "-f", "/dev/null"])
        orders.with_suffix(".helper").write_text(str(helper.pid), encoding="utf-8")
        return
    link.tell({"finish": "finished", "lock": "locked 3:120"}.get(order, order))


def main() -> None:
    log = Path(sys.argv[1])
    is_plain = "--plain" in sys.argv

    def note(word: str) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()} {word}\n")

    link = Link.of_worker()
    assert link is not None
    ill = log.with_suffix(".ill")
    illness = ill.read_text(encoding="utf-8") if ill.exists() else ""
    note("born plain" if is_plain else "born")
    if illness == "load" and not is_plain:
        os._exit(1)
    if illness != "wait":
        link.tell("ready")
    shown = ""
    while not shown:
        words = link.words(10.0)
        if link.is_cut or "leave" in words:
            return
        shown = next((word for word in words if word.startswith("show")), "")
    if illness == "show":
        os._exit(1)
    note(shown)
    link.tell("shown")
    while not link.is_cut and "leave" not in link.words(0.02):
        link.tell("drawn")
        obey(log.with_suffix(".do"), link)
    note("left")


main()
