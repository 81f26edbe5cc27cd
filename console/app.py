"""The agents' web app as one Sanic blueprint: `app.blueprint(console_blueprint(deps))`."""

from pathlib import Path

from sanic import Blueprint

from city.services import load_services
from console.admin.account import AccountPages
from console.admin.inboxes import InboxPages
from console.admin.not_taken import NotTakenPages
from console.conversations.actions import Actions
from console.conversations.links import Links
from console.conversations.page import ConversationPages
from console.conversations.replies import Replies
from console.conversations.template_replies import TemplateReplies
from console.conversations.upload import read_upload
from console.cookies import Cookies
from console.deps import ConsoleDeps
from console.guard import Guard, Handler
from console.knowledge.answers import AnswerPages
from console.queue.page import QueuePages
from console.queue.pane import Pane
from console.queue.search import SearchPages
from console.rendering import Pages
from console.requests.page import RequestPages
from console.security_events import SecurityEvents
from console.sign_in import SignInPages
from console.stream import Stream


def console_blueprint(deps: ConsoleDeps) -> Blueprint:
    """Every page under /console. Handlers answer their own errors with pages, never with a traceback."""
    blueprint = Blueprint("console", url_prefix="/console")
    pages = Pages(deps.city, deps.clock, deps.idle)
    cookies = Cookies(secure=deps.secure_cookies)
    events = SecurityEvents(deps)
    guard = Guard(deps, pages, cookies, events)
    sign_in = SignInPages(deps, pages, cookies, guard)
    pane = Pane(deps)
    queue = QueuePages(deps, pages, pane)
    search = SearchPages(deps, pages)
    services = {
        code: service.called("en") for code, service in load_services(Path(deps.city.services)).items()
    }
    conversation = ConversationPages(deps, pages, pane, services)
    actions = Actions(deps, conversation)
    answers = AnswerPages(deps, pages)
    requests = RequestPages(deps, pages, services)
    inboxes = InboxPages(deps, pages)
    not_taken = NotTakenPages(deps, pages)
    replies = Replies(deps, conversation)
    templates = TemplateReplies(deps, conversation)
    links = Links(deps, conversation, events)
    account = AccountPages(deps, pages, cookies)

    one = "/conversations/<conversation_id:uuid>"
    get: dict[str, Handler] = {
        "/list": queue.fragment,
        "/search": search.show,
        one: conversation.show,
        f"{one}/live": conversation.fragment,
        f"{one}/media/<media_id:uuid>": conversation.photo,
        "/answers": answers.show,
        "/answers/find": answers.find,
        "/requests": requests.show,
        "/inboxes": inboxes.show,
        "/inboxes/<name:str>/not-taken": not_taken.show,
        "/not-taken/<arrival:int>/raw": not_taken.raw,
        "/account": account.show,
        "/stream": Stream(deps, guard).serve,
    }
    # Requests that pages make on their own, without anyone at the keyboard.
    background = {"/list", f"{one}/live", f"{one}/media/<media_id:uuid>", "/stream"}
    post: dict[str, Handler] = {
        "/sign-out": sign_in.sign_out,
        "/next": queue.next,
        "/active": account.active,
        "/account/password": account.change_password,
        "/search": search.search,
        "/requests/<reference:str>/status": requests.set_status,
        "/inboxes/<name:str>/resume": inboxes.resume,
        "/dead-letters/<item:int>/replay": inboxes.replay,
        "/not-taken/<arrival:int>/take": not_taken.take,
        f"{one}/template": templates.send,
        f"{one}/link": links.link,
        f"{one}/unlink": links.unlink,
        f"{one}/claim": actions.claim,
        f"{one}/hand-back": actions.hand_back,
        f"{one}/release": actions.release,
        f"{one}/transfer": actions.transfer,
        f"{one}/note": actions.note,
        f"{one}/resolve": actions.resolve,
        f"{one}/reopen": actions.reopen,
    }
    for number, path in enumerate(("/", "")):
        # Strict: /console/ must not fall through to a catch-all route of the city's pages.
        blueprint.add_route(
            guard.page(queue.show), path, methods=["GET"], name=f"home_{number}", strict_slashes=True
        )
    blueprint.add_route(guard.anybody(sign_in.form), "/sign-in", methods=["GET"], name="sign_in_form")
    blueprint.add_route(guard.anybody(sign_in.submit), "/sign-in", methods=["POST"], name="sign_in_submit")
    for method, routes in (("GET", get), ("POST", post)):
        for path, handler in routes.items():
            blueprint.add_route(
                guard.page(handler, by_person=path not in background),
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
    return blueprint


def _name(path: str) -> str:
    return (
        "_".join(part.split(":")[0].strip("<>") for part in path.strip("/").split("/")).replace("-", "_")
        or "home"
    )
