"""What a verdict says in one language: the same words to whoever asked, to the next one who asks, and on the public page."""

from dataclasses import dataclass

from city import City
from desk.rumours.languages import words_of
from desk.store.rumours.rumours import VerdictVersion


@dataclass(frozen=True, slots=True)
class SaidVerdict:
    """One verdict in one language."""

    language: str
    label: str
    claim: str
    text: str
    sources: tuple[str, ...]

    @property
    def variables(self) -> dict[str, object]:
        """What goes into the message `rumour_verdict`."""
        sources = f"\n\n{words_of(self.language).sources} {' '.join(self.sources)}" if self.sources else ""
        return {"claim": self.claim, "verdict": self.label, "text": self.text, "sources": sources}


def say_verdict(version: VerdictVersion, language: str, city: City) -> SaidVerdict:
    """The verdict in this language, or in the city's first."""
    spoken = language if language in version.texts and language in version.claims else city.language
    spoken = spoken if spoken in version.texts else next(iter(version.texts))
    return SaidVerdict(
        spoken,
        words_of(spoken).verdicts[version.verdict],
        version.claims[spoken],
        version.texts[spoken],
        tuple(version.sources),
    )
