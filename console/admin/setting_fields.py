"""What a form of the city's settings is made of."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `kind` is line, lines, box or choice; `choices` are values with their titles."""

    name: str
    title: str
    kind: str = "line"
    help: str = ""
    lang: str = ""
    longest: int = 200
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Fields with a common title; "" for none."""

    title: str
    fields: Sequence[Field]
    help: str = ""
