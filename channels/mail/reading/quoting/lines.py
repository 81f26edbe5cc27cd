"""The lines of a mail's text, with the properties of each from the HTML or from a quote mark."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Place = Literal["", "quoted", "signature"]


@dataclass(frozen=True, slots=True)
class Line:
    """`place`: where the mail program put it; "" is the text itself. `text` is what a person sees."""

    text: str
    place: Place = ""

    @property
    def quoted(self) -> bool:
        """Whether it is marked as part of an older mail."""
        return self.place == "quoted"

    @property
    def blank(self) -> bool:
        """Whether it is empty."""
        return not self.text.strip(" \t\u00a0>\ufeff")


def plain_lines(text: str) -> list[Line]:
    """The lines of a plain text: ">" marks a quoted one."""
    found: list[Line] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        marked = line.lstrip().startswith(">") and not (
            line.rstrip().endswith(" >>>") or (found and _closes_an_address(found[-1].text, line))
        )
        found.append(Line(line, "quoted" if marked else ""))
    return found


def with_mark(line: Line) -> Line:
    """The line of an HTML text, as quoted if a ">" says so: programs also write plain text as HTML."""
    return Line(line.text, "quoted") if not line.place and line.text.lstrip().startswith(">") else line


def _closes_an_address(before: str, line: str) -> bool:
    """Whether ">" ends an address that began on the line before: programs cut "<a@b.c>:" at any place."""
    opened = before[-300:].rpartition("<")[2]
    return "@" in opened and ">" not in opened and "<" in before[-300:] and line.rstrip().endswith(":")


def joined(lines: Iterable[Line]) -> str:
    """The text, without more than one blank line in a row."""
    out: list[str] = []
    for line in lines:
        text = line.text.rstrip()
        if text or (out and out[-1]):
            out.append(text)
    return "\n".join(out).strip()
