"""Messages and state as the plain JSON that the widget receives, in the shape of gateway/citizen/contract.py."""

from typing import Any, Literal

import msgspec

from desk.model import ContactState, Message, ReportView
from gateway.citizen.contract import (
    AttachmentView,
    ButtonView,
    LocationView,
    MessageView,
    ReportAnswerView,
    ReportControlView,
    ReportProgressView,
    SourceView,
    StateView,
    WaitView,
)


def message_view(message: Message) -> dict[str, Any]:
    """A message of the API. Times are ISO 8601 in UTC."""
    location, source = message.location, message.source
    files = () if message.withdrawn else message.attachments
    buttons = () if message.withdrawn else message.buttons
    view = MessageView(
        seq=message.seq,
        id=str(message.id),
        client_id=message.client_id,
        author=message.author,
        agent_name=message.agent_name,
        text=message.text,
        language=message.language,
        buttons=[ButtonView(button.id, button.title) for button in buttons],
        attachments=[AttachmentView(str(file.id), file.content_type, file.alt) for file in files],
        location=LocationView(location.latitude, location.longitude, location.label) if location else None,
        source=SourceView(source.title, source.url, source.reviewed_on.isoformat(), source.stale)
        if source
        else None,
        created_at=message.created_at.isoformat(),
        status=message.status,
        corrected=correction_of(message),
        report=_report_view(message.report) if message.report else None,
    )
    return builtins_of(view)


def _report_view(report: ReportView) -> ReportProgressView:
    return ReportProgressView(
        report.step,
        report.steps,
        report.paused,
        [ReportAnswerView(one.part, one.text, one.title) for one in report.answers],
        [ReportControlView(one.id, one.title, one.does) for one in report.controls],
    )


def correction_of(message: Message) -> Literal["edited", "withdrawn"] | None:
    """Whether an agent changed this message ("edited") or took it back ("withdrawn"). What stood there is not shown."""
    if message.withdrawn:
        return "withdrawn"
    return "edited" if message.earlier else None


def state_view(state: ContactState) -> dict[str, Any]:
    """The state of the API."""
    view = StateView(
        owner=state.owner,
        position=state.position,
        agent_name=state.agent_name,
        office_open=state.office_open,
        opens_at=state.opens_at.isoformat() if state.opens_at else None,
        language=state.language,
        typing=state.typing,
        wait=WaitView(*state.wait) if state.wait else None,
    )
    return builtins_of(view)


def builtins_of(view: msgspec.Struct) -> dict[str, Any]:
    """The struct as a dict for JSON."""
    made: dict[str, Any] = msgspec.to_builtins(view)
    return made
