"""4, 5 and 6. A person is asked for, two agents race, one answers, hands back and resolves; the citizen comes back."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.people import Agent, Citizen


def hand_off(someone: Citizen, marker: str) -> None:
    someone.say(marker)
    someone.sees(re.compile("."))
    someone.say("I want to talk to a person")
    someone.sees(re.compile("place in the queue"), author="system")
    expect(someone.banner()).to_contain_text(re.compile(r"You are number \d+ in the queue"))


def test_a_person_answers_in_the_same_window(
    citizen: Callable[..., Citizen], agent: Callable[[str], Agent]
) -> None:
    ana, ben = agent("ana"), agent("ben")
    someone = citizen()
    hand_off(someone, "my neighbour keeps seventeen peacocks, zebra one")

    # Both see it appear by itself, with the bot's summary, and open it.
    for each in (ana, ben):
        entry = each.entry("zebra one")
        expect(entry).to_contain_text("English")
        entry.get_by_role("link").click()
        expect(each.page.locator(".message.contact").first).to_contain_text("peacocks")
        expect(
            each.page.locator(".side").get_by_text("asked for a person", exact=False).first
        ).to_be_visible()

    # Two claims in the same moment: exactly one gets it, the other is told by whom. Neither page may hear of the
    # other's claim before its own, so both stop following until they have asked.
    for each in (ana, ben):
        each.page.route(re.compile(r"[?&]after="), lambda route: route.abort())
    moment = ana.page.evaluate("Date.now()") + 1_000
    for each in (ana, ben):
        each.page.evaluate(
            """moment => {
                // Looked up at that moment: the page may have replaced the form until then.
                const claim = () => document.querySelector('form[action$="/claim"]').requestSubmit();
                setTimeout(claim, moment - Date.now());
            }""",
            moment,
        )
    for each in (ana, ben):
        expect(
            each.page.get_by_label("Your reply")
            .or_(each.page.get_by_text(re.compile(r"claimed (it|this)")))
            .first
        ).to_be_visible()
    for each in (ana, ben):
        each.page.unroute_all(behavior="ignoreErrors")
    winners = [each for each in (ana, ben) if each.page.get_by_label("Your reply").count()]
    assert len(winners) == 1
    winner = winners[0]
    loser = ben if winner is ana else ana
    expect(loser.page.get_by_text(re.compile(r"(Ana|Ben).*claimed|Only (Ana|Ben)")).first).to_be_visible()

    someone.sees(re.compile("is with you now"), author="system")
    winner.reply("Hello, this is the town hall. Peacocks need a permit.")
    someone.sees("Peacocks need a permit", author="agent")
    bot_messages = someone.page.locator("civicdesk-chat .message.bot").count()
    someone.say("when is my bin collected?")
    expect(
        winner.page.locator(".message.contact").filter(has_text="when is my bin collected?")
    ).to_be_visible()
    winner.reply("Every Tuesday in your street.")
    someone.sees("Every Tuesday in your street.", author="agent")
    assert someone.page.locator("civicdesk-chat .message.bot").count() == bot_messages, (
        "the bot must stay silent"
    )

    winner.page.get_by_label("More acts").click()
    winner.page.get_by_role("button", name=re.compile("Hand back")).click()
    someone.sees(re.compile("back with the"), author="system")
    someone.say("how do I renew my passport?")
    someone.sees(re.compile("renew your passport"))


def test_a_resolved_conversation_is_told_and_the_next_message_is_answered(
    citizen: Callable[..., Citizen], agent: Callable[[str], Agent]
) -> None:
    ana = agent("ana")
    someone = citizen()
    hand_off(someone, "my letter box sings at night, zebra two")
    ana.claim("zebra two")
    ana.reply("We will look into the singing.")
    someone.sees("singing", author="agent")
    ana.page.get_by_role("button", name=re.compile("Resolve")).click()
    someone.sees(re.compile("is closed"), author="system")
    someone.say("when is my bin collected?")
    someone.sees(re.compile("collected once a week"))


def test_coming_back_finds_everything_once(
    citizen: Callable[..., Citizen], agent: Callable[[str], Agent]
) -> None:
    ana = agent("ana")
    someone = citizen()
    hand_off(someone, "the fountain plays the wrong song, zebra three")
    before = someone.texts()
    someone.page.close()

    ana.claim("zebra three")
    ana.reply("The fountain has been told.")

    someone.arrive()
    someone.sees("The fountain has been told.", author="agent")
    after = someone.texts()
    assert after[: len(before)] == before, "nothing is missing and nothing moved"
    assert len([text for text in after if "fountain has been told" in text]) == 1
    assert len([text for text in after if "zebra three" in text]) == 1


def test_a_place_in_the_queue_can_be_given_back(citizen: Callable[..., Citizen]) -> None:
    someone = citizen()
    hand_off(someone, "the clock tower is shy, zebra four")
    someone.press("Back to the assistant")
    someone.sees(re.compile("back with the"), author="system")
    someone.say("when is my bin collected?")
    someone.sees(re.compile("collected once a week"))
