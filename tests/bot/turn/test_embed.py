"""Vectors for the desk: POST /webhooks/civicdesk/embed."""

import base64
import json

import numpy as np
import pytest

from tests.bot.fixtures import Bot


async def test_gives_the_vectors_of_texts_that_mean_the_same(bot: Bot) -> None:
    texts = [
        "When is my bin collected?",
        "¿Cuándo recogen mi basura?",
        "The mayor plays chess in the evening.",
    ]
    status, found = await bot.post(json.dumps({"texts": texts}).encode(), path="embed")
    assert status == 200
    one, other, far = (np.frombuffer(base64.b64decode(v), np.int8).astype(float) for v in found["vectors"])
    assert len(one) == 512
    near = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    assert near > 0.5 > one @ far / np.linalg.norm(one) / np.linalg.norm(far)


@pytest.mark.parametrize("texts", [[], ["x"] * 17, [1], [" "], "text", None])
async def test_refuses_what_are_no_texts(bot: Bot, texts: object) -> None:
    assert (await bot.post(json.dumps({"texts": texts}).encode(), path="embed"))[0] == 400
    assert (await bot.post(b"{", path="embed", secret="another"))[0] == 401
