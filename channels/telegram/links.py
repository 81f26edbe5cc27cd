"""Hyperlinks in a text: each is followed by its URL, as in a mail. Pure."""

from collections.abc import Sequence

from channels.telegram.shapes import Entity

MOST = 20
LONGEST = 500  # characters of an address


def with_links(text: str, entities: Sequence[Entity]) -> str:
    """The text with "(https://…)" behind the words that lead there, unless they show it."""
    raw = text.encode("utf-16-le", "surrogatepass")
    found = [one for one in entities if one.type == "text_link" and _is_shown(one)]
    for one in sorted(found[:MOST], key=lambda entity: -entity.offset):
        begin, end = 2 * one.offset, 2 * (one.offset + one.length)
        if not 0 <= begin < end <= len(raw):
            continue
        said = raw[begin:end].decode("utf-16-le", "replace")
        if _bare(one.url) not in said.lower():
            raw = raw[:end] + f" ({one.url})".encode("utf-16-le") + raw[end:]
    return raw.decode("utf-16-le", "replace")


def _is_shown(entity: Entity) -> bool:
    address = entity.url
    plain = len(address) <= LONGEST and address.isprintable() and " " not in address
    return plain and address.lower().startswith(("https://", "http://"))


def _bare(address: str) -> str:
    return address.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
