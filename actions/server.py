"""The action server: rasa-sdk's executor behind a small Sanic app. The composition root of `actions`.

rasa-sdk's own server answers a crash with the exception's text and the whole tracker, and starts worker
processes. This one discloses nothing and is a single process.
"""

import json
import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import aiohttp
import structlog
import yaml
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import (
    ActionExecutionRejection,
    ActionMissingDomainException,
    ActionNotFoundException,
)
from sanic import HTTPResponse, Request, Sanic, response
from sanic.exceptions import SanicException

from actions.city_now import CityNow, lines_of
from actions.context import Context, Desk
from actions.lookup.lookups import build_lookups, check_topics
from actions.phrases import Phrases
from actions.places import load_places
from actions.registers.attempts import Attempts
from actions.registry import build_actions
from actions.services import Services
from actions.settings import Settings, SettingsError
from actions.signature import Signature
from actions.status.look_up import LOOK_UP_SECONDS
from actions.talk.other_languages import load_other_languages
from backends.geocoding.built import build_geocoder
from backends.registry import BackendConfigError, build_backend, key_from
from backends.rest.client import Register
from city import City, CityError, load_city
from city.catalogue.words import load_catalogue_words
from city.hours import ZoneNow
from city.lookups import load_lookups
from city.routes import Routes
from city.services import load_services

LARGEST_CALL = (
    2 * 1024 * 1024
)  # bytes; the bot keeps nine turns of a conversation at most and sends all of them
DRAIN_SECONDS = 5.0

log = structlog.get_logger("actions")


def create_app(
    settings: Settings, name: str = "civicdesk-actions", clock: Callable[[], float] = time.time
) -> "Sanic[Any, Any]":
    """The app, ready to run. Raises SettingsError with a sentence."""
    try:
        city = load_city(settings.city)
        services = load_services(settings.city.resolve().parent / city.services)
        routes = Routes(city, services)
        places = load_places(city, settings.content)
        phrases = Phrases.load(settings.content, city.language)
        other_languages = load_other_languages(settings.content)
        answers = frozenset(path.stem for path in (settings.content / "answers").glob("*.yml"))
        catalogue_words = load_catalogue_words(settings.content / "catalogue.yml")
        lookups = load_lookups(settings.content / "lookups", city.complete)
        check_topics(lookups, answers)
        build_lookups(city, lookups, settings.content / "lookups", cast(aiohttp.ClientSession, None))
    except CityError as error:
        raise SettingsError(str(error)) from None
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SettingsError(f"The content folder {settings.content} cannot be used: {error}.") from None
    _check_backends(settings, city)
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_CALL
    app.ctx.signature = Signature(settings.secret.get_secret_value(), clock)
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = DRAIN_SECONDS

    @app.before_server_start
    async def open_backends(app: "Sanic[Any, Any]") -> None:
        app.ctx.session = aiohttp.ClientSession()
        desks = _desks(settings, city, app.ctx.session)
        crisis_lines, known = lines_of(city), set(answers)
        ready = build_lookups(city, lookups, settings.content / "lookups", app.ctx.session)
        app.ctx.city_now = CityNow(city, ready, crisis_lines, places, known)
        context = Context(
            languages=city.languages,
            zone=ZoneNow(lambda: city.zone),
            services=Services(
                services,
                routes,
                {desk.name: desk.backend for desk in desks},
                [one.name for one in city.backends if one.catalogue],
                catalogue_words,
            ),
            phrases=phrases,
            backends=desks,
            answers=known,
            lookups=ready,
            clock=lambda: datetime.fromtimestamp(clock(), UTC),
            crisis_lines=crisis_lines,
            places=places,
            other_languages=other_languages,
            emergency_number=city.emergency_number,
            geocoder=build_geocoder(city, places.streets, app.ctx.session, os.environ),
            registers=_registers(city, app.ctx.session),
            attempts=Attempts(lambda: datetime.fromtimestamp(clock(), UTC)),
        )
        # Known from the start: a back end may be down when the first citizen asks for one of its services.
        await context.services.renew()
        app.ctx.executor = ActionExecutor()
        for action in build_actions(context):
            app.ctx.executor.register_function(action.name(), action.run)

    @app.after_server_stop
    async def close_backends(app: "Sanic[Any, Any]") -> None:
        await app.ctx.session.close()

    app.add_route(_health, "/health", methods=["GET"])
    app.add_route(_webhook, "/webhook", methods=["POST"], stream=True)
    app.exception(Exception)(_crashed)
    return app


async def _health(request: Request) -> HTTPResponse:
    return response.json({"status": "ok"})


async def _webhook(request: Request) -> HTTPResponse:
    """The bot's call: {next_action, tracker, domain} -> {events, responses}; rasa-sdk's codes for refusals.

    401 without the bot's signature, 413 for more than LARGEST_CALL, 415 for a compressed body: a small one can hold
    gigabytes, and the bot sends none. Nothing is parsed before the signature is checked.
    """
    signature: Signature = request.app.ctx.signature
    if not signature.is_fresh(request.headers):
        return _refuse(401, "not_authentic")
    if request.headers.getone("content-encoding", "identity") != "identity":
        return _refuse(415, "compressed")
    body = await _read(request)
    if body is None:
        return _refuse(413, "too_large")
    if not signature.is_authentic(request.headers, body):
        return _refuse(401, "not_authentic")
    try:
        call = json.loads(body)
    except (ValueError, RecursionError):
        call = None
    if not isinstance(call, dict) or not isinstance(call.get("tracker"), dict):
        return response.json({"error": "The body must be an action call."}, status=400)
    # No action here reads the domain, so a call without one is accepted.
    call.setdefault("domain", {})
    call["domain"] = call["domain"] or {"intents": []}
    request.app.ctx.city_now.take(call["tracker"])
    try:
        result = await request.app.ctx.executor.run(call)
    except ActionExecutionRejection as error:
        return response.json({"error": error.message, "action_name": error.action_name}, status=400)
    except ActionNotFoundException as error:
        return response.json({"error": error.message, "action_name": error.action_name}, status=404)
    except ActionMissingDomainException as error:
        return response.json({"error": error.message, "action_name": error.action_name}, status=449)
    return response.json(result.model_dump() if result else None)


async def _read(request: Request) -> bytes | None:
    """The body, or None where it is larger than LARGEST_CALL."""
    body = bytearray()
    while (chunk := await request.stream.read()) is not None:  # type: ignore[union-attr]  # a request that is handled has a stream
        body += chunk
        if len(body) > LARGEST_CALL:
            return None
    return bytes(body)


def _refuse(status: int, code: str) -> HTTPResponse:
    log.warning("call_refused", status=status, code=code)
    return response.json({"error": code}, status=status)


async def _crashed(request: Request, error: Exception) -> HTTPResponse:
    if isinstance(error, SanicException):
        return response.json({"error": "not_possible"}, status=error.status_code)
    log.error("action_crashed", kind=type(error).__name__, exc_info=error)
    return response.json({"error": "crashed"}, status=500)


def _check_backends(settings: Settings, city: City) -> None:
    # Before listening: a misconfigured back end is reported in a sentence, not as a crash at the first question.
    try:
        _desks(settings, city, cast(aiohttp.ClientSession, None))
        _registers(city, cast(aiohttp.ClientSession, None))
    except (BackendConfigError, CityError) as error:
        raise SettingsError(str(error)) from None


def _registers(city: City, session: aiohttp.ClientSession) -> Sequence[Register]:
    return [
        Register(
            session,
            config,
            key_from(os.environ, config.auth.secret_env),
            url=os.environ.get(config.url_env or "") or None,
            zone=ZoneNow(lambda: city.zone),
        )
        for config in city.registers
    ]


def _desks(settings: Settings, city: City, session: aiohttp.ClientSession) -> Sequence[Desk]:
    desks = []
    for place, config in enumerate(city.backends):
        # The settings' own address is for the first back end; the others have variables of their own.
        url = settings.open311_url if place == 0 else os.environ.get(config.url_env or "")
        backend = build_backend(
            config,
            session,
            # Where reading needs no key, none can leak from here.
            key_from(os.environ, config.api_key_env) if config.read_key else None,
            url=url or None,
            zone=ZoneNow(lambda: city.zone),
            read_timeout=LOOK_UP_SECONDS,
        )
        desks.append(Desk(config.name, backend, config.reference_pattern))
    return desks
