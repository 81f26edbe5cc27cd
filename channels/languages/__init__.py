"""The few words that a channel's own controls contain, one file per language. `make languages` lists the
tables of all packages.
"""

from collections.abc import Mapping

from channels.languages import de, en, es, fr, it, ja, pt, zh
from channels.languages.words import Words

WORDS: Mapping[str, Words] = {
    "de": de.WORDS,
    "en": en.WORDS,
    "es": es.WORDS,
    "fr": fr.WORDS,
    "it": it.WORDS,
    "ja": ja.WORDS,
    "pt": pt.WORDS,
    "zh": zh.WORDS,
}
