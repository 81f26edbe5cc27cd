"""GET /chat: the conversation as a whole page, for links from posters and for browsers without JavaScript.

It is a plain page with forms. Where scripts run, the widget takes its place (`<civicdesk-chat full>`). A conversation
that was begun with the forms has its token in a cookie that no script can read; our script asks for it, to go on in the
widget (web/site/continue.ts)."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from jinja2 import Environment
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, html, json, redirect

from channels.web.channel import TEXT_LENGTH
from desk.conversations.state import contact_state
from desk.inbound.web_sessions import ask_erasure, end_session
from desk.knowledge.words import calendar_day, moment, time_of_day
from desk.model import Contact, ContactState, Message
from desk.store import media as media_rows
from desk.store.dialogue import messages as log_rows
from forms.cookies import Cookies
from forms.form import EMPTY, Form
from forms.request import read_form
from gateway.citizen.media import keep_photo, show_photo
from gateway.citizen.page_uploads import PageUploads, content_of
from gateway.citizen.style import SHEET
from gateway.citizen.widget import language_name, post_message, start_session
from gateway.deps import Deps, holder
from gateway.headers import client_address
from gateway.languages import words
from gateway.preloads import Preloads
from gateway.problems import Problem

SESSION = "civicdesk_chat"
FORM = "civicdesk_form"
SHOWN = 100  # the number of latest messages on the page
KEPT = timedelta(days=30)  # how long a browser keeps the cookies
WIDGET_ALONE = ("ar", "pt", "uk", "zh")  # languages of web/widget/i18n that this page has no words in
SUGGESTED = 400  # characters that a link may fill in
REPLY_PATIENCE = 3.0  # seconds to wait for the bot's reply before the page is shown without it


def pages_blueprint(deps: Deps, templates: Environment) -> Blueprint:
    """The page, its form posts and the photos on it."""
    blueprint = Blueprint("pages", url_prefix="/chat")
    template = templates.get_template("chat.html")
    cookies = Cookies(secure=deps.settings.cookie_secure, path="/chat")
    uploads = PageUploads(deps.media)
    preloads = Preloads(deps.settings.web_dir)

    async def show(
        request: Request, contact: Contact | None, *, problem: Problem | None = None, form: Form = EMPTY
    ) -> HTTPResponse:
        messages, state = await _latest(deps, contact, client_address(request), _seen(request))
        language = language_of(deps, request, form, state)
        form_key = _form_key(cookies, request) or secrets.token_urlsafe(32)
        asked = str(request.args.get("lang", ""))
        alone = asked if asked in WIDGET_ALONE else None
        scripted = problem is None and "plain" not in request.args
        page = template.render(
            words=words(language),
            words_of=words,  # text that belongs to an answer is shown in that answer's language
            day=calendar_day,
            clock=lambda at, code: time_of_day(at.astimezone(deps.city.zone), code),
            title=words(language)["title"].format(city=deps.city.name),
            language=language,
            widget_language=alone,
            languages=[(code, language_name(code)) for code in deps.city.offered_languages],
            city=deps.city,
            messages=messages,
            state=state,
            scripted=scripted,
            continues=contact is not None,
            opens=_opens(deps, state, language),
            csrf=_csrf(deps, form_key),
            client_id=str(uuid4()),
            text_length=TEXT_LENGTH,
            problem=problem and problem.sentence,
            draft=form.get("text")[:TEXT_LENGTH] if problem else _suggested(deps, request, language),
        )
        headers = {"cache-control": "no-store"}
        if scripted and contact is None:  # with a conversation the page may stay plain
            headers["link"] = preloads.link(alone or language, [SHEET])
        response = html(page, status=problem.status if problem else 200, headers=headers)
        if problem and problem.retry_after:
            response.headers["retry-after"] = str(round(problem.retry_after + 0.5))
        cookies.set(response, FORM, form_key, KEPT)
        return response

    @blueprint.get("")
    async def page(request: Request) -> HTTPResponse:
        await deps.limits.check("page", address=client_address(request))
        contact = await _contact(deps, cookies, request)
        if contact is not None:
            await deps.limits.check("read", session=str(contact.id))
        return await show(request, contact)

    @blueprint.post("")
    async def post(request: Request) -> HTTPResponse:
        form = read_form(request)
        _check_csrf(deps, cookies, request, form)
        contact = await _contact(deps, cookies, request)
        token = None
        try:
            body = _body(form)
            if contact is None:
                opened = await start_session(deps, request, form.get("language"))
                contact, token = opened.contact, opened.token
            await post_message(deps, request, contact, body)
        except Problem as problem:
            response = await show(request, contact, problem=problem, form=form)
        else:
            spoken = f"&language={form.get('speak')}" if form.get("speak") in deps.city.languages else ""
            response = redirect(f"/chat?seen={contact.last_seq}{spoken}#latest", status=303)
        if token:
            cookies.set(response, SESSION, token, KEPT)
        return response

    @blueprint.post("/photo", stream=True)
    async def send_photo(request: Request) -> HTTPResponse:
        form = await uploads.read(request)
        _check_csrf(deps, cookies, request, form)
        contact = await _contact(deps, cookies, request)
        token = None
        try:
            photo = form.files.get("photo")
            if photo is None or not photo.size:
                sentence = words(language_of(deps, request, form, None))["photo_none"]
                raise Problem(422, "no_photo", sentence)
            if contact is None:
                opened = await start_session(deps, request, form.get("language"))
                contact, token = opened.contact, opened.token
            media = await keep_photo(deps, request, contact, content_of(photo))
            await post_message(deps, request, contact, _body(form, media=[str(media.id)]))
        except Problem as problem:
            response = await show(request, contact, problem=problem, form=form)
        else:
            response = redirect(f"/chat?seen={contact.last_seq}#latest", status=303)
        if token:
            cookies.set(response, SESSION, token, KEPT)
        return response

    @blueprint.post("/continue")
    async def go_on(request: Request) -> HTTPResponse:
        # The widget and the forms then share one session, so that ending it ends both.
        _check_csrf(deps, cookies, request, read_form(request))
        contact = await _contact(deps, cookies, request)
        if contact is None:
            raise Problem(401, "session", "This conversation has expired. Please begin again.")
        await deps.limits.check("read", session=str(contact.id))
        return json({"token": cookies.read(request, SESSION)}, headers={"cache-control": "no-store"})

    @blueprint.post("/end")
    async def end(request: Request) -> HTTPResponse:
        _check_csrf(deps, cookies, request, read_form(request))
        if token := cookies.read(request, SESSION):
            await end_session(deps.store, deps.live, token)
        response = redirect("/chat", status=303)
        cookies.delete(response, SESSION)
        response.headers["clear-site-data"] = '"cache"'
        return response

    @blueprint.post("/erase")
    async def erase(request: Request) -> HTTPResponse:
        _check_csrf(deps, cookies, request, read_form(request))
        contact = await _contact(deps, cookies, request)
        if contact is not None:
            await ask_erasure(deps.store, deps.live, contact)
        response = redirect("/chat", status=303)
        cookies.delete(response, SESSION)
        response.headers["clear-site-data"] = '"cache"'
        return response

    @blueprint.get("/photos/<media_id:uuid>")
    async def photo(request: Request, media_id: UUID) -> None:
        await deps.limits.check("read", address=client_address(request))
        contact = await _contact(deps, cookies, request)
        row = contact and await media_rows.get_of_contact(deps.store.pool, contact.id, media_id)
        await show_photo(deps, request, row or None)

    return blueprint


async def _contact(deps: Deps, cookies: Cookies, request: Request) -> Contact | None:
    token = cookies.read(request, SESSION)
    if not token:
        return None
    try:
        return await holder(deps, request, token)
    except Problem:
        return None


async def _latest(
    deps: Deps, contact: Contact | None, address: str, seen: int | None
) -> tuple[list[Message], ContactState | None]:
    if contact is None:
        return [], None
    if seen is not None:
        with deps.waits.slot(contact.id, address) as full:
            if not full:
                await _await_reply(deps, contact, seen)
    first = max(0, contact.last_seq - SHOWN)
    messages = await log_rows.list_after(deps.store.pool, contact.id, first, 2 * SHOWN)
    return messages, await contact_state(deps.store.pool, deps.city, contact.id, deps.clock())


async def _await_reply(deps: Deps, contact: Contact, seen: int) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + REPLY_PATIENCE
    with deps.closing.waits():
        async with deps.live.contact(contact.id) as wakes:
            while not deps.closing.closed and (left := end - loop.time()) > 0:
                page = await log_rows.list_after(deps.store.pool, contact.id, seen)
                if any(message.author != "contact" for message in page):
                    return
                await wakes.wait(left)


def _body(form: Form, media: Sequence[str] = ()) -> bytes:
    """The form as the JSON that the web channel parses, so that the same rules apply to both."""
    post: dict[str, Any] = {"client_id": form.get("client_id")}
    if media:
        post["media"] = media
    kind = "button" if form.get("button") and not media else "text"
    if form.get("speak") and not media:
        post["language"] = form.get("speak")
    elif form.get(kind) or not media:
        post[kind] = form.get(kind)
    try:
        return msgspec.json.encode(post)
    except (msgspec.MsgspecError, UnicodeEncodeError):
        raise Problem(
            400, "unreadable", "This message could not be read. Nothing was sent. Try again."
        ) from None


def _suggested(deps: Deps, request: Request, language: str) -> str:
    """The text that a link fills in: `?text=` as it is, `?topic=` as the title of that answer."""
    text = str(request.args.get("text", ""))[:SUGGESTED]
    topic = str(request.args.get("topic", ""))
    if text or not topic:
        return text
    answer = deps.catalog.answers.get(topic)
    title = answer and answer.texts.get(language, answer.texts[deps.city.language])
    return title.title if title else ""


def _form_key(cookies: Cookies, request: Request) -> str | None:
    key = cookies.read(request, FORM)
    return key if key and len(key) == 43 and key.isascii() else None


def _csrf(deps: Deps, form_key: str) -> str:
    return hmac.new(deps.settings.secret.encode(), f"form:{form_key}".encode(), hashlib.sha256).hexdigest()


def _check_csrf(deps: Deps, cookies: Cookies, request: Request, form: Form) -> None:
    # Bound to a cookie that only we can set in this browser: another site can neither read nor choose it.
    form_key = _form_key(cookies, request)
    given = form.get("csrf")
    if form_key is None or not hmac.compare_digest(
        _csrf(deps, form_key).encode(), given.encode("utf-8", "replace")
    ):
        raise Problem(
            403,
            "form_over",
            "This form is too old. Nothing was sent. Go back, reload the page and try again.",
        )


def _seen(request: Request) -> int | None:
    given = str(request.args.get("seen", ""))
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def language_of(deps: Deps, request: Request, form: Form = EMPTY, state: ContactState | None = None) -> str:
    """The language that was asked for, else the conversation's, else the browser's, else the city's."""
    known = deps.city.offered_languages
    asked = [str(request.args.get(name, "")) for name in ("language", "lang")] + [form.get("language")]
    if state is not None:
        asked.append(state.language)
    accepted = request.headers.getone("accept-language", "")[:200].split(",")
    asked += [part.strip()[:2].lower() for part in accepted]
    return next((language for language in asked if language in known), deps.city.language)


def _opens(deps: Deps, state: ContactState | None, language: str) -> str | None:
    if state is None or state.opens_at is None:
        return None
    return moment(state.opens_at.astimezone(deps.city.zone), language)
