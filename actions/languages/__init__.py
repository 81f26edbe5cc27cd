"""The actions' word tables, one file for each language that citizens write.

A new language is a new file and its line in WORDS; without one the understanding alone decides.
`make languages` lists the tables of all packages.
"""

from collections.abc import Mapping

from actions.languages import en, es, fr, pt
from actions.languages.words import Words

WORDS: Mapping[str, Words] = {"en": en.WORDS, "es": es.WORDS, "fr": fr.WORDS, "pt": pt.WORDS}
