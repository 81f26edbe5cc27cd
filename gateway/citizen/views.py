"""Messages and state as the plain JSON that the widget receives."""

from typing import Any

from desk.model import ContactState, Message


def message_view(message: Message) -> dict[str, Any]:
    """A Message of the widget contract. Times are ISO 8601 in UTC."""
    location, source = message.location, message.source
    files = () if message.withdrawn else message.attachments
    buttons = () if message.withdrawn else message.buttons
    return {
        "seq": message.seq,
        "id": str(message.id),
        "client_id": message.client_id,
        "author": message.author,
        "agent_name": message.agent_name,
        "text": message.text,
        "language": message.language,
        "buttons": [{"id": button.id, "title": button.title} for button in buttons],
        "attachments": [
            {"id": file.id, "content_type": file.content_type, "alt": file.alt} for file in files
        ],
        "location": location
        and {"latitude": location.latitude, "longitude": location.longitude, "label": location.label},
        "source": source
        and {
            "title": source.title,
            "url": source.url,
            "reviewed_on": source.reviewed_on.isoformat(),
            "stale": source.stale,
        },
        "created_at": message.created_at.isoformat(),
        "status": message.status,
        "corrected": correction_of(message),
    }


def correction_of(message: Message) -> str | None:
    """Whether an agent changed this message ("edited") or took it back ("withdrawn"). What stood there is not shown."""
    if message.withdrawn:
        return "withdrawn"
    return "edited" if message.earlier else None


def state_view(state: ContactState) -> dict[str, Any]:
    """A State of the widget contract."""
    return {
        "owner": state.owner,
        "position": state.position,
        "agent_name": state.agent_name,
        "office_open": state.office_open,
        "opens_at": state.opens_at.isoformat() if state.opens_at else None,
        "language": state.language,
        "typing": state.typing,
    }
