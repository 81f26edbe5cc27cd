"""Partner desks, to which a conversation can be transferred: other offices with a system of their own."""

from typing import Annotated

import msgspec

from city.hours import Language

DAY = 24
PartnerName = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Hours = Annotated[int, msgspec.Meta(ge=1, le=336)]


class PartnerConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One partner desk. `url` takes our signed calls; the environment variable named by `secret_env` holds the secret that
    both sides sign with. It answers in `languages` and for `topics` (none listed: for any). The citizen has
    `consent_hours` to agree, the partner then has `answer_hours` to accept."""

    name: PartnerName
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    url: str
    secret_env: Annotated[str, msgspec.Meta(pattern=r"^[A-Z][A-Z0-9_]{0,79}$")]
    languages: tuple[Language, ...]
    topics: tuple[str, ...] = ()
    consent_hours: Hours = DAY
    answer_hours: Hours = DAY

    def takes(self, language: str, topic: str | None) -> bool:
        """Whether it answers in this language and for this topic."""
        return language in self.languages and (not self.topics or topic in self.topics)
