""" "Was it really fixed?": asked once, with reason and evidence; "no" reopens, or files again what cannot be reopened."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from backends.base import Filed, RequestStatus
from backends.open311.client import Open311
from city import load_city
from city.services import load_services
from desk.building import Common, Resources, build_common
from desk.knowledge.catalogue import Catalog
from desk.model import ChangeRequest, Conversation
from desk.requests.changing import Changer
from desk.requests.filing import Filer
from desk.requests.news import RequestNews
from desk.requests.recording import RequestRecorder
from desk.requests.status import Follower
from desk.runtime.live import Live
from desk.store.dialogue import conversations, messages
from desk.store.pool import Store
from desk.surveys.closures import FIXED, NOT_FIXED, ClosureAnswers, meaning
from tests.support.clock import Clock
from tests.support.desk import OPEN
from tests.support.filing import ROUTES, ChangeableBackend, ScriptedBackend, recorded, row_of

CITY, SERVICES = load_city("city.yml"), load_services("content/services.yml")
CLOSED = RequestStatus("SR-1", "closed", "done", "Filled with asphalt.", photo="https://city.example/1.jpg")


class Scene:
    """A filed request that its citizen hears of, and whoever tells and asks."""

    def __init__(self, store: Store, clock: Clock, backend: ScriptedBackend) -> None:
        desk = Resources(
            store, Live("redis://127.0.0.1:1"), CITY, Catalog.load("content", CITY), lambda: OPEN
        )
        common: Common = build_common(desk)
        self.store, self.clock, self.backend = store, clock, backend
        news = RequestNews(common.writer, common.handoffs, common.announcer, SERVICES)
        self.follower = Follower(store, {"requests": backend}, clock, changed=news.tell_status)
        self.recorder = RequestRecorder(ROUTES, clock)
        self.answers = ClosureAnswers(self.recorder, common.writer, SERVICES, clock)
        self.id: UUID

    async def filed(self, filer: Filer, filing: ScriptedBackend) -> None:
        self.id = await recorded(self.store, self.clock)
        filing.script = [Filed("SR-1")]
        assert await filer.step()
        await self.store.pool.execute("UPDATE service_requests SET told_status = 'open'")

    async def closed(self, filer: Filer, filing: ScriptedBackend) -> None:
        await self.filed(filer, filing)
        await self.closes()

    async def closes(self, status: RequestStatus = CLOSED) -> None:
        self.clock.forward(days=1)
        self.backend.states["SR-1"] = status
        await self.follower.look("requests")

    async def conversation(self) -> Conversation:
        row = await row_of(self.store, self.id)
        assert row.conversation_id
        found = await conversations.get_by_id(self.store.pool, row.conversation_id)
        assert found is not None
        return found

    async def said(self) -> list[str]:
        rows = await messages.list_of_conversation(self.store.pool, (await self.conversation()).id)
        return [one.text for one in rows]

    async def answer(self, intent: str | None = None, text: str = "", request: Any = None) -> str | None:
        entities = {"request": str(request or self.id)} if intent else {}
        told = await self.answers.take(
            self.store.pool, await self.conversation(), intent, entities, text, tapped=intent is not None
        )
        return told.said if told else None

    async def disputed(self) -> str | None:
        found: str | None = await self.store.pool.fetchval("SELECT answer FROM closure_checks")
        return found


@pytest.fixture
async def scene(store: Store, clock: Clock, filer: Filer, backend: ScriptedBackend) -> Scene:
    scene = Scene(store, clock, ScriptedBackend())
    await scene.closed(filer, backend)
    return scene


async def test_the_closure_has_its_reason_and_evidence_and_is_asked_about_once(scene: Scene) -> None:
    (told,) = [one for one in await scene.said() if "SR-1" in one and "closed" in one]
    assert told.split("\n\n")[1:] == [
        "Filled with asphalt.",
        "Photo of the finished work: https://city.example/1.jpg",
        "Was it really fixed?",
    ]
    await scene.closes(replace(CLOSED, status="open", raw_status="again"))
    await scene.closes()
    assert sum("really fixed" in one for one in await scene.said()) == 1
    assert await scene.answer(FIXED) == "closure_thanks" and await scene.disputed() == "fixed"


async def test_what_is_said_of_an_open_request_is_news_once(
    store: Store, clock: Clock, filer: Filer, backend: ScriptedBackend
) -> None:
    scene = Scene(store, clock, ScriptedBackend())
    await scene.filed(filer, backend)
    planned = replace(CLOSED, status="open", raw_status="planned", stage="planned", notes="On Friday.")
    await scene.closes(planned)
    await scene.closes(planned)
    await scene.closes(replace(planned, raw_status="unchanged", unchanged=True, stage="", notes="Rain."))
    first, second = await scene.said()
    assert first.endswith("the work is planned.\n\nOn Friday.") and second.endswith("writes:\n\nRain.")
    assert (await row_of(store, scene.id)).raw_status == "planned", "an update without a status changes none"


async def test_no_reopens_where_the_back_end_can_and_a_person_looks(
    scene: Scene, changer: Changer, changeable: ChangeableBackend
) -> None:
    reopened: list[tuple[str, str]] = []

    class Reopening(ChangeableBackend):
        async def reopen(self, reference: str, change: Any) -> None:
            reopened.append((reference, change.text.partition("] ")[2]))

    changeable.__class__ = Reopening
    assert await scene.answer(text="no, the hole is still there!") == "closure_disputed"
    assert await scene.answer(NOT_FIXED) == "closure_disputed", "a second tap files nothing twice"
    assert await changer.step() and not await changer.step()
    assert reopened == [("SR-1", "no, the hole is still there!")]
    row = await row_of(scene.store, scene.id)
    assert (row.state, row.status) == ("filed", "open") and await scene.disputed() == "not_fixed"
    assert (await scene.conversation()).state == "queued"
    assert "is open again" in "\n".join(await scene.said())
    await scene.closes()
    assert sum("is closed" in one for one in await scene.said()) == 2, "the next closure is news"


async def test_what_cannot_be_reopened_is_filed_again_with_its_number(
    scene: Scene, changer: Changer, changeable: ChangeableBackend, filer: Filer, backend: ScriptedBackend
) -> None:
    changeable.capabilities = Open311.capabilities
    assert await scene.answer(NOT_FIXED) == "closure_disputed"
    assert await changer.step()
    again = await scene.store.pool.fetchrow("SELECT * FROM service_requests WHERE reopens = $1", scene.id)
    assert again is not None and again["told_status"] == "open"
    assert again["payload"]["description"].startswith("Filed again: SR-1 was closed.")
    backend.script = [Filed("SR-2")]
    assert await filer.step() and (await row_of(scene.store, again["id"])).reference == "SR-2"
    assert (await scene.conversation()).state == "queued"


async def test_in_words_later_the_bot_reopens_it_too(
    scene: Scene, changer: Changer, changeable: ChangeableBackend
) -> None:
    changeable.capabilities = Open311.capabilities
    wanted = ChangeRequest(str(scene.id), "reopen", "it is as deep as before")
    assert await scene.recorder.change(scene.store.pool, uuid4(), await scene.conversation(), wanted)
    assert await scene.disputed() == "not_fixed" and await changer.step()
    found = await scene.store.pool.fetchval(
        "SELECT payload->>'description' FROM service_requests WHERE reopens IS NOT NULL"
    )
    assert "it is as deep as before" in found


async def test_strangers_and_later_words_answer_nothing(scene: Scene, store: Store, clock: Clock) -> None:
    assert await scene.answer(FIXED, request=uuid4()) is None
    assert await scene.answer(NOT_FIXED, request="nonsense") is None
    assert await scene.answer(text="where is the library?") is None
    await store.pool.execute("UPDATE closure_checks SET asked_at = $1", clock.now - timedelta(days=8))
    assert await scene.answer(text="no") is None
    assert await scene.disputed() is None


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("No", NOT_FIXED), ("no, it's STILL THERE", NOT_FIXED), ("nobody came", NOT_FIXED), ("Yes, thanks!", FIXED),
        ("Sí", FIXED), ("no, sigue ahí", NOT_FIXED), ("¡Está arreglado!", FIXED), ("oui", FIXED),
        ("Non, c'est toujours là", NOT_FIXED), ("non", NOT_FIXED), ("no thanks", None), ("yes and where is my bin?", None),
        ("", None), ("no " * 200, None),
    ],
)  # fmt: skip
def test_what_the_words_mean(text: str, means: str | None) -> None:
    assert meaning(text) == means
