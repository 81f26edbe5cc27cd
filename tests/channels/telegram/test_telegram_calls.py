"""What Telegram answers, its files, and what the operator is told."""

import logging
from typing import Any

import pytest

from channels.base import (
    ChannelError,
    Checks,
    Fetches,
    InboxBroken,
    MediaRef,
    Registers,
    Request,
    RetryLater,
    Undeliverable,
    Unreachable,
)
from tests.channels.refusals import raised
from tests.channels.telegram.telegram_side import (
    CHANNEL,
    CITIZEN,
    SAY,
    SECRET,
    TOKEN,
    bot_api,
    channel,
    error,
)
from tests.support.specimens.telegram import SPECIMEN

# What Telegram answers


async def test_a_sent_message_has_telegrams_number() -> None:
    async with bot_api() as (api, http):
        sent = await channel(http, api_url=api.url).send(CHANNEL.render(SAY)[0], "m1:0")
        assert sent.external_id == f"{CITIZEN}:1001"
        (typing,) = CHANNEL.typing(CITIZEN, "1", {})
        assert (await channel(http, api_url=api.url).send(typing, "k")).external_id is None
    assert api.said == ["Hello"]


async def test_a_tap_that_was_answered_before_is_no_error() -> None:
    async with bot_api() as (api, http):
        for refusal, kind in (
            ("Bad Request: query is too old and response timeout expired or query ID is invalid", None),
            ("Unauthorized", InboxBroken),
        ):
            api.next = [(401 if kind else 400, error(401 if kind else 400, refusal))]
            answering = channel(http, api_url=api.url).send(
                Request("answerCallbackQuery", {"callback_query_id": "7"}), "m1:presence:0"
            )
            if kind is None:
                assert (await answering).external_id is None
            else:
                with pytest.raises(kind):
                    await answering


async def test_too_many_requests_stop_the_whole_bot_for_as_long_as_telegram_says() -> None:
    refusal = await raised(SPECIMEN, 429, error(429, "Too Many Requests: retry after 37", retry_after=37))
    assert isinstance(refusal, RetryLater)
    assert (refusal.after, refusal.scope, refusal.accepted_unknown) == (37.0, "inbox", False)


@pytest.mark.parametrize(
    ("status", "description", "kind"),
    [
        (403, "Forbidden: bot was blocked by the user", Unreachable),
        (403, "Forbidden: user is deactivated", Unreachable),
        (403, "Forbidden: bot can't initiate conversation with a user", Unreachable),
        (400, "Bad Request: chat not found", Unreachable),
        (400, "Bad Request: PEER_ID_INVALID", Unreachable),
        (400, "Bad Request: wrong file identifier/HTTP URL specified", Undeliverable),
        (400, "Bad Request: BUTTON_DATA_INVALID", Undeliverable),
        (413, "Request Entity Too Large", Undeliverable),
        (401, "Unauthorized", InboxBroken),
        (404, "Not Found", InboxBroken),
        (500, "Internal Server Error", RetryLater),
        (502, "Bad Gateway", RetryLater),
    ],
)
async def test_each_refusal_has_its_kind(status: int, description: str, kind: type[ChannelError]) -> None:
    assert type(await raised(SPECIMEN, status, error(status, description))) is kind


async def test_a_chat_that_moved_is_not_written_to_again() -> None:
    document = error(
        400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-100
    )
    assert type(await raised(SPECIMEN, 400, document)) is Undeliverable


async def test_the_token_is_in_no_log_and_no_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with bot_api() as (api, http):
        url = api.url
        await channel(http, api_url=url).send(CHANNEL.render(SAY)[0], "m1:0")
    async with bot_api() as (_, http):
        with pytest.raises(RetryLater) as lost:
            await channel(http, api_url=url).send(CHANNEL.render(SAY)[0], "m1:0")
    assert lost.value.accepted_unknown is False
    assert TOKEN not in caplog.text and TOKEN not in repr(lost.value)
    assert TOKEN not in repr(CHANNEL)


# Files, the webhook, the operator


async def test_a_file_is_fetched_from_telegram_alone() -> None:
    async with bot_api() as (api, http):
        bot = channel(http, api_url=api.url)
        assert isinstance(bot, Fetches)
        source = await bot.media(MediaRef("AgAC", "image/jpeg"))
        assert source.url == f"{api.url}/file/bot{TOKEN}/photos/file_7.jpg"
        assert source.hosts == ("127.0.0.1",)
        assert TOKEN not in repr(source)
        for path in ("../../bot1/getMe", "/etc/passwd", "a b", "photos/%2e%2e/x", None):
            api.next = [(200, {"ok": True, "result": {"file_id": "x", "file_path": path}})]
            with pytest.raises(Undeliverable):
                await bot.media(MediaRef("AgAC", "image/jpeg"))
        api.next = [(400, error(400, "Bad Request: file is too big"))]
        with pytest.raises(Undeliverable):
            await bot.media(MediaRef("AgAC", "video/mp4"))


async def test_registering_and_checking_the_webhook() -> None:
    async with bot_api() as (api, http):
        bot = channel(http, api_url=api.url)
        assert isinstance(bot, Checks) and isinstance(bot, Registers)
        before = await bot.check("https://desk.example/webhooks/telegram")
        assert [one.fine for one in before] == [True, True, False, True, True]
        assert "posts to nobody" in before[2].todo
        assert all(one.fine for one in await bot.register("https://desk.example/webhooks/telegram"))
        method, call = api.calls[-1]
        assert method == "setWebhook" and call["secret_token"] == SECRET
        assert call["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
        assert all(one.fine for one in await bot.check("https://desk.example/webhooks/telegram"))
        api.webhook |= {
            "allowed_updates": ["message"],
            "pending_update_count": 4,
            "last_error_message": "Wrong response from the webhook: 403 Forbidden",
        }
        after = await bot.check("https://desk.example:8000/webhooks/telegram")
        assert [one.fine for one in after] == [True, False, False, False, False]
        assert "403" in after[-1].todo and "callback_query" in after[3].todo
        for strange in ("http://desk.example/x", "https://desk.example:99999/x", "https://[desk/x", ""):
            assert (await bot.check(strange))[1].fine is False


async def test_a_check_never_raises() -> None:
    async with bot_api() as (api, http):
        strange = channel(http, api_url=api.url, token="1:unknown")
        for findings in (
            await strange.check("https://x.example"),
            await strange.register("https://x.example"),
        ):
            assert [one.fine for one in findings] == [False]
            assert "BotFather" in findings[0].todo and "1:unknown" not in findings[0].todo


@pytest.mark.parametrize(
    "settings", [{"secret": "with a space"}, {"secret": "x" * 257}, {"token": "a/../b"}, {"token": ""}]
)
def test_settings_that_telegram_would_refuse_are_refused_first(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        channel(**settings)
