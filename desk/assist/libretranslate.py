"""A translator that speaks LibreTranslate's HTTP API: POST /translate (https://docs.libretranslate.com)."""

import msgspec

from desk.assist.calls import JsonCalls
from desk.assist.providers import AssistFailed, Translated
from desk.runtime.sanitize import sanitize_text

SECONDS = 20.0
LONGEST_RESULT = 40_000
"""Characters; a translation is hardly ever twice as long as its source (translating.LONGEST)."""


class _Detected(msgspec.Struct):
    language: str


class _Answer(msgspec.Struct, rename="camel"):
    translated_text: str
    detected_language: _Detected | None = None


class LibreTranslate:
    """`key` is sent in the body, as the API wants it."""

    def __init__(self, name: str, calls: JsonCalls, key: str | None = None) -> None:
        self.name = name
        self._calls = calls
        self._key = key

    async def translate(self, text: str, source: str | None, target: str) -> Translated:
        """Raises AssistFailed; "odd" also for an empty or an enormous result."""
        body = {"q": text, "source": source or "auto", "target": target, "format": "text"}
        if self._key:
            body["api_key"] = self._key
        answer = await self._calls.post("translate", body, _Answer)
        result = sanitize_text(answer.translated_text).strip()
        if not result or len(result) > LONGEST_RESULT:
            raise AssistFailed("odd")
        detected = answer.detected_language.language[:2].lower() if answer.detected_language else ""
        return Translated(result, source or (detected if detected.isascii() and detected.isalpha() else None))
