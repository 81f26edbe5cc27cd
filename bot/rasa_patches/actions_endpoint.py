"""Signed calls to the custom actions, which fail the turn if they fail.

Every call carries `X-Civicdesk-Timestamp` and `X-Civicdesk-Signature`: an HMAC-SHA-256 of `<timestamp>.<raw body>` with
CIVICDESK_ACTIONS_SECRET. The actions refuse all other calls.

Rasa logs a failed custom action and continues, so the citizen gets no answer. These
errors are of a type that Rasa does not catch, so the whole turn fails and nothing of it is stored.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any

import aiohttp
from jsonschema import ValidationError
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.constants import SELECTIVE_DOMAIN
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.json_text import dumps, loads

SECONDS = 8.0  # the worker waits 10


class ActionFailed(Exception):
    """A custom action gave no usable answer. `refused`: the connection was refused, so the process may still be starting."""

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.refused = refused


class ActionsEndpoint(EndpointConfig):
    """Posts to `<url>/webhook` over persistent connections, without the domain, which our actions do not read."""

    def __init__(self, url: str, secret: str, clock: Callable[[], float] = time.time) -> None:
        super().__init__(url=f"{url}/webhook", **{SELECTIVE_DOMAIN: True})
        self._secret = secret
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the action's answer. Raises ActionFailed, or Rasa's error for "this action does not apply" (400)."""
        try:
            call = dict(kwargs.get("json") or {})
            call.pop("domain", None)  # 100 kB, which Rasa sends with a form's validation in any case
            body = dumps(call).encode()
            headers = _signed(body, self._secret, self._clock())
            async with self._open().post(self.url, data=body, headers=headers) as response:
                answer = await response.read()
                if response.status == 400:
                    raise ClientResponseError(400, "rejected", answer.decode("utf-8", "replace"))
                if response.status != 200:
                    raise ActionFailed(f"the actions answered {response.status}")
                return loads(answer)
        except aiohttp.ClientConnectorError as error:
            raise ActionFailed("the actions cannot be reached", refused=True) from error
        except ClientResponseError:
            raise
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise ActionFailed(f"the actions did not answer: {type(error).__name__}") from error

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
            )
        return self._session


class _SigningEndpoint(EndpointConfig):
    """Rasa's own endpoint with our signature."""

    def __init__(self, original: EndpointConfig, secret: str) -> None:
        super().__init__(url=original.url, **original.kwargs)
        self._secret = secret

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        body = dumps(kwargs.pop("json")).encode()
        kwargs |= {"data": body, "headers": _signed(body, self._secret, time.time()), "compress": False}
        return await super().request(*args, **kwargs)


def sign_rasas_own_calls(secret: str) -> None:
    """For `rasa shell` and `rasa test`, which build Rasa's endpoint from endpoints.yml: the actions accept signed calls only."""
    if hasattr(RemoteAction, "civicdesk_signs"):
        return
    original = RemoteAction.__init__

    def prepare(action: RemoteAction, name: str, action_endpoint: EndpointConfig | None) -> None:
        if type(action_endpoint) is EndpointConfig:
            action_endpoint = _SigningEndpoint(action_endpoint, secret)
        original(action, name, action_endpoint)

    RemoteAction.__init__ = prepare
    RemoteAction.civicdesk_signs = True


def _signed(body: bytes, secret: str, now: float) -> dict[str, str]:
    stamp = str(int(now))
    sign = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Civicdesk-Timestamp": stamp,
        "X-Civicdesk-Signature": f"sha256={sign}",
    }


def check_answers_once() -> None:
    """Validate the actions' answers with a validator that is built once.

    Rasa validates its own schema before every answer, which takes longer than the whole turn. Even then an answer
    took a tenth of a turn, because each event is compared with the 22 kinds. Events that only name their kind, and slots,
    which is what our actions return, are recognised first. The same answers are refused, with the same error.
    """
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)
    plain = frozenset(
        properties["event"]["const"]
        for properties in (kind["properties"] for kind in schema["properties"]["events"]["items"]["oneOf"])
        if len(properties) == 1
    )

    def validate(action: RemoteAction, result: Any) -> bool:
        if _plainly_valid(result, plain):
            return True
        error: ValidationError | None = best_match(validator.iter_errors(result))
        if error is not None:
            error.message += f". The answer of the action {action.name()} is not as rasa-sdk gives it."
            raise error
        return True

    RemoteAction._validate_action_result = validate


def find_kinds_once() -> None:
    """Find the class of an event by its name, without walking all classes of Rasa for each event of an answer."""
    original = Event.resolve_by_type
    kinds: dict[str, type[Event]] = {}
    for kind in all_subclasses(Event):
        kinds.setdefault(kind.type_name, kind)

    def resolve(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
        return kinds.get(type_name) or original(type_name, default)

    Event.resolve_by_type = staticmethod(resolve)


def _plainly_valid(answer: Any, plain: frozenset[str]) -> bool:
    """Whether the schema surely accepts the answer. `plain`: the kinds of events of which it asks nothing else."""
    if type(answer) is not dict:
        return False
    events, responses = answer.get("events", []), answer.get("responses", [])
    return (
        type(events) is list
        and type(responses) is list
        and all(type(response) is dict for response in responses)
        and all(type(event) is dict and _plain_event(event, plain) for event in events)
    )


def _plain_event(event: dict[str, Any], plain: frozenset[str]) -> bool:
    kind = event.get("event")
    slot = kind == "slot" and type(event.get("name")) is str and "value" in event
    return (
        type(kind) is str
        and (slot or kind in plain)
        and type(event.get("timestamp")) in (type(None), int, float)
        and type(event.get("metadata")) in (type(None), dict)
    )
