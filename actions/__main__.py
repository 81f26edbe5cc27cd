"""python -m actions: the action server, until SIGTERM or SIGINT."""

import socket
import sys

import structlog

from actions.logs import configure_logs
from actions.server import create_app
from actions.settings import SettingsError, load_settings


def main() -> int:
    """Exit code 0 after a clean stop, 2 with one sentence if a setting is wrong."""
    configure_logs()
    try:
        settings = load_settings()
        app = create_app(settings)
        listener = _listen(settings.host, settings.port)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    host, port = listener.getsockname()[:2]
    structlog.get_logger("actions").info("actions_listening", host=host, port=port)
    app.run(sock=listener, single_process=True, motd=False, access_log=False)
    return 0


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        raise SettingsError(
            f"The action server cannot listen on {host} port {port} ({error.strerror}). "
            "Stop what uses it, or set CIVICDESK_ACTIONS_PORT."
        ) from None
    return listener


if __name__ == "__main__":
    sys.exit(main())
