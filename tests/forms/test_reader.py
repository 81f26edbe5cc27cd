"""Forms are read in UTF-8, within limits, and in time that grows with their length alone."""

import contextlib
import errno
import time
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.contents import TOGETHER, InMemory, OnDisk
from forms.errors import BodyRefused
from forms.form import Form
from forms.reader import MULTIPART, PLAIN, URLENCODED, FormLimits, FormReader, parse_form

BOUNDARY = "boundary-of-the-tests"
KIND = f"{MULTIPART}; boundary={BOUNDARY}"
PHOTO = FormLimits(file=1_000)


def part(head: str, value: bytes = b"") -> bytes:
    return f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + value + b"\r\n"


def named(name: str, more: str = "") -> str:
    return f'Content-Disposition: form-data; name="{name}"{more}'


def multipart(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def refusal(kind: str, body: bytes, limits: FormLimits = PLAIN) -> int:
    with pytest.raises(BodyRefused) as refused:
        parse_form(kind, body, limits)
    return refused.value.status


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_the_contents_of_a_file_are_put_together(kind: str, tmp_path: Path) -> None:
    """However small the pieces that a client sends; on the disk no name is left."""
    contents = InMemory() if kind == "memory" else OnDisk(tmp_path)
    pieces = [bytes([number % 251]) * (1 + number % 90) for number in range(5_000)]
    for piece in pieces:
        contents.add(piece)
    for _ in range(2):
        assert b"".join(contents) == b"".join(pieces) and contents.size == len(b"".join(pieces))
    assert len(list(contents)) <= contents.size // TOGETHER + 1
    contents.add(b"end")
    assert b"".join(contents).endswith(b"end")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_refuses_the_form(tmp_path: Path) -> None:
    def keep() -> InMemory:
        raise OSError(errno.ENOSPC, "full")

    reader = FormReader(KIND, PHOTO, keep=keep)
    with pytest.raises(BodyRefused) as refused:
        reader.feed(multipart(part(named("photo", '; filename="a"'), b"content")))
    assert refused.value.status == 507 and "without the photo" in refused.value.sentence


def test_fields_keep_every_value_in_order() -> None:
    form = parse_form(URLENCODED, b"a=1&b=caf%C3%A9+ol%C3%A9&a=2&empty=")
    assert form.fields == {"a": ("1", "2"), "b": ("café olé",), "empty": ("",)}
    assert form.get("a") == "1" and form.get("nothing") == ""
    body = multipart(part(named("a"), b"1"), part(named("b"), "café".encode()), part(named("a"), b"2"))
    assert parse_form(KIND, body).fields == {"a": ("1", "2"), "b": ("café",)}


@pytest.mark.parametrize(
    "charset", ["punycode", "utf-16", "idna", "unicode_escape", "hex", "no-such-charset"]
)
def test_a_charset_that_a_part_names_is_not_used(charset: str) -> None:
    head = named("a") + f"\r\nContent-Type: text/plain; charset={charset}"
    assert parse_form(KIND, multipart(part(head, "é".encode()))).get("a") == "é"


def latin(kind: str, body: bytes) -> Form:
    reader = FormReader(kind, PHOTO, latin=True)
    reader.feed(body)
    return reader.close()


@pytest.mark.parametrize("label", ["iso-8859-1", '"ISO-8859-1"', "Windows-1252", "latin1", "CP1252"])
def test_where_latin_1_is_allowed_its_labels_are_read(label: str) -> None:
    plain, parts = f"{URLENCODED}; charset={label}", f"{KIND}; charset={label}"
    pairs = b"street=Calle+Espa%F1a&raw=ca\xf1o&euro=%80&bad=a%81b&caf%E9=1&utf8=caf%C3%A9&a=1&a=2"
    assert latin(plain, pairs).fields == {
        "street": ("Calle España",), "raw": ("caño",), "euro": ("€",), "bad": ("a\ufffdb",),
        "café": ("1",), "utf8": ("café",), "a": ("1", "2"),
    }  # fmt: skip
    with pytest.raises(BodyRefused):
        parse_form(plain, b"street=Espa%F1a")
    head = named("media", '; filename="señal.jpg"')
    photo = part(head, b"\xff\xd8\xf1").replace("ñ".encode(), b"\xf1")
    form = latin(parts, multipart(part(named("a"), b"Espa\xf1a"), photo))
    assert form.get("a") == "España"
    assert (form.files["media"].name, list(form.files["media"].chunks)) == ("señal.jpg", [b"\xff\xd8\xf1"])


def test_where_latin_1_is_allowed_a_part_may_name_it_and_nothing_else_changes() -> None:
    named_so = part(named("a") + "\r\nContent-Type: text/plain; charset=ISO-8859-1", b"Espa\xf1a")
    assert latin(KIND, multipart(named_so, part(named("b"), "caño".encode()))).fields == {
        "a": ("España",), "b": ("caño",),
    }  # fmt: skip
    # Without a label only the value that is no UTF-8 is read so; with one that says UTF-8 it is refused.
    for kind, body in (
        (URLENCODED, b"a=Espa%F1a&b=ca%C3%B1o"),
        (KIND, multipart(part(named("a"), b"Espa\xf1a"), part(named("b"), "caño".encode()))),
    ):
        assert latin(kind, body).fields == {"a": ("España",), "b": ("caño",)}
    with pytest.raises(BodyRefused):
        latin(f"{URLENCODED}; charset=UTF-8", b"a=Espa%F1a")
    assert latin(f"{URLENCODED}; charset=UTF-8", b"a=ca%C3%B1o").get("a") == "caño"


@pytest.mark.parametrize(
    "charset", ["punycode", "utf-16", "utf-7", "idna", "iso-8859-15", "latin2", "x" * 900]
)
def test_where_latin_1_is_allowed_another_label_is_refused(charset: str) -> None:
    for kind in (URLENCODED, KIND):
        with pytest.raises(BodyRefused):
            latin(
                f"{kind}; charset={charset}",
                b"a=b" if kind == URLENCODED else multipart(part(named("a"), b"b")),
            )
    head = named("a") + f"\r\nContent-Type: text/plain; charset={charset}"
    with pytest.raises(BodyRefused):
        latin(KIND, multipart(part(head, b"Espa\xf1a")))


def test_a_file_arrives_as_it_was_cut_and_an_empty_one_is_none() -> None:
    body = multipart(
        part(named("photo", '; filename="a.jpg"') + "\r\nContent-Type: image/jpeg", b"\xff\xd8" * 200),
        part(named("other", '; filename=""') + "\r\nContent-Type: application/octet-stream"),
        part(named("text"), b"hello"),
    )
    reader = FormReader(KIND, PHOTO)
    for start in range(0, len(body), 7):
        reader.feed(body[start : start + 7])
    form = reader.close()
    assert b"".join(form.files["photo"].chunks) == b"\xff\xd8" * 200 and form.files["photo"].size == 400
    assert list(form.files) == ["photo"] and form.get("text") == "hello"


REFUSED = {
    "a file where none is taken": (KIND, multipart(part(named("a", '; filename="a.txt"'), b"x")), PLAIN, 400),
    "a file over its limit": (KIND, multipart(part(named("a", '; filename="a"'), b"x" * 1_001)), PHOTO, 413),
    "a second file": (KIND, multipart(*[part(named(n, '; filename="a"'), b"x") for n in "ab"]), PHOTO, 400),
    "text over the limit": (KIND, multipart(part(named("a"), b"x" * 65_537)), PLAIN, 413),
    "text over the limit in two parts": (KIND, multipart(*[part(named("a"), b"x" * 40_000)] * 2), PLAIN, 413),
    "too many parts": (KIND, multipart(*[part(named("a"))] * 201), PLAIN, 413),
    "too many headers": (KIND, multipart(part(named("a") + "\r\nX-A: b" * 4)), PLAIN, 413),
    "a header that is too long": (KIND, multipart(part(named("a", f'; x="{"x" * 1_100}"'))), PLAIN, 413),
    "a name that is too long": (KIND, multipart(part(named("a" * 201))), PLAIN, 400),
    "no name": (KIND, multipart(part("Content-Disposition: form-data")), PLAIN, 400),
    "no disposition": (KIND, multipart(part("X-A: b")), PLAIN, 400),
    "not UTF-8": (KIND, multipart(part(named("a"), b"\xff")), PLAIN, 400),
    "no end": (KIND, part(named("a"), b"x"), PLAIN, 400),
    "no boundary": (MULTIPART, multipart(part(named("a"))), PLAIN, 400),
    "a boundary that is too long": (f"{MULTIPART}; boundary={'x' * 71}", b"", PLAIN, 400),
    "urlencoded, too many fields": (URLENCODED, b"a=1&" * 201, PLAIN, 400),
    "urlencoded, not UTF-8": (URLENCODED, b"a=%FF", PLAIN, 400),
    "urlencoded, raw bytes that are not UTF-8": (URLENCODED, b"a=\xff", PLAIN, 400),
    "urlencoded, too long": (URLENCODED, b"a=" + b"x" * 65_536, PLAIN, 413),
    "urlencoded, a name that is too long": (URLENCODED, b"a" * 201 + b"=", PLAIN, 400),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_what_no_form_of_ours_sends_is_refused(case: tuple[str, bytes, FormLimits, int]) -> None:
    kind, body, limits, status = case
    assert refusal(kind, body, limits) == status


def test_a_body_of_another_type_is_an_empty_form() -> None:
    for kind in ("", "application/json", "text/plain; charset=punycode"):
        assert parse_form(kind, b'{"csrf": "x"}') == Form()


LENGTH = 64_000
HOSTILE = {
    "punycode": (
        KIND,
        multipart(part(named("a") + "\r\nContent-Type: text/plain; charset=punycode", b"a" * LENGTH)),
    ),
    "carriage returns": (KIND, part(named("a"), b"\r" * LENGTH)),
    "almost the boundary": (KIND, part(named("a"), f"\r\n--{BOUNDARY[:-1]}".encode() * (LENGTH // 25))),
    "empty parts": (KIND, part(named("a")) * (LENGTH // 80)),
    "semicolons in a header": (KIND, part(named("a", ";    " * 190)) * (LENGTH // 1_100)),
    "quotes in a header": (KIND, part(named("a", '; a="\\' * 160)) * (LENGTH // 1_100)),
    "a long preamble": (KIND, b"\r\n" * (LENGTH // 2)),
    "percent signs": (URLENCODED, b"a=" + b"%" * LENGTH),
    "ampersands": (URLENCODED, b"&" * LENGTH),
    "a hostile content type": (f"{MULTIPART}{'; a=' + chr(34) + chr(92)}" * 1_000, b"x" * LENGTH),
}


@pytest.mark.parametrize("case", HOSTILE.values(), ids=HOSTILE)
def test_reading_takes_no_longer_than_a_plain_form_of_the_same_length_a_few_times_over(
    case: tuple[str, bytes],
) -> None:
    plain = (URLENCODED, b"a=" + b"%41" * (LENGTH // 3))
    assert _processor_time(case) < 20 * _processor_time(plain) + 0.01


def _processor_time(case: tuple[str, bytes]) -> float:
    def read() -> None:
        with contextlib.suppress(BodyRefused):
            parse_form(*case)

    return min(_timed(read) for _ in range(3))


def _timed(act: Callable[[], None]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NAME = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\%'), min_size=1, max_size=20
)


@settings(max_examples=60, deadline=None)
@given(fields=st.lists(st.tuples(NAME, TEXT), max_size=6), cut=st.integers(1, 40))
async def test_what_another_library_writes_is_read_back(fields: list[tuple[str, str]], cut: int) -> None:
    for as_multipart in (True, False):
        data = aiohttp.FormData(quote_fields=False, default_to_multipart=as_multipart)
        for name, value in fields:
            data.add_field(name, value)
        payload = data()
        body = await payload.as_bytes()
        reader = FormReader(str(payload.headers["Content-Type"]))
        for start in range(0, len(body), cut):
            reader.feed(body[start : start + cut])
        if as_multipart and not fields:
            continue
        expected: dict[str, tuple[str, ...]] = {}
        for name, value in fields:
            expected[name] = (*expected.get(name, ()), value)
        assert reader.close().fields == expected
