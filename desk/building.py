"""One build function for each of the desk's packages that the worker runs, and what they share. One long file on purpose: the wiring
can be read in one place."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from channels.base import Bills
from city import City
from desk.conversations.announcing import Announcer
from desk.conversations.handoffs import Handoffs
from desk.conversations.holds import Holds
from desk.conversations.messages import PULLED, MessageWriter
from desk.inbound.intake import Intake
from desk.inbound.listeners import Listeners
from desk.knowledge.catalogue import Catalog
from desk.knowledge.comparing.collecting import ComparedQuestions
from desk.knowledge.pages.fetching import PageFetcher
from desk.knowledge.pages.refresh import PageRefresh
from desk.knowledge.pages.search import PageSearch
from desk.knowledge.pages.vectors import Embeds
from desk.knowledge.publishing.links import LinkChecks
from desk.knowledge.sharing.reading import SetReader
from desk.knowledge.sharing.taking import SharedAnswers
from desk.knowledge.unanswered.collecting import UnansweredQuestions
from desk.model import Clock
from desk.notices.current import CurrentNotices
from desk.notices.mentioning import Mentions
from desk.notices.subscribing import Subscribing
from desk.official.checking import OfficialChecks
from desk.outbound.circuit_breaker import CircuitBreaker
from desk.outbound.delivery import Delivery
from desk.outbound.eligibility import Eligibility
from desk.outbound.undelivered import Undelivered
from desk.outside import Outside
from desk.partners.client import PartnerClient
from desk.partners.consent import ConsentAnswers
from desk.partners.mailing import PartnerMails
from desk.partners.outcomes import Outcomes
from desk.partners.sending import PartnerSender
from desk.people.identity.answers import IdentityAnswers
from desk.people.linking import Linking
from desk.reporting.mail_kinds import mail_inbox_of
from desk.reporting.review_mails import ReviewMails
from desk.reporting.staff_mail_delivery import StaffMailDelivery
from desk.reporting.staff_mails import StaffMails
from desk.requests.change_news import ChangeNews
from desk.requests.changing import Changer
from desk.requests.filing import Filer
from desk.requests.news import RequestNews
from desk.requests.promises import Promises
from desk.requests.recording import RequestRecorder
from desk.requests.rerouting import Rerouting
from desk.requests.status import Follower
from desk.requests.telling.news_elsewhere import NewsElsewhere
from desk.requests.telling.possession import Possession
from desk.requests.telling.reaching import Reaching
from desk.routing.absences import Absences
from desk.routing.alarms import Alarms
from desk.routing.capacity import measure_of, slow_inboxes
from desk.routing.hours import is_open
from desk.routing.offers import OfferTimes
from desk.routing.presence import Presences
from desk.routing.pushing import Pushing
from desk.routing.returning import Returning
from desk.routing.upkeep import Upkeep
from desk.rumours.answering import RumourAnswers
from desk.rumours.collecting import ClaimGroups
from desk.rumours.matching import Matching
from desk.rumours.telling import VerdictDelivery
from desk.runtime.clock import utc_now
from desk.runtime.live import Live
from desk.runtime.liveness import Liveness
from desk.runtime.metrics import Metrics
from desk.runtime.timing import DeliveryTiming, TurnTiming
from desk.settings import DeskSettings
from desk.store.pool import Store
from desk.surveys.answer_ratings import AnswerRatings
from desk.surveys.answers import SurveyAnswers
from desk.surveys.closures import ClosureAnswers
from desk.turns.answering import Answering, Committed
from desk.turns.appending import Appending
from desk.turns.asking import Asking
from desk.turns.bot_client import Forgets
from desk.turns.loop import Turns
from desk.turns.turn import Arriving, Turn
from desk.turns.typing import TypingBotClient
from desk.turns.waiting import Waiting


@dataclass(frozen=True, slots=True)
class Resources:
    """What every part of the worker uses. `changed_settings`: those that differ from city.yml."""

    store: Store
    live: Live
    city: City
    catalog: Catalog
    clock: Clock = utc_now
    changed_settings: Callable[[], Mapping[str, Mapping[str, Any]]] = dict


@dataclass(frozen=True, slots=True)
class Common:
    """Objects that several parts share, built from the resources."""

    writer: MessageWriter
    handoffs: Handoffs
    announcer: Announcer
    holds: Holds
    undelivered: Undelivered
    metrics: Metrics
    liveness: Liveness
    notices: CurrentNotices


def build_common(desk: Resources) -> Common:
    """Build the parts that write into conversations, and the metrics."""
    writer = MessageWriter(desk.city, desk.catalog)
    handoffs = Handoffs(desk.city, writer, desk.clock)
    announcer = Announcer(desk.store, desk.live, writer)
    undelivered = Undelivered(handoffs, announcer, desk.clock)
    metrics = Metrics(lambda: is_open(desk.city, desk.clock()))
    holds = Holds(desk.city, writer, desk.clock)
    notices = CurrentNotices(desk.clock)
    return Common(writer, handoffs, announcer, holds, undelivered, metrics, Liveness(), notices)


def build_inbound(desk: Resources, outside: Outside, common: Common, breaker: CircuitBreaker) -> Listeners:
    """Build the mailbox listeners; webhooks come in through the gateway."""
    intake = Intake(desk.store, desk.live, common.undelivered)
    return Listeners(desk.store, intake, breaker, outside.channels)


def build_turns(
    desk: Resources,
    outside: Outside,
    common: Common,
    timing: TurnTiming,
    committed: Callable[[Committed], None],
    *,
    arriving: Arriving | None = None,
    linking: Linking | None = None,
    public_url: str = "",
) -> Turns:
    """Build what turns an accepted event into an answer. `committed` is called with the work that each commit left."""
    capabilities = {name: channel.capabilities for name, channel in outside.channels.items()}
    returning = Returning(desk.city, common.handoffs, measure_of(desk.city), desk.clock)
    writer, announcer, clock = common.writer, common.announcer, desk.clock
    ratings = AnswerRatings(desk.store, writer, announcer, capabilities, clock)
    embeds = outside.bot_client if isinstance(outside.bot_client, Embeds) else None
    forgets = outside.bot_client if isinstance(outside.bot_client, Forgets) else None
    appending = Appending(
        desk.store,
        desk.live,
        common.writer,
        capabilities,
        timing.lease,
        returning,
        SurveyAnswers(desk.city, writer, common.handoffs, announcer, clock, ratings),
        forgets,
        IdentityAnswers(outside.codes, desk.clock),
        ConsentAnswers(desk.city, common.writer, desk.clock),
        ClosureAnswers(
            RequestRecorder(outside.routes, desk.clock), common.writer, outside.services, desk.clock
        ),
        ratings,
        Possession(outside.codes, Reaching(desk.city), common.writer, desk.clock),
    )
    asking = Asking(
        desk.store,
        desk.city,
        common.writer,
        TypingBotClient(outside.bot_client, desk.store, outside.channels),
        desk.clock,
        capabilities,
        common.metrics,
        outside.services,
        desk.changed_settings,
    )
    answering = Answering(
        desk.store,
        desk.live,
        desk.city,
        outside.routes,
        common.writer,
        common.handoffs,
        desk.clock,
        committed,
        lease=timing.lease,
        again=timing.commit_again,
        mentions=Mentions(desk.city, common.writer, common.notices, desk.clock),
    )
    waiting = Waiting(
        desk.store,
        desk.live,
        desk.city,
        common.writer,
        common.handoffs,
        asking,
        answering,
        desk.clock,
        common.holds,
    )
    turn = Turn(
        desk.store,
        appending,
        asking,
        answering,
        waiting,
        desk.clock,
        timing,
        common.metrics,
        arriving,
        linking,
        PageSearch(desk.store.pool, desk.city, embeds),
        subscribing=Subscribing(desk.store, desk.city, desk.clock),
        official=OfficialChecks(desk.store, desk.city, desk.catalog, common.notices, public_url),
        rumours=RumourAnswers(
            desk.store, desk.city, desk.catalog, Matching(desk.store.pool, embeds), desk.clock
        ),
    )
    return Turns(desk.store, desk.live, turn, timing, partial(common.liveness.beat, "turns"))


def build_rumours(desk: Resources, outside: Outside, common: Common) -> tuple[ClaimGroups, VerdictDelivery]:
    """Build what groups citizens' claims, and what tells them the verdicts."""
    embeds = outside.bot_client if isinstance(outside.bot_client, Embeds) else None
    groups = ClaimGroups(desk.store, embeds, desk.clock)
    return groups, VerdictDelivery(desk.store, desk.city, common.writer, common.announcer, desk.clock)


def build_staff_mails(desk: Resources, outside: Outside, common: Common, console: str) -> StaffMailDelivery:
    """Build what writes mails to staff. `console` is the console's address."""
    store, city, teams, clock = desk.store, desk.city, common.handoffs.teams, desk.clock
    reviews = ReviewMails(store, city, desk.catalog, teams, clock, console)
    mails = StaffMails(store, city, teams, clock, console, reviews)
    return StaffMailDelivery(store, mails, outside.channels, city, clock)


def build_outbound(
    desk: Resources, outside: Outside, common: Common, breaker: CircuitBreaker, timing: DeliveryTiming
) -> Delivery:
    """Build what delivers outbox items to the providers."""
    pushed = {name: one for name, one in outside.channels.items() if one.name not in PULLED}
    for name, one in pushed.items():
        if isinstance(one, Bills):
            common.metrics.paid_inbox(name)
    return Delivery(
        desk.store,
        desk.live,
        pushed,
        Eligibility(desk.store, desk.city, outside.channels, outside.media_url, desk.clock, outside.codes),
        breaker,
        timing,
        common.metrics,
        common.undelivered,
        partial(common.liveness.beat, "delivery"),
    )


def build_requests(desk: Resources, outside: Outside, common: Common) -> tuple[Filer, Changer, Follower]:
    """Build what files requests with the back ends, what changes them, and what follows their status
    afterwards."""
    elsewhere = NewsElsewhere(common.writer, common.announcer, Reaching(desk.city))
    news = RequestNews(
        common.writer,
        common.handoffs,
        common.announcer,
        outside.services,
        outside.status_page,
        Rerouting(outside.routes, outside.services, desk.clock),
        elsewhere,
        desk.clock,
    )
    filer = Filer(
        desk.store, outside.backends, outside.routes, news.tell, desk.clock, media_url=outside.media_url
    )
    changes = ChangeNews(common.writer, common.handoffs, common.announcer, outside.services)
    changer = Changer(
        desk.store,
        outside.backends,
        changes,
        desk.clock,
        media_url=outside.media_url,
        geocoder=outside.geocoder,
    )
    parts = (common.writer, common.handoffs, common.announcer)
    promises = Promises(desk.store, desk.city, *parts, outside.services, desk.clock, elsewhere)
    follower = Follower(
        desk.store,
        outside.backends,
        desk.clock,
        changed=news.tell_status,
        told_follower=news.tell_follower,
        after=promises.look,
    )
    return filer, changer, follower


def build_partners_side(desk: Resources, outside: Outside, common: Common) -> tuple[PartnerSender, Outcomes]:
    """Build the parts that send transfers to partner desks and process their outcomes."""
    outcomes = Outcomes(desk.store, desk.city, common.writer, common.handoffs, common.announcer, desk.clock)
    client = PartnerClient(outside.private_hosts)
    channel = outside.channels.get(mail_inbox_of(desk.city) or "")
    mails = PartnerMails(channel, outside.partner_link, desk.city.language)
    return PartnerSender(
        desk.store, desk.city, outside.partners, client, mails, outcomes, desk.clock
    ), outcomes


def build_routing(desk: Resources, common: Common, settle: float) -> Upkeep:
    """Build what offers conversations to agents, and what follows when nobody acts."""
    store, announcer, teams = desk.store, common.announcer, common.handoffs.teams
    measure = measure_of(desk.city)
    return Upkeep(
        store,
        desk.live,
        Presences(store, desk.live, measure),
        Pushing(store, announcer, teams, measure, desk.clock),
        OfferTimes(store, announcer, desk.clock),
        Absences(store, desk.city, common.handoffs, announcer, slow_inboxes(desk.city), desk.clock),
        Alarms(store, announcer, teams, desk.clock),
        desk.clock,
        settle=settle,
        liveness=partial(common.liveness.beat, "routing"),
    )


def build_knowledge(
    store: Store, city: City, catalog: Catalog, settings: DeskSettings, embeds: Embeds, clock: Clock
) -> dict[str, Callable[[asyncio.Event], Coroutine[Any, Any, None]]]:
    """Build what runs beside conversations for their answers: the city's pages, links of answers, questions for models
    that are compared, questions that were not answered, answers that others share."""
    fetcher = PageFetcher(city.website, settings.private_hosts)
    return {
        "pages": PageRefresh(store, city, fetcher, embeds, clock, str(settings.public_url)).run,
        "links": LinkChecks(store, fetcher, clock).run,
        "comparing": ComparedQuestions(store, clock).run,
        "unanswered": UnansweredQuestions(store, catalog, embeds, clock).run,
        "shared": SharedAnswers(store, city, catalog, SetReader(fetcher), clock).run,
    }
