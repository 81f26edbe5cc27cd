"""Alerts of other services (CAP in): where they are read, and what the city does with them."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from city.notices.rules import Scenario

Severity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
Urgency = Literal["Immediate", "Expected", "Future", "Past", "Unknown"]
Certainty = Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]
"""The words of CAP 1.2, section 3.2.2."""
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
EVERYWHERE = "*"
"""As the districts of a geocode: the whole city."""


class AlertSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A feed (Atom, RSS) or a CAP document, read every `seconds`. Its documents are fetched from its own host and from `hosts`
    alone. `senders`: whose alerts count; empty for everybody's in it. `geocodes`: from "name:value" to districts. `scenario`
    and `otherwise` are for alerts that no rule names."""

    name: Name
    title: Line
    url: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    hosts: Annotated[tuple[Line, ...], msgspec.Meta(max_length=20)] = ()
    seconds: Annotated[int, msgspec.Meta(ge=30, le=86_400)] = 120
    senders: Annotated[tuple[Line, ...], msgspec.Meta(max_length=50)] = ()
    geocodes: Annotated[dict[Line, tuple[str, ...]], msgspec.Meta(max_length=500)] = {}
    scenario: Scenario = "storm"
    otherwise: Literal["draft", "ignore"] = "draft"

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """The hosts from which its documents may come."""
        own = (urlsplit(self.url).hostname or "").lower()
        return tuple(dict.fromkeys([own, *(one.lower() for one in self.hosts)]))


class AlertRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of an alert; the first that fits holds. Empty fields fit everything. `plan` is a prepared message. `then`:
    a draft for people, or a banner at once. `words`: the prepared message's, or the source's own."""

    plan: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    source: Annotated[str, msgspec.Meta(pattern=r"^([a-z][a-z0-9-]{0,39})?$")] = ""
    events: Annotated[tuple[Line, ...], msgspec.Meta(max_length=50)] = ()
    severities: tuple[Severity, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    certainties: tuple[Certainty, ...] = ()
    then: Literal["draft", "banner"] = "draft"
    words: Literal["city", "source"] = "city"

    def fits(self, source: str, event: str, severity: str, urgency: str, certainty: str) -> bool:
        """Whether it is about such an alert. Events are compared without case."""
        return (
            self.source in ("", source)
            and (
                not self.events or event.casefold().strip() in {one.casefold().strip() for one in self.events}
            )
            and (not self.severities or severity in self.severities)
            and (not self.urgencies or urgency in self.urgencies)
            and (not self.certainties or certainty in self.certainties)
        )


def problem_of_alerts(
    sources: tuple[AlertSource, ...], rules: tuple[AlertRule, ...], districts: frozenset[str]
) -> str | None:
    """What does not fit together, as a sentence."""
    names = [one.name for one in sources]
    for source in sources:
        parts = urlsplit(source.url)
        if names.count(source.name) > 1:
            return f"two sources of alerts are called '{source.name}'."
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            return f"the address of the source '{source.name}' must be like https://host/path."
        for code, places in source.geocodes.items():
            if unknown := sorted(set(places) - districts - {EVERYWHERE}):
                return f"the geocode '{code}' of the source '{source.name}' names '{unknown[0]}', which is no district."
    for rule in rules:
        if rule.source and rule.source not in names:
            return f"a rule for alerts names the source '{rule.source}', which there is not."
        if rule.then == "banner" and not (rule.events or rule.severities):
            return "a rule that shows a banner at once must say for which events or severities."
    return None
