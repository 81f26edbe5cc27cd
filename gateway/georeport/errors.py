"""The errors that our GeoReport server returns: one or several (code, sentence) pairs."""

from collections.abc import Sequence


class GeoReportErrors(Exception):
    """The errors of one call. The HTTP status is their common code, or 400 if they differ. `retry_after` is
    in seconds."""

    def __init__(self, errors: Sequence[tuple[int, str]], *, retry_after: float | None = None) -> None:
        super().__init__("; ".join(sentence for _, sentence in errors))
        self.errors = tuple(errors)
        self.retry_after = retry_after
        codes = {code for code, _ in errors}
        self.status = codes.pop() if len(codes) == 1 else 400


def error(code: int, sentence: str) -> GeoReportErrors:
    """A single error."""
    return GeoReportErrors([(code, sentence)])
