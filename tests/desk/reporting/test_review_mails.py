"""The owners of answers are told once that a review is due."""

from datetime import timedelta

import msgspec

from city import City
from city.model import InboxConfig
from desk.knowledge.publishing.exchange import seed_answers
from desk.reporting.review_mails import ReviewMails
from desk.routing.team_directory import TeamDirectory
from tests.support.answers_office import CONTENT
from tests.support.desk import Desk


def _with_mail(city: City) -> City:
    post = InboxConfig(name="post", channel="email")
    teams = (*city.teams, msgspec.structs.replace(city.teams[0], name="registry", title="Civil Registry"))
    return msgspec.structs.replace(city, inboxes=(*city.inboxes, post), teams=teams)


async def test_owners_are_told_once_that_a_review_is_due(desk: Desk) -> None:
    city = _with_mail(desk.city)
    await seed_answers(desk.store, CONTENT, desk.catalog.seed, desk.now)
    owner = await desk.agent("Rita", "editor", ("registry",))
    others = [await desk.agent(name, "editor", ("front-desk",)) for name in ("Ed", "Mia")]
    await desk.agent("Ana", "agent", ("registry",))
    mails = ReviewMails(
        desk.store, city, desk.catalog, TeamDirectory(city), desk.clock, "https://desk.example/console/"
    )
    await mails.look()
    assert await _told(desk) == {}, "no review is due"
    desk.now = desk.now + timedelta(days=3650)
    await mails.look()
    told = await _told(desk)
    assert set(told) == {owner.agent_id, *(one.agent_id for one in others)}
    certificate = "Birth certificate, by "
    assert certificate in told[owner.agent_id] and certificate not in told[others[0].agent_id]
    assert "https://desk.example/console/answers/birth_certificate" in told[owner.agent_id]
    assert "Rats" in told[others[0].agent_id] and "@" not in told[others[0].agent_id]
    await desk.store.pool.execute("DELETE FROM staff_mails")  # as after thirty days
    await mails.look()
    assert await _told(desk) == {}


async def _told(desk: Desk) -> dict[object, str]:
    rows = await desk.store.pool.fetch("SELECT agent_id, text FROM staff_mails WHERE kind = 'review'")
    return {row["agent_id"]: row["text"] for row in rows}
