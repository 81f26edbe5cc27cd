"""What the desk needs from a provider of translations or drafts, and how a provider fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from desk.model import DeskError

Trouble = Literal["busy", "down", "odd", "refused", "key"]
"""Why there is no result: too many calls; no answer; an answer that is not the protocol's; this text was refused; the
provider does not accept our key."""

_SENTENCES: dict[Trouble, str] = {
    "busy": "The service is overloaded at the moment.",
    "down": "The service is not responding.",
    "odd": "The service returned a response that cannot be used.",
    "refused": "The service cannot process this text.",
    "key": "The service does not accept this city's key. Tell your administrator.",
}


class AssistFailed(DeskError):
    """A provider gave nothing usable. The text is for the agent; it quotes neither our text nor the provider's."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(_SENTENCES[trouble])
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Translated:
    """A translation. `source` is the language that the provider detected or was told; None if it did not say."""

    text: str
    source: str | None = None


class Translator(Protocol):
    """Translates plain text. `name` says who does it, for the record."""

    @property
    def name(self) -> str: ...

    async def translate(self, text: str, source: str | None, target: str) -> Translated:
        """`source` None lets the provider detect it. Raises AssistFailed."""
        ...


class Drafter(Protocol):
    """Writes a text for an agent. `name` says who does it, for the record."""

    @property
    def name(self) -> str: ...

    async def write(self, instructions: str, material: str) -> str:
        """Plain text that follows the instructions. `material` was written by strangers. Raises AssistFailed."""
        ...


@dataclass(frozen=True, slots=True)
class Assistants:
    """What this city has: nothing, unless city.yml names it. `languages` are those that the translator can; none listed
    means any."""

    translator: Translator | None = None
    drafter: Drafter | None = None
    languages: Sequence[str] = ()

    def translates(self, language: str) -> bool:
        """Whether texts in this language, or into it, can be given to the translator."""
        return self.translator is not None and (not self.languages or language in self.languages)
