"""An answer past its last day, and the switches that stop an answer, an area or the assistant."""

from datetime import timedelta

import pytest

from desk.knowledge.publishing.checking import AnswerRefused
from desk.knowledge.publishing.published import PublishedAnswers
from desk.model import NotAllowed, NotFound
from tests.support.answers_office import ID, OLD, Office


async def test_an_answer_past_its_last_day_is_not_given(office: Office) -> None:
    today = office.clock().astimezone(office.city.zone).date()
    version = await office.write(OLD, expires_on=today.isoformat())
    await office.review.submit(office.ada, ID, version)
    await office.review.approve(office.ben, ID, version)
    await office.review.publish(office.ben, ID, version)
    assert OLD in office.said(office.ours)
    office.clock.shift = timedelta(days=1)
    assert OLD not in office.said(office.ours)


async def test_an_answer_an_area_and_the_assistant_are_stopped_and_given_again(office: Office) -> None:
    carla, other = await office.somebody("supervisor"), PublishedAnswers(office.theirs)
    before = office.said(office.theirs)
    with pytest.raises(NotAllowed):
        await office.stopping.stop(await office.somebody("agent"), "answer", ID, "Wrong number.")
    with pytest.raises(AnswerRefused):
        await office.stopping.stop(carla, "answer", ID, " ")
    with pytest.raises(NotFound):
        await office.stopping.stop(carla, "area", "rats", "Wrong.")
    await office.stopping.stop(carla, "answer", ID, "Wrong number.")
    await office.stopping.stop(carla, "area", "environment", "All are old.")
    await office.stopping.stop(carla, "area", "environment", "Twice is once.")
    await other.read(office.store.pool)
    assert office.said(office.theirs) != before and "trees" in office.theirs.withheld
    assert "passport" not in office.theirs.withheld
    await office.stopping.stop(carla, "assistant", "whatever", "It went mad.")
    await other.read(office.store.pool)
    assert is_stopped(office)
    now, _ = await office.stopping.list(carla)
    assert [(one.kind, one.name, one.why) for one in now] == [
        ("assistant", "", "It went mad."), ("area", "environment", "All are old."), ("answer", ID, "Wrong number."),
    ]  # fmt: skip
    for one in now:
        await office.stopping.resume(office.ada, one.id)
    with pytest.raises(NotFound):
        await office.stopping.resume(office.ada, now[0].id)
    await other.read(office.store.pool)
    assert office.said(office.theirs) == before and not is_stopped(office)
    ended = (await office.stopping.list(carla))[1]
    assert len(ended) == 3 and all(one.ended_by for one in ended)


def is_stopped(office: Office) -> bool:
    """Whether the other process gives no answers."""
    return office.theirs.assistant_stopped
