"""Decodes bytes with a charset named by a stranger.

Only the charsets below are used, each decoded in C in linear time. Python knows many more names, some of them
expensive (punycode and idna are quadratic) or not charsets at all (zlib, unicode_escape).

Names are interpreted as mail programs and browsers do (https://encoding.spec.whatwg.org/#names-and-labels):
"iso-8859-1" is Windows-1252, and "gb2312" is its superset GB 18030.
"""

import codecs
import re


def _directed(part: int) -> tuple[str, ...]:
    return tuple(f"{name}{way}" for way in "ie" for name in (f"iso-8859-{part}-", f"csiso8859{part}"))


SINGLE_BYTE = {
    "windows-1252": (
        *("windows-1252", "cp1252", "iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1", "iso-latin-1"),
        *("us-ascii", "ascii", "ansi", "ansi-x3.4-1968", "iso646-us", "iso-8859-1-windows-3.1-latin-1"),
        *("cp819", "ibm819", "csisolatin1", "iso-ir-100", "iso88591", "iso-8859-1:1987", "x-cp1252"),
    ),
    "windows-1254": (
        *("windows-1254", "cp1254", "x-cp1254", "iso-8859-9", "iso8859-9", "iso88599", "iso-8859-9:1989"),
        *("latin5", "l5", "csisolatin5", "iso-ir-148"),
    ),
    "windows-874": (
        *("windows-874", "cp874", "tis-620", "tis620", "iso-8859-11", "iso8859-11", "iso885911", "dos-874"),
    ),
    **{
        f"windows-{page}": (f"windows-{page}", f"cp{page}", f"x-cp{page}")
        for page in (1250, 1251, 1253, 1255, 1256, 1257, 1258)
    },
    **{
        f"iso-8859-{part}": (
            *(f"iso-8859-{part}", f"iso8859-{part}", f"iso8859{part}", f"iso-8859-{part}:{year}"),
            *names,
        )
        for part, year, names in (
            (2, 1987, ("latin2", "latin-2", "l2", "csisolatin2", "iso-ir-101")),
            (3, 1988, ("latin3", "latin-3", "l3", "csisolatin3", "iso-ir-109")),
            (4, 1988, ("latin4", "latin-4", "l4", "csisolatin4", "iso-ir-110")),
            (5, 1988, ("cyrillic", "csisolatincyrillic", "iso-ir-144")),
            (6, 1987, ("arabic", "ecma-114", "asmo-708", "csisolatinarabic", "iso-ir-127", *_directed(6))),
            (
                7,
                1987,
                ("greek", "greek8", "ecma-118", "elot-928", "csisolatingreek", "sun-eu-greek", "iso-ir-126"),
            ),
            # "i": the letters are in the order in which they are read, as everywhere else; "e" is the same for us.
            (8, 1988, ("hebrew", "csisolatinhebrew", "logical", "visual", "iso-ir-138", *_directed(8))),
            (10, 1998, ("latin6", "latin-6", "l6", "csisolatin6", "iso-ir-157")),
            (13, 1998, ("latin7", "latin-7", "l7")),
            (14, 1998, ("latin8", "latin-8", "l8")),
            (15, 1999, ("latin9", "latin-9", "l9", "csisolatin9")),
            (16, 2001, ("latin10", "latin-10", "l10")),
        )
    },
    "koi8-r": ("koi8-r", "koi8", "koi", "cskoi8r"),
    "koi8-u": ("koi8-u", "koi8-ru"),
    "cp866": ("cp866", "ibm866", "866", "csibm866"),
    "cp437": ("cp437", "ibm437", "437"),
    "cp850": ("cp850", "ibm850", "850"),
    "mac-roman": ("macintosh", "mac", "x-mac-roman", "csmacintosh", "macroman"),
    "mac-cyrillic": ("x-mac-cyrillic", "x-mac-ukrainian", "mac-cyrillic"),
}
"""From Python's name to the names in mails. `windows-874` is cp874 in Python; `windows-125x` is an alias it
knows.
"""

MULTI_BYTE = {
    "utf-8": (
        "utf-8",
        "utf8",
        "unicode-1-1-utf-8",
        "unicode11utf8",
        "unicode20utf8",
        "x-unicode20utf8",
        "utf-8-sig",
    ),
    "utf-16-le": (
        "utf-16",
        "utf16",
        "unicode",
        "ucs-2",
        "utf-16le",
        "utf-16-le",
        "csunicode",
        "unicodefeff",
        "iso-10646-ucs-2",
    ),
    "utf-16-be": ("utf-16be", "utf-16-be", "unicodefffe"),
    "gb18030": (
        "gb18030",
        "gbk",
        "gb2312",
        "gb-2312",
        "gb-2312-80",
        "csiso58gb231280",
        "cp936",
        "ms936",
        "windows-936",
        "x-gbk",
        "euc-cn",
        "chinese",
        "csgb2312",
        "iso-ir-58",
    ),
    "big5hkscs": ("big5", "big5-hkscs", "cn-big5", "x-x-big5", "csbig5", "cp950"),
    "euc-jp": ("euc-jp", "x-euc-jp", "eucjp", "cseucpkdfmtjapanese"),
    "cp932": (
        "shift-jis",
        "shiftjis",
        "sjis",
        "x-sjis",
        "ms-kanji",
        "windows-31j",
        "cp932",
        "ms932",
        "csshiftjis",
    ),
    "iso2022_jp_2": ("iso-2022-jp", "iso-2022-jp-1", "iso-2022-jp-2", "csiso2022jp"),
    "cp949": (
        *("euc-kr", "ks-c-5601-1987", "ks-c-5601-1989", "ks-c-5601", "ksc5601", "ksc-5601", "korean", "uhc"),
        *("windows-949", "cp949", "cseuckr", "csksc56011987", "iso-ir-149"),
    ),
    "iso2022_kr": ("iso-2022-kr", "csiso2022kr"),
}
"""UTF-7 is excluded: it is obsolete, and can still be read as UTF-8."""


def _python(name: str) -> str:
    return "cp874" if name == "windows-874" else name


CHARSETS = {
    label: _python(name) for name, labels in {**SINGLE_BYTE, **MULTI_BYTE}.items() for label in labels
}
"""From a name in a mail, in lower case with hyphens, to Python's."""


def known(charset: str | None) -> str | None:
    """Python's name for this charset; None if it is not one that we decode."""
    if not charset or len(charset) > 60:
        return None
    label = _label(charset)
    return (
        CHARSETS.get(label)
        or CHARSETS.get(_MISSPELT.sub(r"windows-\2", label))
        or CHARSETS.get(label.replace("cp-", "cp"))
    )


_MISSPELT = re.compile(r"^(x-)?(?:win|windows|win-|cp-|windows-cp)-?(\d{3,4})$")
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_PRIVATE = re.compile("[\uf8f0-\uf8f3]")
_META = re.compile(rb"<meta[^>]{1,300}?charset\s{0,3}=\s{0,3}[\"']?([\w:.-]{1,40})", re.IGNORECASE)
MOST_ODD = 3  # bytes that cannot be decoded, for each character that can, in a text that says it is UTF-8
ASCII = frozenset({"us-ascii", "ascii", "ansi-x3.4-1968", "iso646-us", "csascii"})
"""Programs that declare this and send other bytes send UTF-8, as often as Windows-1252."""


def _label(charset: str) -> str:
    return charset.strip(" \"'").lower().replace("_", "-")


def html_charset(raw: bytes) -> str | None:
    """The charset that an HTML page names itself, for a mail that names none; never one of the 16-bit ones, in which
    the name could not be read."""
    found = _META.search(raw[:2_048])
    name = found[1].decode("ascii", "replace") if found else None
    return None if name is None or (known(name) or "").startswith("utf-16") else name


def decode(raw: bytes, charset: str | None, *, cut: bool = False) -> str:
    """Decode with the declared charset, else UTF-8, else Windows-1252. Never raises.

    `cut`: the bytes are truncated, so an incomplete character at the end is dropped.
    """
    claimed = known(charset)
    if charset and len(charset) <= 60 and _label(charset) in ASCII and not raw.isascii():
        claimed = None
    # A byte order mark says more than any label.
    claimed = next((name for mark, name in _MARKS.items() if raw.startswith(mark)), claimed)
    text = _decoded(raw, claimed, cut=cut).removeprefix("\ufeff")
    # Python gives four bytes that Shift_JIS does not have a private character each.
    return _PRIVATE.sub("\ufffd", text) if claimed == "cp932" else text


def _decoded(raw: bytes, claimed: str | None, *, cut: bool) -> str:
    for name in (claimed, "utf-8"):
        if name is None:
            continue
        try:
            return codecs.getincrementaldecoder(name)("strict").decode(raw, final=not cut)
        except ValueError:
            continue
    return _repaired(raw, claimed, cut=cut)


def _repaired(raw: bytes, name: str | None, *, cut: bool) -> str:
    """Decode with replacement characters: one for each byte that cannot be decoded, and the rest as declared.

    What is declared as UTF-8 and has no sign of it is Windows-1252; what declares nothing is whatever needs fewer
    replacements."""
    if name not in (None, "utf-8"):
        return codecs.getincrementaldecoder(name)("replace").decode(raw, final=not cut)
    as_utf8 = codecs.getincrementaldecoder("utf-8")("replace").decode(raw, final=not cut)
    odd = as_utf8.count("\ufffd")
    fine = sum(1 for one in as_utf8 if one > "\x7f") - odd
    enough = odd <= MOST_ODD * fine if name else fine > odd
    return as_utf8 if fine and enough else raw.decode("windows-1252", "replace")
