"""One listening socket in one event loop: starts at once, stops within seconds and completes responses in
progress."""

import asyncio
import socket
from typing import Any

from sanic import Sanic
from sanic.application.state import ApplicationServerInfo
from sanic.http.constants import HTTP

from gateway.ops.connection import Connection

BACKLOG = 1_024
GRACE = 8.0  # seconds for responses in progress; orchestrators and the launcher wait at least 15


class ListenError(Exception):
    """One sentence: why we cannot listen, and what to do about it."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Port 0 picks a free one. Raises ListenError."""
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
    """Serves the app on a socket, inside the running event loop."""

    def __init__(self, app: "Sanic[Any, Any]", sock: socket.socket) -> None:
        self._app = app
        self._sock = sock
        self._server: Any = None
        self._connections: set[Any] = set()

    @property
    def port(self) -> int:
        """The port that we listen on."""
        return int(self._sock.getsockname()[1])

    async def start(self) -> None:
        """Start serving. The app's before_server_start listeners have run when this returns."""
        # Without this, Sanic sends an empty alt-svc header with every response.
        self._app.state.server_info.append(ApplicationServerInfo(settings={"version": HTTP.VERSION_1}))
        # Early clients wait in the socket's backlog until the routes are ready.
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
        """Accept no more connections, let responses in progress finish, then close what is left."""
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
