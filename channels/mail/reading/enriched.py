"""The text of text/enriched (RFC 1896) and its predecessor text/richtext (RFC 1341), without their commands. Linear."""

import re

_COMMAND = re.compile(r"<<|<(/?)([A-Za-z0-9-]{1,60})>")
_ENDS = re.compile(r"\n+")
_SILENT = frozenset({"param", "comment"})
"""Commands around what is no text: a colour's name, a remark."""
_BREAKS = {"nl": "\n", "np": "\n\n", "paragraph": "\n\n"}
"""Line ends of text/richtext."""


def enriched_text(text: str) -> str:
    """As a reader sees it. One line end is a blank and more of them are one less, except where nothing is filled."""
    out: list[str] = []
    silent = unfilled = place = 0
    text = text.replace("\r\n", "\n")
    for found in _COMMAND.finditer(text):
        if not silent:
            out.append(_filled(text[place : found.start()], unfilled > 0))
        place = found.end()
        closes, name = found[1], (found[2] or "").lower()
        if not name:
            out += [] if silent else ["<"]
        elif name in _SILENT:
            silent = max(0, silent - 1) if closes else silent + 1
        elif name == "nofill":
            unfilled = max(0, unfilled - 1) if closes else unfilled + 1
        elif not silent:
            out.append("<" if name == "lt" else _BREAKS.get(name, "") if not closes or name != "nl" else "")
    # A remark that never ends hides nothing.
    return "".join([*out, _filled(text[place:], unfilled > 0)])


def _filled(text: str, unfilled: bool) -> str:
    return text if unfilled else _ENDS.sub(lambda found: found[0][1:] or " ", text)
