"""Charsets named by a sender: only those on our list are used, each decoded in one pass in C."""

import encodings.aliases
import pkgutil

import pytest

from channels.mail.reading.charsets import CHARSETS, decode, html_charset, known
from channels.mail.reading.headers import header_text, parameters
from channels.mail.reading.parse import read_mail
from tests.channels.mail.hostile_mails import cost, ordinary_mail
from tests.support.mail_side import mail, one

PYTHONS = sorted(
    {module.name for module in pkgutil.iter_modules(encodings.__path__)}
    | set(encodings.aliases.aliases)
    | {"punycode", "idna", "zlib", "bz2", "hex", "rot13", "unicode_escape", "raw_unicode_escape", "utf-7"}
)
"""Every name that Python would decode by."""


def test_a_name_that_is_not_on_the_list_is_not_looked_up() -> None:
    """What is no charset of mails is read as UTF-8, in the text, in a header and in a file name."""
    others = [name for name in PYTHONS if not known(name)]
    assert len(others) > 250
    for name in others:
        assert decode(b"a-b1 \\u0041 xn--a", name) == "a-b1 \\u0041 xn--a", name
        got = one(mail("b1 é", Content_Type=f"text/plain; charset={name}", Subject=f"=?{name}?q?a=2Db1?="))
        assert got.text == "a-b1\n\nb1 é", name
        assert parameters(f"image/png; name*={name}''a%2Db1.png".encode())[1]["name"] == "a-b1.png", name


def test_only_charsets_of_mails_are_on_the_list() -> None:
    odd = {
        "punycode",
        "idna",
        "zlib",
        "bz2",
        "hex",
        "rot",
        "escape",
        "quopri",
        "base64",
        "uu",
        "utf_7",
        "mbcs",
    }
    assert not [one for one in CHARSETS.values() if any(part in one for part in odd)]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(CHARSETS.values())))
def test_each_decoding_is_linear(name: str) -> None:
    """Four times as many bytes take about four times as long, never sixteen times."""
    label = next(label for label, python in CHARSETS.items() if python == name)
    for piece in (
        b"a",
        b"\x1b$B",
        b"\xff",
        b"\x81\x30",
        b"\xc3\xa9",
        b"+A",
        b"~{",
        b"\x00\xd8",
        b"\x1b$)C\x0e",
    ):
        short, long = (piece * (size // len(piece)) for size in (100_000, 400_000))
        once = max(cost(lambda raw=short: decode(raw, label)), 0.001)  # type: ignore[misc]  # mypy cannot infer a lambda with defaults
        assert cost(lambda raw=long: decode(raw, label)) < 10 * once, piece  # type: ignore[misc]  # mypy cannot infer a lambda with defaults


@pytest.mark.slow
@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "unicode_escape", "utf-7", "zlib", "utf-8", "gb2312"]
)
def test_no_charset_makes_a_mail_costly(charset: str) -> None:
    """Of the same size as the largest ordinary text, in its text, its subject and the name of its picture."""
    words = b"a-" + b"b1" * 125_000
    ordinary = ordinary_mail()
    for raw in (
        mail("", Content_Type=f"text/plain; charset={charset}") + words,
        mail("", Content_Type=f"text/html; charset={charset}") + words,
        mail("x", Subject=f"=?{charset}?q?{'ab1' * 80_000}?="),
        mail("x", From=f"=?{charset}?q?{'ab1' * 80_000}?= <a@b.example>"),
        mail("x", Content_Type=f"image/png; name*={charset}''{'b1' * 120_000}"),
    ):
        assert cost(lambda raw=raw: read_mail(raw)) < 4 * ordinary  # type: ignore[misc]  # mypy cannot infer a lambda with defaults


def test_names_mean_what_mail_programs_mean() -> None:
    assert decode("It’s 50€ – don’t".encode("windows-1252"), "ISO-8859-1") == "It’s 50€ – don’t"
    assert decode("你好，世界".encode("gbk"), "gb2312") == "你好，世界"
    assert decode("日本語①".encode("cp932"), "Shift_JIS") == "日本語①"
    assert decode("日本語".encode("iso2022_jp"), "iso-2022-jp") == "日本語"
    assert decode("안녕하세요".encode("cp949"), "ks_c_5601-1987") == "안녕하세요"
    assert decode("Привет".encode("koi8-r"), '"KOI8-R"') == "Привет"
    assert decode("สวัสดี".encode("cp874"), "TIS-620") == "สวัสดี"
    assert decode("é".encode("utf-16"), "utf-16") == "é"
    for name in ("win-1251", "cp-1251", "windows1251", "x-win-1251", "x-windows-1251"):
        assert decode("Привет".encode("cp1251"), name) == "Привет"


def test_a_byte_order_mark_says_more_than_a_label() -> None:
    for label in ("iso-8859-1", "utf-8", None, "gb2312"):
        assert decode("Straße".encode("utf-16"), label) == "Straße"
        assert decode(b"\xfe\xff" + "Straße".encode("utf-16-be"), label) == "Straße"
        assert decode("Straße".encode("utf-8-sig"), label) == "Straße"


def test_a_page_names_its_charset_if_the_mail_names_none() -> None:
    for meta in (
        '<meta charset="gb2312">',
        "<META http-equiv='Content-Type' content='text/html; charset=gb2312'>",
    ):
        page = f"<html><head>{meta}</head><p>路灯坏了</p>".encode("gb18030")
        head = b"From: ana@mail.example\r\nMessage-ID: <1@a>\r\nContent-Type: text/html"
        assert read_mail(head + b"\r\n\r\n" + page).text == "路灯坏了"
        assert read_mail(head + b"; charset=utf-8\r\n\r\n" + "<p>é</p>".encode()).text == "é"
    assert html_charset(b'<meta charset="utf-16">') is None and html_charset(b"<p>charset=x") is None


def test_odd_bytes_cost_themselves_and_no_others() -> None:
    assert decode("Größe – é".encode() + b"\xff!", "utf-8") == "Größe – é\ufffd!"
    assert decode("Größe".encode("latin-1"), "utf-8") == "Größe"
    assert decode("Größe".encode("latin-1"), None) == "Größe"
    assert decode("Straße é".encode()[:-1], "utf-8", cut=True) == "Straße "
    assert decode("你好".encode("gbk") + b"\xff", "gbk") == "你好\ufffd"
    assert decode("日本".encode("cp932") + b"\xfd" + "語".encode("cp932"), "shift_jis") == "日本\ufffd語"


def test_headers_are_read_as_they_were_meant() -> None:
    assert header_text(b"=?utf-8?B?a?=") == "=?utf-8?B?a?="
    assert header_text(b"=?iso-8859-1?Q?Sem\xe1foro?=") == "Semáforo"
    assert header_text(b"=?utf-8?q?a=C3?= =?utf-8?q?=A1b?= c") == "aáb c"
    assert header_text(b"=?UTF-8*en?B?w6FiYw?=") == "ábc"
    assert header_text("Straßenlärm".encode("latin-1")) == "Straßenlärm"
    kind, given = parameters(b'image/png; name*0*=iso-8859-1\'en\'sch%F6; name*1="n.png"; x="a;b\\"c"')
    assert (kind, given) == ("image/png", {"name": "schön.png", "x": 'a;b"c'})
    assert parameters(b'text/plain; charset="utf-8; format=flowed')[0] == "text/plain"


LABELS = """
unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8
866 cp866 csibm866 ibm866
csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127
csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7:1987 sun_eu_greek
csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso88598 visual csiso88598i iso-8859-8-i logical
csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6
iso-8859-13 iso8859-13 iso885913
iso-8859-14 iso8859-14 iso885914
csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9
cskoi8r koi koi8 koi8-r koi8_r
koi8-ru koi8-u
csmacintosh mac macintosh x-mac-roman
dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874
ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1:1987 x-cp1252
cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254
x-mac-cyrillic x-mac-ukrainian
chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030
big5 big5-hkscs cn-big5 csbig5 x-x-big5
cseucpkdfmtjapanese euc-jp x-euc-jp
csiso2022jp iso-2022-jp
csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis
cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949
unicodefffe utf-16be
csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le
"""
"""From the encoding standard (WHATWG): each line has the names of one encoding. Those that are only windows-125x and
"replacement" are left out."""


@pytest.mark.parametrize("line", LABELS.strip().split("\n"), ids=lambda line: line.split()[-1])
def test_the_names_of_the_standard_are_known(line: str) -> None:
    assert len({known(name) for name in line.split()}) == 1 and known(line.split()[0])
