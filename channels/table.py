"""`python -m channels.table`: writes the table in docs/channels.md in place, from the capabilities in the
code.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from channels.base import (
    Channel,
    Handshakes,
    Listens,
    ShowsTyping,
)
from channels.registry import CHANNELS, ChannelSetup

DOCUMENT = Path(__file__).parent.parent / "docs" / "channels.md"
BEGIN, END = "<!-- from the code: `make channels` writes it -->", "<!-- end -->"

_UNITS = {
    "characters": "characters",
    "utf16": "UTF-16 units",
    "bytes": "bytes",
    "sms": "septets",
}


def table() -> str:
    """A Markdown table, one channel per line, in the order of the registry."""
    channels = {name: _kind(name) for name in CHANNELS}
    head = "| channel | " + " | ".join(title for title, _ in _COLUMNS) + " |"
    rule = "|---" * (len(_COLUMNS) + 1) + "|"
    rows = [
        f"| {name} | " + " | ".join(cell(channel) for _, cell in _COLUMNS) + " |"
        for name, channel in channels.items()
    ]
    return "\n".join((head, rule, *rows))


def main(document: Path = DOCUMENT) -> int:
    """Write the table to the document, and print it."""
    text = document.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    document.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", encoding="utf-8")
    print(table())
    return 0


def _kind(name: str) -> type[Channel]:
    factory = CHANNELS[name]
    return factory if isinstance(factory, type) else type(factory(ChannelSetup(_nobody)))


async def _nobody(_: str) -> None: ...


def _text(channel: type[Channel]) -> str:
    can = channel.capabilities
    return f"{can.text_length:,} {_UNITS[can.text_unit]}"


def _buttons(channel: type[Channel]) -> str:
    can = channel.capabilities
    if not can.buttons and not can.list_rows:
        return "numbered text"
    shown = f"{can.buttons}"
    if can.list_rows:
        shown += f", then a list of {can.list_rows}"
    return shown if can.button_keeps else f"{shown}, until the next message"


def _location(channel: type[Channel]) -> str:
    can = channel.capabilities
    if can.location_request:
        return "pin, asked for with its own control"
    return "pin" if can.location else "typed address"


def _images(channel: type[Channel]) -> str:
    can = channel.capabilities
    sides = [name for name, there in (("in", can.images), ("out", can.images_out)) if there]
    return " and ".join(sides) or "no"


def _window(channel: type[Channel]) -> str:
    can = channel.capabilities
    if can.reply_window_hours is None:
        return "none"
    parts = [f"{can.reply_window_hours} h"]
    if can.human_window_hours is not None:
        parts.append(f"an agent {can.human_window_hours // 24} days")
    if can.templates:
        parts.append("then a template")
    return ", ".join(parts)


def _typing(channel: type[Channel]) -> str:
    if not issubclass(channel, ShowsTyping):
        return "no"
    can = channel.capabilities
    marks = [name for name, there in (("typing", can.typing), ("read", can.read_marks)) if there]
    return " and ".join(marks) or "no"


def _receipts(channel: type[Channel]) -> str:
    return "yes" if channel.capabilities.receipts else "no"


def _arrives(channel: type[Channel]) -> str:
    if channel.name == "web":
        return "our own widget and page"
    if issubclass(channel, Listens):
        return "we listen"
    return "webhook with a handshake" if issubclass(channel, Handshakes) else "webhook"


def _resend(channel: type[Channel]) -> str:
    return "safe, by key" if channel.capabilities.idempotent else "never blindly"


_COLUMNS: Sequence[tuple[str, Callable[[type[Channel]], str]]] = (
    ("arrives by", _arrives),
    ("text in one message", _text),
    ("buttons", _buttons),
    ("photos", _images),
    ("place", _location),
    ("typing and read marks", _typing),
    ("receipts", _receipts),
    ("reply window", _window),
    ("after a lost answer", _resend),
)

__all__ = ["main", "table"]

if __name__ == "__main__":
    sys.exit(main())
