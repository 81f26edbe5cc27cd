"""Decodes JSON into a struct; a field that does not fit gets its default, and the rest is kept.

Providers send a time as a number today and as a string tomorrow, null for a name, or half an emoji. The strict decoder
reads nearly every event; only one that it refuses is read again, field by field, in linear time.
"""

import hashlib
import json
import types
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

import msgspec

Kind = TypeVar("Kind", bound=msgspec.Struct)

_LONGEST_INTEGER = 25
"""Digits. A longer number becomes a float: converting thousands of digits to an integer takes quadratic time."""


class Unreadable(ValueError):
    """This is not JSON, or a field is missing without which the event means nothing."""


class Lenient(Generic[Kind]):
    """A decoder for one kind of struct. Build it once."""

    def __init__(self, kind: type[Kind]) -> None:
        self._kind = kind
        self._strict = msgspec.json.Decoder(kind)

    def decode(self, data: bytes | msgspec.Raw) -> Kind:
        """The struct. Raises Unreadable."""
        try:
            return self._strict.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass
        try:
            found = _convert(_loads(bytes(data)), self._kind)
        except (ValueError, RecursionError):
            raise Unreadable("neither JSON nor of this shape") from None
        assert isinstance(found, self._kind)
        return found


def digest(data: bytes | msgspec.Raw) -> str:
    """An external id for an event without one: identical bytes count as the same event."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _loads(data: bytes) -> Any:
    # One byte that is not UTF-8 costs one character.
    return json.loads(data.decode("utf-8", "replace"), parse_int=_integer)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


def _struct(value: object, kind: type[msgspec.Struct]) -> msgspec.Struct:
    if not isinstance(value, Mapping):
        raise ValueError("not an object")
    given: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        if field.encode_name not in value:
            continue
        try:
            given[field.name] = _convert(value[field.encode_name], field.type)
        except ValueError:
            if field.required:
                raise
    try:
        return kind(**given)
    except TypeError:
        raise ValueError("a required field is missing") from None


def _convert(value: Any, kind: Any) -> Any:
    """Raises ValueError, of which msgspec.ValidationError is one."""
    plain = _plain(kind)
    if plain is msgspec.Raw:
        return msgspec.Raw(json.dumps(value).encode())
    if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
        return _struct(value, plain)
    if get_origin(plain) is list:
        return _list(value, get_args(plain)[0])
    if plain is str and isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    elif plain is int and isinstance(value, float) and value.is_integer():
        value = int(value)
    return msgspec.convert(value, kind, strict=False)


def _list(value: Any, kind: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("not a list")
    found = []
    for one in value:
        try:
            found.append(_convert(one, kind))
        except ValueError:
            continue  # the others of the list are still good
    return found


@cache
def _plain(kind: Any) -> Any:
    """The type without `Annotated` and without `| None`."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        others = [one for one in get_args(kind) if one is not type(None)]
        return _plain(others[0]) if len(others) == 1 else kind
    return kind
