"""Looking back: what was remembered, with the session of now, as the page of progress and as proposals."""

from __future__ import annotations

from collections.abc import Sequence

from formcheck.app.pages.progress import ProgressPage
from formcheck.app.remembering import Memory
from formcheck.app.sheets import Sheet, sheets_of
from formcheck.app.speech import Speech
from formcheck.core.rules.exercise import Exercise
from formcheck.pipeline.live import Machine
from formcheck.session.document import Kept, Proposal
from formcheck.session.next_step import Accepted, propose
from formcheck.session.program import Program
from formcheck.session.registry import Registry


class Retrospect:
    """What former sessions say, at the window."""

    def __init__(self, memory: Memory, registry: Registry, machine: Machine) -> None:
        self._memory, self._registry, self._machine = memory, registry, machine

    def past(self) -> tuple[Kept, ...]:
        """Former sessions, read now.

        Raises:
            FormcheckError: they can't be read.
        """
        return tuple(self._memory.past())

    def page(self, speech: Speech, current: Kept | None = None, program: Program | None = None) -> ProgressPage:
        """The page of progress.

        Args:
            speech: says the one sentence.
            current: the session of now; it stands for what was remembered of it already.
            program: what is done now, if it is one.
        """
        now, accepted = self._machine.today(), tuple(self._memory.accepted())

        def look() -> tuple[Sheet, ...]:
            others = [kept for kept in self.past() if current is None or _id(kept) != _id(current)]
            past = [*others, current] if current is not None else others
            return sheets_of(past, now, self._registry, program, accepted)

        return ProgressPage(look, self._accept, speech, self._machine.sleep)

    def proposals(self, past: Sequence[Kept], exercises: Sequence[Exercise]) -> tuple[Proposal, ...]:
        """What is proposed for next time, of the session that is the last of `past`."""
        others = [kept for kept in past[:-1] if _id(kept) != _id(past[-1])]
        now, accepted = self._machine.today(), tuple(self._memory.accepted())
        found = (propose([*others, past[-1]], exercise, now, accepted) for exercise in exercises)
        return tuple(proposal for proposal in found if proposal is not None)

    def _accept(self, proposal: Proposal) -> None:
        self._memory.keep(Accepted(proposal.exercise, proposal.what, proposal.value, self._machine.today()))


def _id(kept: Kept) -> str:
    return kept.session.session_id
