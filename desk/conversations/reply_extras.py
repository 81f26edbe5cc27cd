"""What an agent can add to a reply: photos, choices to tap, a request for a location, or an approved
template."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from desk.media.files import Stored
from desk.model import WORDS, Composed, OfferedButton, Refused, UsedAnswer
from desk.store import media
from desk.store.pool import Executor

CHOICES = 10
CHOICE = 60  # characters: the longest title that a channel shows in full


@dataclass(frozen=True, slots=True)
class AgentPhoto:
    """A photo on disk that belongs to no contact yet; `alt` describes it."""

    stored: Stored
    alt: str = ""


@dataclass(frozen=True, slots=True)
class ReplyExtras:
    """`choices` are titles; a tap sends the title. `asks_location` asks for a location if the channel has a
    control. `takes_thread` takes the thread over if another app has it; `passes_thread` passes it on after
    this message. `template` is a template that the provider approved ({name, language, values}); the reply's
    text is its wording. `answers` are the approved answers that the text is made from; `suggested` are those that the
    agent looked at before writing something else."""

    photos: tuple[AgentPhoto, ...] = ()
    choices: tuple[str, ...] = ()
    asks_location: bool = False
    takes_thread: bool = False
    passes_thread: bool = False
    template: Mapping[str, object] | None = None
    answers: tuple[UsedAnswer, ...] = ()
    suggested: tuple[str, ...] = ()

    def composed(self, text: str) -> Composed:
        """The text with the choices as buttons. Raises Refused if it is empty, or if a choice or their number
        is too large."""
        titles = tuple(dict.fromkeys(" ".join(one.split()) for one in self.choices if one.strip()))
        if not text and (titles or self.asks_location or not self.photos):
            raise Refused("empty", "The reply is empty. Write something and send it again.")
        if len(titles) > CHOICES:
            raise Refused(
                "too_many_choices", f"A reply can have at most {CHOICES} choices. Nothing was sent."
            )
        if any(len(title) > CHOICE for title in titles):
            raise Refused(
                "long_choice", f"A choice can have at most {CHOICE} characters. Shorten it. Nothing was sent."
            )
        return Composed(text, tuple(OfferedButton(title, WORDS) for title in titles))

    async def content(self, executor: Executor, contact_id: UUID) -> dict[str, object]:
        """The message's stored content in addition to its text; the photos become the contact's."""
        found: dict[str, object] = {}
        if self.photos:
            found["attachments"] = [await _attached(executor, contact_id, one) for one in self.photos]
        if self.asks_location:
            found["asks_location"] = True
        if self.takes_thread:
            found["takes_thread"] = True
        if self.passes_thread:
            found["passes_thread"] = True
        if self.template:
            found["template"] = dict(self.template)
        if self.answers:
            found["answers"] = [asdict(one) for one in self.answers]
        return found


async def _attached(executor: Executor, contact_id: UUID, photo: AgentPhoto) -> dict[str, object]:
    stored = photo.stored
    row = await media.add_file(
        executor, contact_id, stored.file_name, stored.content_type, stored.size, stored.sha256
    )
    alt = " ".join(photo.alt.split())
    return {"id": str(row.id), "content_type": row.content_type, **({"alt": alt} if alt else {})}
