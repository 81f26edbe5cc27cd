"""How people introduce personal details: an e-mail address, a phone number, a name, a unit, the wish to stay anonymous."""

from __future__ import annotations

from collections.abc import Mapping

from bot.languages.personal import en, es, fr
from bot.languages.personal.words import Personal

PERSONAL: Mapping[str, Personal] = {"en": en.PERSONAL, "es": es.PERSONAL, "fr": fr.PERSONAL}
