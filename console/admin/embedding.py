"""How to embed the chat in the city's other sites: the code to copy, and the allowed sites."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, counts_of
from console.rendering import Pages
from desk.people.permissions import Permission, require

_SCRIPT = re.compile(r"civicdesk-[0-9A-F]{8}\.js")
_INTEGRITY = re.compile(r"sha384-[A-Za-z0-9+/]{64}")


@dataclass(frozen=True, slots=True)
class Version:
    """The build that this gateway serves: the script's name under /widget/, and its integrity."""

    script: str
    integrity: str


def version_of(web_dir: Path) -> Version | None:
    """The version under `web_dir`, or None if the browser's part was not built. Blocking."""
    try:
        raw = json.loads((web_dir / "widget" / "version.json").read_bytes())
        script, integrity = str(raw["script"]), str(raw["integrity"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not (_SCRIPT.fullmatch(script) and _INTEGRITY.fullmatch(integrity)):
        return None
    return Version(script, integrity)


class EmbeddingPages:
    """GET /console/embedding."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages

    async def show(self, visit: Visit) -> HTTPResponse:
        """Show the lines for a site's pages, filled in for this gateway."""
        require(visit.actor, Permission.READ_INBOXES)
        return self._pages.page(
            "embedding.html",
            session=visit.session,
            **await counts_of(self._deps.store.pool, visit),
            server=self._deps.public_url,
            origins=self._deps.widget_origins,
            version=version_of(self._deps.web_dir),
            emergency=self._deps.city.emergency_number,
        )
