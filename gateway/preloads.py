"""The `Link` header of a page with the chat: browsers ask for the chat's script and texts before they have the page."""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path


class Preloads:
    """`folder`: web/dist; its widget/version.json names the texts of each language."""

    def __init__(self, folder: Path) -> None:
        self._made = folder / "widget" / "version.json"

    def link(self, language: str, sheets: Sequence[str], *, default: str = "en") -> str:
        """The header's value for a page with these style sheets whose chat speaks `language`, or `default` if it has
        no texts in it. Texts that the chat does not use would be a waste and a warning in the browser's log."""
        links = [f"<{sheet}>; rel=preload; as=style" for sheet in sheets]
        links.append("</widget/civicdesk.js>; rel=modulepreload")
        try:
            texts = _texts(self._made, self._made.stat().st_mtime_ns)
        except (OSError, ValueError):
            texts = {}  # not built
        if name := texts.get(language, texts.get(default)):
            links.append(f"</widget/i18n/{name}>; rel=preload; as=fetch; crossorigin")
        return ", ".join(links)


@lru_cache(maxsize=8)
def _texts(path: Path, stamp: int) -> dict[str, str]:
    """Language -> file below /widget/i18n. Raises OSError, or ValueError if it is not JSON."""
    made = json.loads(path.read_bytes())
    return {str(code): str(name) for code, name in dict(made.get("texts") or {}).items()}
