"""The words of notices in one language: labels, and how people subscribe."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """`levels` and `scenarios` are labels by name. `all_clear` and `update` stand before the title of such a version.
    `everywhere` fills {area} for the whole city. `subscribe`, `unsubscribe` and `confirm` begin what somebody writes who
    wants notices, wants none, or confirms; `about` are the words by which they name a scenario, and `all_of` those that
    mean every scenario. `weak` are those of `subscribe` that also begin questions: they count with a district alone.
    `between` are words that may stand between the others. All these are without accents and punctuation. `fixed` and
    `safe` are asked once when an incident is closed, about its {title}, with the emergency {number}; `not_well` is the button that leads to a person."""

    levels: Mapping[str, str]
    scenarios: Mapping[str, str]
    all_clear: str
    update: str
    everywhere: str
    anything: str
    subscribe: tuple[str, ...]
    unsubscribe: tuple[str, ...]
    weak: tuple[str, ...]
    confirm: tuple[str, ...]
    between: tuple[str, ...]
    about: Mapping[str, tuple[str, ...]]
    all_of: tuple[str, ...]
    banner: str
    feed: str
    nothing: str
    invite: str
    until: str
    fixed: str
    safe: str
    not_well: str
    code: str
    short_code: str
