"""Records the service requests, and the changes to them, that a turn asks for, in the turn's transaction."""

from collections.abc import Sequence
from uuid import uuid5

from city.routes import Routes
from desk.model import ChangeRequest, Clock, Directive, FileRequest, FollowRequest
from desk.requests.recording import RequestRecorder
from desk.store.pool import Executor
from desk.turns.question import Started


class Recording:
    """Ids are derived from the message, so that a turn that runs twice records the same rows."""

    def __init__(self, routes: Routes, clock: Clock) -> None:
        self._recorder = RequestRecorder(routes, clock)

    async def record(self, transaction: Executor, started: Started, directives: Sequence[Directive]) -> bool:
        """Record what the directives ask for; False if there is nothing to file or to change."""
        filed = [one for one in directives if isinstance(one, FileRequest)]
        changed = [one for one in directives if isinstance(one, ChangeRequest)]
        for place, wanted in enumerate(filed):
            id = uuid5(started.message.id, f"file:{place}")
            await self._recorder.file(transaction, id, started.conversation, wanted, tells_status=True)
        for place, change in enumerate(changed):
            id = uuid5(started.message.id, f"change:{place}")
            await self._recorder.change(transaction, id, started.conversation, change)
        for place, follow in enumerate(one for one in directives if isinstance(one, FollowRequest)):
            id = uuid5(started.message.id, f"follow:{place}")
            await self._recorder.follow(transaction, id, started.conversation, follow)
        return bool(filed or changed)
