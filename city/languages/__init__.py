"""How places are written, one file for each language. `make languages` lists the tables of all packages."""

from collections.abc import Mapping

from city.languages import en, es, fr, pt
from city.languages.words import Words

WORDS: Mapping[str, Words] = {"en": en.WORDS, "es": es.WORDS, "fr": fr.WORDS, "pt": pt.WORDS}
