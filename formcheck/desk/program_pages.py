"""A patient's program: read, changed in a form, every version kept, taken away as TOML or as a ticket for the kiosk."""

from __future__ import annotations

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from formcheck.core.text import marked
from formcheck.desk import filing, prescribing
from formcheck.desk.filing import Version
from formcheck.desk.people_pages import name_in, person_in
from formcheck.desk.prescribing import FormError, ProgramForm
from formcheck.desk.roles import Right
from formcheck.desk.visit import NOT_FOUND, Desk, Visit, route, to
from formcheck.session.program import DAY_NAMES, DAYS, program_names
from formcheck.session.registry import Registry, load_exercises
from formcheck.session.texts import languages
from formcheck.session.toml_file import TomlFile
from formcheck.store.papers import OvertakenError
from formcheck.system.assets import asset
from formcheck.system.errors import FormcheckError

WHY_MAX = 300
WHY_MISSING = marked("Say why the program changes, below. Nothing was lost.")
NO_KEY = marked("This desk has no key for tickets. Start it with --ticket-key.")
NO_DAYS = marked("A ticket is valid for 1 to 400 days.")
DAYS_SHORT = dict(zip(DAYS, marked(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")), strict=True))


def routes(desk: Desk) -> list[Route]:
    """These pages."""
    program = "/patients/{person}/program"
    version = program + "/{version:int}"
    return [
        route(desk, "GET", program, newest, Right.FILE),
        route(desk, "GET", program + "/edit", edit, Right.FILE),
        route(desk, "POST", program + "/edit", change, Right.FILE, fields=prescribing.FIELDS_MAX),
        route(desk, "GET", version, one_version, Right.FILE),
        route(desk, "GET", version + "/toml", as_toml, Right.FILE),
        route(desk, "POST", version + "/ticket", ticket, Right.FILE),
    ]


# -- reading -----------------------------------------------------------------------------------------------------------


def newest(visit: Visit) -> Response:
    """The program as it is now; where there is none yet, where to begin."""
    person = person_in(visit)
    versions = filing.versions_of(visit.store, person)
    return _shown(visit, person, versions, versions[-1] if versions else None)


def one_version(visit: Visit) -> Response:
    """An older version, or the newest."""
    person = person_in(visit)
    versions = filing.versions_of(visit.store, person)
    return _shown(visit, person, versions, _asked(visit, versions))


def _asked(visit: Visit, versions: list[Version]) -> Version:
    number = int(visit.request.path_params["version"])
    if not 1 <= number <= len(versions):
        raise HTTPException(404, NOT_FOUND)
    return versions[number - 1]


def _shown(
    visit: Visit, person: str, versions: list[Version], shown: Version | None, status: int = 200, problem: str = ""
) -> Response:
    visit.store.note("program-seen", person, f"version {shown.number}" if shown else "none yet")
    registry = load_exercises()
    return visit.page(
        "program.html",
        status,
        person=person,
        who=name_in(visit, person),
        versions=versions,
        shown=shown,
        week=prescribing.week_of(shown.toml, registry) if shown is not None else {},
        exercises=registry.exercises,
        settings=prescribing.settings_of,
        registry=registry,
        shipped=program_names(),
        known=accounts_of(visit),
        has_tickets=visit.desk.tickets is not None,
        languages=languages(),
        days=DAYS_SHORT,
        day_names=dict(zip(DAYS, DAY_NAMES, strict=True)),
        words=prescribing,
        problem=problem,
    )


def accounts_of(visit: Visit) -> dict[str, str]:
    """Names of those who work here, by what stands in the store."""
    return {each.who: each.name for each in visit.desk.accounts.all()}


def as_toml(visit: Visit) -> Response:
    """A version as the file that `formcheck session` reads; its name is made here."""
    person = person_in(visit)
    version = _asked(visit, filing.versions_of(visit.store, person))
    visit.store.note("export", person, f"program version {version.number}")
    name = f"program-{person[:8]}-v{version.number}.toml"
    return Response(
        version.toml, media_type="application/toml", headers={"content-disposition": f'attachment; filename="{name}"'}
    )


# -- changing ----------------------------------------------------------------------------------------------------------


def edit(visit: Visit) -> Response:
    """The form: of the newest version, of an older one (`version`), or of a program that ships (`from`)."""
    person = person_in(visit)
    versions = filing.versions_of(visit.store, person)
    query = visit.request.query_params
    shipped, number = query.get("from", ""), query.get("version", "")
    form = ProgramForm()
    if shipped in program_names():
        form = prescribing.form_of(asset("programs", f"{shipped}.toml").read_text("utf-8"))
    elif versions:
        is_there = number.isdecimal() and len(number) < 7 and 1 <= int(number) <= len(versions)
        form = versions[int(number) - 1 if is_there else -1].form
    visit.store.note("program-seen", person, "form")
    return _form(visit, person, form, versions[-1].paper.id if versions else "")


def _form(
    visit: Visit, person: str, form: ProgramForm, base: str, status: int = 200, problem: str = "",
    item: int | None = None, checked: str = "", week: dict[str, int] | None = None,
) -> Response:  # fmt: skip
    registry = load_exercises()
    return visit.page(
        "program_form.html",
        status,
        person=person,
        who=name_in(visit, person),
        form=form,
        base=base,
        why=visit.form.get("why", "")[:WHY_MAX],
        problem=problem,
        wrong=item,
        checked=checked,
        week=week or {},
        exercises=registry.exercises,
        settings_of=lambda name: prescribing.settings_of(registry, name),
        languages=languages(),
        days=DAYS_SHORT,
        day_names=dict(zip(DAYS, DAY_NAMES, strict=True)),
        words=prescribing,
    )


def change(visit: Visit) -> Response:
    """One of the form's buttons. Nothing is kept before *Save*; what was typed always comes back."""
    person = person_in(visit)
    form, do, base = prescribing.typed(visit.form), visit.given("do", 20), visit.given("base", 36)
    if do not in ("save", "check"):
        return _form(visit, person, prescribing.changed(form, do, visit.form), base)
    registry = load_exercises()
    try:
        toml, _ = prescribing.checked(form, registry)
        if do == "save":
            _save(visit, person, toml, form, base, registry)
            return to(f"/patients/{person}/program")
    except OvertakenError as error:
        newest_id = filing.versions_of(visit.store, person)[-1].paper.id
        return _form(visit, person, form, newest_id, 409, error.text)
    except FormError as error:
        return _form(visit, person, form, base, 400, error.text, error.item)
    return _form(visit, person, form, base, checked=toml, week=prescribing.week_of(toml, registry))


def _save(visit: Visit, person: str, toml: str, form: ProgramForm, base: str, registry: Registry) -> None:
    why = visit.form.get("why", "").strip()[:WHY_MAX]
    if not why:
        raise FormError(WHY_MISSING)
    filing.keep_program(visit.store, person, toml, form, why, base, registry)


# -- handing out -------------------------------------------------------------------------------------------------------


def ticket(visit: Visit) -> Response:
    """A slip for the kiosk: a code that the desk has signed, and its number where the kiosk knows numbers."""
    person = person_in(visit)
    versions = filing.versions_of(visit.store, person)
    version, days, language = _asked(visit, versions), visit.given("days", 4), visit.given("language", 20)
    make = visit.desk.tickets
    try:
        if make is None:
            raise FormcheckError(NO_KEY)
        if not days.isdecimal() or (language and language not in languages()):
            raise FormcheckError(NO_DAYS)
        slip = make(TomlFile.of(prescribing.PLACE, version.toml), person, int(days), language)
    except FormcheckError as error:
        return _shown(visit, person, versions, version, 400, error.text)
    visit.store.note("ticket-made", person, f"version {version.number} until {slip.expires.isoformat()}")
    return visit.page("ticket.html", person=person, version=version, slip=slip, code=Markup(slip.svg))
