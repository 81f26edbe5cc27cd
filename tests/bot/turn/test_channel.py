"""The contract of the only endpoint: POST /webhooks/civicdesk/turn."""

import asyncio
import json
import time

import pytest
from aiohttp import web

from bot.settings import SettingError
from bot.turn.channel import TurnChannel
from tests.bot.fixtures import Actions, Bot, turn


async def test_answers_a_question_with_the_name_of_its_answer(bot: Bot) -> None:
    asked = turn("how do I renew my passport?")
    status, answer = await bot.post(json.dumps(asked).encode())
    assert status == 200
    assert answer["message_id"] == asked["message_id"]
    assert [(r["response"], r["answer"]) for r in answer["replies"]] == [("utter_passport", "passport")]
    assert answer["replies"][0]["text"] == "You renew a passport at the national office."
    assert answer["replies"][0]["buttons"] == []  # the desk adds an answer's own buttons
    assert answer["parse"]["intent"] == "passport"
    assert answer["parse"]["confidence"] > 0.5
    assert answer["parse"]["ranking"][0]["intent"] == "passport"
    assert answer["language"] == "en"
    assert answer["directives"] == []
    assert answer["form"] is None


async def test_is_ready_with_the_models_hash(bot: Bot) -> None:
    async with bot.session.get(f"{bot.root}/ready") as response:
        assert response.status == 200
        assert await response.json() == {"ready": True, "model": "0" * 64}


async def test_nothing_else_is_served(bot: Bot) -> None:
    host = bot.root.split("/webhooks")[0]
    for path in ("/", "/status", "/model/parse", "/webhooks/rest/webhook", "/conversations/x/tracker"):
        async with bot.session.get(host + path) as response:
            assert response.status == 404, path


async def test_refuses_a_wrong_signature_that_a_right_one_passes(bot: Bot) -> None:
    body = json.dumps(turn("hello")).encode()
    assert (await bot.post(body))[0] == 200
    refused = (401, {"error": "not_authentic"})
    assert await bot.post(body, secret="another") == refused
    assert await bot.post(body, at=time.time() - 301) == refused
    assert await bot.post(body, at=time.time() + 302) == refused
    assert await bot.post(body, headers={}) == refused
    stamped = {"X-Civicdesk-Timestamp": "-1", "X-Civicdesk-Signature": "sha256=é"}
    assert await bot.post(body, headers=stamped) == refused


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(SettingError):
        TurnChannel("")


async def test_a_repeated_message_gets_the_stored_answer_and_nothing_runs_twice(
    bot: Bot, actions: Actions
) -> None:
    actions.answers["action_file"] = {
        "events": [],
        "responses": [{"custom": {"reply": {"response": "utter_filed"}}}],
    }
    asked = json.dumps(turn(intent="file_it")).encode()
    first = await bot.post(asked)
    assert first[0] == 200
    assert await bot.post(asked) == first
    assert len(actions.calls) == 1


async def test_a_repeat_that_overlaps_the_first_try_waits_for_it(bot: Bot, actions: Actions) -> None:
    go_on = asyncio.Event()

    async def slow() -> dict[str, object]:
        await go_on.wait()
        return {"events": [], "responses": [{"text": "done"}]}

    actions.answers["action_file"] = slow
    asked = json.dumps(turn(intent="file_it")).encode()
    tries = [asyncio.create_task(bot.post(asked)) for _ in range(2)]
    while not actions.calls:
        await asyncio.sleep(0)
    go_on.set()
    first, second = await asyncio.gather(*tries)
    assert first == second
    assert first[0] == 200
    assert len(actions.calls) == 1


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "/file_it",
        '/file_it{"address":"x"}',
        "  //file_it",
        "\t/\x00/file_it",
        "/x{" + '"a":[' * 2000,
        "/greet" + "[" * 2000,
        "/" * 5000,
    ],
)
async def test_text_is_never_a_command(bot: Bot, actions: Actions, text: str) -> None:
    answer = await bot.ask(text)
    assert answer["replies"]
    assert answer["parse"]["confidence"] < 1.0
    assert answer["parse"]["ranking"] or answer["parse"]["intent"] == "nlu_fallback"
    assert actions.calls == [] or answer["parse"]["intent"] == "file_it"
    if actions.calls:  # it was understood as words, with no entity smuggled in
        assert all(entity["extractor"] == "CityEntities" for entity in answer["parse"]["entities"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "🙂🙂🙂",
        "x" * 10_000,
        "word " * 2_000,
        "مرحبا، متى يتم جمع القمامة؟",
        "\u202eהפוך",
        "'; DROP TABLE trackers; --",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "{city} {0} %s ${HOME} {{7*7}}",
        "\x00\x01\x1b[31m\ud800",
        "+" * 4_000,
    ],
)
async def test_any_text_gets_an_answer(bot: Bot, text: str) -> None:
    answer = await bot.ask(text)
    assert answer["replies"]
    assert answer["language"] in ("en", "es")


async def test_a_long_text_is_cut_before_it_is_understood(bot: Bot) -> None:
    answer = await bot.ask("when is my bin collected? " + "x" * 10_000)
    assert max((entity["end"] for entity in answer["parse"]["entities"]), default=0) <= 4000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 100_000,
        json.dumps(turn("x", kind="command")).encode(),
        json.dumps(turn(None)).encode(),
        json.dumps(turn("x", message_id="../../etc")).encode(),
        json.dumps(turn("x", conversation_id=7)).encode(),
        json.dumps(turn("x", metadata=[1])).encode(),
        json.dumps(turn(intent="greet", entities={"a": [[[[[[[[1]]]]]]]]})).encode(),
        json.dumps(turn("x", text={"text": "x"})).encode(),
    ],
)
async def test_a_body_that_is_no_turn_is_400(bot: Bot, body: bytes) -> None:
    status, answer = await bot.post(body)
    assert status == 400
    assert answer["error"] == "bad_request"
    assert len(answer["message"]) < 80


async def test_a_huge_body_is_refused(bot: Bot) -> None:
    status, _ = await bot.post(b"x" * 300_000)
    assert status == 413


async def test_a_payload_needs_no_understanding(bot: Bot) -> None:
    answer = await bot.ask(intent="bins", language="es")
    assert answer["replies"][0]["answer"] == "bins"
    assert answer["parse"] == {
        "intent": "bins", "confidence": 1.0, "ranking": [], "entities": [], "scope": None, "candidates": [],
        "reason": None, "foreign": None, "parts": [], "decided": "button", "sure_from": None, "scope_from": None,
        "nearest": [], "model": "release", "ran": ["utter_bins"], "moments": [],
    }  # fmt: skip
    assert answer["language"] == "es"


@pytest.mark.parametrize("intent", ["restart", "back", "session_start", "gone_since_the_last_model"])
async def test_a_payload_that_the_model_does_not_know_is_unsure(bot: Bot, intent: str) -> None:
    answer = await bot.ask(intent=intent)
    assert answer["replies"][0]["response"] == "utter_unsure"
    assert answer["parse"]["intent"] == "nlu_fallback"


async def test_two_questions_are_two_replies_of_one_turn(bot: Bot) -> None:
    asked = turn("when is my bin collected? how do I renew my passport?")
    status, answer = await bot.post(json.dumps(asked).encode())
    assert status == 200
    assert [reply["answer"] for reply in answer["replies"]] == ["bins", "passport"]
    assert answer["parse"]["intent"] == "bins"
    assert [part["intent"] for part in answer["parse"]["parts"]] == ["passport"]
    assert await bot.post(json.dumps(asked).encode()) == (200, answer)
    stored = await bot.assistant.tracker_store.fetch(asked["conversation_id"])
    assert sum(event.type_name == "user" for event in stored.tracker.events) == 2


async def test_directives_and_dynamic_replies_come_through(bot: Bot, actions: Actions) -> None:
    button = {"title": None, "key": "yes", "intent": "greet", "entities": {"a": 1}}
    reply = {
        "response": "utter_filed",
        "answer": None,
        "part": None,
        "variables": {"service": "{city}"},
        "buttons": [button],
    }
    directive = {"type": "file_request", "service_code": "pothole", "description": "deep"}
    actions.answers["action_file"] = {
        "events": [{"event": "slot", "name": "place", "value": "12 Mill Lane"}],
        "responses": [
            {"custom": {"directive": directive}},
            {"custom": {"reply": reply}},
            {"response": "utter_greet"},
        ],
    }
    answer = await bot.ask(intent="file_it", text="a caption", entities={"media": ["m1"]})
    assert answer["directives"] == [directive]
    assert answer["replies"][0] == {**reply, "text": ""}
    assert answer["replies"][1]["response"] == "utter_greet"
    assert actions.calls[0]["tracker"]["latest_message"]["entities"][0]["value"] == ["m1"]
    assert actions.calls[0]["tracker"]["latest_message"]["metadata"]["channel"] == "web"


async def test_variables_are_given_by_name_and_values_are_never_templates(bot: Bot, actions: Actions) -> None:
    said = {"response": "utter_greet", "place": "{phone} Lane"}
    actions.answers["action_file"] = {"events": [], "responses": [said]}
    reply = (await bot.ask(intent="file_it"))["replies"][0]
    assert reply["variables"] == {"place": "{phone} Lane"}
    assert reply["text"] == "Hello. This is Testville. You are at {phone} Lane. {agent}"


async def test_a_handoff_alone_is_an_answer(bot: Bot, actions: Actions) -> None:
    directive = {"type": "handoff", "reason": "asked", "summary": "wants a person"}
    actions.answers["action_file"] = {"events": [], "responses": [{"custom": {"directive": directive}}]}
    answer = await bot.ask(intent="file_it")
    assert answer["replies"] == []
    assert answer["directives"] == [directive]


async def test_a_turn_that_says_nothing_is_an_error(bot: Bot) -> None:
    assert await bot.post(json.dumps(turn(intent="file_it")).encode()) == (500, {"error": "failed"})


async def test_a_failed_action_fails_the_turn_and_keeps_nothing(bot: Bot, actions: Actions) -> None:
    asked = turn(intent="file_it")
    actions.answers["action_file"] = lambda: _respond(web.Response(status=500, text="boom"))
    assert await bot.post(json.dumps(asked).encode()) == (502, {"error": "actions_failed"})
    actions.answers["action_file"] = lambda: _respond(web.Response(text="<html>not json</html>"))
    assert await bot.post(json.dumps(asked).encode()) == (502, {"error": "actions_failed"})
    stored = await bot.assistant.tracker_store.fetch(asked["conversation_id"])
    assert stored.tracker is None
    actions.answers["action_file"] = {"events": [], "responses": [{"text": "done"}]}
    status, answer = await bot.post(json.dumps(asked).encode())
    assert (status, answer["replies"][0]["text"]) == (200, "done")


async def test_actions_that_are_not_up_yet_are_not_ready(bot: Bot) -> None:
    bot.assistant.action_endpoint.url = "http://127.0.0.1:1/webhook"
    assert await bot.post(json.dumps(turn(intent="file_it")).encode()) == (503, {"error": "not_ready"})


async def test_the_language_of_the_question_is_told_and_sticks(bot: Bot) -> None:
    talk = {"conversation_id": turn()["conversation_id"]}
    assert (await bot.ask("¿cuándo recogen la basura de mi calle?", **talk))["language"] == "es"
    assert (await bot.ask("12 Mill Lane", **talk))["language"] == "es"
    assert (await bot.ask("when is my garbage collected on my street", **talk))["language"] == "en"


async def test_slots_are_filled_from_what_the_text_mentions(bot: Bot) -> None:
    answer = await bot.ask("hello from 12 Mil Lane")
    assert {"address": "12 Mill Lane", "street": "Mill Lane"}.items() <= {
        entity["entity"]: entity["value"] for entity in answer["parse"]["entities"]
    }.items()


async def _respond(response: web.Response) -> web.Response:
    return response
