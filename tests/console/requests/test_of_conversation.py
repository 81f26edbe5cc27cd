"""Agents file, change, withdraw and follow a citizen's service requests; the filer of the worker does the rest."""

from datetime import timedelta
from uuid import UUID, uuid4

from backends.base import BackendUnavailable, Filed, RequestStatus
from city.services import load_services
from desk.building import Resources, build_common
from desk.knowledge.catalogue import Catalog
from desk.model import Conversation
from desk.requests.change_news import ChangeNews
from desk.requests.changing import Changer
from desk.requests.filing import Filer
from desk.requests.news import RequestNews
from desk.requests.status import Follower
from desk.store import media, own_requests
from desk.store.own_requests import RequestOfContact
from tests.support.console import CLIENT_ID, Browser, RunningConsole
from tests.support.filing import ROUTES, ChangeableBackend

SERVICES = load_services("content/services.yml")
REPORT = {
    "service": "pothole",
    "description": "A deep hole",
    "address": "8 Elm Street",
    "answer-size": "large",
}


class Backend:
    """The worker's parts, with a back end that does what the test says."""

    def __init__(self, console: RunningConsole, catalog: Catalog) -> None:
        common = build_common(Resources(console.store, console.live, console.city, catalog, console.clock))
        parts = (common.writer, common.handoffs, common.announcer)
        news = RequestNews(*parts, SERVICES)
        self.system = ChangeableBackend()
        url, calm = lambda id: f"https://desk.example/media/{id}", lambda most: most
        systems = {"requests": self.system}
        self.filer = Filer(
            console.store, systems, ROUTES, news.tell, console.clock, media_url=url, jitter=calm
        )
        self.changer = Changer(
            console.store, systems, ChangeNews(*parts, SERVICES), console.clock, media_url=url, jitter=calm
        )
        self.systems, self.news = systems, news.tell_status


async def _mine(console: RunningConsole) -> tuple[Conversation, Browser, str]:
    conversation = await console.queued(name="Lucía")
    ana = await console.signed_in()
    await ana.post(f"/console/conversations/{conversation.id}/claim")
    return conversation, ana, f"/console/conversations/{conversation.id}"


async def _request(console: RunningConsole, conversation: Conversation) -> RequestOfContact:
    id = await console.store.pool.fetchval(
        "SELECT id FROM service_requests WHERE contact_id = $1", conversation.contact_id
    )
    found = await own_requests.get_of_contact(console.store.pool, conversation.contact_id, id)
    assert found is not None
    return found


async def test_a_request_is_filed_changed_followed_and_withdrawn_from_the_conversation(
    console: RunningConsole, catalog: Catalog
) -> None:
    conversation, ana, path = await _mine(console)
    back = Backend(console, catalog)
    kept = await media.add_file(
        console.store.pool, conversation.contact_id, f"{uuid4()}.jpg", "image/jpeg", 4, "0" * 64
    )
    photo = {"id": str(kept.id), "content_type": "image/jpeg"}
    await console.say(conversation, "See", content={"attachments": [photo]})
    form = await ana.get(f"{path}/requests/new?service=pothole")
    assert f'value="{kept.id}"' in form.text and "How big is the hole" in form.visible
    found = CLIENT_ID.search(form.text)
    assert found
    sent = REPORT | {"client_id": found[1], "photo": str(kept.id), "shares": "yes", "tells": "yes"}
    done = await ana.post(f"{path}/requests", data=sent)
    again = await ana.post(f"{path}/requests", data=sent)
    assert "Recorded." in done.visible and again.url == done.url

    # The back end is away: the request is kept, and the citizen is told. Then it is filed once.
    back.system.script = [BackendUnavailable("away", outcome_unknown=False), Filed("SR-7")]
    assert await back.filer.step() and not await back.filer.step()
    console.clock.shift += timedelta(minutes=10)
    assert await back.filer.step() and not await back.filer.step()
    request = await _request(console, conversation)
    assert (request.state, request.reference, request.agent_name) == ("filed", "SR-7", "Ana Duarte")
    filed = back.system.filed[-1]
    assert (filed.address, filed.name, filed.attributes) == ("8 Elm Street", "Lucía", {"size": ("large",)})
    assert filed.media_urls == (f"https://desk.example/media/{kept.id}",)
    texts = [one.text for one in await console.log(conversation) if one.author == "system"]
    assert "Your report is kept here" in texts[-2] and "SR-7" in texts[-1]
    assert "SR-7" in (await ana.get(path)).visible

    # News of its status come into the conversation, each once; none of a word that nobody knows.
    open_now = RequestStatus("SR-7", "open", "assigned")
    closed = RequestStatus("SR-7", "closed", "done", "Filled with asphalt.")
    strange = RequestStatus("SR-7", "open", "Erledigt?", understood=False)
    for status in (open_now, closed, closed, strange):
        back.system.states["SR-7"] = status
        await Follower(console.store, back.systems, console.clock, changed=back.news).look("requests")
    news = [one.text for one in await console.log(conversation) if "News of your report" in one.text]
    assert len(news) == 1 and "SR-7" in news[0] and "Filled with asphalt." in news[0]

    at = f"{path}/requests/{request.id}"
    added = await ana.post(f"{at}/change", data={"text": "It is deeper now", "client_id": "a"})
    assert "The citizen is told" in added.visible
    assert (await ana.post(f"{at}/change", data={})).status == 422
    await ana.post(f"{at}/withdraw", data={"text": "Repaired", "client_id": "w"})
    assert await back.changer.step() and await back.changer.step()
    assert [reference for reference, _ in back.system.withdrawn] == ["SR-7"]
    assert "It is deeper now" in back.system.complemented[0][1].text
    assert (await _request(console, conversation)).state == "withdrawn"
    page = await ana.get(at)
    assert "Withdrawal: Done" in page.visible and "asked for by Ana Duarte" in page.visible
    assert (await ana.post(f"{at}/change", data={"text": "More"})).status == 422
    audited = await console.audited(conversation.id)
    assert {"file_request", "change_request", "withdraw_request", "request_read"} <= set(audited)


async def test_what_is_not_sent_yet_is_corrected_and_what_is_missing_is_said(
    console: RunningConsole, catalog: Catalog
) -> None:
    conversation, ana, path = await _mine(console)
    back = Backend(console, catalog)
    place = await console.say(
        conversation, "Here", content={"location": {"latitude": 40.7, "longitude": -74.0}}
    )
    wrong = await ana.post(f"{path}/requests", data=REPORT | {"address": "", "answer-size": "huge"})
    assert (
        wrong.status == 422 and "needs a place" in wrong.visible and "Choose from the list" in wrong.visible
    )
    assert "A deep hole" in wrong.text
    assert (await ana.post(f"{path}/requests", data={"service": "none"})).status == 422
    await ana.post(f"{path}/requests", data=REPORT | {"address": "", "place": str(place.id)})
    request = await _request(console, conversation)
    assert request.payload["latitude"] == 40.7
    at = f"{path}/requests/{request.id}"
    fix = {"address": "12 Elm Street", "text": "Beside the school", "client_id": "f"}
    await ana.post(f"{at}/change", data=fix)
    assert await back.changer.step() and await back.changer.step() and not await back.changer.step()
    back.system.script = [Filed("SR-8")]
    assert await back.filer.step()
    (sent,) = back.system.filed
    assert (sent.address, sent.description) == ("12 Elm Street", "A deep hole\nBeside the school")


async def test_only_who_has_the_conversation_files_and_nobody_reaches_others_requests(
    console: RunningConsole,
) -> None:
    conversation, ana, path = await _mine(console)
    other = await console.queued(name="Omar")
    assert (
        await ana.post(f"/console/conversations/{other.id}/requests", data=REPORT)
    ).status == 409  # not claimed
    bea = await console.signed_in("Bea")
    assert (await bea.post(f"{path}/requests", data=REPORT)).status == 404
    eve = await console.signed_in("Eve", teams=("taxes",))
    assert (await eve.get(f"{path}/requests/new")).status == 404
    await ana.post(f"{path}/requests", data=REPORT)
    request: UUID = (await _request(console, conversation)).id
    assert (await ana.get(f"{path}/requests/{request}")).status == 200
    elsewhere = f"/console/conversations/{other.id}/requests/{request}"
    await ana.post(f"/console/conversations/{other.id}/claim")
    assert (await ana.get(elsewhere)).status == 404
    assert (await ana.post(f"{elsewhere}/withdraw", data={"client_id": "x"})).status == 404
