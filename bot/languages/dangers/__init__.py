"""The words of danger, by their roles (bot/understanding/people/urgency.py). One file for each language.

Persons:  child (and others who need care), kin, person, self (pronouns)
Decisive: die, overdose, abused, violent, enter, sick, ablaze, leak, cry, kidnapped, drown (each is enough by itself)
Together: gone + child; swallow + poison; attack + victim; weapon + holds; intruder + inside; harm + person; gas + smell;
          monoxide + rings; wire + live; stuck + where; into + water; afraid + home
Harmless: maybe ("could", "before"), nobody, past ("last week"), paper (permits, courses, bills), thing (what is lost
          instead of a child), pet, car, waste (what is burnt on purpose), often, figure ("dying to know"), ask (how a
          question about a service begins), calm ("not an emergency")
Others:   help, small (what may stand beside a cry for help)
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.languages.dangers import en, es, fr, pt
from bot.languages.phrases import Table

DANGERS: Mapping[str, Table] = {"en": en.DANGERS, "es": es.DANGERS, "fr": fr.DANGERS, "pt": pt.DANGERS}
