"""Puts a visit together: app, eyes, policy and the pages that others bring."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from formcheck.app.app import App, AppOptions
from formcheck.app.languages import Languages
from formcheck.camera import View
from formcheck.desk.identity import Address
from formcheck.kiosk.carried import Carried
from formcheck.kiosk.company import Company
from formcheck.kiosk.config import KioskConfig
from formcheck.kiosk.feed import KioskFeed
from formcheck.kiosk.policy import KioskPolicy, Watching
from formcheck.kiosk.visit import Visit
from formcheck.pipeline.live import Feed, Machine, chosen_camera
from formcheck.pose.effort import Effort
from formcheck.pose.onlooker import Onlooker
from formcheck.session.registry import load_exercises
from formcheck.system.machine import kept_choice


def build(config: KioskConfig, tell: Callable[[str], None], must_leave: Callable[[], bool], carried: Carried) -> Visit:
    """One visit with everything of this machine; nothing is opened yet."""
    registry = load_exercises()
    choice = kept_choice()
    effort = Effort(choice.model, choice.longest_px) if choice is not None else Effort()
    view = View.turned(config.camera.rotate, is_mirrored=config.camera.mirror)
    machine = Machine()
    company = Company(machine.clock, Onlooker(fov_deg=config.camera.fov_deg), config.camera.fov_deg)
    policy = KioskPolicy(company, config.times, is_locked=must_leave, tell=tell)

    def kept_feed(*_: object) -> Feed:
        assert policy.feed is not None
        return policy.feed

    machine = Machine(open_feed=kept_feed)
    app = App(
        AppOptions(source=config.camera.source or "0", effort=effort, hastens=True),
        registry,
        machine,
        observers=lambda: [Watching(company)],
        languages=Languages(chosen=carried.language or config.language),
    )
    open_feed = partial(_open, config.camera.source, effort, view)
    visit = Visit(app, config, registry, machine, company, policy, open_feed, carried=carried)
    visit.woken, visit.printing = partial(tell, "woken"), partial(tell, "printing")
    if config.desk:
        _join(visit, config)
    return visit


def _join(visit: Visit, config: KioskConfig) -> None:
    """Let the supervisor's desk see what is done, and keep it where the visitor agreed; the network's libraries are
    loaded only here."""
    from formcheck.desk.station import Station

    app = visit.app

    def session_id() -> str:
        return app.session.session_id if app.session is not None else ""

    station = Station(
        Address.parse(config.desk), lambda: app.speech, session_id, name="Kiosk", is_saving=config.desk_saves,
        is_public=True,
    )  # fmt: skip

    def tell_whose(person: str, is_kept: bool) -> None:
        station.scribe.person, station.scribe.is_kept = person, is_kept

    app.observe(station.observer)
    app.tell(station.scribe)
    visit.desk, visit.closing, visit.tell_whose = station.policy, station.close, tell_whose
    visit.forget_desk = station.link.forget


def _open(source: str, effort: Effort, view: View) -> KioskFeed:
    return KioskFeed(source or chosen_camera(""), effort, view=view)
