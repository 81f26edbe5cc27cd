"""The clients of translation and drafting servers: what they send, and how they handle bad answers."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from city import City
from city.model import DraftingConfig, TranslationConfig
from desk.assist.building import AssistConfigError, build_assistants
from desk.assist.calls import MAX_ANSWER, JsonCalls
from desk.assist.chat_completions import ChatCompletions
from desk.assist.libretranslate import LibreTranslate
from desk.assist.providers import AssistFailed, Translated
from tests.support.assist_servers import Answer, AssistServer, assist_server, fixed, silence, trickle
from tests.support.ports import free_port


@pytest.fixture
async def server() -> AsyncIterator[AssistServer]:
    async with assist_server("k-1") as server:
        yield server


def _translator(url: str, seconds: float = 5.0, key: str = "k-1") -> LibreTranslate:
    return LibreTranslate("here", JsonCalls(url, seconds), key)


def _drafter(server: AssistServer, key: str = "k-1") -> ChatCompletions:
    calls = JsonCalls(f"{server.url}/v1", 5.0, {"Authorization": f"Bearer {key}"})
    return ChatCompletions("here", calls, "small")


async def test_a_text_is_translated_and_its_language_detected(server: AssistServer) -> None:
    one = _translator(server.url)
    server.translations["Де паспорт?"] = " Where is the passport?\x00 "
    assert await one.translate("Де паспорт?", None, "en") == Translated("Where is the passport?", "uk")
    assert await one.translate("Here.", "en", "uk") == Translated("[uk] Here.", "en")
    assert [call["source"] for call in server.calls] == ["auto", "en"] and server.flaws == []


@pytest.mark.parametrize(
    ("says", "trouble"),
    [
        (fixed("{}"), "odd"),
        (fixed('{"translatedText": 5}'), "odd"),
        (fixed('{"translatedText": "  "}'), "odd"),
        (fixed('{"translatedText": ["a"]}'), "odd"),
        (fixed("<html>", headers={"Content-Type": "text/html"}), "odd"),
        (fixed(b"\xff\xfe"), "odd"),
        (fixed("[" * 50_000), "odd"),
        (fixed('{"translatedText": "' + "a" * 50_000 + '"}'), "odd"),
        (fixed('{"translatedText": "' + "a" * MAX_ANSWER + '"}'), "odd"),
        (fixed('{"error": "slow down"}', 429), "busy"),
        (fixed('{"error": "broken"}', 500), "down"),
        (fixed("", 302, {"Location": "http://127.0.0.1:1/translate"}), "odd"),
        (fixed('{"error": "too long"}', 400), "refused"),
    ],
)
async def test_what_cannot_be_used_is_a_failure(server: AssistServer, says: Answer, trouble: str) -> None:
    server.says = says
    with pytest.raises(AssistFailed) as failed:
        await _translator(server.url).translate("a secret text", None, "en")
    assert failed.value.trouble == trouble
    assert "secret" not in str(failed.value)
    assert len(server.calls) == 1, "a redirect is not followed, and nothing is sent twice"


@pytest.mark.parametrize("says", [silence, trickle])
async def test_a_slow_server_is_left(server: AssistServer, says: Answer) -> None:
    server.says = says
    with pytest.raises(AssistFailed, match="not responding"):
        await _translator(server.url, seconds=0.1).translate("a", None, "en")


async def test_a_server_that_is_down_rests_after_five_failures(server: AssistServer) -> None:
    now = 0.0
    calls = JsonCalls(f"http://127.0.0.1:{free_port()}", 5.0, monotonic=lambda: now)
    down = LibreTranslate("here", calls)
    for _ in range(5):
        with pytest.raises(AssistFailed):
            await down.translate("a", None, "en")
    calls._base = server.url  # it is back; nobody asks before the rest is over
    server.key = None
    with pytest.raises(AssistFailed):
        await down.translate("a", None, "en")
    assert server.calls == []
    now = 31.0
    assert (await down.translate("a", None, "en")).text == "[en] a"


async def test_keys(server: AssistServer) -> None:
    for work in (
        _translator(server.url, key="no").translate("a", None, "en"),
        _drafter(server, "no").write("a", "b"),
    ):
        with pytest.raises(AssistFailed) as failed:
            await work
        assert failed.value.trouble == "key"


async def test_a_draft_is_written(server: AssistServer) -> None:
    server.written = "  Dear Lucía, \n"
    assert await _drafter(server).write("Be short.", "Citizen: hello") == "Dear Lucía,"
    assert [one["content"] for one in server.calls[0]["messages"]] == ["Be short.", "Citizen: hello"]
    server.written = "a" * 9_000
    assert len(await _drafter(server).write("a", "b")) == 4_000


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ({"choices": []}, "odd"),
        ({"choices": [{"message": {"content": None}}]}, "odd"),
        ({"choices": [{"message": {"content": [{"type": "text"}]}}]}, "odd"),
        ({"choices": [{"message": {"content": "x"}, "finish_reason": "content_filter"}]}, "refused"),
        ({"error": {"message": "no"}}, "odd"),
    ],
)
async def test_odd_drafts(server: AssistServer, answer: object, trouble: str) -> None:
    server.says = fixed(json.dumps(answer))
    with pytest.raises(AssistFailed) as failed:
        await _drafter(server).write("a", "b")
    assert failed.value.trouble == trouble


def test_a_city_has_none_unless_it_says_so(city: City) -> None:
    none = build_assistants(city, {})
    assert none.translator is None and none.drafter is None and not none.translates("uk")


def test_the_settings_are_checked(city: City, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k-2\n")
    environ = {"T_KEY": "k-1", "D_KEY_FILE": str(tmp_path / "key")}
    built = build_assistants(
        msgspec.structs.replace(
            city,
            translation=TranslationConfig(url="https://t.example", api_key_env="T_KEY", languages=("uk",)),
            drafting=DraftingConfig(url="https://d.example/v1", model="small", api_key_env="D_KEY"),
        ),
        environ,
    )
    assert built.translator is not None and built.translator.name == "t.example"
    assert built.drafter is not None and built.drafter.name == "small at d.example"
    assert built.translates("uk") and not built.translates("pl")
    for url, key, why in (
        ("http://t.example", None, "does not use https"),
        ("ftp://t.example", None, "must be like"),
        ("https://me:pw@t.example", None, "must be like"),
        ("https://t.example/?q=1", None, "must be like"),
        ("https://t.example", "NO_KEY", "NO_KEY is not set"),
    ):
        wrong = msgspec.structs.replace(city, translation=TranslationConfig(url=url, api_key_env=key))
        with pytest.raises(AssistConfigError, match=why):
            build_assistants(wrong, environ)
    inside = msgspec.structs.replace(city, translation=TranslationConfig(url="http://translate:5000"))
    assert build_assistants(inside, {}, ["translate"]).translator is not None
