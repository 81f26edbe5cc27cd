"""Plain text in both directions: GeoReport descriptions carry no HTML and at most 4,000 characters."""

import html
import re

MAX_DESCRIPTION = 4000

_ALIKE = str.maketrans("OIL", "011")
_TAG = re.compile(r"<!--[^<>]*-->|</?[A-Za-z!?][^<>]*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def plain(text: str) -> str:
    """The text without tags and control characters; "3 < 4" is kept."""
    text = without_controls(text)
    # Removing one tag may join the halves of another (`<scr<b>ipt>`), hence the loop; each pass shrinks the
    # text.
    for _ in range(20):
        shorter = _TAG.sub("", text)
        if shorter == text:
            break
        text = shorter
    else:
        text = text.replace("<", "")
    return text.strip()


def without_controls(text: str) -> str:
    """Remove what PostgreSQL, XML or a terminal cannot handle: NUL, other controls, lone surrogates."""
    return _CONTROL.sub("", text)


def plain_answer(text: str) -> str:
    """Text returned by a back end, with tags removed and entities decoded."""
    return plain(html.unescape(plain(text)))


def marker(request_id: str) -> str:
    """The marker that identifies our request in a back end that does not store `account_id`."""
    return f"[civicdesk {request_id}]"


def description_with_marker(description: str, request_id: str) -> str:
    """The description, cut so that the marker always fits within 4,000 characters."""
    end = marker(request_id)
    text = plain(description[: 5 * MAX_DESCRIPTION])
    left = MAX_DESCRIPTION - len(end) - 1
    if len(text) > left:
        text = text[: left - 1].rstrip() + "…"
    return f"{text}\n{end}" if text else end


def has_marker(description: str, request_id: str) -> bool:
    """Whether this is our request. Spaces and case may have changed in transit."""
    return "".join(marker(request_id).split()).lower() in "".join(description.split()).lower()


def folded(reference: str) -> str:
    """A reference normalised for how people read it out: no case, no separators, O as 0, I and L as 1."""
    return "".join(c for c in reference.upper() if c.isalnum()).translate(_ALIKE) or reference
