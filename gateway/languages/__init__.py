"""Texts of the pages without scripts, one file per language. `make languages` lists the tables of all
packages."""

from collections.abc import Mapping

from gateway.languages import en, es, fr, pt

WORDS: Mapping[str, Mapping[str, str]] = {"en": en.WORDS, "es": es.WORDS, "fr": fr.WORDS, "pt": pt.WORDS}


def words(language: str) -> Mapping[str, str]:
    """The texts in this language. A text that is not translated yet is shown in English."""
    return {**WORDS["en"], **WORDS.get(language, {})}
