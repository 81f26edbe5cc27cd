"""A drafter that speaks the OpenAI-compatible HTTP API: POST /chat/completions, as many servers do."""

import msgspec

from desk.assist.calls import JsonCalls
from desk.assist.providers import AssistFailed
from desk.runtime.sanitize import sanitize_text

SECONDS = 45.0
MOST_TOKENS = 700
LONGEST_RESULT = 4_000
"""Characters: what a reply or a note can hold."""


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Answer(msgspec.Struct):
    choices: list[_Choice]


class ChatCompletions:
    """`model` is the server's name for it; a key travels in the Authorization header of `calls`."""

    def __init__(self, name: str, calls: JsonCalls, model: str) -> None:
        self.name = name
        self._calls = calls
        self._model = model

    async def write(self, instructions: str, material: str) -> str:
        """Raises AssistFailed; "odd" also for an empty text, "refused" for one that the server has filtered."""
        body = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": material},
            ],
            "max_tokens": MOST_TOKENS,
            "temperature": 0.2,
            "stream": False,
        }
        answer = await self._calls.post("chat/completions", body, _Answer)
        if not answer.choices:
            raise AssistFailed("odd")
        first = answer.choices[0]
        if first.finish_reason == "content_filter":
            raise AssistFailed("refused")
        text = sanitize_text(first.message.content or "").strip()
        if not text:
            raise AssistFailed("odd")
        return text[:LONGEST_RESULT]
