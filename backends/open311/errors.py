"""Maps an unsuccessful answer to an exception type. Pure."""

from collections.abc import Collection

from backends.base import BackendError, BackendUnavailable, NotPermitted, RequestRefused, UnknownReference
from backends.open311.http import HttpResponse
from backends.open311.read import read_errors


class ServerFailed(BackendUnavailable):
    """The server answered a read with a 5xx: it is there, and may answer a smaller question."""


def refusal(answer: HttpResponse, missing: Collection[int] = (404, 410)) -> BackendError:
    """The exception for a failed read; `missing` lists the statuses that mean "not found"."""
    codes = {code for code, _ in read_errors(answer.document)}
    if answer.status in (401, 403) or codes & {"401", "403"}:
        return NotPermitted("the back end does not let us read")
    # Errors also arrive with HTTP 200; the code in the body then takes precedence.
    if answer.status in missing or (answer.status < 500 and codes & {str(status) for status in missing}):
        return UnknownReference("the back end does not know this")
    what = answer.flaw if answer.document is None else "an error"
    kind = ServerFailed if answer.status >= 500 else BackendUnavailable
    return kind(f"the back end answered {answer.status} with {what}")


def check_create(answer: HttpResponse, key: str | None) -> None:
    """Return if the create succeeded; otherwise raise the matching exception."""
    errors = tuple((code, _without(key, words)) for code, words in read_errors(answer.document))
    codes = {code for code, _ in errors}
    if answer.status in (401, 403) or codes & {"401", "403"}:
        raise NotPermitted("the back end refuses our key")
    if answer.status in (408, 429):
        raise BackendUnavailable("the back end asks us to wait")
    if answer.status >= 500 or any(code[:1] == "5" for code in codes):
        # A proxy's 502 or 504 says nothing about what the system behind it did.
        raise BackendUnavailable(f"the back end answered {answer.status}", outcome_unknown=True)
    if errors:
        raise RequestRefused(errors)
    if 300 <= answer.status < 400:
        raise BackendUnavailable(
            "the back end redirects the create; set its final address",
            outcome_unknown=answer.status in (302, 303),
        )
    if answer.status >= 400:
        # 404 or 405 from a web server in front, HTML from a firewall: nothing has evaluated the request
        # itself.
        raise BackendUnavailable(f"the back end answered {answer.status} with {answer.flaw or 'no reason'}")
    if answer.document is None:
        raise BackendUnavailable(f"the back end answered with {answer.flaw}", outcome_unknown=True)


def _without(key: str | None, words: str) -> str:
    # Some servers quote the key they refuse, and errors are stored and logged.
    return words.replace(key, "(key)") if key else words
