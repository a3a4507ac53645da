"""Who may do what at the desk."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from formcheck.core.text import marked


class Role(StrEnum):
    """What somebody is at the desk. An account may be several."""

    CLINICIAN = "clinician"
    ASSISTANT = "assistant"
    IT = "it"


class Right(StrEnum):
    """What can be allowed."""

    WATCH = "watch"
    """See the stations live."""
    STEER = "steer"
    """Next, pause, repeat, end: what a patient could press too."""
    CORRECT = "correct"
    """Say that a repetition was another one than the coach told."""
    PAIR = "pair"
    """Let stations in and revoke them."""
    PATIENTS = "patients"
    """See patients by pseudonym, and their sessions."""
    NAMES = "names"
    """See whose pseudonym it is, and add somebody."""
    FILE = "file"
    """Read and write a patient's file: program, notes, outcome forms. All of them may hold a name."""
    SIGN = "sign"
    EXPORT = "export"
    """Take a session away as a file."""
    ACCOUNTS = "accounts"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.CLINICIAN: frozenset(
        (
            Right.WATCH, Right.STEER, Right.CORRECT, Right.PAIR, Right.PATIENTS, Right.NAMES, Right.FILE,
            Right.SIGN, Right.EXPORT,
        )
    ),
    Role.ASSISTANT: frozenset((Right.WATCH, Right.STEER, Right.PATIENTS)),
    Role.IT: frozenset((Right.PAIR, Right.ACCOUNTS)),
}  # fmt: skip
"""The table. IT sees no patient; an assistant sees no name, and what they think of a repetition is no label."""

TITLES: dict[Role, str] = marked({Role.CLINICIAN: "Clinician", Role.ASSISTANT: "Assistant", Role.IT: "IT"})


def may(roles: Collection[Role], right: Right) -> bool:
    """Whether somebody of these roles may do it."""
    return any(right in RIGHTS[role] for role in roles)


def may_make(maker: Collection[Role], made: Collection[Role]) -> bool:
    """Whether somebody may give these roles, or a new password to who has them: nobody gives a right that they lack."""
    rights = {right for role in made for right in RIGHTS[role]}
    return bool(made) and may(maker, Right.ACCOUNTS) and all(may(maker, right) for right in rights)
