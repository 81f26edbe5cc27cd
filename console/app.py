"""The agents' web app as one Sanic blueprint: `app.blueprint(console_blueprint(deps))`.

One long file on purpose: it is the console's composition root, and every route is in one list."""

from pathlib import Path

from sanic import Blueprint

from city.services import load_services
from console.admin.account import AccountPages
from console.admin.accounts import AccountsPages
from console.admin.audit import AuditPages
from console.admin.embedding import EmbeddingPages
from console.admin.inboxes import InboxPages
from console.admin.mails import MailPages
from console.admin.not_taken import NotTakenPages
from console.admin.second_factor import SecondFactorPages
from console.admin.settings import SettingPages
from console.admin.start import StartPages
from console.admin.teams import TeamPages
from console.city_notices.alert_pages import AlertPages
from console.city_notices.incident_pages import IncidentPages
from console.city_notices.pages import NoticePages
from console.city_notices.plan_pages import PlanPages
from console.conversations.abuse import AbuseActs
from console.conversations.actions import Actions
from console.conversations.contact import ContactActs
from console.conversations.corrections import Corrections
from console.conversations.identity import IdentityActs
from console.conversations.links import Links
from console.conversations.matters import MatterPages
from console.conversations.page import ConversationPages
from console.conversations.reasons import ReasonPages
from console.conversations.records import Records
from console.conversations.replies import Replies
from console.conversations.template_replies import TemplateReplies
from console.conversations.upload import read_upload
from console.deps import ConsoleDeps
from console.feed import DeskFeed
from console.guard import Guard, Handler
from console.knowledge.answers import AnswerPages
from console.knowledge.comparisons import ComparisonPages
from console.knowledge.facts import FactPages
from console.knowledge.judging import JudgingPages
from console.knowledge.learned import LearnedPages
from console.knowledge.new_answer import NewAnswer
from console.knowledge.proposals import ProposalPages
from console.knowledge.recall import RecallPages
from console.knowledge.shared import SharedPages
from console.knowledge.stopping import StopPages
from console.knowledge.training import TrainingPages
from console.knowledge.unanswered import UnansweredPages
from console.knowledge.writing import AnswerWriting
from console.push.devices import PushActs
from console.queue.bulk import BulkActs
from console.queue.page import QueuePages
from console.queue.pane import Pane
from console.queue.search import SearchPages
from console.queue.views import ViewActs
from console.rendering import Pages
from console.replies.assist import AssistActs
from console.replies.canned import CannedOffers
from console.replies.drafts import DraftPages
from console.replies.later import Later
from console.replies.manage import ManageReplies
from console.replies.rules import RulePages
from console.replies.snoozing import Snoozing
from console.replies.tools import Tools
from console.reports.page import ReportPages
from console.reports.presence import PresenceReports
from console.reports.staffing import StaffingPages
from console.reports.supervision import SupervisionActions
from console.reports.waits import WaitPages
from console.reports.wall import WallPages
from console.requests.of_conversation import ConversationRequests
from console.requests.page import RequestPages
from console.requests.sheet import SheetPages, read_table_form
from console.requests.stuck import StuckPages
from console.routing.actions import RoutingActions
from console.routing.leaving import LeavingPages
from console.routing.presence import PresencePages
from console.routing.work import WorkPages
from console.rumours.pages import RumourPages
from console.security_events import SecurityEvents
from console.sign_in.ways import WaysIn
from console.stream import Stream
from desk.knowledge.publishing.published import PublishedAnswers
from desk.people.own_password import OwnPassword
from desk.routing.capacity import measure_of
from desk.routing.presence import Presences
from desk.setup.city_now import CityNow
from forms.cookies import Cookies


def console_blueprint(deps: ConsoleDeps) -> Blueprint:
    """Every page under /console. Handlers answer their own errors with pages, never with a traceback."""
    blueprint = Blueprint("console", url_prefix="/console")
    pages = Pages(deps.city, deps.clock, deps.idle, deps.teams)
    blueprint.after_server_start(pages.prepare)
    presences = Presences(deps.store, deps.live, measure_of(deps.city))
    cookies = Cookies(secure=deps.secure_cookies, path="/console")
    events = SecurityEvents(deps)
    guard = Guard(deps, pages, cookies, events, presences)
    ways = WaysIn(deps, pages, cookies, guard, presences)
    leaving = LeavingPages(deps, pages, ways.pages)
    presence = PresencePages(presences)
    feed = DeskFeed(deps, presences)
    pane = Pane(deps, pages, feed)
    queue = QueuePages(deps, pages, pane)
    search = SearchPages(deps, pages, pane)
    services = load_services(Path(deps.city.services))
    conversation = ConversationPages(deps, pages, pane, services)
    actions = Actions(deps, conversation)
    routing = RoutingActions(deps, actions)
    answers = AnswerPages(deps, pages)
    requests, sheets = RequestPages(deps, pages, services, deps.streets), SheetPages(deps, pages, services)
    stuck = StuckPages(deps, pages, services)
    learned = LearnedPages(deps, pages, services)
    reports_of = ConversationRequests(deps, pages, services)
    inboxes = InboxPages(deps, pages)
    embedding = EmbeddingPages(deps, pages)
    not_taken = NotTakenPages(deps, pages)
    replies = Replies(deps, conversation, actions)
    drafts = DraftPages(deps, pages, pane)
    later = Later(deps, conversation)
    tools = Tools(deps, conversation, actions, CannedOffers(deps))
    abuse = AbuseActs(deps, conversation, actions)
    corrections = Corrections(deps, conversation)
    bulk, views = BulkActs(deps, pages, pane), ViewActs(deps, pane)
    snoozing = Snoozing(deps, conversation, actions)
    assist = AssistActs(deps, conversation)
    manage = ManageReplies(deps, pages)
    rules = RulePages(deps, pages)
    published = deps.published or PublishedAnswers(deps.catalog)
    proposals = ProposalPages(deps, pages, published)
    writing, stopping = AnswerWriting(deps, pages, published), StopPages(deps, pages, published)
    new_answer, training = NewAnswer(deps, pages, published), TrainingPages(deps, pages)
    compared, judging = ComparisonPages(deps, pages), JudgingPages(deps, pages)
    unanswered = UnansweredPages(deps, pages, published)
    recall, facts = RecallPages(deps, pages), FactPages(deps, pages, published)
    notices, plans, alerts = NoticePages(deps, pages), PlanPages(deps, pages), AlertPages(deps, pages)
    incidents, rumours = IncidentPages(deps, pages, pane), RumourPages(deps, pages)
    waits = WaitPages(deps, pages)
    templates = TemplateReplies(deps, conversation)
    contact = ContactActs(deps, conversation)
    whom = IdentityActs(deps, conversation)
    matters = MatterPages(deps, pages)
    links = Links(deps, conversation, events)
    password = OwnPassword(deps.store, deps.passwords, deps.clock, deps.city.name)
    account = AccountPages(deps, pages, cookies, password)
    push = PushActs(deps, cookies)
    second_factor = SecondFactorPages(deps, pages, cookies, ways.own_factors(password), ways.passkeys)
    accounts = AccountsPages(deps, pages, ways.password_links)
    teams, mails = TeamPages(deps, pages), MailPages(deps, pages)
    city_now = deps.city_now or CityNow(deps.city)
    settings, start = SettingPages(deps, pages, city_now), StartPages(deps, pages, city_now)
    audit = AuditPages(deps, pages)
    records = Records(deps, pages, conversation)
    reports = ReportPages(deps, pages)
    staffing = StaffingPages(deps, pages)
    wall = WallPages(deps, pages)
    presences_of, work = PresenceReports(deps, pages), WorkPages(deps, pages)
    supervision = SupervisionActions(deps)

    one = "/conversations/<conversation_id:uuid>"
    get: dict[str, Handler] = {
        "/list": queue.fragment,
        "/search": search.show,
        "/waits": waits.show,
        one: conversation.show,
        f"{one}/live": conversation.fragment,
        f"{one}/why": ReasonPages(deps, pages).show,
        f"{one}/media/<media_id:uuid>": conversation.photo,
        f"{one}/requests/new": reports_of.new,
        f"{one}/requests/<request_id:uuid>": reports_of.show,
        f"{one}/merge": matters.preview_merge,
        f"{one}/split": matters.preview_split,
        "/answers": answers.show,
        "/answers/find": answers.find,
        "/answers/new": new_answer.show,
        "/answers/training": training.show,
        "/answers/proposals": proposals.show,
        "/answers/learned": learned.show,
        "/answers/unanswered": unanswered.show,
        "/answers/shared": SharedPages(deps, pages).show,
        "/answers/stops": stopping.show,
        "/answers/files.zip": stopping.download,
        "/answers/comparisons/<comparison_id:int>": compared.show,
        "/answers/judging": judging.show,
        "/answers/<answer_id:str>": writing.show,
        "/answers/<answer_id:str>/recall": recall.show,
        "/facts": facts.list,
        "/facts/new": facts.new,
        "/facts/<fact_name:str>": facts.show,
        "/incidents": incidents.list,
        "/incidents/new": incidents.new,
        "/incidents/<incident_id:uuid>": incidents.show,
        "/incidents/<incident_id:uuid>/edit": incidents.edit,
        "/rumours": rumours.list,
        "/rumours/<rumour_id:int>": rumours.show,
        "/notices": notices.list,
        "/notices/new": notices.new,
        "/notices/alerts": alerts.list,
        "/notices/plan.zip": plans.download,
        "/notices/plan/<plan_id:str>": plans.show,
        "/notices/<notice_id:uuid>": notices.show,
        "/notices/<notice_id:uuid>/<version:int>": notices.edit,
        "/drafts": drafts.show,
        "/bulk/<batch:uuid>": bulk.show,
        "/admin/replies": manage.show,
        "/admin/rules": rules.show,
        "/requests": requests.show,
        "/requests/import": sheets.show,
        "/requests/stuck": stuck.show,
        "/inboxes": inboxes.show,
        "/embedding": embedding.show,
        "/inboxes/<name:str>/not-taken": not_taken.show,
        "/not-taken/<arrival:int>/raw": not_taken.raw,
        "/account": account.show,
        "/account/mails": mails.show,
        "/account/second-factor": second_factor.show,
        "/account/second-factor/picture": second_factor.picture,
        "/admin/teams": teams.list,
        "/admin/teams/new": teams.new,
        "/admin/teams/<team_name:str>": teams.show,
        "/admin/start": start.show,
        "/admin/settings": settings.list,
        "/admin/settings/<setting_name:str>": settings.show,
        "/admin/city.yml": settings.download,
        "/admin/agents": accounts.list,
        "/admin/agents/new": accounts.new,
        "/admin/agents/<agent_id:uuid>": accounts.show,
        "/audit": audit.show,
        "/audit.csv": audit.table,
        "/reports": reports.show,
        "/reports/conversations": reports.conversations,
        "/reports/csv": reports.download,
        "/reports/staffing": staffing.show,
        "/reports/presence": presences_of.show,
        "/people": work.list,
        "/people/<agent_id:uuid>": work.show,
        "/wall": wall.show,
        "/wall/live": wall.fragment,
        "/wall/agents/<agent_id:uuid>": wall.agent,
        "/stream": Stream(deps, cookies, feed).serve,
        "/sign-out": leaving.show,
    }
    # Requests that pages make on their own, without anyone at the keyboard.
    background = {
        "/answers/<answer_id:str>/check",
        "/list",
        "/wall/live",
        f"{one}/live",
        f"{one}/media/<media_id:uuid>",
        f"{one}/draft",
        f"{one}/here",
        "/stream",
    }
    post: dict[str, Handler] = {
        "/sign-out": leaving.leave,
        "/presence": presence.choose,
        "/next": queue.next,
        "/active": account.active,
        "/account/mails": mails.save,
        "/account/password": account.change_password,
        "/account/sessions/<session_id:uuid>/end": account.end_session,
        "/account/sessions/end-others": account.end_others,
        "/account/push": push.add,
        "/account/push/<device_id:uuid>": push.change,
        "/account/push/<device_id:uuid>/end": push.end,
        "/account/second-factor/app": second_factor.new_app,
        "/account/second-factor/app/confirm": second_factor.confirm_app,
        "/account/second-factor/passkey/options": second_factor.passkey_options,
        "/account/second-factor/passkey": second_factor.add_passkey,
        "/account/second-factor/codes": second_factor.new_codes,
        "/account/second-factor/remove": second_factor.remove,
        "/admin/teams": teams.add,
        "/admin/teams/<team_name:str>": teams.change,
        "/admin/teams/<team_name:str>/earlier": teams.earlier,
        "/admin/teams/<team_name:str>/retire": teams.retire,
        "/admin/teams/<team_name:str>/bring-back": teams.bring_back,
        "/admin/start/<setting_name:str>": start.confirm,
        "/admin/settings/<setting_name:str>": settings.change,
        "/admin/settings/<setting_name:str>/restore": settings.restore,
        "/admin/settings/<setting_name:str>/settle": settings.settle,
        "/people/<agent_id:uuid>": work.change,
        "/admin/agents": accounts.add,
        "/admin/agents/<agent_id:uuid>": accounts.change,
        "/admin/agents/<agent_id:uuid>/new-link": accounts.new_link,
        "/admin/agents/<agent_id:uuid>/end-sessions": accounts.end_sessions,
        "/admin/agents/<agent_id:uuid>/reset-factors": accounts.reset_factors,
        "/admin/agents/<agent_id:uuid>/deactivate": accounts.deactivate,
        "/admin/agents/<agent_id:uuid>/activate": accounts.activate,
        "/incidents": incidents.declare,
        "/incidents/<incident_id:uuid>": incidents.change,
        "/incidents/<incident_id:uuid>/attach": incidents.attach,
        "/incidents/<incident_id:uuid>/undo": incidents.undo,
        "/incidents/<incident_id:uuid>/news": incidents.tell,
        "/incidents/<incident_id:uuid>/news/<news_id:uuid>/cancel": incidents.take_back,
        "/incidents/<incident_id:uuid>/close": incidents.close,
        "/rumours": rumours.begin,
        "/rumours/<rumour_id:int>": rumours.judge,
        "/rumours/<rumour_id:int>/set-aside": rumours.set_aside,
        "/rumours/<rumour_id:int>/reopen": rumours.reopen,
        "/rumours/<rumour_id:int>/join": rumours.join,
        "/rumours/<rumour_id:int>/claims/<message_id:uuid>": rumours.take_out,
        "/notices": notices.add,
        "/notices/plan/<plan_id:str>": plans.save,
        "/notices/alerts/sources/<source:str>/read": alerts.read,
        "/notices/alerts/<alert_id:uuid>/draft": alerts.draft,
        "/notices/alerts/<alert_id:uuid>/decide": alerts.decide,
        "/notices/<notice_id:uuid>/update": notices.update,
        "/notices/<notice_id:uuid>/all-clear": notices.all_clear,
        "/notices/<notice_id:uuid>/<version:int>": notices.save,
        "/notices/<notice_id:uuid>/<version:int>/propose": notices.propose,
        "/notices/<notice_id:uuid>/<version:int>/release": notices.release,
        "/notices/<notice_id:uuid>/<version:int>/send-back": notices.send_back,
        "/notices/<notice_id:uuid>/<version:int>/drop": notices.drop,
        "/search": search.search,
        "/requests/search": requests.search,
        "/requests/export": sheets.export,
        "/requests/stuck/<stuck_id:uuid>/retry": stuck.retry,
        "/requests/<reference:str>/crew": requests.set_crew,
        "/inboxes/<name:str>/resume": inboxes.resume,
        "/dead-letters/<item:int>/replay": inboxes.replay,
        "/not-taken/<arrival:int>/take": not_taken.take,
        "/answers/proposals/<message_id:uuid>": proposals.decide,
        "/answers/learned": learned.add,
        "/answers/learned/<learned_id:uuid>": learned.decide,
        "/answers/unanswered/<group_id:int>": unanswered.decide,
        "/answers/stops": stopping.stop,
        "/answers/stops/<stop_id:uuid>/resume": stopping.resume,
        "/answers/areas": stopping.set_area,
        "/answers/new": new_answer.add,
        "/answers/training": training.ask,
        "/answers/training/use": training.use,
        "/answers/comparisons": compared.start,
        "/answers/judging": judging.judge,
        "/answers/comparisons/<comparison_id:int>/end": compared.end,
        "/answers/comparisons/<comparison_id:int>/mark": compared.mark,
        "/answers/<answer_id:str>": writing.save,
        "/answers/<answer_id:str>/check": writing.check,
        "/answers/<answer_id:str>/recall": recall.write,
        "/answers/<answer_id:str>/recall/<recall_id:uuid>/approve": recall.approve,
        "/answers/<answer_id:str>/recall/<recall_id:uuid>/drop": recall.drop,
        "/answers/<answer_id:str>/submit": writing.submit,
        "/answers/<answer_id:str>/approve": writing.approve,
        "/answers/<answer_id:str>/send-back": writing.send_back,
        "/answers/<answer_id:str>/publish": writing.publish,
        "/answers/<answer_id:str>/withdraw": writing.withdraw,
        "/answers/<answer_id:str>/restore": writing.restore,
        "/answers/<answer_id:str>/settle": writing.settle,
        "/facts": facts.add,
        "/facts/<fact_name:str>": facts.save,
        "/facts/<fact_name:str>/publish": facts.publish,
        "/facts/<fact_name:str>/settle": facts.settle,
        "/bulk": bulk.act,
        "/views": views.keep,
        "/views/remove": views.remove,
        "/bulk/<batch:uuid>/cancel": bulk.cancel,
        "/admin/canned": manage.save_text,
        "/admin/tags": manage.save_tag,
        "/admin/rules": rules.save,
        "/admin/rules/try": rules.try_dry,
        "/admin/macros": manage.save_macro,
        "/reminders/<reminder_id:uuid>/done": snoozing.done,
        f"{one}/messages/<message_id:uuid>/change": corrections.change,
        f"{one}/messages/<message_id:uuid>/withdraw": corrections.withdraw,
        f"{one}/messages/<message_id:uuid>/translate": assist.translate,
        f"{one}/translate-reply": assist.translate_reply,
        f"{one}/own-words": assist.own_words,
        f"{one}/draft-reply": assist.draft_reply,
        f"{one}/draft-summary": assist.draft_summary,
        f"{one}/requests": reports_of.file,
        f"{one}/requests/<request_id:uuid>/change": reports_of.change,
        f"{one}/requests/<request_id:uuid>/withdraw": reports_of.withdraw,
        f"{one}/requests/<request_id:uuid>/follow": reports_of.follow,
        f"{one}/warn": abuse.warn,
        f"{one}/block": abuse.block,
        f"{one}/unblock": abuse.unblock,
        f"{one}/snooze": snoozing.snooze,
        f"{one}/wake": snoozing.wake,
        f"{one}/remind": snoozing.remind,
        f"{one}/here": snoozing.here,
        f"{one}/tag": tools.tag,
        f"{one}/untag": tools.untag,
        f"{one}/macro": tools.macro,
        f"{one}/draft": drafts.keep,
        f"{one}/draft/discard": drafts.discard,
        f"{one}/scheduled/<scheduled_id:uuid>/cancel": later.cancel,
        f"{one}/template": templates.send,
        f"{one}/contact": contact.change,
        f"{one}/identity": whom.ask,
        f"{one}/merge": matters.merge,
        f"{one}/unmerge": matters.unmerge,
        f"{one}/split": matters.split,
        f"{one}/find-contact": contact.find,
        f"{one}/link": links.link,
        f"{one}/unlink": links.unlink,
        f"{one}/whisper": supervision.whisper,
        f"{one}/whisper-read": supervision.put_away,
        f"{one}/review": supervision.review,
        f"{one}/claim": actions.claim,
        f"{one}/hand-back": actions.hand_back,
        f"{one}/release": actions.release,
        f"{one}/transfer": actions.transfer,
        f"{one}/note": actions.note,
        f"{one}/resolve": actions.resolve,
        f"{one}/undo-resolve": actions.undo_resolve,
        f"{one}/reopen": actions.reopen,
        f"{one}/export": records.export,
        f"{one}/redact": records.redact,
        f"{one}/hold": records.hold,
        f"{one}/lift-hold": records.lift,
        f"{one}/accept": routing.accept,
        f"{one}/decline": routing.decline,
        f"{one}/withdraw": routing.withdraw,
        f"{one}/take-over": routing.take_over,
        f"{one}/partner": routing.ask_partner,
        f"{one}/partner/withdraw": routing.withdraw_partner,
        f"{one}/priority": routing.set_priority,
    }
    for number, path in enumerate(("/", "")):
        # Strict: /console/ must not fall through to a catch-all route of the city's pages.
        blueprint.add_route(
            guard.page(queue.show), path, methods=["GET"], name=f"home_{number}", strict_slashes=True
        )
    ways.add_routes(blueprint, guard)
    for method, routes in (("GET", get), ("POST", post)):
        for path, handler in routes.items():
            blueprint.add_route(
                guard.page(
                    handler,
                    by_person=path not in background,
                    lasting=path == "/stream",
                    enrolling=path == "/sign-out" or path.startswith("/account/second-factor"),
                ),
                path,
                methods=[method],
                name=f"{method.lower()}_{_name(path)}",
            )
    blueprint.add_route(
        guard.page(replies.send, read_upload),
        f"{one}/reply",
        methods=["POST"],
        name="post_reply",
        stream=True,
    )
    blueprint.add_route(
        guard.page(requests.set_status, read_upload),
        "/requests/<reference:str>/status",
        methods=["POST"],
        name="post_request_status",
        stream=True,
    )
    for path, taken in (("", sheets.dry_run), ("/apply", sheets.apply)):
        blueprint.add_route(
            guard.page(taken, read_table_form),
            f"/requests/import{path}",
            methods=["POST"],
            name=f"post_requests_import{path.replace('/', '_')}",
            stream=True,
        )
    return blueprint


def _name(path: str) -> str:
    return (
        "_".join(part.split(":")[0].strip("<>") for part in path.strip("/").split("/"))
        .replace("-", "_")
        .replace(".", "_")
        or "home"
    )
