"""Our own GeoReport v2 server (gateway/georeport). It adds three calls to the standard: a filed request can be
withdrawn or reopened, and text and photos can be added to it.

    POST requests/<number>/withdrawal.json   api_key, change_id, text
    POST requests/<number>/reopening.json    api_key, change_id, text
    POST requests/<number>/notes.json        api_key, change_id, text, media_url (repeated)

The server ignores a `change_id` that it already knows, so a call whose response was lost can be repeated.
"""

from dataclasses import replace
from typing import ClassVar

from backends.base import (
    BackendUnavailable,
    Capabilities,
    NotPermitted,
    RequestChange,
    RequestRefused,
    UnknownReference,
)
from backends.open311.client import Open311
from backends.open311.errors import check_create
from backends.open311.http import path_segment
from backends.open311.text import plain

LONGEST = 4000  # characters of a change's text


class Reference(Open311):
    """One endpoint of our own server."""

    capabilities: ClassVar[Capabilities] = replace(
        Open311.capabilities, withdraw=True, complement=True, reopen=True
    )

    async def withdraw(self, reference: str, change: RequestChange) -> None:
        """Close the request as withdrawn. Raises UnknownReference, RequestRefused, NotPermitted,
        BackendUnavailable."""
        await self._change(f"requests/{path_segment(reference)}/withdrawal.json", change)

    async def complement(self, reference: str, change: RequestChange) -> None:
        """Add text and photos. Raises UnknownReference, RequestRefused, NotPermitted, BackendUnavailable."""
        await self._change(f"requests/{path_segment(reference)}/notes.json", change)

    async def reopen(self, reference: str, change: RequestChange) -> None:
        """Open the request again. Raises UnknownReference, RequestRefused, NotPermitted, BackendUnavailable."""
        await self._change(f"requests/{path_segment(reference)}/reopening.json", change)

    async def _change(self, path: str, change: RequestChange) -> None:
        if self._key and not self._key_may_travel:
            raise NotPermitted("the key is not sent: the back end's address does not begin with https://")
        fields = [*self._common, ("change_id", change.id), ("text", plain(change.text)[:LONGEST])]
        fields += [("media_url", url) for url in change.media_urls]
        if self._key:
            fields.append(("api_key", self._key))
        answer = await self._http.post(path, fields)
        try:
            check_create(answer, self._key)
        except RequestRefused as error:
            if {code for code, _ in error.errors} == {"404"}:
                raise UnknownReference("the back end has no request with this number") from None
            raise
        except BackendUnavailable as error:
            # The call may be repeated under its id, so it does not matter whether it was carried out.
            raise BackendUnavailable(str(error), resting=error.resting) from None
