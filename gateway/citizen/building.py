"""All of the citizens' web chat: its API and its plain pages."""

from jinja2 import Environment
from sanic import Blueprint

from gateway.citizen.addresses import addresses_blueprint, map_blueprint
from gateway.citizen.assistant_report import assistant_report_blueprint
from gateway.citizen.media import media_blueprint
from gateway.citizen.openapi import openapi_blueprint
from gateway.citizen.pages import pages_blueprint
from gateway.citizen.parts import parts_blueprint
from gateway.citizen.push import push_blueprint
from gateway.citizen.statements import statements_blueprint
from gateway.citizen.style import style_blueprint
from gateway.citizen.widget import widget_blueprint
from gateway.deps import Deps


def chat_blueprints(deps: Deps, templates: Environment) -> tuple[Blueprint, ...]:
    """Their blueprints, for the app."""
    return (
        widget_blueprint(deps),
        openapi_blueprint(),
        media_blueprint(deps),
        parts_blueprint(deps),
        addresses_blueprint(deps),
        push_blueprint(deps),
        map_blueprint(deps),
        pages_blueprint(deps, templates),
        style_blueprint(deps.settings.web_dir),
        statements_blueprint(deps, templates),
        assistant_report_blueprint(deps, templates),
    )
