"""PDFs that citizens send: recognised by their content, never opened or rendered here, and served only as a download."""

from pathlib import Path

from desk.media.photos import BadPhoto

PDF = "application/pdf"
DOWNLOADED = 'attachment; filename="document.pdf"'
"""The Content-Disposition of what is never shown in a browser: it may hold scripts."""
HEAD, END = b"%PDF-", b"%%EOF"
END_WITHIN = 2_048
"""Bytes at the end of a file that hold END: some programs write more after it."""


def download_of(content_type: str) -> str:
    """The Content-Disposition of a file of this type that is not shown."""
    return DOWNLOADED if content_type == PDF else "attachment"


def is_pdf(path: Path) -> bool:
    """Whether the file's content begins like a PDF. Raises BadPhoto if it does not end like one: it is not complete.
    Blocking."""
    with path.open("rb") as file:
        if file.read(len(HEAD)) != HEAD:
            return False
        size = file.seek(0, 2)
        file.seek(max(0, size - END_WITHIN))
        if END not in file.read():
            raise BadPhoto("document_damaged")
    return True
