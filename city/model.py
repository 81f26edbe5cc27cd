"""The City model: everything that differs from one jurisdiction to the next, as set in city.yml. One long file on purpose: it is read
beside city.yml."""

import re
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from city.boundary import MapConfig
from city.coordinates import Latitude, Longitude
from city.hours import LONGEST_TEXT, Country, Hours, Language, Span, SpecialDay
from city.notices.alerts import AlertRule, AlertSource
from city.notices.districts import District
from city.notices.official import OfficialList, with_own
from city.notices.rules import NoticeRules
from city.outside.bodies import BodyConfig
from city.partners.model import PartnerConfig, PartnerTerms
from city.registers.model import RegisterConfig
from city.sign_in import SignInConfig

CallingCode = Annotated[str, msgspec.Meta(pattern=r"^\+[1-9][0-9]{0,2}$")]
DangerKind = Literal[
    "suicide", "overdose", "missing", "domestic", "violence", "break_in", "gas", "fire", "medical", "danger"
]
"""The kinds of danger that the assistant tells apart (bot/understanding/people/urgency.py)."""
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class TemplateConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message that a provider approved in advance, for a contact whose reply window is over.

    `name` and `language` are the provider's; `text` repeats the approved text, with a name in braces for each
    value, in the provider's order: "News about {reference}: {news}". The desk sends those for `news` itself
    (it fills in {reference}, {news}, {name} and {city}); an agent picks one for `reply` and fills it in.
    """

    purpose: Literal["news", "reply"]
    language: Language
    name: str
    text: str
    code: str | None = None

    @property
    def blanks(self) -> tuple[str, ...]:
        """The names of its values, in order."""
        return tuple(re.findall(r"\{([a-z_]+)\}", self.text))


class InboxConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One configured channel account. `channel` is the kind; secrets come from the environment."""

    name: Name
    channel: str
    settings: dict[str, str] = {}
    templates: tuple[TemplateConfig, ...] = ()


A_DAY = 1_440


class Team(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Agents who share a queue. The first team takes what no other team claims.

    `inboxes`: it gets conversations of these only; none listed means all. `skills` are topics, inboxes or kinds of
    danger for which an agent needs the skill of that name. `mode`: with "push" conversations are offered to whoever is
    free, for `offer_seconds`. A citizen who writes again within `return_minutes` after an agent resolved comes back to
    that agent (0: to the bot). Without `hours` it keeps the office's. An urgent conversation that nobody claims in `urgent_seconds` calls the supervisors.
    """

    name: Name
    title: str
    languages: tuple[Language, ...]
    topics: tuple[str, ...] = ()
    hours: Hours | None = None
    inboxes: tuple[Name, ...] = ()
    skills: tuple[str, ...] = ()
    mode: Literal["pull", "push"] = "pull"
    return_minutes: Annotated[int, msgspec.Meta(ge=0, le=10_080)] = A_DAY
    offer_seconds: Annotated[int, msgspec.Meta(ge=10, le=600)] = 60
    urgent_seconds: Annotated[int, msgspec.Meta(ge=10, le=3_600)] = 60


class ResolveReason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an agent resolves a conversation. `asks`: the citizen is asked afterwards how satisfied they are."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    title: str
    asks: bool = True


class SlaPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a team promises, in minutes: the first response, each next one, and the end. Without `team` it is for every
    team, without `urgent` for both kinds. Office hours count, unless `always`."""

    team: Name | None = None
    urgent: bool | None = None
    first_response: Annotated[int, msgspec.Meta(ge=1)] | None = None
    next_response: Annotated[int, msgspec.Meta(ge=1)] | None = None
    resolution: Annotated[int, msgspec.Meta(ge=1)] | None = None
    always: bool = False


class BackendConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One government system. The environment variables named by `url_env` and `api_key_env` take precedence.
    `read_key`: reads need the key too, as the header X-Api-Key or as api_key in the address. `statuses` are its own status
    words, as in {Cerrada: closed}; a word in neither this table nor backends/open311/status.py is shown as it is. `catalogue`: citizens can ask
    for all its services. `request_updates`: changes it takes by servicerequestupdates, with its words; `read_updates`: it lists them.
    """

    name: Name
    kind: str
    url: str
    reference_pattern: str
    url_env: str | None = None
    api_key_env: str | None = None
    jurisdiction: str | None = None
    read_key: Literal["header", "query"] | None = None
    statuses: dict[str, Literal["open", "closed", "not_ours"]] = {}
    catalogue: bool = False
    request_updates: dict[Literal["complement", "withdraw", "reopen"], str] = {}
    read_updates: bool = False


class GeocoderConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A server with Nominatim's HTTP API, asked for what content/street_positions.csv does not know. `url` ends before
    /search; the environment variable named by `url_env` takes precedence."""

    url: str
    url_env: str | None = None


class TranslationConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A server with LibreTranslate's HTTP API, for agents. `languages` are those that it can; none listed means any. The
    environment variable named by `api_key_env` holds its key."""

    url: str
    api_key_env: str | None = None
    languages: tuple[Language, ...] = ()


class DraftingConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A server with the OpenAI-compatible HTTP API, which drafts texts for agents. `url` is what comes before
    /chat/completions, as in https://host/v1."""

    url: str
    model: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    api_key_env: str | None = None


class PagesConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Official pages that are searched where no answer is sure. The HTML files of `folder` have addresses that begin with
    `address` (without it: with that of the chat). What `sitemap` and `addresses` name is fetched, `most` pages at most, and
    looked at again after `hours`."""

    folder: str | None = None
    address: str | None = None
    sitemap: str | None = None
    addresses: tuple[str, ...] = ()
    hours: Annotated[int, msgspec.Meta(ge=1, le=720)] = 24
    most: Annotated[int, msgspec.Meta(ge=1, le=20_000)] = 5_000


class SharedSetConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answers that another jurisdiction shares, such as the county's, in a `folder` or at an https `address`; looked at again after
    `hours`. `name` is shown at each of them."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    folder: str | None = None
    address: str | None = None
    hours: Annotated[int, msgspec.Meta(ge=1, le=720)] = 1


SOLVED = "solved"
"""What "Resolve" means where no other reason is chosen; the first reason of every city."""
RESOLVE_REASONS = (
    ResolveReason(name=SOLVED, title="Solved"),
    ResolveReason(name="no_answer", title="No answer from the citizen"),
    ResolveReason(name="not_ours", title="Not ours: told where to go"),
    ResolveReason(name="duplicate", title="Duplicate", asks=False),
    ResolveReason(name="abuse", title="Abuse", asks=False),
    ResolveReason(name="spam", title="Spam", asks=False),
)
IDLE_HOURS = {"web": 24}
IDLE_HOURS_ELSEWHERE = 72


class City(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The jurisdiction. `languages[0]` is the default; `office_hours` are local times by weekday.

    `postal_codes` are patterns of the local postal codes; the bot recognises them. `calling_code` is the
    country's telephone code, like "+1": SMS are sent only there unless an inbox says otherwise.
    `waiting_from_one_address` is how many web chats from one network address may wait for an agent at once,
    and `handoffs_per_contact` how often one contact may be queued in an hour. `translating` are those of
    `languages` that the assistant already speaks but not yet for every answer. The public holidays of `country`
    (two letters, and `subdivision` for a part of it) are closing days; `holidays` are further ones, and
    `special_days` have hours of their own. `closed_texts` are what citizens are told outside the office hours, by
    language; {opens} stands for the next opening, and a team's own text comes first. `boundary` is the area that crews
    go to, as corners [latitude, longitude] in degrees, and `locality` names what the city lies in, as addresses
    write it. `public_places`: our GeoReport server shows everybody where a problem is, not only those with a key.
    `crisis_lines` are the numbers given besides the emergency number: a kind of danger, then a language (the first language's number fills gaps). `idle_hours`: after how many hours without a
    message the assistant's conversation ends, by channel; `idle_hours_with_draft` while a report is under way. `sla`: the
    first policy that fits a conversation holds. `sign_in` is how staff sign in (city/sign_in.py). `translation` and
    `drafting` are services that help agents; without them no text goes to either. `partners` are desks of other offices,
    and `partner_terms` what the console says of them. `offered` are those of `languages` in the menus of the web chat;
    none listed means all. `inbox_titles` are what agents read, by the inbox's name,
    and `greetings` what the assistant says to a greeting there, by language. `geocoder` knows addresses, corners and landmarks.
    `map` shows a place in the web chat beside its address; it needs a `boundary`. `registers` answer questions by number
    (city/registers/model.py). `bodies` look after what is not the city's. `pages` are searched where no answer is sure.
    `shared_answers` are taken in from others, and can be overridden one by one. `districts`, `notice_rules`, `alert_sources`,
    `alert_rules` and `official`: city/notices.
    """

    name: str
    languages: tuple[Language, ...]
    time_zone: str
    website: str
    phone: str
    emergency_number: str
    office_address: str
    office_hours: dict[str, tuple[Span, ...]]
    inboxes: tuple[InboxConfig, ...]
    teams: tuple[Team, ...]
    backends: tuple[BackendConfig, ...]
    services: str
    gazetteer: str
    country: Country | None = None
    subdivision: str | None = None
    holidays: tuple[date, ...] = ()
    special_days: tuple[SpecialDay, ...] = ()
    closed_texts: dict[Language, Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]] = {}
    postal_codes: tuple[str, ...] = ()
    translating: tuple[Language, ...] = ()
    boundary: tuple[tuple[Latitude, Longitude], ...] = ()
    locality: tuple[str, ...] = ()
    calling_code: CallingCode | None = None
    waiting_from_one_address: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 20
    handoffs_per_contact: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 6
    public_places: bool = False
    demo: bool = False
    crisis_lines: dict[DangerKind, dict[Language, str]] = {}
    sign_in: SignInConfig = SignInConfig()
    resolve_reasons: tuple[ResolveReason, ...] = RESOLVE_REASONS
    idle_hours: dict[str, Annotated[int, msgspec.Meta(ge=1, le=2_000)]] = {}
    idle_hours_with_draft: Annotated[int, msgspec.Meta(ge=1, le=2_000)] = 168
    sla: tuple[SlaPolicy, ...] = ()
    translation: TranslationConfig | None = None
    drafting: DraftingConfig | None = None
    partners: tuple[PartnerConfig, ...] = ()
    partner_terms: dict[Name, PartnerTerms] = {}
    registers: tuple[RegisterConfig, ...] = ()
    offered: tuple[Language, ...] = ()
    inbox_titles: dict[Name, Annotated[str, msgspec.Meta(max_length=60)]] = {}
    greetings: dict[Name, dict[Language, Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]]] = {}
    geocoder: GeocoderConfig | None = None
    map: MapConfig | None = None
    bodies: tuple[BodyConfig, ...] = ()
    pages: PagesConfig | None = None
    shared_answers: tuple[SharedSetConfig, ...] = ()
    districts: tuple[District, ...] = ()
    notice_rules: NoticeRules = NoticeRules()
    alert_sources: tuple[AlertSource, ...] = ()
    alert_rules: tuple[AlertRule, ...] = ()
    official: OfficialList = OfficialList()

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def official_list(self) -> OfficialList:
        """Everything that is called official, the website and the telephone number too."""
        return with_own(self.official, self.phone, self.website)

    @property
    def language(self) -> str:
        """The default language."""
        return self.languages[0]

    @property
    def offered_languages(self) -> tuple[str, ...]:
        """The languages that citizens are offered in menus; they may write in any."""
        return self.offered or self.languages

    def greeting(self, inbox: str | None, language: str) -> str | None:
        """What the assistant says to a greeting in this inbox; None: the same as everywhere."""
        return self.greetings.get(inbox or "", {}).get(language)

    def inbox(self, name: str) -> InboxConfig | None:
        """The inbox of this name, if there is one."""
        return next((inbox for inbox in self.inboxes if inbox.name == name), None)

    def idle_after(self, channel: str, *, draft: bool = False) -> int:
        """Hours without a message after which a conversation of the assistant ends."""
        hours = self.idle_hours.get(channel, IDLE_HOURS.get(channel, IDLE_HOURS_ELSEWHERE))
        return max(hours, self.idle_hours_with_draft) if draft else hours

    def resolve_reason(self, name: str) -> ResolveReason | None:
        """The reason of this name, if there is one."""
        return next((one for one in self.resolve_reasons if one.name == name), None)

    def partner(self, name: str) -> PartnerConfig | None:
        """The partner desk of this name, if there is one, under its present terms."""
        found = next((one for one in self.partners if one.name == name), None)
        return found.under(self.terms_of(found)) if found else None

    def terms_of(self, partner: PartnerConfig) -> PartnerTerms:
        """The present terms of this partner."""
        return self.partner_terms.get(partner.name, partner.terms)

    def partners_for(self, language: str, topic: str | None) -> list[PartnerConfig]:
        """The partner desks that take a conversation in this language about this topic."""
        now = [(one.under(terms), terms) for one in self.partners if (terms := self.terms_of(one))]
        return [one for one, terms in now if terms.offered and one.takes(language, topic)]

    @property
    def complete(self) -> tuple[str, ...]:
        """The languages in which every answer must be written, including the default."""
        return tuple(language for language in self.languages if language not in self.translating)

    def team(self, name: str) -> Team | None:
        """The team of this name, if there is one."""
        return next((team for team in self.teams if team.name == name), None)
