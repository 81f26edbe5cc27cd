"""Rules: what fits, once for each event, no loops, and a dry run that does nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from desk.building import build_common
from desk.model import Actor, Conversation, NotAllowed, Refused
from desk.replies.rules.editing import RuleEditing
from desk.replies.rules.matching import has_words
from desk.replies.rules.running import MOST, Rules
from desk.replies.tagging import Tagging
from desk.store.dialogue import conversations, messages, transitions
from desk.store.people import contacts
from desk.store.replies import canned, reminders, rules, tags
from desk.store.replies.rules import Acts, Conditions, Event, Rule
from desk.store.routing import teams
from tests.support.desk import Desk


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("My PERMIT was refused!", ("permit",), True),
        ("Permits", ("permit",), False),
        ("¿Dónde está la multa de tráfico?", ("multa de trafico",), True),
        ("a multi-part word", ("multi part",), True),
        ("", ("x",), False),
        ("anything", (), False),
    ],
)
def test_words_are_whole_and_accents_do_not_matter(text: str, words: tuple[str, ...], found: bool) -> None:
    assert has_words(text, words) is found


class Ruled:
    """A desk with a worker that tries rules, and a supervisor who writes them."""

    def __init__(self, desk: Desk, carla: Actor) -> None:
        self.desk, self.carla = desk, carla
        announcer = build_common(replace(desk.resources(), store=desk.worker_store)).announcer
        self.editing = RuleEditing(desk.store, desk.city, ["permits"], desk.clock)
        self.workers = [Rules(desk.worker_store, desk.city, announcer, desk.clock) for _ in range(2)]

    async def write(self, event: Event, acts: Acts, conditions: Conditions | None = None) -> UUID:
        id = uuid4()
        self.desk.now = datetime.now(UTC)  # rows get the database's time
        await self.editing.save(self.carla, Rule(id, "Rule", event, conditions or Conditions(), acts, True))
        return id

    async def say(self, conversation: Conversation, text: str) -> None:
        async with self.desk.store.transaction() as tx:
            await contacts.lock(tx, conversation.contact_id)
            await messages.add_message(tx, conversation, messages.NewRow("contact", text, "en"))
            await conversations.mark_contact_wrote(tx, conversation.id)

    async def step(self) -> None:
        self.desk.now = max(self.desk.now, datetime.now(UTC))
        for worker in self.workers:
            await worker.step()

    async def runs(self, conversation: Conversation) -> int:
        long_ago = self.desk.now - timedelta(days=1)
        return await rules.count_runs(self.desk.store.pool, conversation.id, long_ago)


@pytest.fixture
async def ruled(desk: Desk) -> Ruled:
    for name in ("permit", "urgent", "seen"):
        await tags.add_missing(desk.store.pool, name)
    await canned.add_missing(desk.store.pool, canned.CannedText("wait", "Wait", {"en": "Please wait."}))
    for team in desk.city.teams:
        await teams.add_team(desk.store.pool, team)
    return Ruled(desk, await desk.agent("Carla", "supervisor"))


async def test_a_message_that_fits_does_everything_once_whoever_looks(ruled: Ruled) -> None:
    desk, pool = ruled.desk, ruled.desk.store.pool
    before = await desk.queued()
    await ruled.say(before, "My permit")
    target = desk.city.teams[-1].name
    acts = Acts("permit", 2, target, "wait", str(ruled.carla.agent_id))
    wanted = Conditions(channels=("web",), languages=("en",), words=("permit", "licence"))
    await ruled.write("message", acts, wanted)
    other, waiting = await desk.queued(), await desk.queued()
    await ruled.say(other, "My bin")
    await ruled.say(waiting, "Where is my Permit?")
    await ruled.step()
    await ruled.step()
    assert await tags.list_of_conversation(pool, waiting.id) == ["permit"]
    assert [await ruled.runs(one) for one in (before, other, waiting)] == [0, 0, 1]
    now = await conversations.get_by_id(pool, waiting.id)
    assert now is not None and (now.team, now.priority, now.state) == (target, 2, "queued")
    assert await rules.get_draft(pool, waiting.id) == "wait"
    (due,) = await reminders.list_due(pool, ruled.carla.agent_id, desk.now)
    assert due.text == "Rule: Rule"
    whys = [(one.why, one.actor_kind) for one in await transitions.list_of_conversation(pool, waiting.id)]
    if target != "front-desk":
        assert whys[-1] == ("transferred", "system")
    # What the rule did raises no event, and another message is another event.
    await ruled.say(waiting, "A permit, please")
    await ruled.step()
    assert await ruled.runs(waiting) == 2


async def test_rules_start_no_other_rules_and_stop_at_a_number(ruled: Ruled) -> None:
    desk, ana = ruled.desk, await ruled.desk.agent()
    await ruled.write("tagged", Acts(tag="urgent"), Conditions(tag="permit"))
    await ruled.write("tagged", Acts(tag="permit"), Conditions(tag="urgent"))
    await ruled.write("message", Acts(tag="permit"))
    held = await desk.queued()
    await ruled.say(held, "Hello")
    await ruled.step()
    await ruled.step()
    pool = desk.store.pool
    assert await tags.list_of_conversation(pool, held.id) == ["permit"], "a rule's tag is no event"
    tagging = Tagging(desk.ownership)
    await tagging.add(ana, held.id, "urgent")
    await ruled.step()
    await ruled.step()
    assert await ruled.runs(held) == 2
    for number in range(MOST + 5):
        await ruled.say(held, f"Message {number}")
    await ruled.step()
    assert await ruled.runs(held) == MOST


async def test_waits_queues_and_new_conversations_are_events(ruled: Ruled) -> None:
    desk = ruled.desk
    slow = await desk.queued()
    await desk.store.pool.execute(
        "UPDATE conversations SET queued_at = now() - interval '9 minutes' WHERE id = $1", slow.id
    )
    await ruled.write("waits", Acts(priority=1), Conditions(minutes=10))
    await ruled.write("queued", Acts(tag="seen"))
    await ruled.write("opened", Acts(tag="urgent"))
    await ruled.step()
    assert await ruled.runs(slow) == 0
    desk.now += timedelta(minutes=2)
    await ruled.step()
    await ruled.step()
    assert await ruled.runs(slow) == 1
    fresh = await desk.queued()
    await desk.store.pool.execute(
        "UPDATE conversations SET created_at = $2, queued_at = $2, updated_at = $2 WHERE id = $1",
        fresh.id,
        desk.now,
    )
    await ruled.step()
    assert await tags.list_of_conversation(desk.store.pool, fresh.id) == ["seen", "urgent"]


async def test_a_dry_run_shows_where_it_would_fit_and_does_nothing(ruled: Ruled) -> None:
    desk, ana = ruled.desk, await ruled.desk.agent()
    one, other = await desk.queued(), await desk.queued()
    await ruled.say(one, "My permit was refused")
    await ruled.say(other, "My bin")
    rule = Rule(uuid4(), "Permits", "message", Conditions(words=("permit",)), Acts(tag="permit"), True)
    tried = await ruled.editing.try_dry(ruled.carla, rule)
    assert tried.of == 2
    assert [(match.subject.conversation_id, match.text) for match in tried.matches] == [
        (one.id, "My permit was refused")
    ]
    assert await tags.list_of_conversation(desk.store.pool, one.id) == []
    for event in ("opened", "queued", "tagged", "waits"):
        again = Rule(rule.id, "R", event, Conditions(words=("permit",), minutes=1), rule.acts, True)
        tried = await ruled.editing.try_dry(ruled.carla, again)
        assert len(tried.matches) == (1 if event in ("opened", "queued") else 0), event
    with pytest.raises(NotAllowed):
        await ruled.editing.try_dry(ana, rule)


@pytest.mark.parametrize(
    ("event", "conditions", "acts", "said"),
    [
        ("message", Conditions(), Acts(), "at least one thing"),
        ("message", Conditions(words=("?!",)), Acts(tag="permit"), "needs a letter"),
        ("message", Conditions(words=("w",) * 31), Acts(tag="permit"), "at most"),
        ("message", Conditions(channels=("fax",)), Acts(tag="permit"), "from the list"),
        ("message", Conditions(topics=("fax",)), Acts(tag="permit"), "topics"),
        ("waits", Conditions(), Acts(tag="permit"), "minutes"),
        ("message", Conditions(), Acts(tag="none"), "no such tag"),
        ("message", Conditions(), Acts(team="none"), "no such team"),
        ("message", Conditions(), Acts(canned="none"), "no such canned text"),
        ("message", Conditions(), Acts(notify="none"), "no such colleague"),
        ("message", Conditions(), Acts(priority=9), "priority"),
    ],
)
async def test_what_is_no_rule_is_refused(
    ruled: Ruled, event: Event, conditions: Conditions, acts: Acts, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        await ruled.editing.save(ruled.carla, Rule(uuid4(), "R", event, conditions, acts, True))
    assert await rules.list_rules(ruled.desk.store.pool) == []
