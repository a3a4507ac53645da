"""Workers that are a thread of the test, and one pass over a folder with them."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

from formcheck.archive.archive import Archive, Order
from formcheck.archive.shelf import Shelf
from formcheck.archive.sources import FolderSource
from formcheck.archive.study import parse_try
from formcheck.session.registry import load_exercises


class Here:
    """A crew of one thread."""

    jobs = 1
    is_here = True

    @contextlib.contextmanager
    def executor(self, jobs):
        with ThreadPoolExecutor(1) as pool:
            yield pool

    def is_death(self, error):
        return False

    def stop(self):
        return


def scored(folder, to, overrides=None, tries=(), is_stopped=lambda: False, otherwise="", source=None):
    """A folder (or another source), scored: the archive and its difference."""
    registry = load_exercises()
    overrides = overrides or {}
    order = Order(registry, otherwise, overrides, tuple(parse_try(text, registry, overrides, "full") for text in tries))
    shelf = Shelf(to)
    shelf.prepare()
    source = source or FolderSource(folder, frozenset(registry.exercises), otherwise)
    archive = Archive(source, shelf, order, Here(), lambda *_: None, is_stopped)
    archive.score()
    return archive, archive.difference()
