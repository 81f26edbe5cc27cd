"""What providers take and post, as the tables in this folder say in our own words, each with its source.

Twilio's own description comes in a package: `make peers` unpacks it.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from launch.peers import TWILIO

HERE = Path(__file__).parent


@cache
def description(name: str) -> Any:
    """A table of this folder, by its file's name without `.yml`. Copy it before you change it."""
    return yaml.load((HERE / f"{name}.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


def validator(name: str) -> jsonschema.Draft202012Validator:
    """A table that is a JSON schema, ready to validate with."""
    schema = description(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


@cache
def twilio() -> Any:
    """Twilio's own OpenAPI file. Copy it before you change it."""
    if not TWILIO.file.exists():
        raise AssertionError(f"{TWILIO.file} is missing: run `make peers`")
    return json.loads(TWILIO.file.read_text("utf-8"))
