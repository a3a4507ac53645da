"""What the entries of a session say: the fold, with corrections and signatures. Nothing here changes the store."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from formcheck.core.rules.events import (
    BackWithdrawn,
    FaultAmended,
    FaultStarted,
    RepAdded,
    RepAmended,
    RepCompleted,
    SettingsChanged,
)
from formcheck.core.rules.exercise import Exercise
from formcheck.session import wire
from formcheck.session.document import Amended, Changed, Kept, KeptState, SessionDocument
from formcheck.store.errors import StoreError
from formcheck.store.log import SessionRow, StoredEntry, is_later, packed

Amendment = RepAdded | RepAmended | FaultAmended
"""What a person corrects a session by."""


def kept_of(
    row: SessionRow, entries: Sequence[StoredEntry], installed: Mapping[str, Exercise], *, has_poses: bool = False
) -> Kept:
    """A session as it is shown.

    Raises:
        WireError: an entry makes no sense.
    """
    record = wire.session_of(row.session_id, [each.entry for each in entries], installed)
    record.started_utc = record.started_utc or row.started_utc
    figures = [f for each in entries if each.entry.kind == "figures" for f in each.entry.body["figures"]]
    return Kept.model_validate(
        {
            "session": SessionDocument.model_validate(record.as_dict()),
            "person": row.pseudonym,
            "station": row.station,
            "state": state_of(entries),
            "amended": amendments(entries),
            "changed": changes(entries),
            "signatures": signatures(entries),
            "figures": figures,
            "has_poses": has_poses,
        }
    )


def is_over(entries: Sequence[StoredEntry]) -> bool:
    """Whether the session has ended."""
    return any(each.entry.kind == "end" for each in entries)


def is_set_over(entries: Sequence[StoredEntry], set_id: str) -> bool:
    """Whether a set has ended."""
    return any(each.entry.kind == "set-end" and each.entry.set_id == set_id for each in entries)


def is_signed(entries: Sequence[StoredEntry]) -> bool:
    """Whether somebody has signed it."""
    return any(each.entry.kind == "sign" for each in entries)


def state_of(entries: Sequence[StoredEntry]) -> KeptState:
    """How far it has come."""
    later = [each.entry.kind for each in entries if is_later(each)]
    if "sign" in later:
        return "signed" if later[-1] == "sign" else "amended"
    ends = [each.entry.body for each in entries if each.entry.kind == "end"]
    if not ends:
        return "open"
    return "interrupted" if all(body["is_interrupted"] for body in ends) else "ended"


def amendments(entries: Sequence[StoredEntry]) -> list[Amended]:
    """The corrections, those of the coach itself among them."""
    found, signed = [], False
    for each in entries:
        signed |= each.entry.kind == "sign"
        if each.entry.kind in ("events", "amend"):
            events = [wire.event_in(body) for body in each.entry.body["events"]]
            found += [_amended(e, each, signed) for e in events if isinstance(e, (RepAdded, RepAmended, FaultAmended))]
            found += [_withdrawn(e, each) for e in events if isinstance(e, BackWithdrawn)]
    return found


def changes(entries: Sequence[StoredEntry]) -> list[Changed]:
    """Thresholds and doses that were changed, in order."""
    found = []
    for each in entries:
        if each.entry.kind == "events":
            events = [wire.event_in(body) for body in each.entry.body["events"]]
            found += [_changed(event, each) for event in events if isinstance(event, SettingsChanged)]
    return found


def _changed(event: SettingsChanged, each: StoredEntry) -> Changed:
    return Changed.model_validate(
        {
            "set_id": each.entry.set_id,
            "was": event.was,
            "now": event.settings,
            "by": event.by,
            "why": event.why,
            "utc": event.utc or each.entry.utc,
        }
    )


def _amended(event: RepAdded | RepAmended | FaultAmended, each: StoredEntry, is_addendum: bool) -> Amended:
    body: dict[str, Any] = event.wire()
    return Amended.model_validate(
        {
            "set_id": each.entry.set_id,
            "kind": type(event).__name__,
            "rep": event.rep if isinstance(event, FaultAmended) else event.index,
            "fault": event.name if isinstance(event, FaultAmended) else "",
            "was": body.get("was"),
            "now": body["now"],
            "by": event.by,
            "why": event.why,
            "utc": each.entry.utc,
            "is_addendum": is_addendum,
        }
    )


def _withdrawn(event: BackWithdrawn, each: StoredEntry) -> Amended:
    was: list[Any] = [*event.names]
    return Amended(set_id=each.entry.set_id, kind="BackWithdrawn", rep=None, fault="", was=was, utc=None)


def signatures(entries: Sequence[StoredEntry]) -> list[dict[str, Any]]:
    """Who has signed, and what."""
    return [
        {"by": each.entry.body["by"], "utc": each.entry.utc, "sha256": each.entry.body["sha256"]}
        for each in entries
        if each.entry.kind == "sign"
    ]


def content_hash(entries: Sequence[StoredEntry]) -> str:
    """SHA-256 of entries in their order: what a signature stands for."""
    digest = hashlib.sha256()
    for each in entries:
        digest.update(f"{each.source} {each.n} {each.entry.kind} {each.entry.set_id} {each.entry.utc}\n".encode())
        digest.update(hashlib.sha256(packed(each.entry.body)).digest())
    return digest.hexdigest()


def unsound_signatures(entries: Sequence[StoredEntry]) -> int:
    """How many signatures don't fit what was signed."""
    wrong = 0
    for at, each in enumerate(entries):
        if each.entry.kind == "sign":
            wrong += each.entry.body["sha256"] != content_hash(entries[:at])
    return wrong


def check_amendments(entries: Sequence[StoredEntry], set_id: str, amendments: Sequence[Amendment]) -> None:
    """Refuse corrections that would correct nothing.

    Raises:
        StoreError: there is no such set, repetition or fault.
    """
    mine = [each.entry for each in entries if each.entry.set_id == set_id and each.entry.kind in ("events", "amend")]
    events = [wire.event_in(body) for entry in mine for body in entry.body["events"]]
    reps = {event.seq: event.index for event in events if isinstance(event, RepCompleted)}
    added = {event.index for event in events if isinstance(event, RepAdded)}
    faults = {event.seq for event in events if isinstance(event, FaultStarted)}
    is_set = any(each.entry.set_id == set_id and each.entry.kind == "set" for each in entries)
    for each in amendments:
        if isinstance(each, RepAdded):
            fits = is_set and each.index < 0 and each.index not in added and each.now is not None
        elif isinstance(each, RepAmended):
            fits = (each.index in added if each.index < 0 else each.of_seq in reps) and each.now is not None
        else:
            known = (None, *reps.values(), *added)
            fits = each.of_seq in faults or (each.of_seq == -1 and each.rep in known and bool(mine))
        if not fits:
            raise StoreError("There is nothing in this session that this would correct.")
