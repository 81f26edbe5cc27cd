"""Whether a style attribute hides an element. Declarations are read one by one; the last one of a name counts."""

import re
from dataclasses import dataclass

LONGEST_STYLE = 2_000
MOST_DECLARATIONS = 60
_SIZE = re.compile(r"([0-9]{0,6}(?:\.[0-9]{0,6})?)\s{0,3}([a-z%]{0,4})")
_RELATIVE = frozenset({"em", "%", "ex", "ch"})


@dataclass(frozen=True, slots=True)
class Shown:
    """What an element inherits: whether its text has a size, and whether it is visible. Nothing inside can
    undo `removed`."""

    sized: bool = True
    visible: bool = True
    removed: bool = False

    @property
    def text(self) -> bool:
        """Whether text directly inside is seen."""
        return self.sized and self.visible and not self.removed


def styled(style: str, before: Shown) -> Shown:
    """The state inside an element with this style, given the state `before` of its parent."""
    if not style:
        return before
    given: dict[str, str] = {}
    for one in style[:LONGEST_STYLE].lower().split(";", MOST_DECLARATIONS)[:MOST_DECLARATIONS]:
        name, colon, value = one.partition(":")
        if colon:
            given[name.strip()] = value.replace("!important", "").strip()
    zero_high = _is_zero(given.get("max-height", "")) or _is_zero(given.get("height", ""))
    removed = (
        given.get("display") == "none"
        or _is_zero(given.get("opacity", ""))
        or given.get("mso-hide") == "all"
        or (zero_high and given.get("overflow", "").startswith("hidden"))
    )
    visibility = given.get("visibility", "")
    visible = visibility not in ("hidden", "collapse") if visibility else before.visible
    if visibility == "inherit":
        visible = before.visible
    size = given.get("font-size") or _size_of(given.get("font", ""))
    return Shown(_sized(size, before), visible, before.removed or removed)


def _size_of(font: str) -> str:
    """The size in "font: italic 12px/1.2 Arial"; a number without a unit is a weight, unless it is zero."""
    for word in font.split()[:6]:
        size = word.partition("/")[0]
        found = _SIZE.fullmatch(size)
        if found and any(c.isdigit() for c in found[1]) and (found[2] or _is_zero(size)):
            return size
    return ""


def _sized(size: str, before: Shown) -> bool:
    found = _SIZE.match(size)
    if not size or found is None or not any(c.isdigit() for c in found[1]):
        # A word ("small") is a size of its own, except those that take the parent's.
        return before.sized if not size or size in ("inherit", "smaller", "larger") else True
    number = float(found[1])
    if found[2] in _RELATIVE:
        return before.sized and number > 0
    return number > 0


def _is_zero(value: str) -> bool:
    found = _SIZE.match(value)
    return bool(found and any(c.isdigit() for c in found[1]) and float(found[1]) == 0)
