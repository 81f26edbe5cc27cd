"""GET /chat/v1/tiles/<x>/<y>: the city's map, where city.yml names a tile server. There is none by default."""

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, raw

from desk.media.fetch import Fetcher
from desk.media.tiles import ZOOM, MapTiles
from gateway.deps import Deps
from gateway.headers import client_address
from gateway.problems import Problem

__all__ = ["ZOOM", "map_blueprint"]


def map_blueprint(deps: Deps) -> Blueprint:
    """The one endpoint. What a citizen looks at is neither kept nor logged with them."""
    blueprint = Blueprint("map_tiles")
    given = deps.city.map
    tiles = MapTiles(given.tiles, deps.city.boundary, Fetcher(deps.settings.private_hosts)) if given else None

    @blueprint.get("/chat/v1/tiles/<x:int>/<y:int>")
    async def tile(request: Request, x: int, y: int) -> HTTPResponse:
        await deps.limits.check("search", address=client_address(request))
        found = await tiles.get(x, y) if tiles else None
        if found is None:
            raise Problem(404, "not_found", "There is no map here. The address is enough.")
        return raw(
            found.body,
            content_type=found.content_type,
            headers={
                "cache-control": "public, max-age=86400",
                "content-security-policy": "default-src 'none'; sandbox",
                "access-control-allow-origin": "*",
                "cross-origin-resource-policy": "cross-origin",
            },
        )

    return blueprint
