"""The bot's word tables, one file for each language that citizens write. Words are folded: lower case, no accents.

A new language is a new file and its line in WORDS. `make languages` lists the tables of all packages.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.languages import en, es, fr, pt
from bot.languages.words import Words

WORDS: Mapping[str, Words] = {"en": en.WORDS, "es": es.WORDS, "fr": fr.WORDS, "pt": pt.WORDS}
