"""Versions of notices that an alert writes, releases by rule, or drops; each leaves an event and an audit line without a person."""

from datetime import datetime
from uuid import UUID

from desk.people import audit
from desk.store.notices import notices
from desk.store.notices.notices import Content, NoticeVersion
from desk.store.pool import Executor


async def add_by_alert(
    transaction: Executor, notice_id: UUID, kind: str, content: Content, now: datetime, alert: UUID,
    rule_by: UUID | None = None,
) -> None:  # fmt: skip
    """The next version: a draft, or released by the rule of the administrator `rule_by`."""
    version = await notices.add_version(
        transaction, notice_id, kind, content, now, None, alert=alert, rule_by=rule_by
    )
    await _record(transaction, notice_id, version, "written", now, alert)
    if rule_by is not None:
        await _record(transaction, notice_id, version, "released", now, alert)
        await audit.record(
            transaction, None, "notice_released_by_rule", None, now, notice=str(notice_id), version=str(version),
            alert=str(alert), rule_by=str(rule_by),
        )  # fmt: skip


async def change_by_alert(
    transaction: Executor, draft: NoticeVersion | None, notice_id: UUID, kind: str, content: Content, now: datetime, alert: UUID
) -> None:  # fmt: skip
    """Change the alert's own draft; begin the next version where there is none, or one of another kind."""
    if draft is not None and (draft.kind == kind or (draft.kind == "first" and kind == "update")):
        await notices.set_content(transaction, notice_id, draft.version, content, now, None, alert)
        await _record(transaction, notice_id, draft.version, "changed", now, alert)
        return
    if draft is not None:
        await drop_by_alert(transaction, draft, now, alert)
    await add_by_alert(transaction, notice_id, kind, content, now, alert)


async def drop_by_alert(transaction: Executor, draft: NoticeVersion, now: datetime, alert: UUID) -> None:
    """It is never released."""
    await notices.mark_dropped(transaction, draft.notice_id, draft.version)
    await _record(transaction, draft.notice_id, draft.version, "dropped", now, alert)


async def _record(
    transaction: Executor, notice_id: UUID, version: int, what: str, now: datetime, alert: UUID
) -> None:
    await notices.add_event(transaction, notice_id, version, what, now, None)
    await audit.record(
        transaction, None, f"notice_{what}", None, now, notice=str(notice_id), version=str(version), alert=str(alert)
    )  # fmt: skip
