"""A clinic's day: visitors drawn at random, their joints, their keys, and what must come of each.

The laboratory's recorded people do the exercises (`tests/recordings`), so what is right is known; how they come and go,
point and press is drawn here. Nothing of the kiosk is replaced but its camera and its clock.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

import pygame

from formcheck.camera import CameraState
from formcheck.screen import StillThereView, View, ViewModel
from tests import replay
from tests.kiosk.people import FPS, Foyer, away, chained, lasting, pointing, standing
from tests.kiosk.visits import name_of
from tests.replay import Step

Kind = Literal[
    "walks-by", "leaves-at-once", "leaves-midway", "no-consent", "unfit", "exercises", "mashes", "wrong-pin",
    "wrong-code", "ticket", "exchange", "two", "lies", "hurts", "camera-pulled",
]  # fmt: skip
KINDS: tuple[tuple[Kind, int], ...] = (
    ("walks-by", 6), ("leaves-at-once", 2), ("leaves-midway", 4), ("no-consent", 2), ("unfit", 2), ("exercises", 8),
    ("mashes", 3), ("wrong-pin", 2), ("wrong-code", 2), ("ticket", 2), ("exchange", 3), ("two", 2), ("lies", 2),
    ("hurts", 2), ("camera-pulled", 2),
)  # fmt: skip
"""How many of 44 are of each kind, about; each kind comes at least once in forty."""
REPS = {"bird-dog": 4, "dead-bug": 6, "glute-bridge": 3}
"""Repetitions that the laboratory's people do in the recordings."""
WAYS = {
    "bird-dog": ("middle", "left"), "dead-bug": ("middle", "middle"), "glute-bridge": ("middle", "right", "left"),
}  # fmt: skip
"""Where they point, from the page that asks what they want to do."""
READY_S = 22.0
"""They lie still so long before they begin: for the countdown, and the set-up."""


@dataclass(slots=True)
class Visitor:
    """Somebody who comes, and what must come of it."""

    kind: Kind
    steps: list[Step]
    fingers: Callable[[float, View], None] = lambda *_: None
    """Press keys; told the seconds since they were greeted, and what is shown."""
    reps: int | None = None
    """Repetitions that must stand in the record at the end; None where none may."""
    most: int = 0
    """At most so many, where not all of it is done."""
    ends: tuple[str, ...] = ()
    """How the visit may be over."""
    prepare: Callable[[Foyer], None] = lambda _: None
    secrets: list[str] = field(default_factory=list)
    """What this person typed or brought, and nobody may see later."""

    @property
    def wakes(self) -> bool:
        """Whether the kiosk greets them."""
        return self.kind != "walks-by"


@cache
def recorded(name: str) -> tuple[Step, ...]:
    """The laboratory's person who does an exercise."""
    return tuple(replay.recorded(name, FPS))


def visitors_of(seed: int, what: str, code: str) -> list[Visitor]:
    """The visitors of a day, in order.

    Args:
        seed: what is drawn is drawn by it.
        what: how many come, or the kinds of those who come, with commas.
        code: of a ticket that lies in the kiosk's folder.
    """
    if not what.isdecimal():
        rng = random.Random(seed)
        return [visitor(kind, rng, code) for kind in what.split(",")]  # type: ignore[arg-type]
    return _drawn(seed, int(what), code)


def _drawn(seed: int, count: int, code: str) -> list[Visitor]:
    """The last of them wakes the kiosk, so that the day ends."""
    rng = random.Random(seed)
    kinds = [kind for kind, times in KINDS for _ in range(times)]
    first = [kind for kind, _ in KINDS][:count]
    drawn = [*first, *rng.choices(kinds, k=count - len(first))]
    rng.shuffle(drawn)
    last = max(i for i, kind in enumerate(drawn) if kind != "walks-by")
    drawn[last], drawn[-1] = drawn[-1], drawn[last]
    return [visitor(kind, rng, code) for kind in drawn]


def visitor(kind: Kind, rng: random.Random, code: str = "") -> Visitor:
    """One of a kind."""
    return MAKERS[kind](rng, code)


# -- who they are ----------------------------------------------------------------------------------------------------


def _up_to(*choices: str) -> list[Step]:
    """They step in front, and point: the language, yes, none of these, and what follows."""
    ways = ("left", "left", "left", *choices)
    return chained(away(2), lasting(standing(), 3), *(pointing(way) for way in ways))


def _doing(name: str, part: float = 1.0) -> list[Step]:
    film = recorded(name)
    return chained(replay.still(film[0], READY_S, FPS), film[: round(part * len(film))])


def _walks_by(rng: random.Random, _: str) -> Visitor:
    turned = [(step[0], step[1]) for step in recorded(rng.choice(list(REPS)))[:40]]
    return Visitor("walks-by", chained(away(rng.uniform(3, 30)), turned, away(rng.uniform(2, 10))))


def _leaves_at_once(rng: random.Random, _: str) -> Visitor:
    return Visitor("leaves-at-once", chained(away(2), lasting(standing(), rng.uniform(2.5, 5))), ends=("gone",))


def _leaves_midway(rng: random.Random, _: str) -> Visitor:
    pages = rng.randrange(1, 4)
    steps = chained(away(1), lasting(standing(), 3), *(pointing("left") for _ in range(pages)), lasting(standing(), 3))
    return Visitor("leaves-midway", steps, ends=("gone", ""))


def _no_consent(_rng: random.Random, _: str) -> Visitor:
    steps = chained(away(1), lasting(standing(), 3), pointing("left"), pointing("right"), lasting(standing(), 2))
    return Visitor("no-consent", steps, ends=("",))


def _unfit(_rng: random.Random, _: str) -> Visitor:
    steps = chained(away(1), lasting(standing(), 3), pointing("left"), pointing("left"), pointing("right"))
    return Visitor("unfit", [*steps, *lasting(standing(), 4)], ends=("gone",))


def _exercises(rng: random.Random, _: str) -> Visitor:
    name = rng.choice(list(REPS))
    steps = chained(_up_to(*WAYS[name]), _doing(name))
    return Visitor("exercises", steps, reps=REPS[name], ends=("gone", ""))


def _mashes(rng: random.Random, _: str) -> Visitor:
    keys = [k for k in range(33, 127)] + [
        pygame.K_F1, pygame.K_F4, pygame.K_F11, pygame.K_ESCAPE, pygame.K_RETURN, pygame.K_TAB, pygame.K_LEFT,
        pygame.K_RIGHT, pygame.K_BACKSPACE,
    ]  # fmt: skip
    at = [0.0]

    def mash(now_s: float, _: View) -> None:
        if now_s - at[0] > 0.3 and now_s < 70:
            at[0] = now_s
            key = rng.choice(keys)
            typed = chr(key) if key < 127 else ""
            press = {"key": key, "unicode": typed, "scancode": 0, "mod": rng.choice((0, 64, 256))}
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, press))
            pygame.event.post(pygame.event.Event(pygame.QUIT))

    return Visitor("mashes", chained(away(1), lasting(standing(), 70)), mash, ends=("gone", ""))


def _typing(digits: str, page: str) -> Callable[[float, View], None]:
    """Types a number on a page, once a visit, and takes it; three times."""
    left = [*digits, "\r"] * 3
    at = [0.0]

    def press(now_s: float, view: View) -> None:
        if page in name_of(view) and left and now_s - at[0] > 0.2:
            at[0] = now_s
            sign = left.pop(0)
            key = pygame.K_RETURN if sign == "\r" else ord(sign)
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=sign, scancode=0, mod=0))

    return press


def _wrong_pin(rng: random.Random, _: str) -> Visitor:
    pin = str(rng.randrange(100000, 999999))
    typing = _typing(pin, "PIN")
    knocked: list[bool] = []

    def press(now_s: float, view: View) -> None:
        if not knocked and now_s > 6:
            knocked.append(True)
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_F10, unicode="", scancode=0, mod=0))
        typing(now_s, view)

    return Visitor("wrong-pin", chained(away(1), lasting(standing(), 12)), press, ends=("gone",), secrets=[pin])


def _wrong_code(rng: random.Random, _: str) -> Visitor:
    number = str(rng.randrange(10000000, 99999999))
    steps = chained(_up_to("right"), lasting(standing(), 8))
    return Visitor("wrong-code", steps, _typing(number, "My program"), ends=("gone",), secrets=[number])


def _ticket(_: random.Random, code: str) -> Visitor:
    steps = chained(_up_to("right"), lasting(standing(), 8), _doing("glute-bridge"))
    typing = _typing(code, "My program")
    asked: list[float] = []

    def press(now_s: float, view: View) -> None:
        typing(now_s, view)
        if "pain" in name_of(view) and len(asked) < 2 and (not asked or now_s - asked[-1] > 5):
            asked.append(now_s)
            for key, sign in ((pygame.K_3, "3"), (pygame.K_RETURN, "")):
                pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=sign, scancode=0, mod=0))

    return Visitor("ticket", steps, press, reps=REPS["glute-bridge"], ends=("gone", ""),
                   secrets=[code])  # fmt: skip


def _exchange(rng: random.Random, _: str) -> Visitor:
    name = rng.choice(list(REPS))
    other = [_as_person(step, 1) for step in recorded(name)]
    steps = chained(_up_to(*WAYS[name]), _doing(name, 0.4), away(rng.uniform(1, 4)), other)
    return Visitor("exchange", steps, most=REPS[name] // 2, ends=("exchanged",))


def _as_person(step: Step, person: int) -> Step:
    return replace(step[0], person=person), step[1]


def _two(rng: random.Random, _: str) -> Visitor:
    made = _exercises(rng, "")
    steps = [(replace(pose, others=1), back) for pose, back in made.steps]
    return Visitor("two", steps, reps=made.reps, ends=made.ends)


def _lies(rng: random.Random, _: str) -> Visitor:
    name = rng.choice(list(REPS))
    film = recorded(name)
    steps = chained(_up_to(*WAYS[name]), replay.still(film[0], rng.uniform(120, 200), FPS))
    return Visitor("lies", steps, reps=0, ends=("gone",))


def _hurts(rng: random.Random, _: str) -> Visitor:
    name = rng.choice(list(REPS))
    pressed: list[float] = []

    def press(now_s: float, view: View) -> None:
        if isinstance(view, ViewModel) and view.snapshot.reps >= 1 and not pressed:
            pressed.append(now_s)
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_x, unicode="x", scancode=0, mod=0))

    return Visitor("hurts", chained(_up_to(*WAYS[name]), _doing(name, 0.6)), press, most=REPS[name], ends=("gone", ""))


def _camera_pulled(rng: random.Random, _: str) -> Visitor:
    made = _exercises(rng, "")
    begins = rng.uniform(8, 40)

    def pull(feed: Foyer) -> None:
        def status() -> CameraState:
            is_out = begins <= feed.now_s < begins + 6
            return CameraState("lost", "The camera stopped.") if is_out else CameraState("live")

        feed.status = status

    return Visitor(
        "camera-pulled", made.steps, most=made.reps or 0, ends=("gone", "", "exchanged", "camera"), prepare=pull
    )


MAKERS: dict[Kind, Callable[[random.Random, str], Visitor]] = {
    "walks-by": _walks_by, "leaves-at-once": _leaves_at_once, "leaves-midway": _leaves_midway,
    "no-consent": _no_consent, "unfit": _unfit, "exercises": _exercises, "mashes": _mashes, "wrong-pin": _wrong_pin,
    "wrong-code": _wrong_code, "ticket": _ticket, "exchange": _exchange, "two": _two, "lies": _lies, "hurts": _hurts,
    "camera-pulled": _camera_pulled,
}  # fmt: skip


def is_before_session(view: View) -> bool:
    """Whether a page is one of those that every visitor sees alike."""
    return name_of(view).startswith(("AttractView", "ChoiceView Language", "ConsentView", "SafetyView")) or isinstance(
        view, StillThereView
    )
