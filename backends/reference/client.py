"""Our own GeoReport v2 server (gateway/georeport). It adds three calls to the standard: a filed request can be
withdrawn or reopened, and text and photos can be added to it.

    POST requests/<number>/withdrawal.json   api_key, change_id, text
    POST requests/<number>/reopening.json    api_key, change_id, text
    POST requests/<number>/notes.json        api_key, change_id, text, media_url (repeated), and with a corrected place
                                        address_string, perhaps with lat and long

The server ignores a `change_id` that it already knows, so a call whose response was lost can be repeated.
"""

from dataclasses import replace

from backends.base import BackendUnavailable, Capabilities, RequestChange
from backends.open311.client import Open311
from backends.open311.http import path_segment
from backends.open311.text import plain

LONGEST = 4000  # characters of a change's text
ADDRESS = 255  # characters of a corrected address


class Reference(Open311):
    """One endpoint of our own server."""

    capabilities: Capabilities = replace(Open311.capabilities, withdraw=True, complement=True, reopen=True)

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
        fields = [*self._common, ("change_id", change.id), ("text", plain(change.text)[:LONGEST])]
        fields += [("media_url", url) for url in change.media_urls]
        if change.address:
            fields.append(("address_string", plain(change.address)[:ADDRESS]))
            if change.latitude is not None and change.longitude is not None:
                fields += [("lat", f"{change.latitude:.6f}"), ("long", f"{change.longitude:.6f}")]
        try:
            await self._post_change(path, fields)
        except BackendUnavailable as error:
            # The call may be repeated under its id, so it does not matter whether it was carried out.
            raise BackendUnavailable(str(error), resting=error.resting) from None
