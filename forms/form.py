"""A submitted form: its fields as text, its files as bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from forms.contents import Contents


@dataclass(frozen=True, slots=True)
class FormFile:
    """`name` comes from the browser and is for display only. `chunks` gives the content in order, so that a 10 MB photo
    is not copied into one buffer."""

    name: str
    chunks: Contents

    @property
    def size(self) -> int:
        """Size in bytes."""
        return self.chunks.size


@dataclass(frozen=True, slots=True)
class Form:
    """`fields` has every value of each name, in the order sent. `files` has the first file of each
    name under that name; where several are allowed, a later one of the same name is under "name#number"."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, FormFile] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The first value, or an empty string if there is none."""
        values = self.fields.get(name)
        return values[0] if values else ""


EMPTY = Form()
