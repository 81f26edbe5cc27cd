"""Decodes bytes with a charset named by a stranger.

Only the charsets below are used, each decoded in C in linear time. Python knows many more names, some of them
expensive (punycode and idna are quadratic) or not charsets at all (zlib, unicode_escape).

Names are interpreted as mail programs and browsers do (https://encoding.spec.whatwg.org/#names-and-labels):
"iso-8859-1" is Windows-1252, and "gb2312" is its superset GB 18030.
"""

import codecs

SINGLE_BYTE = {
    "windows-1252": (
        *("windows-1252", "cp1252", "iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1", "iso-latin-1"),
        *("us-ascii", "ascii", "ansi", "ansi-x3.4-1968", "iso646-us", "iso-8859-1-windows-3.1-latin-1"),
    ),
    "windows-1254": ("windows-1254", "cp1254", "iso-8859-9", "iso8859-9", "latin5", "l5"),
    "windows-874": ("windows-874", "cp874", "tis-620", "tis620", "iso-8859-11", "dos-874"),
    **{
        f"windows-{page}": (f"windows-{page}", f"cp{page}", f"x-cp{page}")
        for page in (1250, 1251, 1253, 1255, 1256, 1257, 1258)
    },
    **{
        f"iso-8859-{part}": (f"iso-8859-{part}", f"iso8859-{part}")
        for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)
    },
    "koi8-r": ("koi8-r", "koi8", "cskoi8r"),
    "koi8-u": ("koi8-u", "koi8-ru"),
    "cp866": ("cp866", "ibm866"),
    "cp437": ("cp437", "ibm437"),
    "cp850": ("cp850", "ibm850"),
    "mac-roman": ("macintosh", "mac", "x-mac-roman"),
}
"""From Python's name to the names in mails. `windows-874` is cp874 in Python; `windows-125x` is an alias it
knows.
"""

MULTI_BYTE = {
    "utf-8": ("utf-8", "utf8", "unicode-1-1-utf-8"),
    "utf-16-le": ("utf-16", "utf16", "unicode", "ucs-2", "utf-16le", "utf-16-le"),
    "utf-16-be": ("utf-16be", "utf-16-be"),
    "gb18030": ("gb18030", "gbk", "gb2312", "gb-2312-80", "cp936", "ms936", "windows-936", "x-gbk", "euc-cn"),
    "big5hkscs": ("big5", "big5-hkscs", "cn-big5", "x-x-big5", "csbig5", "cp950"),
    "euc-jp": ("euc-jp", "x-euc-jp", "eucjp"),
    "cp932": ("shift-jis", "shiftjis", "sjis", "x-sjis", "ms-kanji", "windows-31j", "cp932"),
    "iso2022_jp_2": ("iso-2022-jp", "iso-2022-jp-1", "iso-2022-jp-2", "csiso2022jp"),
    "cp949": ("euc-kr", "ks-c-5601-1987", "ks-c-5601", "ksc5601", "korean", "windows-949", "cp949", "uhc"),
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
    return CHARSETS.get(charset.strip(" \"'").lower().replace("_", "-"))


def decode(raw: bytes, charset: str | None, *, cut: bool = False) -> str:
    """Decode with the declared charset, else UTF-8, else Windows-1252. Never raises.

    `cut`: the bytes are truncated, so an incomplete character at the end is dropped.
    """
    claimed = known(charset)
    if claimed == "utf-16-le" and raw.startswith(codecs.BOM_UTF16_BE):
        claimed = "utf-16-be"
    return _decoded(raw, claimed, cut=cut).removeprefix("\ufeff")


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
    """Decode with replacement characters, using whichever charset needs fewer of them."""
    if name not in (None, "utf-8", "windows-1252"):
        return codecs.getincrementaldecoder(name)("replace").decode(raw, final=not cut)
    as_utf8 = codecs.getincrementaldecoder("utf-8")("replace").decode(raw, final=not cut)
    odd = as_utf8.count("\ufffd")
    fine = sum(1 for one in as_utf8 if one > "\x7f") - odd
    return as_utf8 if fine > odd else raw.decode("windows-1252", "replace")
