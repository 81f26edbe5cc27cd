"""Which language is named in a wish to change it. Pure."""

from actions.words import fold

# How a language calls itself; these are names and stand in no other language.
NAMES = {"en": "English", "es": "Español", "fr": "Français"}

_CALLED = {
    "en": "english ingles anglais",
    "es": "spanish espanol castellano espagnol",
    "fr": "french frances francais",
    "de": "german deutsch aleman allemand",
    "it": "italian italiano italien",
    "pt": "portuguese portugues portugais",
    "ar": "arabic arabe",
    "zh": "chinese chino chinois mandarin",
    "ru": "russian ruso russe",
    "pl": "polish polski polaco polonais",
    "tr": "turkish turkce turco turc",
    "uk": "ukrainian ucraniano ukrainien",
}


def language_named(text: str) -> str | None:
    """The last language named: "not in English, in French please" asks for French."""
    found = None
    for word in fold(text).split():
        for code, names in _CALLED.items():
            if word in names.split():
                found = code
    return found
