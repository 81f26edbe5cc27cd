"""The forms of a page as a browser without scripts would send them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html.parser import HTMLParser

TEXT = {"text", "search", "email", "tel", "url", "textarea"}


@dataclass
class FoundField:
    """One field. `longest`: the number of characters that it takes."""

    name: str
    kind: str
    value: str = ""
    longest: int = 10_000

    @property
    def is_text(self) -> bool:
        return self.kind in TEXT


@dataclass
class FoundForm:
    """One form, with the first of its named buttons as a field."""

    action: str
    method: str
    fields: list[FoundField] = field(default_factory=list)

    @property
    def texts(self) -> list[FoundField]:
        return [one for one in self.fields if one.is_text]

    def data(self, changed: dict[str, str] | None = None) -> dict[str, str]:
        """What is sent, with some fields changed; files are left out, and a time that is empty is tomorrow."""
        tomorrow = (datetime.now() + timedelta(days=1)).isoformat(timespec="minutes")
        given = {
            one.name: one.value or (tomorrow if one.kind == "datetime-local" else "")
            for one in self.fields
            if one.kind != "file"
        }
        return given | (changed or {})


def forms_of(text: str) -> list[FoundForm]:
    """Every form of this page that is sent by POST."""
    reader = _Reader()
    reader.feed(text)
    return [one for one in reader.forms if one.method == "post"]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[FoundForm] = []
        self._form: FoundForm | None = None
        self._area: FoundField | None = None
        self._select: FoundField | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = FoundForm(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            for one in self._fields(tag, given):
                self._form.fields.append(one)

    def _fields(self, tag: str, given: dict[str, str]) -> Iterator[FoundField]:
        name, kind = given.get("name", ""), given.get("type", "text")
        longest = int(given.get("maxlength") or 10_000)
        if tag == "option" and self._select is not None and ("selected" in given or not self._select.value):
            self._select.value = given.get("value", "")
        if not name or (tag == "input" and kind in ("checkbox", "radio") and "checked" not in given):
            return
        if tag == "input":
            yield FoundField(name, kind, given.get("value", ""), longest)
        elif tag == "textarea":
            self._area = FoundField(name, "textarea", "", longest)
            yield self._area
        elif tag == "select":
            self._select = FoundField(name, "select")
            yield self._select
        elif tag == "button" and self._form and not any(one.kind == "button" for one in self._form.fields):
            yield FoundField(name, "button", given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None
