"""Records of a conversation: a copy for an information request, redaction, a legal hold."""

import asyncio
import json
import tempfile
import zipfile
from typing import IO
from uuid import UUID

from sanic.response import HTTPResponse

from console.conversations.page import ConversationPages
from console.deps import ConsoleDeps
from console.guard import Visit, as_page_error, go_to
from console.rendering import HEADERS, Pages
from desk.model import DeskError, NotFound, Refused
from desk.people.access import AccessDenied, access_conversation
from desk.people.records.export import Exported, Exports, file_name
from desk.people.records.holds import LegalHolds
from desk.people.records.redaction import Redactions

CHUNK = 65_536
IN_MEMORY = 8 * 1_048_576
"""Bytes of an archive; what is larger goes through a temporary file."""


class Records:
    """POST /console/conversations/<id>/export, …/redact, …/hold and …/lift-hold."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, conversations: ConversationPages) -> None:
        self._deps = deps
        self._pages = pages
        self._conversations = conversations
        self._exports = Exports(deps.store, deps.clock)
        self._redactions = Redactions(deps.store, deps.clock)
        self._holds = LegalHolds(deps.store, deps.clock)

    async def export(self, visit: Visit, conversation_id: UUID) -> None:
        """An archive: conversation.html to read, conversation.json for programs, and the photos."""
        exported = await self._exports.export(visit.actor, conversation_id)
        plain = exported.plain()
        page = self._pages.text("_export.html", exported=plain)
        name = f"conversation-{conversation_id}.zip"
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as archive:
            await asyncio.to_thread(
                self._write, archive, exported, page, json.dumps(plain, indent=1, ensure_ascii=False)
            )
            headers = HEADERS | {
                "content-length": str(archive.tell()),
                "content-disposition": f'attachment; filename="{name}"',
            }
            archive.seek(0)
            response = await visit.request.respond(content_type="application/zip", headers=headers)
            while data := await asyncio.to_thread(archive.read, CHUNK):
                await response.send(data)
            await response.eof()

    async def redact(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Take words out of all messages of this conversation."""
        try:
            await self._redactions.redact(
                visit.actor, conversation_id, visit.field("words"), visit.field("reason")
            )
        except Refused as error:
            return await self._refused(visit, conversation_id, error)
        return go_to(f"/console/conversations/{conversation_id}?notice=redacted")

    async def hold(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Nothing of this contact may be deleted or redacted from now on."""
        try:
            await self._holds.place(visit.actor, conversation_id, visit.field("reason"))
        except Refused as error:
            return await self._refused(visit, conversation_id, error)
        return go_to(f"/console/conversations/{conversation_id}?notice=held")

    async def lift(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """The hold is over."""
        try:
            await self._holds.lift(visit.actor, conversation_id)
        except AccessDenied:
            raise
        except NotFound as error:
            return await self._refused(visit, conversation_id, error)
        return go_to(f"/console/conversations/{conversation_id}?notice=hold-lifted")

    async def _refused(self, visit: Visit, conversation_id: UUID, error: DeskError) -> HTTPResponse:
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        status = as_page_error(error).status if isinstance(error, Refused) else 409
        return await self._conversations.render(visit, conversation, status=status, alert=str(error))

    def _write(self, archive: IO[bytes], exported: Exported, page: str, plain: str) -> None:
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
            files.writestr("conversation.html", page)
            files.writestr("conversation.json", plain)
            for one in exported.files:
                path = self._deps.media.path(one.file_name)
                if path is not None and path.is_file():
                    files.write(path, file_name(one), zipfile.ZIP_STORED)
