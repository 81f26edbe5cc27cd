"""The words with which people ask for a person, by their roles (bot/understanding/people/wish.py). One file for each language.

want      "I want", "can I", "is it possible to"         getting   "get me", "put me through to"
contact   "talk to", "speak with": never in the past      call_me   "call me back", "answer me"
any       "a person", "someone"                           staff     "agent", "manager": enough by itself
some      "anyone", "people": not enough by itself        real      "real", "live"
bot       "bot", "machine"                                no        "don't", "no more"
drop      "forget", "cancel": in front of a person        duty      "do I have to": asks and does not wish
subject   who does it, in front of `contact`: no request     there     "is there", "hay"
then      "to", "who": what the person is to do follows   about     "about", "for": the matter follows
mine      "my", in front of staff: somebody else's        link      articles, prepositions
filler    "please", "just", "now", insults                alone     "transfer me", "customer service"
told      "talked to", "am I talking to", "who is": told or asked, and not wished
spoken    "in person": of persons, and no wish
more      starts a matter of its own: "and", "because"
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.languages.phrases import Table
from bot.languages.wishes import en, es, fr, pt

WISHES: Mapping[str, Table] = {"en": en.WISHES, "es": es.WISHES, "fr": fr.WISHES, "pt": pt.WISHES}
