"""What a visit can bring beside the session: my program by a code or a slip, the result to take along, the PIN."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Event, Thread

from formcheck.app.pages.page import StillPage
from formcheck.app.speech import Speech
from formcheck.core.text import marked
from formcheck.kiosk.carried import Carried
from formcheck.kiosk.company import Company
from formcheck.kiosk.pages import KeypadPage, LargeChoice
from formcheck.kiosk.paper import page_of
from formcheck.kiosk.pin import Instant, PinGate, try_pin
from formcheck.kiosk.result import Result
from formcheck.kiosk.scanner import TicketScanner
from formcheck.kiosk.spooler import PrintError, print_page, take_back, waiting
from formcheck.kiosk.takeaway import takeaway_of, view_of
from formcheck.kiosk.taking import Taken, TicketTaker
from formcheck.kiosk.ticket import TicketError
from formcheck.pipeline.diary import Diary
from formcheck.pipeline.live import Machine
from formcheck.screen import Action, KeypadView, MessageView, Option

DONE = {Action.CONFIRM: "left", Action.BACK: "left"}
WRONG_PIN = marked("That is not the PIN.")
WAIT_PIN = marked("Too many wrong PINs. Wait, then try again.")
NO_PIN = marked("No PIN is set. See the clinic's handbook.")
OUT_S = 30.0
"""Longest time for a page to come out; then it is taken back, and the person told."""
LOOK_S = 1.0
"""Seconds between two looks at the printer's queue."""
PRINTED = marked("Your page is being printed.")


class CodePage(KeypadPage):
    """Asks for a code, or a slip that is held to the camera. Left as `taken` with `found`, or as `left`."""

    def __init__(
        self,
        taker: TicketTaker,
        company: Company,
        carried: Carried,
        machine: Machine,
        speech: Speech,
    ) -> None:
        note = marked("Hold your slip to the camera, or type its eight digits.")
        if not taker.takes_codes:
            note = marked("Hold your slip to the camera.")
        super().__init__(KeypadView("My program", note=note), self._by_code, machine.sleep, is_hidden=False)
        self.found: Taken | None = None
        self._taker, self._company, self._carried, self._today = taker, company, carried, machine.today
        self._speech = speech
        self._scanner = TicketScanner()

    def turn(self, now: float) -> None:
        """Look for a slip in the newest picture."""
        super().turn(now)
        picture = self._company.picture
        text = self._scanner.look(picture.image, now) if picture is not None else None
        if text is None:
            return
        trouble = self._tried(partial(self._taker.by_text, text, self._today().date()))
        if trouble:
            self.tell(trouble)
        else:
            self.outcome = "taken"

    def _by_code(self, typed: str, now: float) -> str:
        trouble = self._tried(partial(self._taker.by_code, typed, self._today().date(), now))
        self._carried.tries = self._taker.tries
        self._carried.hand_on()
        return trouble

    def _tried(self, take: Callable[[], Taken]) -> str:
        try:
            self.found = take()
        except TicketError as error:
            self._speech.drop()
            self._speech.plan("kiosk.code-wrong")
            return error.text
        return ""


class TakePage(StillPage):
    """The code that a phone takes along."""

    def __init__(
        self, result: Result, language: str, sleep: Callable[[float], None], *, is_watched: bool = False
    ) -> None:
        super().__init__(view_of(takeaway_of(result, language), is_watched=is_watched), DONE, sleep)


class PaperPage(StillPage):
    """The result goes to the printer; what has not come out after a while is taken back, and it says so.

    The spooler may take seconds to answer, so it is spoken to on a thread of its own: the window goes on. What still
    waits when this process has gone is the supervisor's business (`Kiosk.sweep`).
    """

    def __init__(self, result: Result, language: str, printer: str, machine: Machine) -> None:
        super().__init__(MessageView("One moment, please.", is_error=False), DONE, machine.sleep)
        self._printer, self._clock, self._is_left = printer, machine.clock, Event()
        self._thread = Thread(target=self._print, args=(result, language), daemon=True)

    def enter(self, now: float) -> None:
        """Begin to print."""
        super().enter(now)
        if self._thread.ident is None:
            self._thread.start()

    def leave(self) -> None:
        """The queue is looked at no more."""
        self._is_left.set()

    def _print(self, result: Result, language: str) -> None:
        try:
            job = print_page(page_of(result, language), self._printer)
            self._view = MessageView(PRINTED, is_error=False)
            if job:
                self._follow(job, self._clock() + OUT_S)
        except PrintError as error:
            self._view = MessageView(error.text)

    def _follow(self, job: str, until_s: float) -> None:
        """Wait until the page has come out.

        Raises:
            PrintError: it has not, and was taken back; or the spooler doesn't answer any more.
        """
        while job in waiting(self._printer):
            if self._is_left.wait(LOOK_S):
                return
            if self._clock() >= until_s:
                take_back(job)
                raise PrintError("waits")


class KeepPage(StillPage):
    """The store is opened, on a thread of its own: a server may take its time. Left as `kept` with `diary`, or as
    `unkept`."""

    def __init__(self, diary: Diary, sleep: Callable[[float], None]) -> None:
        super().__init__(MessageView("One moment, please.", is_error=False, hints=()), {}, sleep)
        self.diary = diary
        self._found = ""
        self._thread = Thread(target=self._open, daemon=True)

    def enter(self, now: float) -> None:
        """Begin to open it."""
        super().enter(now)
        self._thread.start()

    def turn(self, now: float) -> None:
        """See how far it is."""
        super().turn(now)
        self.outcome = self.outcome or self._found

    def _open(self) -> None:
        try:
            self.diary.check()
        except Exception:  # noqa: BLE001 - whatever is wrong with a store, the person exercises all the same
            self._found = "unkept"
        else:
            self._found = "kept"


def ways_to_take(sleep: Callable[[float], None]) -> LargeChoice:
    """By phone, on paper, or not at all: where there is a printer."""
    options = (Option("phone", "On my phone"), Option("paper", "On paper"), Option("left", "No, thank you"))
    return LargeChoice(marked("Take your result with you?"), options, sleep)


class PinPage(KeypadPage):
    """Asks the staff for their PIN."""

    def __init__(self, pin_hash: str, carried: Carried, sleep: Callable[[float], None]) -> None:
        view = KeypadView("PIN", note="" if pin_hash else NO_PIN)
        super().__init__(view, self._try_pin, sleep, is_hidden=True)
        self._hash, self._carried = pin_hash, carried

    def _try_pin(self, typed: str, now: float) -> str:
        instant = Instant.now()
        if self._carried.gate.wait_s(instant) > 0:
            return WAIT_PIN
        self._carried.gate, is_right = try_pin(self._carried.gate, self._hash, typed, instant, self._keep)
        return "" if is_right else WRONG_PIN

    def _keep(self, gate: PinGate) -> None:
        self._carried.gate = gate
        self._carried.hand_on()
