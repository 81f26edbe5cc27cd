"""The agents' web app as one Sanic blueprint: `app.blueprint(console_blueprint(deps))`."""

from sanic import Blueprint

from console.deps import ConsoleDeps


def console_blueprint(deps: ConsoleDeps) -> Blueprint:
    """Every page under /console. Handlers answer their own errors with pages, never with a traceback."""
    return Blueprint("console", url_prefix="/console")
