"""One listening socket, one loop: start at once, stop within seconds and lose no answer under way."""

import asyncio
import socket
from typing import Any

from sanic import Sanic
from sanic.application.state import ApplicationServerInfo
from sanic.http.constants import HTTP

from gateway.ops.connection import Connection

BACKLOG = 1_024
GRACE = 8.0  # seconds for answers under way; orchestrators and the launcher wait 15 and more


class ListenError(Exception):
    """One sentence: why we cannot listen and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Port 0 takes a free one. Raises ListenError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ListenError(
            f"The gateway cannot listen on {host}:{port} ({reason}). "
            "Stop the program that uses this port, or set CIVICDESK_PORT to another one."
        ) from None


class Server:
    """The app on a socket, inside the running loop."""

    def __init__(self, app: "Sanic[Any, Any]", sock: socket.socket) -> None:
        self._app = app
        self._sock = sock
        self._server: Any = None
        self._connections: set[Any] = set()

    @property
    def port(self) -> int:
        """Where we listen."""
        return int(self._sock.getsockname()[1])

    async def start(self) -> None:
        """Serve. The app's before_server_start listeners have run when this returns."""
        # Without this Sanic sends an empty alt-svc header with every answer.
        self._app.state.server_info.append(ApplicationServerInfo(settings={"version": HTTP.VERSION_1}))
        # Early callers wait in the socket's backlog until the routes are there.
        self._server = await self._app.create_server(
            sock=self._sock,
            backlog=BACKLOG,
            access_log=False,
            protocol=Connection,
            asyncio_server_kwargs={"start_serving": False},
        )
        assert self._server is not None
        self._connections = self._server.connections
        await self._server.startup()
        await self._server.before_start()
        await self._server.start_serving()
        await self._server.after_start()

    async def stop(self) -> None:
        """Take no more connections, let answers under way finish, then cut what is left."""
        self._server.close()
        await self._server.before_stop()
        end = asyncio.get_running_loop().time() + GRACE
        while self._connections and asyncio.get_running_loop().time() < end:
            for connection in list(self._connections):
                connection.close_if_idle()
            await asyncio.sleep(0.02)
        for connection in list(self._connections):
            connection.abort()
        await self._server.after_stop()
        Sanic.unregister_app(self._app)
