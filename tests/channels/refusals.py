"""What a channel makes of one answer of its provider."""

import aiohttp
from aiohttp import web

from channels.base import ChannelError
from channels.registry import declared
from tests.support.sockets import serving
from tests.support.specimens.base import Specimen

KEY = "4b6f3d0e-0000-4000-8000-000000000001:0"


async def raised(specimen: Specimen, status: int, document: object) -> ChannelError:
    """What is raised for a plain message that is answered so. No secret of the inbox is in it."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(document, status=status)

    async with serving(answer) as url, aiohttp.ClientSession() as http:
        channel = specimen.open(http, api_url=url)
        (request,) = channel.render(specimen.message())
        try:
            await channel.send(request, KEY)
        except ChannelError as error:
            told = f"{error!r} {error.__context__!r}"
            assert not any(
                specimen.settings[one.name] in told for one in declared(specimen.channel) if one.secret
            )
            return error
    raise AssertionError("taken")
