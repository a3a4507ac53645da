"""The faults of one set, from plain numbers: what belongs to a cycle, what is told of an attempt, what is learned."""

import math
from dataclasses import replace
from typing import Any

import pytest

from exercises.dead_bug import EXERCISE as DEAD_BUG
from formcheck.core.body.baseline import Baseline
from formcheck.core.body.measure import NAN, Body
from formcheck.core.body.quantities import Estimate, decides
from formcheck.core.coach.cycle import Span
from formcheck.core.coach.faults import FaultMonitor
from formcheck.core.coach.rate import RateMeter
from formcheck.core.rules.events import FaultEnded, FaultStarted
from formcheck.core.rules.exercise import EndFault, Fault, RangeAdvice, RepFacts, RuleContext
from formcheck.core.rules.setting import Setting, Settings

PAGE: dict[str, Any] = {"checks": "c", "why": "w", "how": "h", "limits": "l", "source": "s"}
SAG = Fault(
    "sag",
    2,
    "Stay up here.",
    short="Sags",
    parts=("hips",),
    measure=lambda m: m.body.trunk_deg,
    limit="sag_deg",
    **PAGE,
)
RESTING = replace(SAG, name="restless", parts=("arms",), measure=lambda m: m.body.neck_deg, during=("rest",))
SHORT = EndFault("short", 1, "Further away.", parts=("knees",), judge=lambda f, _: f.peak_rom, on="attempt", **PAGE)
QUICK = EndFault("quick", 1, "Slow as honey.", parts=("feet",), judge=lambda f, _: f.outbound_s, **PAGE)
SETTINGS = (Setting("sag_deg", 10, "deg", 0, 90, "A limit."), Setting("reach_deg", 140, "deg", 100, 170, "A reach."))
EXERCISE = replace(
    DEAD_BUG,
    faults=(SAG, RESTING),
    end_faults=(SHORT,),
    settings=SETTINGS,
    range_advice=None,
    disqualifying=frozenset(),
)
FPS = 20


class Film:
    """A monitor that is fed with trunk and neck angles."""

    def __init__(self, exercise=EXERCISE, side_on_deg=0.0, **overrides):
        self.settings = Settings(exercise.all_settings, overrides)
        self.monitor = FaultMonitor(exercise, self.settings)
        self.rate = RateMeter()
        self.start = Baseline(Body(0.0, side_on_deg=side_on_deg))
        self.t = 0.0
        self.events = []

    def show(self, seconds, sag=0.0, neck=0.0, phase="outbound", is_leaving=False, lumbar=(NAN, NAN), **context):
        for _ in range(round(seconds * FPS)):
            body = Body(self.t, trunk_deg=sag, neck_deg=neck, lumbar_deg=lumbar[0], lumbar_sd_deg=lumbar[1])
            found = RuleContext(body, self.start, None, self.settings, **context)
            is_cycle = phase != "rest"
            self.rate.note(self.t)
            self.events += self.monitor.watch(self.t, found, phase, self.rate, is_cycle=is_cycle, is_leaving=is_leaving)
            self.t += 1 / FPS
        return self

    def end(self, *, is_rep=True, peak_rom=1.2, outbound_s=None, is_whole=True):
        facts = RepFacts(
            None,
            None,
            Estimate(math.nan if outbound_s is None else outbound_s),
            0.0,
            peak_rom,
            self.start,
            is_whole=is_whole,
        )
        events, judgement = self.monitor.end_cycle(self.t, Span(0.0), facts, is_rep=is_rep)
        self.events += events
        return judgement

    def names(self, kind=FaultStarted):
        return [e.name for e in self.events if isinstance(e, kind)]


def test_a_fault_of_the_cycle_is_its_own_and_not_the_next_ones():
    film = Film()
    film.monitor.begin_cycle()
    first = film.show(1, sag=20).show(1).end()
    film.monitor.begin_cycle()
    second = film.show(2).end()
    assert (first.faults, first.verdict) == (("sag",), "faulty")
    assert (second.faults, second.verdict) == ((), "clean")


def test_a_fault_that_goes_on_when_the_cycle_begins_belongs_to_it():
    film = Film().show(2, neck=20, phase="rest")
    film.monitor.begin_cycle()
    assert film.show(1).end().faults == ("restless",)
    assert film.names(FaultEnded) == ["restless"]


def test_on_the_way_out_of_the_exercise_nothing_is_about_it():
    assert Film().show(2, sag=20, is_leaving=True).names() == []
    assert Film().show(2, sag=20).names() == ["sag"]


def test_what_is_broken_off_ends():
    film = Film().show(1, sag=20)
    assert [e.name for e in film.monitor.stop()] == ["sag"]
    assert film.monitor.active == []


@pytest.mark.parametrize(("known_s", "verdict"), [(1.3, "clean"), (1.1, "not-judged")])
def test_sixty_percent_must_be_known(known_s, verdict):
    film = Film()
    film.monitor.begin_cycle()
    judgement = film.show(known_s).show(2.0 - known_s, sag=math.nan).end()
    assert judgement.judged["sag"] == pytest.approx(known_s / 2.0, abs=0.03)
    assert (judgement.verdict, judgement.not_judged) == (verdict, () if verdict == "clean" else ("hips",))


def test_what_does_not_matter_is_not_asked_for():
    still = replace(EXERCISE, faults=(replace(SAG, matters=lambda m: m.is_still),))
    film = Film(still)
    film.monitor.begin_cycle()
    judgement = film.show(3, sag=math.nan).show(1, is_still=True).end()
    assert judgement.judged == {"sag": 1.0}
    film.monitor.begin_cycle()
    assert film.show(3, sag=math.nan).end().judged == {}


def test_a_stall_of_the_pictures_stands_for_half_a_second_at_most():
    film = Film()
    film.monitor.begin_cycle()
    film.show(1)
    film.t += 0.9
    judgement = film.show(1 / FPS, sag=math.nan).end()
    assert judgement.judged["sag"] == pytest.approx(1.0 / 1.5, abs=0.03)


def test_a_fault_that_is_at_its_limit_needs_no_back_and_one_below_it_does():
    measure = lambda m: decides(m.body.trunk_deg, m.lumbar, m.settings["sag_deg"])  # noqa: E731
    outlined = replace(EXERCISE, faults=(replace(SAG, of_back="arch", parts=("back",), measure=measure),))
    over, under = Film(outlined), Film(outlined)
    for film in (over, under):
        film.monitor.begin_cycle()
    assert over.show(1, sag=20).end().judged == {"sag": 1.0}
    assert under.show(1, sag=5).end().judged == {"sag": 0.0}


ARCH = replace(SAG, name="arch", parts=("back",), of_back="arch", measure=lambda m: m.lumbar)


@pytest.mark.parametrize(
    ("lumbar", "verdict", "faults"),
    [
        ((20.0, 4.0), "faulty", ("arch",)),
        ((11.0, 4.0), "not-judged", ()),
        ((9.0, 4.0), "not-judged", ()),
        ((2.0, 4.0), "clean", ()),
        ((-20.0, 4.0), "clean", ()),
        ((NAN, NAN), "not-judged", ()),
    ],
    ids=["surely arched", "perhaps arched", "perhaps not", "surely not", "the other way", "not seen"],
)
def test_a_back_that_is_neither_surely_bent_nor_surely_straight_is_not_judged(lumbar, verdict, faults):
    film = Film(replace(EXERCISE, faults=(ARCH,)))
    film.monitor.begin_cycle()
    judgement = film.show(1, lumbar=lumbar).end()
    assert (judgement.verdict, judgement.faults) == (verdict, faults)
    assert judgement.not_judged == (("back",) if verdict == "not-judged" else ())


def test_how_sure_one_must_be_is_a_setting():
    lumbar = (10.8, 4.0)
    assert Film(replace(EXERCISE, faults=(ARCH,))).show(1, lumbar=lumbar).names() == []
    assert Film(replace(EXERCISE, faults=(ARCH,)), sure_share=0.55).show(1, lumbar=lumbar).names() == ["arch"]


def test_an_end_fault_that_can_not_be_told_is_not_judged():
    timed = replace(EXERCISE, faults=(), end_faults=(QUICK,))
    unknown, quick = Film(timed).end(), Film(timed).end(outbound_s=0.4)
    assert (unknown.verdict, unknown.not_judged, unknown.judged) == ("not-judged", ("feet",), {"quick": 0.0})
    assert (quick.verdict, quick.faults, quick.judged) == ("faulty", ("quick",), {"quick": 1.0})


def test_end_faults_of_attempts_are_not_of_repetitions():
    assert Film().end(is_rep=True).faults == ()
    film = Film()
    assert film.end(is_rep=False, peak_rom=0.7).faults == ("short",)
    started, ended = film.events
    assert (started.name, started.magnitude, ended.name) == ("short", 0.7, "short")


@pytest.mark.parametrize(
    ("facts", "side_on_deg"),
    [
        ({"peak_rom": 1.0}, 0.0),
        ({"peak_rom": 0.0}, 0.0),
        ({"peak_rom": 0.7, "is_whole": False}, 0.0),
        ({"peak_rom": 0.7}, 35.0),
        ({"peak_rom": 0.7}, -35.0),
    ],
    ids=["far enough", "nothing", "not seen whole", "oblique", "oblique the other way"],
)
def test_nobody_is_told_to_reach_further_without_being_sure(facts, side_on_deg):
    assert Film(side_on_deg=side_on_deg).show(0.1).end(is_rep=False, **facts).faults == ()


@pytest.mark.parametrize("side_on_deg", [33.0, 34.2, -34.2])
def test_a_little_oblique_is_sure_enough(side_on_deg):
    assert Film(side_on_deg=side_on_deg).show(0.1).end(is_rep=False, peak_rom=0.7).faults == ("short",)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_shorter_reach_is_suggested_when_the_fault_began_twice(times):
    advice = RangeAdvice("sag", "reach_deg", lambda m: 130.0 + m.hold_s, "Shorter reach.")
    film = Film(replace(EXERCISE, range_advice=advice))
    for i in range(times):
        film.show(0.2).show(1, sag=20, hold_s=float(i)).show(0.5)
    found = film.monitor.suggest(9.0)
    assert [(e.fault, e.setting, e.unit, e.times) for e in found] == [("sag", "reach_deg", "deg", times)] * (times >= 2)
    assert all(e.value == pytest.approx(130.0 + (times - 1) / 2, abs=0.51) for e in found)


@pytest.mark.parametrize(("reach", "value"), [(60.0, 100.0), (200.0, 170.0)])
def test_what_is_suggested_is_a_setting_that_makes_sense(reach, value):
    film = Film(replace(EXERCISE, range_advice=RangeAdvice("sag", "reach_deg", lambda _: reach, "Shorter reach.")))
    film.show(1, sag=20).show(0.5).show(1, sag=20)
    assert [e.value for e in film.monitor.suggest(9.0)] == [value]


def test_a_fault_that_makes_another_movement_of_it_is_named():
    film = Film(replace(EXERCISE, disqualifying=frozenset({"sag"})))
    film.monitor.begin_cycle()
    assert film.monitor.disqualified_by == ""
    film.show(1, sag=20)
    assert film.monitor.disqualified_by == "sag"
    film.end()
    assert film.monitor.disqualified_by == ""


def test_each_fault_has_its_own_time_to_be_confirmed_and_its_own_margin():
    own = (Setting("slow_s", 1.0, "s", 0.1, 5, "Long."), Setting("margin_deg", 4, "deg", 0, 10, "Wide."))
    slow = replace(
        EXERCISE, faults=(replace(SAG, confirm="slow_s", hysteresis="margin_deg"),), settings=(*SETTINGS, *own)
    )
    assert Film(slow).show(0.9, sag=20).names() == []
    film = Film(slow).show(1.2, sag=20).show(1, sag=7)
    assert (film.names(), film.names(FaultEnded)) == (["sag"], [])
    assert film.show(1, sag=5).names(FaultEnded) == ["sag"]


# -- near the limit ----

NOISY = replace(EXERCISE, faults=(replace(SAG, noise=2.0),))
"""Its limit is 10; 1.64 times its noise are 3.3."""


@pytest.mark.parametrize(
    ("sag", "verdict", "faults", "judged"),
    [
        (6.5, "clean", (), 1.0),
        (6.9, "not-judged", (), 0.0),
        (9.9, "not-judged", (), 0.0),
        (13.1, "not-judged", (), 0.0),
        (13.5, "faulty", ("sag",), 1.0),
    ],
)
def test_what_lies_within_its_noise_of_the_limit_is_not_judged(sag, verdict, faults, judged):
    film = Film(NOISY)
    film.monitor.begin_cycle()
    told = film.show(1).show(1, sag=sag).show(1).end()
    assert (told.verdict, told.faults, told.judged["sag"]) == (verdict, faults, judged)
    assert told.not_judged == (("hips",) if verdict == "not-judged" else ())
    assert film.names() == list(faults)


def test_a_moment_near_the_limit_is_noise_and_the_next_cycle_is_judged_anew():
    film = Film(NOISY)
    film.monitor.begin_cycle()
    assert film.show(1).show(0.3, sag=9).show(1).end().verdict == "clean"
    film.monitor.begin_cycle()
    assert film.show(1, sag=9).show(1).end().verdict == "not-judged"
    film.monitor.begin_cycle()
    assert film.show(2).end().verdict == "clean"


def test_nearness_ends_with_its_phase_and_with_what_is_broken_off():
    held = replace(NOISY, faults=(replace(NOISY.faults[0], during=("end-range",)),))
    film = Film(held)
    film.monitor.begin_cycle()
    film.show(0.3, sag=9, phase="end-range").show(0.2)
    assert film.show(0.3, sag=9, phase="end-range").end().verdict == "clean"
    film.show(0.2).monitor.begin_cycle()
    film.show(0.3, sag=9, phase="end-range").monitor.stop()
    assert film.show(0.3, sag=9, phase="end-range").end().verdict == "clean"


@pytest.mark.parametrize(("neck", "verdict"), [(9, "not-judged"), (6, "clean")])
def test_a_start_that_is_near_its_limit_when_the_cycle_begins_belongs_to_it(neck, verdict):
    film = Film(replace(EXERCISE, faults=(replace(RESTING, noise=2.0),))).show(2, neck=neck, phase="rest")
    film.monitor.begin_cycle()
    assert film.show(1).end().verdict == verdict


@pytest.mark.parametrize(
    ("unit", "sag", "verdict"),
    [
        ("deg", 11.2, "not-judged"),
        ("deg", 11.4, "faulty"),
        ("torso lengths", 10.007, "not-judged"),
        ("torso lengths", 10.01, "faulty"),
        ("share", 10.01, "faulty"),
    ],
)
def test_a_measure_has_the_noise_of_its_unit(unit, sag, verdict):
    """0.8 degrees and 0.005 torso lengths were measured; of other units nothing is known."""
    film = Film(replace(EXERCISE, faults=(replace(SAG, unit=unit),)))
    film.monitor.begin_cycle()
    assert film.show(1, sag=sag).end().verdict == verdict


@pytest.mark.parametrize(("lumbar_deg", "faults", "verdict"), [(10.1, ("sag",), "faulty"), (9.0, (), "not-judged"),
                                                               (7.3, (), "clean")])  # fmt: skip
def test_a_back_is_told_by_its_own_doubt_and_the_noise_only_takes_back_a_good_one(lumbar_deg, faults, verdict):
    """Its own doubt is the larger one: noise of 0.8 makes a band of 2.6 degrees below the limit."""
    back = replace(SAG, unit="deg", of_back="arch", measure=lambda m: m.lumbar)
    film = Film(replace(EXERCISE, faults=(back,)))
    film.monitor.begin_cycle()
    told = film.show(1, lumbar=(lumbar_deg, 0.0)).end()
    assert (told.faults, told.verdict) == (faults, verdict)


@pytest.mark.parametrize(
    ("hold_s", "verdict"), [(1.9, "faulty"), (1.92, "not-judged"), (2.08, "not-judged"), (2.1, "clean")]
)
def test_a_hold_that_is_nearly_long_enough_is_not_judged(hold_s, verdict):
    """Holds are timed to 0.055 s (standard deviation): 0.09 s on either side of two seconds nobody knows."""
    brief = EndFault("brief", 1, "Stay.", parts=("feet",), judge=lambda f, _: f.short_hold(2.0), **PAGE)
    film = Film(replace(EXERCISE, faults=(), end_faults=(brief,)))
    film.monitor.begin_cycle()
    facts = RepFacts(None, None, math.nan, hold_s, 1.2, film.start)
    _, told = film.monitor.end_cycle(5.0, Span(0.0), facts, is_rep=True)
    assert told.verdict == verdict


@pytest.mark.parametrize(
    ("hold_s", "peak_rom", "told"),
    [(2.0, 0.5, math.nan), (9.0, 0.39, math.nan), (9.0, 0.41, math.nan), (9.0, 0.43, 1.0), (9.0, 0.37, None)],
)
def test_stays_and_reaches_near_their_limit_are_not_judged_either(hold_s, peak_rom, told):
    rule = EndFault(
        "rule", 1, "Go.", parts=("feet",), on="attempt",
        judge=lambda f, _: 1.0 if f.hold_s < 2.0 or f.peak_rom >= 0.4 else None, **PAGE,
    )  # fmt: skip
    film = Film(replace(EXERCISE, faults=(), end_faults=(rule,)))
    film.monitor.begin_cycle()
    facts = RepFacts(None, None, math.nan, hold_s, peak_rom if hold_s > 2 else 0.2, film.start)
    events, judgement = film.monitor.end_cycle(5.0, Span(0.0), facts, is_rep=False)
    assert judgement.judged == {"rule": 0.0 if told is not None and math.isnan(told) else 1.0}
    assert bool(events) is (told == 1.0)


# -- while it is open which side moves ----

ONE_SIDED = replace(SAG, measure=lambda m: {"left": m.body.trunk_deg, "right": m.body.neck_deg, None: NAN}[m.side])


@pytest.mark.parametrize(
    ("sag", "neck", "is_open", "faults"),
    [(20, 0, True, ()), (0, 20, True, ()), (20, 20, True, ("sag",)), (20, 0, False, ("sag",)), (20, NAN, True, ())],
)
def test_nobody_is_blamed_by_a_side_that_is_not_known(sag, neck, is_open, faults):
    film = Film(replace(EXERCISE, faults=(ONE_SIDED,)))
    film.monitor.begin_cycle()
    for _ in range(FPS):
        body = Body(film.t, trunk_deg=sag, neck_deg=neck)
        context = RuleContext(body, film.start, "left", film.settings)
        film.rate.note(film.t)
        film.monitor.watch(
            film.t, context, "outbound", film.rate, is_cycle=True, is_leaving=False, is_side_open=is_open
        )
        film.t += 1 / FPS
    told = film.end()
    assert told.faults == faults
    assert told.judged["sag"] == (0.0 if math.isnan(neck) else 1.0)
