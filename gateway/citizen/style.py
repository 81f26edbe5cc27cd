"""GET /chat/chat.css: the style of the gateway's pages, in one file with the colours and sizes that the widget shares."""

import gzip
from functools import lru_cache
from pathlib import Path

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, raw

from gateway.headers import FILE_CSP

SHEET = "/chat/chat.css"  # of templates/frame.html
_OWN = Path(__file__).parent / "assets" / "chat.css"


def style_blueprint(web_dir: Path) -> Blueprint:
    """`web_dir`: web/dist, which has the tokens."""
    blueprint = Blueprint("style")
    tokens = web_dir / "tokens.css"

    @blueprint.get(SHEET)
    async def sheet(request: Request) -> HTTPResponse:
        headers = {
            "cache-control": "public, max-age=300",
            "vary": "Accept-Encoding",
            "content-security-policy": FILE_CSP,
        }
        body = _sheet(tokens, tokens.stat().st_mtime_ns if tokens.is_file() else 0)
        if "gzip" in request.headers.getone("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            body = _packed(body)
        return raw(body, content_type="text/css; charset=utf-8", headers=headers)

    return blueprint


@lru_cache(maxsize=4)
def _sheet(tokens: Path, stamp: int) -> bytes:
    """`stamp`: 0 if there are no tokens, because the browser's part is not built."""
    return (tokens.read_bytes() if stamp else b"") + _OWN.read_bytes()


@lru_cache(maxsize=4)
def _packed(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
