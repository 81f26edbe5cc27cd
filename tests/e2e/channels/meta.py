"""WhatsApp, Messenger and Instagram, as far as a conversation needs them. Strict: what breaks a limit is refused."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from channels.base import Request
from tests.e2e.channels.platform import Platform, Seen
from tests.support.specimens import instagram, messenger, whatsapp
from tests.support.specimens import meta_messaging as messaging
from tests.support.specimens.base import Specimen
from tests.support.specimens.meta_common import APP_SECRET, TOKEN, deliver

PROOF = hmac.new(APP_SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
PIN = (41.0531, -73.5387)


class Meta(Platform):
    """The Graph API."""

    specimen: Specimen

    def __init__(self) -> None:
        super().__init__()
        self._photos: dict[str, bytes] = {}
        self._numbers = itertools.count(1)

    @property
    def settings(self) -> Mapping[str, str]:
        return {**self.specimen.settings, "api_url": self.url}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/v23.0/")
        if path.startswith("/files/"):
            return self._file(request, path.removeprefix("/files/"))
        if (
            request.headers.get("Authorization") != f"Bearer {TOKEN}"
            or request.query.get("appsecret_proof") != PROOF
        ):
            return web.json_response({"error": {"code": 190}}, status=401)
        if request.method == "GET" and path in self._photos:
            return web.json_response(
                {"url": f"{self.url}/files/{path}", "mime_type": "image/jpeg", "id": path}
            )
        if request.method == "GET" and (path == messaging.PERSON or path in self.crowd):
            assert set(request.query) == {"fields", "appsecret_proof"}
            return web.json_response({"name": self.called, "first_name": self.called})
        if request.method != "POST" or not path.endswith("/messages"):
            self.refused.append(f"{request.method} {path}")
            return web.json_response({"error": {"code": 100}}, status=400)
        payload = await request.json()
        person = self._recipient(payload)
        if person in self.crowd:
            payload = self._to_citizen(payload)
        try:
            # Meta fetches from https:// alone; the product under test has no certificate.
            public = json.loads(json.dumps(payload).replace(self.gateway, "https://desk.example"))
            self.specimen.within(Request("messages", public))
        except (AssertionError, KeyError, TypeError) as error:
            self.refused.append(f"{error!r}: {payload}")
            return web.json_response({"error": {"code": 100}}, status=400)
        number = f"sent.{next(self._numbers)}"
        if person in self.crowd:
            return web.json_response(self._take_of_crowd(payload, person, number))
        return web.json_response(self._take(payload, number))

    def _file(self, request: web.Request, name: str) -> web.StreamResponse:
        return web.Response(body=self._photos[name], content_type="image/jpeg")

    def _take(self, payload: Any, number: str) -> Any:
        raise NotImplementedError

    def _recipient(self, payload: Any) -> str:
        raise NotImplementedError

    def _to_citizen(self, payload: Any) -> Any:
        raise NotImplementedError

    def _take_of_crowd(self, payload: Any, person: str, number: str) -> Any:
        raise NotImplementedError

    def _new_photo(self, photo: bytes) -> str:
        name = f"9{next(self._numbers):015}"
        self._photos[name] = photo
        return name


class WhatsApp(Meta):
    """Its citizen has a user name, so no number is known."""

    channel = "whatsapp"
    called = "Wanda of WhatsApp"
    specimen = whatsapp.SPECIMEN

    def _file(self, request: web.Request, name: str) -> web.StreamResponse:
        # WhatsApp's files open with the token alone.
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.Response(status=401)
        return super()._file(request, name)

    def _take(self, payload: Any, number: str) -> Any:
        if "type" not in payload:
            return {"success": True}
        content = payload[payload["type"]]
        if payload["type"] == "interactive":
            action = content["action"]
            taps = [one["reply"] for one in action.get("buttons", [])]
            taps += [row for section in action.get("sections", []) for row in section["rows"]]
            buttons = tuple((one["id"], one.get("description", one["title"])) for one in taps)
            asks = content["type"] == "location_request_message"
            self.seen.append(Seen(content["body"]["text"], buttons, asks))
        else:
            files = (content["link"],) if payload["type"] == "image" else ()
            self.seen.append(Seen(content.get("body", content.get("caption", "")), files=files))
        return {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.{number}"}]}

    def _recipient(self, payload: Any) -> str:
        return str(payload.get("recipient") or payload.get("to"))

    def _to_citizen(self, payload: Any) -> Any:
        return {**payload, "recipient": whatsapp.PERSON}

    def _take_of_crowd(self, payload: Any, person: str, number: str) -> Any:
        content = payload[payload["type"]]
        self.crowd[person].append(content["body"]["text"] if "action" in content else content["body"])
        return {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.{number}"}]}

    def say_as(self, person: str, text: str) -> None:
        self.crowd.setdefault(person, [])
        self._post("text", {"body": text}, person)

    def _post(self, kind: str, content: Any, person: str = whatsapp.PERSON) -> None:
        message = whatsapp.said("", next(self._numbers), person)
        del message["text"]
        people = [whatsapp.contact(person, self.called)]
        change = whatsapp.value(
            contacts=people,
            messages=[{**message, "timestamp": str(int(time.time())), "type": kind, kind: content}],
        )
        self.deliver(deliver(whatsapp.webhook(change)))

    def say(self, text: str) -> None:
        self._post("text", {"body": text})

    def press(self, title: str) -> None:
        reply = {"id": self.tapped(title), "title": title}
        self._post("interactive", {"type": "button_reply", "button_reply": reply})

    def send_photo(self, photo: bytes) -> None:
        self._post("image", {"id": self._new_photo(photo), "mime_type": "image/jpeg", "sha256": "x"})

    def tell_where(self) -> str:
        assert self.wait(
            lambda: self.seen and self.seen[-1].asks_location, "WhatsApp's own control was not used"
        )
        self._post("location", {"latitude": PIN[0], "longitude": PIN[1]})
        return self.confirm_where()


class MessengerLike(Meta):
    """Messenger and Instagram."""

    kind = "page"

    def _take(self, payload: Any, number: str) -> Any:
        if message := payload.get("message"):
            template = message.get("attachment", {}).get("payload", {})
            taps = [*message.get("quick_replies", []), *template.get("buttons", [])]
            buttons = tuple((one["payload"], one["title"]) for one in taps)
            files = (template["url"],) if "url" in template else ()
            self.seen.append(Seen(message.get("text") or template.get("text", ""), buttons, files=files))
            self._after(message, f"m_{number}")
        return {"recipient_id": messaging.PERSON, "message_id": f"m_{number}"}

    def _after(self, message: Any, mid: str) -> None:
        """Meta sends every app an echo of what the page wrote."""
        echo = messaging.event(
            {"message": {**message, "mid": mid, "is_echo": True, "app_id": int(messaging.APP_ID)}}
        )
        echo["sender"], echo["recipient"] = echo["recipient"], echo["sender"]
        body = messaging.webhook(self.kind, {"messaging": [echo]})
        self._loop.run_in_executor(None, self.deliver, deliver(body))

    def _recipient(self, payload: Any) -> str:
        return str(payload["recipient"]["id"])

    def _to_citizen(self, payload: Any) -> Any:
        return {**payload, "recipient": {"id": messaging.PERSON}}

    def _take_of_crowd(self, payload: Any, person: str, number: str) -> Any:
        if message := payload.get("message"):
            template = message.get("attachment", {}).get("payload", {})
            self.crowd[person].append(message.get("text") or template.get("text", ""))
        return {"recipient_id": person, "message_id": f"m_{number}"}

    def say_as(self, person: str, text: str) -> None:
        self.crowd.setdefault(person, [])
        self._post({"message": {"mid": f"m_citizen{next(self._numbers)}", "text": text}}, person)

    def _post(self, content: dict[str, Any], person: str = messaging.PERSON) -> None:
        # Now: by the fixtures' own date the reply window would be over.
        event = {**messaging.event(content, person), "timestamp": int(time.time() * 1000)}
        self.deliver(deliver(messaging.webhook(self.kind, {"messaging": [event]})))

    def _message(self, **message: Any) -> None:
        self._post({"message": {"mid": f"m_citizen{next(self._numbers)}", **message}})

    def say(self, text: str) -> None:
        self._message(text=text)

    def press(self, title: str) -> None:
        payload = self.tapped(title)
        if payload.isdigit():
            self.say(payload)
        else:
            self._message(text=title, quick_reply={"payload": payload})

    def send_photo(self, photo: bytes) -> None:
        address = f"{self.url}/v23.0//files/{self._new_photo(photo)}"
        self._message(attachments=[{"type": "image", "payload": {"url": address}}])

    def tell_where(self) -> str:
        self.say("14 Oak Street")
        return "14 Oak Street"


class Messenger(MessengerLike):
    channel, kind, specimen = "messenger", "page", messenger.SPECIMEN
    called = "Mo of Messenger"


class Instagram(MessengerLike):
    channel, kind, specimen = "instagram", "instagram", instagram.SPECIMEN
    called = "Ines of Instagram"
