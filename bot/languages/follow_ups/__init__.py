"""The words of follow-up questions, one file for each language. A language without one has no follow-ups."""

from __future__ import annotations

from collections.abc import Mapping

from bot.languages.follow_ups import en, es, fr
from bot.languages.follow_ups.words import FollowUpWords

FOLLOW_UPS: Mapping[str, FollowUpWords] = {"en": en.WORDS, "es": es.WORDS, "fr": fr.WORDS}
