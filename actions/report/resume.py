"""Loads the next waiting report into the form: after one is sent, or when the citizen asks to continue."""

from collections.abc import Sequence

from actions.context import Context
from actions.report.draft import Draft, next_step, write_draft
from actions.report.opening import warning
from actions.report.queue import title, write_queue
from actions.say import Event, Reply, slot
from actions.turn import DialogueTurn

FORM = "report_form"


async def resume(
    waiting: Sequence[Draft], turn: DialogueTurn, context: Context
) -> tuple[tuple[Reply, ...], list[Event]]:
    """What to say, and the events that make the first of the waiting the form's report. The form asks its question."""
    draft, *others = waiting
    services = context.services
    questions = (
        await services.questions(draft.service, turn.language, draft.location) if draft.service else ()
    )
    step = next_step(draft, questions, photos=turn.can("images"))
    named = Reply("utter_report_next", variables={"report": title(draft, services, turn.language)})
    events = [
        *write_draft(draft),
        write_queue(others),
        {"event": "active_loop", "timestamp": None, "name": FORM},
        slot("requested_slot", step),
    ]
    return (named, *(warning(draft.service, services) if draft.service else ())), events
