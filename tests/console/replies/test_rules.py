"""Supervisors write rules in the console, and see what they would have done."""

from uuid import uuid4

from desk.store.replies import canned, rules, tags
from tests.support.console import RunningConsole

AT = "/console/admin/rules"


async def test_a_rule_is_written_tried_dry_and_changed(console: RunningConsole) -> None:
    pool = console.store.pool
    await tags.add_missing(pool, "permit")
    one = await console.queued(name="Lucía", text="My permit was refused")
    await console.queued(name="Omar", text="My bin")
    carla = await console.signed_in("Carla Rossi", "supervisor")
    assert "Add a rule" in (await carla.get(AT)).visible
    form = {
        "id": str(uuid4()), "title": "Permits", "event": "message", "words": "permit\nlicence", "channel": "web",
        "tag": "permit", "priority": "1", "active": "yes", "minutes": "5",
    }  # fmt: skip
    tried = await carla.post(f"{AT}/try", data=form)
    assert "It would fit 1 of 2 conversations" in tried.visible and str(one.id) in tried.text
    assert await rules.list_rules(pool) == [] and await tags.list_of_conversation(pool, one.id) == []
    wrong = await carla.post(AT, data=form | {"title": ""})
    assert wrong.status == 422 and "licence" in wrong.text and "Give it a title" in wrong.visible
    saved = await carla.post(AT, data=form)
    assert "Saved." in saved.visible and "Permits" in saved.visible
    (rule,) = await rules.list_rules(pool)
    assert (rule.conditions.words, rule.acts.priority, rule.conditions.minutes) == (
        ("permit", "licence"),
        1,
        0,
    )
    await carla.post(AT, data=form | {"active": ""})
    (rule,) = await rules.list_rules(pool)
    assert not rule.active and await rules.list_active(pool) == []
    assert (await console.audited()).count("rule_saved") == 2
    ana = await console.signed_in()
    assert (await ana.get(AT)).status == 404 and (await ana.post(AT, data=form)).status == 404


async def test_a_text_that_a_rule_prepared_is_a_draft_until_the_agent_acts(console: RunningConsole) -> None:
    pool = console.store.pool
    await canned.add_missing(pool, canned.CannedText("wait", "Wait", {"en": "Please wait, {contact_name}."}))
    carla = await console.signed_in("Carla Rossi", "supervisor")
    form = {"id": str(uuid4()), "title": "Wait", "event": "queued", "canned": "wait", "active": "yes"}
    await carla.post(AT, data=form)
    conversation = await console.queued(name="Lucía")
    async with console.store.transaction() as tx:
        (rule,) = await rules.list_active(tx)
        await rules.set_draft(tx, conversation.id, rule.id, "wait")
    path = f"/console/conversations/{conversation.id}"
    ana = await console.signed_in()
    assert "Please wait, Lucía." not in (await ana.get(path)).text
    await ana.post(f"{path}/claim")
    assert "Please wait, Lucía." in (await ana.get(path)).text
    assert all(one.author != "agent" for one in await console.log(conversation)), "nothing is sent by itself"
    await ana.post(f"{path}/reply", data={"text": "One moment.", "client_id": "one"})
    assert "Please wait, Lucía." not in (await ana.get(path)).text
