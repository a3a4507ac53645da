"""Who does the work: processes of this machine, or a Dask cluster. Both are a `concurrent.futures.Executor`."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.context import SpawnContext
from multiprocessing.synchronize import Event
from typing import Any, Protocol
from urllib.parse import urlparse

from formcheck import __version__
from formcheck.archive.worker import about, begin
from formcheck.system.errors import FormcheckError

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""As many processes as cores, each with one thread: more of them only wait for each other."""
LOCAL = "local"
CONNECT_S = 10
STRAYS = {"distributed.scheduler.allowed-failures": 0, "distributed.admin.tick.limit": "1h"}
"""Whatever a worker was at when it died is tried again alone: that tells which recording it was."""


class Crew(Protocol):
    """Workers that are called together when there is work."""

    jobs: int
    """How many work at a time."""
    is_here: bool
    """Whether they read the files of this machine."""

    def executor(self, jobs: int) -> contextlib.AbstractContextManager[Executor]:
        """So many workers, for as long as this is open; what is not done when it is closed is given up."""

    def is_death(self, error: BaseException) -> bool:
        """Whether an error says that a worker died, of this task or of another one."""

    def stop(self) -> None:
        """Somebody asked to stop: what is under way may end at once."""


@dataclass(slots=True)
class Processes:
    """Processes of this machine."""

    jobs: int
    is_here: bool = True
    _context: SpawnContext = field(default_factory=lambda: get_context("spawn"))
    """MediaPipe hangs in a process that was forked."""
    _stop: Event = field(init=False)

    def __post_init__(self) -> None:
        self._stop = self._context.Event()

    @contextlib.contextmanager
    def executor(self, jobs: int) -> Iterator[Executor]:
        """A pool of processes, begun one by one as they are needed."""
        pool = ProcessPoolExecutor(jobs, self._context, begin, (self._stop,))
        with _environment(ONE_THREAD), _without_main():
            try:
                yield pool
            finally:
                pool.shutdown(cancel_futures=True)

    def is_death(self, error: BaseException) -> bool:
        """Whether the pool broke."""
        return isinstance(error, BrokenExecutor)

    def stop(self) -> None:
        """Each worker ends after the picture under way."""
        self._stop.set()


@dataclass(slots=True)
class Cluster:
    """A Dask cluster: one of this machine, or one by its address."""

    client: Any
    jobs: int
    is_here: bool

    @contextlib.contextmanager
    def executor(self, jobs: int) -> Iterator[Executor]:
        """The cluster's workers; how many of them it has is the cluster's own matter."""
        executor: Executor = self.client.get_executor(pure=False, retries=0)
        try:
            yield executor
        finally:
            executor.shutdown(wait=False)

    def is_death(self, error: BaseException) -> bool:
        """Whether a worker was lost with the task."""
        return type(error).__name__ in ("KilledWorker", "NoValidWorkerError")

    def stop(self) -> None:
        """Nothing: the tasks are given up when the executor is closed."""


@contextlib.contextmanager
def crew(jobs: int, scheduler: str) -> Iterator[Crew]:
    """Those who do the work.

    Args:
        jobs: how many processes of this machine.
        scheduler: empty for processes of this machine, `local` for a Dask cluster of it, else a cluster's address.

    Raises:
        FormcheckError: there is no such cluster, its workers have another FormCheck, or Dask is missing.
    """
    if not scheduler:
        yield Processes(jobs)
        return
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise FormcheckError('A cluster needs Dask. Install it: pip install "formcheck[archive]"') from error
    connect: Any = Client
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with contextlib.ExitStack() as stack:
        stack.enter_context(dask.config.set(STRAYS))
        if scheduler == LOCAL:
            stack.enter_context(_without_main())
            cluster: Any = LocalCluster
            local = cluster(
                n_workers=jobs,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            )
            client = stack.enter_context(connect(stack.enter_context(local)))
        else:
            client = stack.enter_context(_connected(connect, scheduler))
            jobs = _checked(client, scheduler)
        yield Cluster(client, jobs, is_here=scheduler == LOCAL)


def _connected(client: Any, address: str) -> Any:
    parts = urlparse(address)
    try:
        if not parts.hostname or not parts.port:
            raise ValueError("it is no address")
        return client(address, timeout=CONNECT_S)
    except Exception as error:  # a library's own words for a wrong address, and whatever answers at it
        raise FormcheckError(
            f"There is no Dask scheduler at {address}. Give its address, such as tcp://10.0.0.5:8786, or `local`."
        ) from error


def _checked(client: Any, address: str) -> int:
    """How many threads a cluster has.

    Raises:
        FormcheckError: it has no worker, or one that has another FormCheck.
    """
    threads = sum(client.nthreads().values())
    if not threads:
        raise FormcheckError(f"The scheduler at {address} has no workers yet. Start some: dask worker {address}")
    try:
        versions = {version for version, _ in client.run(about).values()}
    except Exception as error:  # whatever a worker lacks, it raises there and is handed on
        raise FormcheckError(f"The workers of {address} can't run FormCheck. Install it there.") from error
    if versions != {__version__}:
        raise FormcheckError(
            f"The workers of {address} have FormCheck {', '.join(sorted(versions))}, this is {__version__}. "
            "Install the same there."
        )
    return int(threads)


@contextlib.contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Variables that processes begun meanwhile inherit."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Processes begun meanwhile do not load the program that began them: the command line is not for them.

    A new process loads the file and the module by which its parent was started; a parent without either is left alone.
    """
    main = sys.modules["__main__"]
    hidden: dict[str, Any] = {name: vars(main).pop(name) for name in ("__file__", "__spec__") if name in vars(main)}
    main.__spec__ = None
    try:
        yield
    finally:
        vars(main).update(hidden)
