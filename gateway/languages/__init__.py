"""What the pages without scripts say, one file for each language. `make languages` lists the tables of all packages."""

from collections.abc import Mapping

from gateway.languages import en, es, fr, pt

WORDS: Mapping[str, Mapping[str, str]] = {"en": en.WORDS, "es": es.WORDS, "fr": fr.WORDS, "pt": pt.WORDS}


def words(language: str) -> Mapping[str, str]:
    """The words of this language. What a city's language does not have yet is said in English."""
    return {**WORDS["en"], **WORDS.get(language, {})}
