"""GET /chat/v1/addresses: address completion; GET /chat/v1/tiles/<x>/<y>: its map, where
city.yml names a tile server (there is none by default). Citizens' searches are not stored."""

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json, raw

from city.address_search import LONGEST, AddressSearch
from city.street_positions import load_street_positions
from desk.media.fetch import Fetcher
from desk.media.tiles import MapTiles
from gateway.citizen.contract import AddressesView, AddressView
from gateway.citizen.views import builtins_of
from gateway.deps import Deps
from gateway.headers import client_address
from gateway.problems import Problem


def addresses_blueprint(deps: Deps) -> Blueprint:
    """The one endpoint. A city without street positions finds none, and citizens write the address."""
    blueprint = Blueprint("addresses")
    search = AddressSearch(load_street_positions(deps.settings.content / "street_positions.csv"))

    @blueprint.get("/chat/v1/addresses")
    async def addresses(request: Request) -> HTTPResponse:
        await deps.limits.check("search", address=client_address(request))
        found = search.begins(str(request.args.get("q") or "")[:LONGEST])
        view = AddressesView([AddressView(one.label, one.latitude, one.longitude) for one in found])
        return json(builtins_of(view), headers={"cache-control": "no-store"})

    return blueprint


def map_blueprint(deps: Deps) -> Blueprint:
    """The one endpoint of the map."""
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
