"""Sessions for the tests of what leaves the store: those of `tests.kept`, and what may have happened to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from formcheck.core.rules.events import RepAdded, RepState, SettingsChanged
from formcheck.pose.recording import Recording
from formcheck.session.document import (
    Amended,
    Attempt,
    Changed,
    Figure,
    Kept,
    PlannedDocument,
    Rep,
    SetDocument,
    UnseenSpan,
)
from tests.kept import BEGAN, RECORDED, kept, session_record
from tests.replay import FOLDER


def with_session(one: Kept, **changes: Any) -> Kept:
    """The same, with a session that differs."""
    return one.model_copy(update={"session": one.session.model_copy(update=changes)})


def with_set(one: Kept, index: int, **changes: Any) -> Kept:
    """The same, with one set that differs."""
    sets = list(one.session.sets)
    sets[index] = sets[index].model_copy(update=changes)
    return with_session(one, sets=tuple(sets))


def unknown() -> Kept:
    """A session of which little is known: no person, no pain, no effort, no versions, a back that nobody could see."""
    one = kept(("glute-bridge",), number=5, person=None, pain=(None, None), effort=None)
    reps = tuple(rep.model_copy(update={"back_deg": None, "back_sd_deg": None}) for rep in one.session.sets[0].reps)
    one = with_set(one, 0, reps=reps, started_utc=None)
    return with_session(one, provenance=None, started_utc=None, ended_utc=None)


def hurt() -> Kept:
    """A session that was broken off because it hurt."""
    one = with_set(kept(RECORDED[:2], number=6), 1, outcome="hurt", why="pain")
    return with_session(one, is_complete=False, break_off="pain")


def run() -> Kept:
    """A run: nothing is counted, something is measured, and the feet were lost from view."""
    one = kept(("dead-bug",), number=7)
    spans = (UnseenSpan(part="feet", start_s=2.0, end_s=5.5, advice="Move the camera back."),)
    one = with_set(one, 0, exercise="running", title="Running", reps=(), clean_reps=0, faulty_reps=0, hold_total_s=0.0)
    one = with_set(one, 0, faults={"overstride": 1}, measured={"Cadence": "168 steps/min"}, unseen=("feet",))
    one = with_set(one, 0, unseen_spans=spans)
    return with_session(one, effort={"running": 6})


def restarted() -> Kept:
    """A session with a set that was thrown away, a program, thresholds that differ, and a repetition taken back."""
    one = kept(RECORDED, number=8)
    first = one.session.sets[0]
    one = with_set(
        one, 0, reps=first.reps[1:], taken_back=first.reps[:1], clean_reps=first.clean_reps - 1, target_reps=12
    )
    one = with_set(one, 1, outcome="restarted")
    assert one.session.provenance is not None
    settings = {"dead-bug": {"arch_deg": 14, "out_min_s": 1.25}}
    planned = (
        PlannedDocument(exercise="dead-bug", title="Dead bug", target_reps=12),
        PlannedDocument(exercise="dead-bug", title="Dead bug", set=2, target_reps=12),
    )
    source = one.session.provenance.model_copy(update={"settings": settings})
    return with_session(one, provenance=source, planned=planned, is_complete=False, break_off="no-time")


def withdrawn() -> Kept:
    """The coach took back what it said of the back, and somebody took back a fault after the signature, undated."""
    one = kept(number=9, is_signed=True)
    sets = one.session.sets
    by_coach = Amended(set_id=sets[0].set_id, kind="BackWithdrawn", rep=2)
    fault = Amended(set_id=sets[1].set_id, kind="FaultAmended", rep=2, fault="back-sag", was=True, now=False)
    late = {"by": "clinician", "is_addendum": True, "utc": BEGAN + timedelta(days=1)}
    amended = (by_coach, fault.model_copy(update=late))
    return one.model_copy(update={"amended": amended, "state": "amended"})


def steered() -> Kept:
    """A clinician added a repetition that the coach had not counted, and changed a threshold and the dose."""
    one = kept(number=12)
    session = session_record(number=12)
    first = session.sets[0]
    now = RepState(True, "faulty", "left", ("low-back-arch",))
    first.add([
        RepAdded(20.0, -1, now, "clinician 1", "it was small"),
        SettingsChanged(21.0, {"reach_hip_deg": 120.0}, "clinician 1", "sore hip", {"reach_hip_deg": 140.0}),
        SettingsChanged(22.0, {"reps": 8.0}, "clinician 2", "tired", {}),
    ])  # fmt: skip
    sets = tuple(SetDocument.model_validate(each.as_dict()) for each in session.sets)
    state: dict[str, Any] = {"is_counted": True, "verdict": "faulty", "side": "left", "faults": ["low-back-arch"]}
    added = Amended(
        set_id=first.set_id, kind="RepAdded", rep=-1, now=state, by="clinician 1", why="it was small", utc=BEGAN
    )
    given: dict[str, Any] = {"set_id": first.set_id, "utc": BEGAN}
    changed = (
        Changed(**given, was={"reach_hip_deg": 140.0}, now={"reach_hip_deg": 120.0}, by="clinician 1", why="sore hip"),
        Changed(**given, now={"reps": 8.0}, by="clinician 2", why="tired"),
    )
    return with_session(one, sets=sets).model_copy(update={"amended": (added,), "changed": changed})


def figure(one: Kept, index: int, rep: Rep, fault: str = "") -> Figure:
    """The stick figure of a repetition's furthest moment, from its recording."""
    done = one.session.sets[index]
    pose, back = min(
        Recording(FOLDER / f"{done.exercise}.npz"), key=lambda step: abs(step[0].t_s - (rep.peak_s or 0.0))
    )
    joints = np.asarray(pose.xy_px, float)
    hip, shoulder = joints[[23, 24]].mean(0), joints[[11, 12]].mean(0)
    torso = float(np.hypot(*(hip - shoulder)))

    def seen(points: Any) -> tuple[tuple[float, float] | None, ...]:
        return tuple(None if np.isnan(p).any() else (float(p[0]), float(p[1])) for p in (points - hip) / torso)

    outline = seen(np.asarray(back.contour_px, float))
    return Figure(set_id=done.set_id, rep=rep.index, fault=fault, joints=seen(joints), back=outline)


def with_attempt(one: Kept) -> Kept:
    """The same, with a movement that did not count."""
    return with_set(one, 0, attempts=(Attempt(start_s=1.0, end_s=2.0, reason="too-short"),))


def weeks(count: int, days: int = 56) -> list[Kept]:
    """So many sessions of one person, evenly over the days; the pain becomes less."""
    return [
        kept(
            RECORDED if i % 3 else RECORDED[:2],
            BEGAN + timedelta(days=i * days / count),
            i,
            pain=(6 - i * 5 // count, 1),
        )
        for i in range(count)
    ]


UNTIL = datetime(2026, 12, 27, 12, 0, tzinfo=UTC)
"""In the eighth week from `BEGAN`."""
EVERY = {
    "plain": kept,
    "amended": lambda: kept(number=1, is_amended=True),
    "signed": lambda: kept(number=2, is_amended=True, is_signed=True),
    "unknown": unknown,
    "hurt": hurt,
    "run": run,
    "restarted": restarted,
    "withdrawn": withdrawn,
    "steered": steered,
    "open": lambda: with_session(kept(number=10), is_complete=False, ended_utc=None).model_copy(
        update={"state": "open"}
    ),
    "nothing": lambda: with_session(kept(number=11), sets=(), effort={}, is_complete=False),
}
"""Every fixture, by name."""
