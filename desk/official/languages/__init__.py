"""How people ask whether something is really from the city, one file for each language. `make languages` lists the tables of all packages."""

from collections.abc import Mapping

from desk.official.languages import en, es, fr, pt
from desk.official.languages.words import Words

WORDS: Mapping[str, Words] = {"en": en.WORDS, "es": es.WORDS, "fr": fr.WORDS, "pt": pt.WORDS}


def words_of(language: str) -> Words:
    """The words of this language, or the English ones."""
    return WORDS.get(language, en.WORDS)
