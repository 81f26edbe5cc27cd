"""The way to the custom actions, where a failure is a failure.

Rasa logs a broken custom action and goes on as if nothing had happened: the citizen waits in silence. These
errors are of a kind that Rasa does not catch; the turn then fails as a whole and nothing of it is kept.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
from jsonschema import ValidationError
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.constants import SELECTIVE_DOMAIN
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

SECONDS = 8.0  # the worker waits 10


class ActionFailed(Exception):
    """A custom action gave no usable answer. `refused` is true where nobody listens: the process may still start."""

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.refused = refused


class ActionsEndpoint(EndpointConfig):
    """Posts to `<url>/webhook` over connections that stay open, without the domain: our actions do not read it."""

    def __init__(self, url: str) -> None:
        super().__init__(url=f"{url}/webhook", **{SELECTIVE_DOMAIN: True})
        self._session: aiohttp.ClientSession | None = None

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """The action's answer. Raises ActionFailed, or Rasa's error for "this action does not apply" (400)."""
        try:
            async with self._open().post(self.url, json=kwargs.get("json")) as response:
                body = await response.read()
                if response.status == 400:
                    raise ClientResponseError(400, "rejected", body.decode("utf-8", "replace"))
                if response.status != 200:
                    raise ActionFailed(f"the actions answered {response.status}")
                return json.loads(body)
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
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        return self._session


def check_answers_once() -> None:
    """Check what actions answer with a validator that is built once, in this process.

    Rasa checks its own schema before every answer, which takes longer than the whole turn. What is refused stays
    the same, and so does the error.
    """
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(action: RemoteAction, result: Any) -> bool:
        error: ValidationError | None = best_match(validator.iter_errors(result))
        if error is not None:
            error.message += f". The answer of the action {action.name()} is not as rasa-sdk gives it."
            raise error
        return True

    RemoteAction._validate_action_result = validate
