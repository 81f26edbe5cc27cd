"""The names of an answer's parts. A part is what the answer says about one thing, for follow-up questions.

`cost_children` is the cost for children: a part and a qualifier. The phrases that ask for each part are in
bot/languages.
"""

from collections.abc import Mapping
from types import MappingProxyType

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "cost": "what it costs",
        "documents": "what must be shown, sent or known",
        "where": "the office, address or page",
        "how": "the steps",
        "online": "whether it can be done online",
        "duration": "how long it takes until it is done",
        "validity": "how long it is valid",
        "when": "days, times and deadlines",
        "who": "who can have it, or must",
        "exceptions": "who or what is exempt, and when the rule does not apply",
        "holidays": "what changes on public holidays",
        "contact": "whom to call or write to",
        "payment": "the ways to pay",
        "appointment": "whether an appointment is needed",
        "renewal": "how it is renewed or extended",
        "lost": "what to do if it was lost or stolen",
        "late": "what happens after the deadline",
        "instalments": "whether it can be paid in parts or later",
        "appeal": "how to object to a decision, and until when",
    }
)

HOW = "how"
"""An answer that has no part of this name says it as a whole."""

QUALIFIERS: Mapping[str, str] = MappingProxyType(
    {
        "children": "for children and anyone under age",
        "seniors": "for older people",
        "visitors": "for visitors and guests",
        "first": "for the first time",
        "second": "for a second one",
        "urgent": "if it is urgent",
    }
)


def is_part(name: str) -> bool:
    """Whether an answer may have a part of this name: a part, a qualifier, or one of each."""
    part, _, qualifier = name.partition("_")
    return name in PARTS or name in QUALIFIERS or (part in PARTS and qualifier in QUALIFIERS)
