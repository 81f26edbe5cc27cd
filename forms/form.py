"""A form as it was sent: its fields as text, its files as bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FormFile:
    """`name` is the browser's, for display only. `chunks` are the content in order, as they arrived: a photo of 10 MB
    is not copied into one piece."""

    name: str
    chunks: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(map(len, self.chunks))


@dataclass(frozen=True, slots=True)
class Form:
    """`fields` has every value of a name in the order sent. `files` has the first file of a name."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, FormFile] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The first value, or an empty string."""
        values = self.fields.get(name)
        return values[0] if values else ""


EMPTY = Form()
