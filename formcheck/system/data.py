"""Where this user's data are: the store, its outbox, what was agreed to."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """The folder; it may not exist yet."""
    return Path(platformdirs.user_data_path("formcheck", appauthor=False))
