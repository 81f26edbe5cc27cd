"""GET /chat/v1/addresses: the city's addresses that begin as the citizen types. Nothing of it is kept."""

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json

from city.street_positions import load_street_positions
from gateway.citizen.address_search import LONGEST, AddressSearch
from gateway.citizen.contract import AddressesView, AddressView
from gateway.citizen.views import builtins_of
from gateway.deps import Deps
from gateway.headers import client_address


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
