"""What a station's tile shows and offers, in words and JSON-ready: the set, whose it is, what can be changed. Pure but
for the hub and the keeper that it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from formcheck.core.feedback.phrases import common_cues
from formcheck.core.rules.exercise import Exercise
from formcheck.core.rules.setting import Setting
from formcheck.desk import correcting, wire
from formcheck.desk.hub import Hub, Station
from formcheck.desk.keeping import StoreKeeper
from formcheck.session.document import Proposal
from formcheck.session.fold import RepLine
from formcheck.session.record import SetRecord
from formcheck.session.session_record import SessionRecord

SHORT = 8
"""Signs of a pseudonym that are shown."""
SAID = ("setup.start-pose", "framing.close", "framing.far", "framing.loose", "unseen.back")
"""Sentences of the session that can be said by hand, beside the exercise's own cues."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that the coach proposes, and a clinician may accept."""

    exercise: str
    setting: str
    value: float
    text: str
    is_now: bool
    """Whether it can hold from the next repetition on; else from the next session on."""


@dataclass(frozen=True, slots=True)
class Board:
    """The hub, what was sent, and the exercises by which it is put into words."""

    hub: Hub
    keeper: StoreKeeper
    installed: Mapping[str, Exercise]

    def session_id(self, station: Station) -> str:
        """The session that a tile shows: that of now, or the last one."""
        now = station.status.session_id if station.status is not None else ""
        return now or self.keeper.newest(station.id)

    def session(self, station: Station) -> SessionRecord | None:
        """What was sent of it by now."""
        return self.keeper.session(station.id, self.session_id(station))

    def record(self, station: Station, set_id: str = "") -> SetRecord | None:
        """A set of that session; by default the one of now, or the last one."""
        session, now = self.session(station), station.status.set_id if station.status is not None else ""
        wanted = set_id or now
        sets = session.sets if session is not None else []
        return next((one for one in reversed(sets) if not wanted or one.set_id == wanted), None)

    def offers(self, station: Station) -> list[Offer]:
        """What the coach proposes: a shorter reach in the set, another dose for the next session."""
        session, record = self.session(station), self.record(station)
        found = []
        if record is not None:
            name = record.exercise.name
            is_now = self.is_going_on(station, record.set_id)
            latest = {each.setting: each for each in record.suggestions}
            for one in latest.values():
                text = f"{one.setting} = {one.value:g} {one.unit}: a fault began there {one.times} times"
                found.append(Offer(name, one.setting, one.value, text, is_now))
        found += [_of(proposal) for proposal in (session.proposals if session is not None else ())]
        return found

    def is_going_on(self, station: Station, set_id: str) -> bool:
        """Whether this set is under way at a station that is there."""
        return station.is_online and station.status is not None and bool(set_id) and station.status.set_id == set_id

    def told(self, station: Station) -> dict[str, Any]:
        """A station as a tile shows it, without its picture; JSON-ready."""
        status, record = station.status or wire.Status(), self.record(station)
        exercise = record.exercise if record is not None else self.installed.get(status.exercise)
        return {
            "id": station.id,
            "name": station.name,
            "is_online": station.is_online,
            "title": status.title or status.exercise or (record.exercise.title if record is not None else ""),
            "stage": status.stage,
            "set_id": record.set_id if record is not None else status.set_id,
            "is_over": record is not None and record.set_id != status.set_id,
            "is_held": status.is_held,
            "hurts": status.hurts,
            "has_left": status.has_left,
            "kept": status.kept,
            "lost": status.lost,
            "fault_words": {r.name: r.short or r.name for r in exercise.all_faults} if exercise is not None else {},
            "reps": [_rep(exercise, line) for line in (record.all_reps if record is not None else [])],
            "counts": {
                "reps": status.reps,
                "clean": status.clean,
                "faulty": status.faulty,
                "not_judged": status.not_judged,
            },
            **self._whose(station),
            **_offered(exercise, status),
            "offers": [offer.text for offer in self.offers(station)],
        }

    def _whose(self, station: Station) -> dict[str, Any]:
        session_id = self.session_id(station)
        person = self.keeper.person(station.id, session_id)
        return {
            "person": (person or "")[:SHORT],
            "session_id": session_id,
            "is_kept": self.keeper.is_kept(station.id, session_id),
        }


def _of(proposal: Proposal) -> Offer:
    return Offer(proposal.exercise, proposal.what, proposal.value, proposal.text, is_now=False)


def _offered(exercise: Exercise | None, status: wire.Status) -> dict[str, Any]:
    """What can be chosen for a set: corrections, cues, thresholds, dose."""
    rules = exercise.all_faults if exercise is not None else ()
    own = {each.name for each in exercise.settings} if exercise is not None else set()
    settings = exercise.all_settings if exercise is not None else ()
    common = common_cues()
    return {
        "choices": correcting.choices_of(exercise),
        "added": correcting.added_choices(exercise),
        "has_sides": exercise is not None and exercise.dose.per_side,
        "cues": {rule.name: rule.cue for rule in rules} | {name: common[name] for name in SAID},
        "settings": [_setting(each, status) for each in sorted(settings, key=lambda each: each.name not in own)],
        "asked": status.asked,
    }


def _setting(setting: Setting, status: wire.Status) -> dict[str, Any]:
    return {
        "name": setting.name,
        "now": status.settings.get(setting.name, setting.value),
        "default": setting.value,
        "low": setting.low,
        "high": setting.high,
        "unit": setting.unit,
        "about": setting.why,
    }


def _rep(exercise: Exercise | None, line: RepLine) -> dict[str, Any]:
    return {
        "index": line.index,
        "side": line.side or "",
        "told": str(correcting.coach_told(exercise, line)),
        "now": str(correcting.told(exercise, line.is_counted, line.verdict, line.faults)),
        "verdict": line.verdict if line.is_counted else "",
        "why": getattr(line.amendments[-1], "why", "") if line.amendments else "",
    }
