"""What is asked of a repetition or a clip, and what may be answered: yes, no, and that it can't be told. Pure."""

from __future__ import annotations

from typing import Literal, get_args

from formcheck.core.text import marked

Answer = Literal["yes", "no", "unsure"]
"""Was the fault there? `unsure`: somebody can't tell, or the coach did not judge it. It is an answer, not a gap."""
ANSWERS: tuple[Answer, ...] = get_args(Answer)
WORDS: dict[str, str] = marked({"yes": "yes", "no": "no", "unsure": "can't tell"})
ANY = "any-fault"
"""In place of a fault's name: whether there was any."""
COACH = "coach"
