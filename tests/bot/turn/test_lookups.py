"""Topics with a lookup are answered by an action, and without the actions all the same; news are said first."""

import json
from typing import Any

import pytest
from aiohttp import web

from tests.bot.fixtures import Actions, Bot, turn

FLOOD = "when is my bin collected after the flood?"
NOW = "2026-11-22T12:00:00-05:00"


def named(answer: dict[str, Any]) -> list[str]:
    return [reply["answer"] or reply["response"] for reply in answer["replies"]]


async def test_the_action_answers(bot: Bot, actions: Actions) -> None:
    reply = {"response": "lookup_library_hours_open", "answer": "library", "variables": {"day": "Monday"}}
    actions.answers["action_look_up"] = {"events": [], "responses": [{"custom": {"reply": reply}}]}
    answer = await bot.ask(intent="library")
    assert [call["next_action"] for call in actions.calls] == ["action_look_up"]
    assert answer["replies"][0]["response"] == "lookup_library_hours_open"
    assert answer["replies"][0]["answer"] == "library"  # both: the response stands below the answer


@pytest.mark.parametrize("reachable", [True, False])
async def test_without_the_actions_the_general_answer_is_given(
    bot: Bot, actions: Actions, *, reachable: bool
) -> None:
    async def broken() -> web.StreamResponse:
        return web.Response(status=500)

    actions.answers["action_look_up"] = broken
    if not reachable:
        bot.assistant.action_endpoint.url = "http://127.0.0.1:9/webhook"
    assert named(await bot.ask(intent="library")) == ["library"]


async def test_other_actions_still_fail_the_turn(bot: Bot, actions: Actions) -> None:
    async def broken() -> web.StreamResponse:
        return web.Response(status=500)

    actions.answers["action_file"] = broken
    status, _ = await bot.post(json.dumps(turn(intent="file_it")).encode())
    assert status == 502


async def test_news_are_said_first_and_only_while_they_are_news(bot: Bot, actions: Actions) -> None:
    answer = await bot.ask(FLOOD, metadata={"now": NOW})
    assert named(answer) == ["news_library_closed", "bins"]
    late = await bot.ask(FLOOD, metadata={"now": "2026-12-01T12:00:00-05:00"})
    assert named(late) == ["bins"]


async def test_news_can_be_repeated(bot: Bot, actions: Actions) -> None:
    """They are in the dialogue like everything else that was said."""
    asked = turn(FLOOD, metadata={"now": NOW})
    await bot.post(json.dumps(asked).encode())
    stored = await bot.assistant.tracker_store.fetch(asked["conversation_id"])
    said = [event.data["custom"] for event in stored.tracker.events if getattr(event, "data", None)]
    assert {"reply": {"response": "news_library_closed"}} in said
