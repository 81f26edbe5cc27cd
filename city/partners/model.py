"""Partner desks: settings that only city.yml has, and settings that administrators change while the desk is running."""

from typing import Annotated

import msgspec

from city.hours import Language

PartnerName = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
PartnerTitle = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
PartnerHours = Annotated[int, msgspec.Meta(ge=1, le=336)]


class PartnerTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the console says of a partner instead of city.yml. `offered`: agents can ask citizens about it."""

    title: PartnerTitle
    languages: tuple[Language, ...]
    topics: tuple[Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,59}$")], ...] = ()
    consent_hours: PartnerHours = 24
    answer_hours: PartnerHours = 24
    offered: bool = True


class PartnerConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One partner desk. `url` takes our signed calls; the environment variable named by `secret_env` holds the secret that
    both sides sign with. A desk without such a service has an `email` instead: it gets a mail with a signed link. It answers in `languages` and for `topics` (none listed: for any). The citizen has
    `consent_hours` to agree, the partner then has `answer_hours` to accept."""

    name: PartnerName
    title: PartnerTitle
    languages: tuple[Language, ...]
    url: str = ""
    secret_env: Annotated[str, msgspec.Meta(pattern=r"^([A-Z][A-Z0-9_]{0,79})?$")] = ""
    email: Annotated[str, msgspec.Meta(pattern=r"^([^@\s]{1,64}@[A-Za-z0-9.-]{3,180})?$")] = ""
    topics: tuple[str, ...] = ()
    consent_hours: PartnerHours = 24
    answer_hours: PartnerHours = 24

    @property
    def terms(self) -> PartnerTerms:
        """What city.yml says where administrators say nothing."""
        return PartnerTerms(
            title=self.title,
            languages=self.languages,
            topics=self.topics,
            consent_hours=self.consent_hours,
            answer_hours=self.answer_hours,
        )

    def under(self, terms: PartnerTerms) -> "PartnerConfig":
        """The same desk, at the same address, under these terms."""
        return msgspec.structs.replace(
            self,
            title=terms.title,
            languages=terms.languages,
            topics=terms.topics,
            consent_hours=terms.consent_hours,
            answer_hours=terms.answer_hours,
        )

    def takes(self, language: str, topic: str | None) -> bool:
        """Whether it answers in this language and for this topic."""
        return language in self.languages and (not self.topics or topic in self.topics)
