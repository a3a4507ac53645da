"""What is remembered: sessions that somebody asked to keep, and whose they are.

Nothing here is loaded, and no file is made, before somebody has asked for it.
"""

from formcheck.store.errors import LockedError, NewerSchemaError, StoreError, StoreTroubleError
from formcheck.store.keys import KeyKind, KeySources
from formcheck.store.log import SessionRow, StoredEntry
from formcheck.store.opening import create_store, exists, open_store
from formcheck.store.place import Place, place_of
from formcheck.store.store import OWNER, Store, StoredRecording
from formcheck.store.vault import Identity

__all__ = [
    "OWNER",
    "Identity",
    "KeyKind",
    "KeySources",
    "LockedError",
    "NewerSchemaError",
    "Place",
    "SessionRow",
    "Store",
    "StoreError",
    "StoreTroubleError",
    "StoredEntry",
    "StoredRecording",
    "create_store",
    "exists",
    "open_store",
    "place_of",
]
