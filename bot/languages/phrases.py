"""How the tables of phrases are written: one string for each role, its phrases separated by commas."""

from __future__ import annotations

from collections.abc import Mapping

Table = Mapping[str, tuple[str, ...]]
"""role -> phrases"""


def table(**roles: str) -> Table:
    """`table(now="now, right away")`: what is written between commas is one phrase; line breaks are blanks."""
    return {
        role: tuple(phrase for part in text.split(",") if (phrase := " ".join(part.split())))
        for role, text in roles.items()
    }
