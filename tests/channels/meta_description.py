"""Meta's description of WhatsApp (v23.0, 2025) with what Meta documents elsewhere and its file lacks or contradicts.

Each amendment is named. test_whatsapp_peers.py proves that Meta's own examples, which its file refuses, pass with them.
"""

import copy
from collections.abc import Iterator
from typing import Any

from tests.channels.vendors import cut, description

MESSAGES = "/{Version}/{Phone-Number-ID}/messages"
WEBHOOKS = "/whatsapp/webhooks"
PATHS = (
    MESSAGES,
    "/{Version}/{Phone-Number-ID}",
    "/{Version}/{Media-ID}",
    "/{Version}/{WABA-ID}/subscribed_apps",
)


def calls() -> Any:
    """What Prism serves: the calls we make."""
    served = copy.deepcopy(cut(description("meta.yaml"), PATHS))
    schemas = served["components"]["schemas"]
    base = schemas["BaseMessageProperties"]
    # A user id goes in `recipient`; a key of ours comes back with the statuses (both newer than the file).
    base["properties"]["recipient"] = {"type": "string", "pattern": r"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]+$"}
    base["properties"]["biz_opaque_callback_data"] = {"type": "string", "maxLength": 512}
    base["required"].remove("to")
    base["oneOf"] = [{"required": ["to"]}, {"required": ["recipient"]}]
    schemas["InteractiveObject"]["properties"]["type"]["enum"].append("location_request_message")
    schemas["ActionObject"]["oneOf"].append(
        {
            "required": ["name"],
            "properties": {"name": {"type": "string", "enum": ["send_location"]}},
            "additionalProperties": False,
        }
    )
    # The file has an example for this call and no schema that takes it.
    body = served["paths"][MESSAGES]["post"]["requestBody"]["content"]["application/json"]
    body["schema"] = {"anyOf": [body["schema"], _read_and_typing()]}
    return served


def webhooks() -> Any:
    """What Meta posts: a JSON schema. The file describes what arrives with the schemas of what is sent."""
    served = copy.deepcopy(cut(description("meta.yaml"), [WEBHOOKS]))
    schemas = served["components"]["schemas"]
    schemas["BaseMessageProperties"] = {
        "type": "object",
        "required": ["id", "timestamp", "type"],
        "properties": {
            name: {"type": "string"} for name in ("id", "timestamp", "from", "from_user_id", "type")
        },
        "anyOf": [{"required": ["from"]}, {"required": ["from_user_id"]}],
    }
    for part in _every(schemas):
        # In an allOf this forbids what the other half demands.
        part.pop("additionalProperties", None)
        # Two media schemas differ in `id` and `link` alone, and a webhook has `url`, `sha256` and more beside.
        part.pop("discriminator", None)
    point = schemas["LocationMessage"]["allOf"][1]["properties"]["location"]["properties"]
    point["latitude"] = point["longitude"] = {"type": "number"}
    schemas["ErrorObject"]["required"] = ["code"]
    schemas["PhoneObject"]["properties"]["type"]["enum"].append("MOBILE")
    schemas["Statuses"]["properties"]["status"]["enum"].append("played")
    return {"$ref": "#/components/schemas/WebhookPayload", "components": served["components"]}


def examples() -> dict[str, Any]:
    """Meta's own examples of webhooks, by their titles."""
    whole = copy.deepcopy(description("meta.yaml"))
    content = whole["paths"][WEBHOOKS]["post"]["requestBody"]["content"]
    return {title: one["value"] for title, one in content["application/json"]["examples"].items()}


def _read_and_typing() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["messaging_product", "status", "message_id"],
        "additionalProperties": False,
        "properties": {
            "messaging_product": {"type": "string", "enum": ["whatsapp"]},
            "status": {"type": "string", "enum": ["read"]},
            "message_id": {"type": "string"},
            "typing_indicator": {
                "type": "object",
                "required": ["type"],
                "properties": {"type": {"type": "string", "enum": ["text"]}},
                "additionalProperties": False,
            },
        },
    }


def _every(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from _every(child)
    elif isinstance(node, list):
        for child in node:
            yield from _every(child)
