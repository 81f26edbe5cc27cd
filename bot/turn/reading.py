"""Reads texts with the model, and caches recent results.

"hello", "yes", a topic's name: citizens write the same texts again and again. The cache holds the 1,024 most
recently used results, keyed by everything that they depend on: the text, the conversation's language and
moment (moments.py) and the day (for "tomorrow"). Texts with personal data are not cached, and neither are long texts, which do not
repeat.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.runner.interface import GraphRunner
from rasa.shared.constants import DEFAULT_SENDER_ID
from rasa.shared.core.trackers import DialogueStateTracker

from bot.json_text import dumps, loads
from bot.turn.moments import KEY as MOMENTS

KEPT = 1024  # results, about 3 kB each
LONGEST = 200  # the most characters of a text whose result is cached


def is_personal(parse: Mapping[str, Any]) -> bool:
    """Whether the text has personal data, and must not be kept in memory."""
    return any(entity.get("personal") for entity in parse.get("entities") or ())


class Reader:
    """`target` is the graph's last node of understanding; `day` gives the city's day for a message's metadata."""

    def __init__(self, runner: GraphRunner, target: str, day: Callable[[Mapping[str, Any]], date]) -> None:
        self._runner = runner
        self._target = target
        self._day = day
        self._kept: OrderedDict[tuple[str, str | None, date, tuple[str, ...] | None], str] = OrderedDict()

    def __call__(self, text: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
        """The parse: {text, intent, entities, intent_ranking, …}; the caller may change it."""
        moments = metadata.get(MOMENTS)
        key = (
            text,
            metadata.get("language"),
            self._day(metadata),
            None if moments is None else tuple(moments),
        )
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return dict(loads(kept))
        parse = self._parse(text, metadata)
        if len(text) <= LONGEST and not is_personal(parse):
            self._kept[key] = dumps(parse)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return parse

    def _parse(self, text: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
        """As Rasa's processor parses, without its check for intents that the domain lacks: ours come from the domain."""
        nobody = DialogueStateTracker(DEFAULT_SENDER_ID, ())
        message = UserMessage(text=text, metadata=metadata)
        given = {PLACEHOLDER_MESSAGE: [message], PLACEHOLDER_TRACKER: nobody}
        read = self._runner.run(given, [self._target])[self._target][0]
        parse: dict[str, Any] = {"text": "", "intent": {"name": None, "confidence": 0.0}, "entities": []}
        parse.update(read.as_dict(only_output_properties=True))
        return parse
