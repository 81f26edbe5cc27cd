"""The written cases of replies and forwards, and the result of our reader.

A file of cases has one block for each:

    === Gmail, es, reply
    the mail's text, or HTML if it begins with <html>
    --- right
    what its author wrote this time

After the program and the language comes the kind: `reply` to a mail of ours, `forward` (the subject says so),
`reply to somebody else` (an answer to no mail of ours), and `own words` (a first mail) under any other name.
`--- keeps` instead of `--- right` lists lines that must be kept, whatever else is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from channels.mail.reading.parse import read_mail

FOLDER = Path(__file__).parents[2] / "tests" / "fixtures" / "mail_quotes"
FILES = {"seen": "seen.txt", "held out": "held_out.txt"}
OWN = "help@lindenport.example"
SENDER = "Ana Diaz <ana@mail.example>"
Outcome = Literal["right", "too much kept", "too much cut"]


@dataclass(frozen=True, slots=True)
class Case:
    """One mail. `exact`: `wanted` is all that may be left."""

    title: str
    body: str
    wanted: str
    exact: bool

    @property
    def mail(self) -> bytes:
        """Its bytes."""
        first, _, kind = self.title.partition(",")
        words = f"{first},{kind}".lower()
        subject = "Lamp"
        headers = [f"From: {SENDER}", f"To: {OWN}", "Message-ID: <case@mail.example>"]
        if first.lower().startswith("forward") or ", forward" in words:
            subject = "Fwd: Heating"
        elif "reply to somebody else" in words:
            subject = "Re: Heating"
            headers.append("References: <1@rent.example>")
        elif "reply" in words:
            subject = "Re: Lamp"
            headers.append("References: <1@lindenport.example>")
        kind = "html" if self.body.startswith("<html>") else "plain"
        headers += [f"Subject: {subject}", f"Content-Type: text/{kind}; charset=utf-8"]
        return "\r\n".join([*headers, "", *self.body.split("\n")]).encode()

    def outcome(self) -> tuple[Outcome, str]:
        """What our reader makes of it, and the text."""
        got = read_mail(self.mail, own=OWN).text
        # What is passed on may keep its quote marks.
        strip = " \t" if self.exact else " \t>"
        lines = [line.strip(strip) for line in got.split("\n") if line.strip(strip)]
        wanted = [line.strip(strip) for line in self.wanted.split("\n") if line.strip(strip)]
        if any(line not in lines for line in wanted):
            return "too much cut", got
        return ("too much kept" if self.exact and lines != wanted else "right"), got


def read_cases(which: str) -> list[Case]:
    """The cases of one file, `seen` or `held out`."""
    found: list[Case] = []
    for block in (FOLDER / FILES[which]).read_text(encoding="utf-8").split("\n=== ")[1:]:
        title, _, rest = block.partition("\n")
        exact = "\n--- right\n" in rest
        body, _, wanted = rest.partition("\n--- right\n" if exact else "\n--- keeps\n")
        found.append(Case(title.strip(), body, wanted.strip("\n"), exact))
    return found


def counted(cases: Sequence[Case]) -> dict[Outcome, list[tuple[Case, str]]]:
    """The cases by outcome, each with the text that was read."""
    found: dict[Outcome, list[tuple[Case, str]]] = {"right": [], "too much kept": [], "too much cut": []}
    for case in cases:
        outcome, got = case.outcome()
        found[outcome].append((case, got))
    return found
