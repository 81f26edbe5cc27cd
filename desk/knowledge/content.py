"""The structure of the files in content/, strictly checked: an unknown or missing field is an error with
its location."""

from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from desk.model import DeskError

T = TypeVar("T")

DEEPEST = 8
"""Levels of a file that somebody else wrote; an answer has five."""


class _Strict(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # one of two safe loaders
    """YAML silently keeps the last of two equal names; an editor who wrote both meant something else."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [self.construct_object(key) for key, _ in node.value]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise yaml.constructor.ConstructorError(
                    None, None, f"'{name}' appears twice", node.value[place][0].start_mark
                )
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


class ContentError(DeskError):
    """A content file is invalid: one sentence with file and field."""


class ButtonSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A button of a text: it leads to `answer`, or carries `intent` and `entities`. Titles are kept with
    the languages."""

    key: str
    answer: str | None = None
    intent: str | None = None
    entities: dict[str, Any] = {}


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an answer says about one thing, such as its cost. Given to a follow-up question about that."""

    text: str


class Text(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One text in one language. `buttons` maps keys to titles; `parts` are named as in
    desk/knowledge/parts.py."""

    text: str
    title: str = ""
    buttons: dict[str, str] = {}
    parts: dict[str, Part] = {}


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An editor-approved answer. After `review_by` it is still shown, with a note that it is due for
    review; after the day `expires_on` it is no longer given. `examples` are questions that it answers, by language, besides those
    of data/nlu; `near_misses` are questions that it does not answer, although they are like them."""

    id: str
    owner: str
    area: str
    source: str
    reviewed_on: date
    review_by: date
    expires_on: date | None = None
    texts: dict[str, Text]
    buttons: tuple[ButtonSpec, ...] = ()
    examples: dict[str, tuple[str, ...]] = {}
    near_misses: dict[str, tuple[str, ...]] = {}

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.expires_on is not None and self.expires_on < today

    def stale(self, today: date) -> bool:
        """Whether an editor should have reviewed it again by now."""
        return self.review_by < today


class Origin(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the data of a text comes from: an https address, and the day on which the data was right."""

    source: str
    as_of: date
    review_by: date


class Response(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text of the dialogue or of the desk itself; `origin` is set if it cites data (a lookup, a news item)."""

    texts: dict[str, Text]
    buttons: tuple[ButtonSpec, ...] = ()
    origin: Origin | None = None


def read_answer(path: Path, languages: tuple[str, ...]) -> Answer:
    """Read one file of content/answers. Raises ContentError."""
    return check_answer(read_mapping(path), languages, path)


def check_answer(raw: dict[str, Any], languages: tuple[str, ...], path: Path) -> Answer:
    """The answer that a file's fields are; `path` is named in errors. Raises ContentError."""
    answer = convert(_with_texts(raw, languages, path, ""), Answer, path, "")
    if answer.id != path.stem:
        raise ContentError(
            f"{path}: the id is '{answer.id}', but the file's name says '{path.stem}'. They must agree."
        )
    for language, text in answer.texts.items():
        if not text.title.strip():
            raise ContentError(f"{path}: '{language}.title' is missing. Give the answer a short title.")
    _check_buttons(answer.buttons, answer.texts, path, "")
    return answer


def read_dialogue(path: Path, languages: tuple[str, ...]) -> dict[str, Response]:
    """Read one file of content/dialogue: responses by name. Raises ContentError."""
    found = {}
    for name, raw in _mapping(_read(path), path).items():
        entry = _with_texts(_mapping(raw, path, name), languages, path, f"{name}.")
        found[name] = convert(entry, Response, path, f"{name}.")
        _check_buttons(found[name].buttons, found[name].texts, path, f"{name}.")
    return found


def read_mapping(path: Path) -> dict[str, Any]:
    """A file of named fields. Raises ContentError."""
    return _mapping(_read(path), path)


def parse_untrusted(data: bytes, path: Path) -> dict[str, Any]:
    """The named fields of a file that somebody else wrote; `path` is named in errors. Raises ContentError. References to another place
    and deep nesting are refused before anything is built: a small file could otherwise become a very large object."""
    depth = 0
    try:
        text = data.decode("utf-8")
        for event in yaml.parse(text, Loader=_Strict):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > DEEPEST:
                raise ContentError(
                    f"{path} has references or too many levels. Write every text where it belongs."
                )
        return _mapping(yaml.load(text, Loader=_Strict), path)  # noqa: S506  (a safe loader)
    except (yaml.YAMLError, ValueError) as error:
        raise ContentError(f"{path} is not valid YAML ({type(error).__name__}).") from None


def _read(path: Path) -> object:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Strict)  # noqa: S506  (a safe loader)
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path} cannot be read ({error}). It must be UTF-8 text.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" near line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None)
        why = f" ({problem})" if problem else ""
        raise ContentError(f"{path} is not valid YAML{where}{why}. Correct that line.") from None


def _mapping(raw: object, path: Path, name: str = "") -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise ContentError(
            f"{path}: {repr(name) if name else 'the file'} must hold named fields; it holds none."
        )
    for key in raw:
        if not isinstance(key, str):
            raise ContentError(f"{path}: the field {key!r} must be text; put it in quotes.")
    return raw


def _with_texts(raw: dict[str, Any], languages: tuple[str, ...], path: Path, where: str) -> dict[str, Any]:
    # Two-letter fields are languages; the city decides which are required, others are allowed. (`id` is a
    # field: it holds no mapping.)
    texts = {key: value for key, value in raw.items() if len(key) == 2 and isinstance(value, dict)}
    for language in languages:
        if language not in texts:
            raise ContentError(
                f"{path}: '{where}{language}' is missing. The city's languages are {', '.join(languages)}."
            )
    return {**{key: value for key, value in raw.items() if key not in texts}, "texts": texts}


def convert(raw: dict[str, Any], kind: type[T], path: Path, where: str = "") -> T:
    """The object that a file's fields are; `path` is named in errors. Raises ContentError."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$.")
        place = place.rstrip("`").replace("texts[...]", "a language")
        # YAML reads yes, no, on and off as true and false.
        hint = " Put words such as yes and no in quotes." if message.endswith("got `bool`") else ""
        raise ContentError(
            f"{path}: '{(where + place).rstrip('.') or 'the file'}' is wrong: {message}.{hint}"
        ) from None


def _check_buttons(buttons: tuple[ButtonSpec, ...], texts: dict[str, Text], path: Path, where: str) -> None:
    for button in buttons:
        if (button.answer is None) == (button.intent is None):
            raise ContentError(
                f"{path}: the button '{where}{button.key}' needs an answer or an intent, not both."
            )
        for language, text in texts.items():
            if not text.buttons.get(button.key):
                raise ContentError(
                    f"{path}: '{where}{language}.buttons.{button.key}' is missing. Give it a title."
                )
    for language, text in texts.items():
        if not text.text.strip():
            raise ContentError(f"{path}: '{where}{language}.text' is empty. Every answer needs a text.")
