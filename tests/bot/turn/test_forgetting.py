"""POST /webhooks/civicdesk/forget: what a citizen deleted is taken out of the dialogue state."""

import json
import uuid

from tests.bot.fixtures import Bot, turn


async def test_what_a_citizen_deleted_is_forgotten_by_who_signs_alone(bot: Bot) -> None:
    asked = turn("how do I renew my passport?")
    assert (await bot.post(json.dumps(asked).encode()))[0] == 200
    ids = {"conversation_id": asked["conversation_id"], "message_ids": [asked["message_id"]]}
    body = json.dumps(ids).encode()
    assert await bot.post(body, path="forget", secret="another") == (401, {"error": "not_authentic"})
    assert await bot.post(body, path="forget") == (200, {"forgotten": True})
    assert await bot.post(json.dumps({**ids, "message_ids": [str(uuid.uuid4())]}).encode(), path="forget") == (
        200, {"forgotten": False},
    )  # fmt: skip
    for wrong in (
        b"x",
        b"[]",
        b"{}",
        json.dumps({**ids, "message_ids": []}).encode(),
        json.dumps({**ids, "message_ids": [7]}).encode(),
    ):
        assert (await bot.post(wrong, path="forget"))[0] == 400
    # The dialogue goes on.
    more = turn("thank you", conversation_id=asked["conversation_id"])
    assert (await bot.post(json.dumps(more).encode()))[0] == 200
