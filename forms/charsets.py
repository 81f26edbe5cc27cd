"""The charsets of forms by old clients: Latin-1 under its usual labels. No label ever chooses a codec by its name."""

_LATIN = frozenset(
    {
        "iso-8859-1", "iso8859-1", "iso_8859-1", "iso88591", "latin1", "latin-1", "l1",
        "windows-1252", "cp1252", "x-cp1252",
    }
)  # fmt: skip
_UTF8 = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii"})


def is_latin(label: str | None) -> bool:
    """Whether a form labelled so is read as Latin-1."""
    return _plain(label) in _LATIN


def is_utf8(label: str | None) -> bool:
    """Whether a form labelled so is UTF-8; one without a label is."""
    return _plain(label) in _UTF8


def read_latin(data: bytes) -> str:
    """The text of a field labelled as Latin-1. As browsers do, read as Windows-1252; a byte that it does not have costs
    one character. What is UTF-8 in spite of its label is read as that: some clients only never change the label."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _plain(label: str | None) -> str:
    return (label or "").strip().lower()
