"""Yes and no as emoji: thumbs of any skin tone, a tick, a cross. Pure."""

from __future__ import annotations

YES = frozenset("👍👌✅☑✔💯🆗🙆👏🤝")
NO = frozenset("👎❌✖🚫⛔🙅")
LONGEST = 20  # characters; a longer row of emoji means something else
# A skin tone, the choice of a coloured picture, and the joiner between a person and a gender sign.
_MODIFIERS = frozenset("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff\ufe0e\ufe0f\u200d\u2640\u2642")


def intent_of_sign(text: str) -> str | None:
    """`affirm` or `deny` if the text consists only of such emoji, whatever their colour; else None."""
    said = {character for character in text if not character.isspace() and character not in _MODIFIERS}
    if not said or len(text) > LONGEST:
        return None
    if said <= YES:
        return "affirm"
    return "deny" if said <= NO else None
