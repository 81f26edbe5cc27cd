"""The OpenAPI 3.1 description of /chat/v1, made from the types and limits that the code itself uses."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json

from channels.web.channel import TEXT_LENGTH, Post
from city.address_search import LONGEST
from desk.media.tiles import ZOOM
from gateway.citizen import contract
from gateway.citizen.media import PHOTO_BYTES
from gateway.citizen.parts import PART_BYTES
from gateway.citizen.push import PushEnd, PushSubscription
from gateway.citizen.widget import HIGHEST_SEQ, LONGEST_WAIT, NewSession

_TYPES = (
    contract.ConfigView,
    contract.SessionView,
    contract.PageView,
    contract.AcceptedView,
    contract.MediaView,
    contract.PartView,
    contract.AddressesView,
    contract.PushKeyView,
    contract.MessageView,
    contract.StateView,
    contract.Refusal,
    NewSession,
    Post,
    PushSubscription,
    PushEnd,
)
_WHY = {
    400: "The request cannot be read",
    401: "The token is missing, unknown or expired: start a new session",
    404: "There is nothing here for this session",
    405: "The method is not one of this address",
    408: "It took too long to arrive",
    413: "Too large",
    415: "Neither a photo that we can show nor a PDF",
    422: "Understood, and refused for the reason given",
    429: "Too fast: wait for the seconds in Retry-After",
    503: "Not now: the same request works later",
    507: "Photos cannot be kept now",
}


_FILE: Mapping[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_MEDIA_ID: Mapping[str, Any] = {
    "name": "media_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}


def openapi_blueprint() -> Blueprint:
    """GET /chat/v1/openapi.json."""
    blueprint = Blueprint("openapi")
    document = description()

    @blueprint.get("/chat/v1/openapi.json")
    async def show(_: Request) -> HTTPResponse:
        return json(
            document, headers={"cache-control": "public, max-age=300", "access-control-allow-origin": "*"}
        )

    return blueprint


def description(version: str = "1") -> dict[str, Any]:
    """The whole document, as plain JSON."""
    _, schemas = msgspec.json.schema_components(_TYPES, ref_template="#/components/schemas/{name}")
    after = _query("after", "The number of the last message you have", HIGHEST_SEQ)
    wait = _query("wait", f"Seconds to wait for news; above {LONGEST_WAIT:.0f} counts as that", None)
    last = {**after, "name": "Last-Event-ID", "in": "header", "description": "Instead of `after`"}
    photo = {"type": "string", "format": "binary", "description": f"At most {PHOTO_BYTES:,} bytes"}
    part = {"type": "string", "format": "binary", "description": f"At most {PART_BYTES:,} bytes"}
    paths = {
        "/chat/v1/config": {
            "get": _call("What to know before the conversation", 200, "ConfigView", open_to_all=True)
        },
        "/chat/v1/session": {
            "post": _call(
                "Start a session: with the first message, not with the first view",
                201,
                "SessionView",
                body={**_json("NewSession"), "required": False},
                refusals=(400, 413, 429),
                open_to_all=True,
            )
        },
        "/chat/v1/messages": {
            "get": _call(
                "Messages after a number, oldest first; waits for news if asked to",
                200,
                "PageView",
                parameters=(after, wait),
                refusals=(400, 429),
            ),
            "post": _call(
                f"Send one message of at most {TEXT_LENGTH:,} characters. Repeat it with the same client_id until it is accepted",
                202,
                "AcceptedView",
                body=_json("Post"),
                refusals=(400, 413, 422, 429),
            ),
        },
        "/chat/v1/stream": {
            "get": _call(
                "Events `message` (MessageView, with its number as id), `state` (StateView) and `status`",
                200,
                None,
                parameters=(after, last),
                refusals=(400, 429),
                content={"text/event-stream": {"schema": {"type": "string"}}},
            )
        },
        "/chat/v1/media": {
            "post": _call(
                "Upload a photo or a PDF, to be sent with the next message",
                201,
                "MediaView",
                body={
                    "required": True,
                    "content": {"image/jpeg": {"schema": photo}, "application/pdf": {"schema": photo}},
                },
                refusals=(408, 413, 415, 422, 429, 503, 507),
            )
        },
        "/chat/v1/media/{media_id}": {
            "post": _call(
                "Upload a photo or a PDF in parts, under a UUID of your own. After a broken connection repeat the part, or send an "
                "empty one: `received` says where to go on. The last part answers 201 with the photo",
                200,
                "PartView",
                parameters=(
                    _MEDIA_ID,
                    {**_query("offset", "Bytes before this part", PHOTO_BYTES), "required": True},
                    {**_query("size", "Bytes of the whole photo", PHOTO_BYTES), "required": True},
                ),
                body={"required": False, "content": {"application/octet-stream": {"schema": part}}},
                refusals=(400, 405, 413, 415, 422, 429, 503, 507),
                more={"201": "MediaView"},
            ),
            "get": _call(
                "A photo or PDF of this conversation",
                200,
                None,
                parameters=(_MEDIA_ID,),
                refusals=(404, 429),
                content={kind: _FILE for kind in ("image/*", "application/pdf")},
            ),
        },
        "/chat/v1/addresses": {
            "get": _call(
                "Addresses of the city that begin like `q`, for a field that offers them",
                200,
                "AddressesView",
                parameters=(
                    {
                        "name": "q",
                        "in": "query",
                        "required": False,
                        "description": f"A street with or without a number; the first {LONGEST} characters count",
                        "schema": {"type": "string", "default": ""},
                    },
                ),
                refusals=(429,),
                open_to_all=True,
            )
        },
        "/chat/v1/tiles/{x}/{y}": {
            "get": _call(
                f"A tile of the city's map at zoom {ZOOM} (Web Mercator, 256 px), where `map_credit` is given",
                200,
                None,
                parameters=tuple(
                    {
                        "name": name,
                        "in": "path",
                        "required": True,
                        "schema": {"type": "integer", "minimum": 0},
                    }
                    for name in "xy"
                ),
                refusals=(404, 405, 429),
                content={"image/*": _FILE},
                open_to_all=True,
            )
        },
        "/chat/v1/push": {
            "get": _call(
                "The key for a browser's subscription to notices (web push)",
                200,
                "PushKeyView",
                open_to_all=True,
            ),
            "post": _call(
                "Tell this browser of a person's reply while no page is open; it ends with the session",
                204,
                None,
                body=_json("PushSubscription"),
                refusals=(400, 413, 422, 429),
                content={},
            ),
        },
        "/chat/v1/push/end": {
            "post": _call(
                "Tell this browser no more",
                204,
                None,
                body=_json("PushEnd"),
                refusals=(400, 413, 429),
                content={},
            )
        },
        "/chat/v1/erase": {
            "post": _call(
                "End the session in every window and delete the conversation at the city, unless the law keeps it",
                204,
                None,
                content={},
                refusals=(413, 429),
            )
        },
        "/chat/v1/end": {
            "post": _call("End the session in every window", 204, None, content={}, refusals=(413,))
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Civicdesk web chat",
            "version": version,
            "description": "How the widget, and any other client, talks with the city's front desk (docs/chat-api.md).",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }


def _call(
    summary: str,
    status: int,
    view: str | None,
    *,
    parameters: tuple[Mapping[str, Any], ...] = (),
    body: Mapping[str, Any] | None = None,
    refusals: tuple[int, ...] = (),
    content: Mapping[str, Any] | None = None,
    more: Mapping[str, str] | None = None,
    open_to_all: bool = False,
) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "Done"}
    if view is not None:
        answer["content"] = {"application/json": {"schema": _ref(view)}}
    elif content:
        answer["content"] = dict(content)
    others = {
        code: {"description": "Done", "content": {"application/json": {"schema": _ref(name)}}}
        for code, name in (more or {}).items()
    }
    codes = sorted({*refusals, 503, *(() if open_to_all else (401,))})
    refused = {
        str(code): {
            "description": _WHY[code],
            "content": {"application/json": {"schema": _ref("Refusal")}},
        }
        for code in codes
    }
    call: dict[str, Any] = {"summary": summary, "responses": {str(status): answer, **others, **refused}}
    if parameters:
        call["parameters"] = [dict(one) for one in parameters]
    if body is not None:
        call["requestBody"] = dict(body)
    if not open_to_all:
        call["security"] = [{"session": []}]
    return call


def _query(name: str, what: str, most: int | None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer", "minimum": 0, "default": 0}
    if most is not None:
        schema["maximum"] = most
    return {"name": name, "in": "query", "required": False, "description": what, "schema": schema}


def _json(name: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": _ref(name)}}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
