"""What is official: by the list, by a code, in the words of a notice. Nothing else ever is."""

from uuid import UUID

import pytest

from city import City
from city.notices.official import Account, OfficialList, with_own
from desk.notices.drafting import Notices
from desk.notices.plan import content_of
from desk.notices.saying import say
from desk.official.asking import read_asked
from desk.official.comparing import Comparing
from desk.official.reading import ALPHABET, codes_in, read_named
from desk.store.notices import notices
from tests.support.answers_office import person
from tests.support.desk import Desk
from tests.support.fake_bot import says
from tests.support.notice_desk import PLANS

LISTED = with_own(
    OfficialList(
        phones=("555-0111", "+49 30 1234567"),
        mails=("lindenport.example", "desk@mail.example"),
        accounts=(Account(network="Telegram", handle="LindenportCity", url="https://t.me/LindenportCity"),),
    ),
    "555-0100",
    "https://www.lindenport.example/",
)


def _official(text: str, calling_code: str = "+1") -> list[str | None]:
    listed = Comparing(LISTED, calling_code)
    return [listed.compare(one, text).official for one in read_named(text)]


@pytest.mark.parametrize(
    "text",
    [
        "555-0100", "+1 555 0100", "(555) 0111", "https://www.lindenport.example/fees?x=1#y", "lindenport.example",
        "HTTPS://DESK.LINDENPORT.EXAMPLE/chat", "news@lindenport.example", "mailto:news@lindenport.example", "tel:+15550100",
        "desk@mail.example", "https://t.me/lindenportcity/", "@LindenportCity on Telegram", "@lindenportcity", "+49 30 1234567",
        "Look: <https://www.lindenport.example>.", "wa.me/15550100",
    ],
)  # fmt: skip
def test_what_is_listed_is_official(text: str) -> None:
    assert _official(text) and all(_official(text)), (read_named(text), _official(text))


@pytest.mark.parametrize(
    "text",
    [
        "https://www.lindenport.example.evil.com/", "https://lindenport-example.com", "lindenport.example.co", "https://evil.com/www.lindenport.example",
        "https://www.lindenport.example@evil.com/", "https://www.lindenport.example:pw@evil.com", "https://evil.com\\@www.lindenport.example/",
        "https://www.lindenport.example:8443/", "ftp://www.lindenport.example/", "javascript://www.lindenport.example/%0aalert(1)",
        "https://www.l\u0456ndenport.example/",  # a Cyrillic i
        "https://www.lindenp0rt.example/", "https://xn--lndenport-k2a.example/", "https://xn--a.lindenport.example/", "notlindenport.example",
        "l\u200bindenport.example", "lindenport\u3002example", "https://www.lindenport.example\u2024evil.com", "https://bit.ly/lindenport",
        "news@lindenport.example.evil.com", "news@evil.com", "desk@lindenp\u043ert.example", "other@mail.example", "a@b@lindenport.example",
        "555-0101", "555-01000", "+44 555 0100", "\uff15\uff15\uff15-0109", "0900 555 0100", "https://t.me/LindenportCityHelp", "@LindenportCity_", "@LindenportCity on Facebook",
        "https://www.facebook.com/LindenportCity", "https://t.me/LindenportCity/../evil", "https://[::1]/", "http://3627734734/pay",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_not(text: str) -> None:
    found = _official(text)
    assert found and not all(found), (read_named(text), found)


def test_numbers_are_completed_as_people_of_the_country_write_them() -> None:
    german = Comparing(OfficialList(phones=("+49 30 1234567",)), "+49")
    for written, official in (("030 1234567", True), ("0049 30 1234567", True), ("30 1234567", True), ("+1 30 1234567", False)):  # fmt: skip
        (named,) = read_named(written)
        assert bool(german.compare(named, written).official) is official, written
    assert read_named("It ends on 2026-11-30 or 30.11.2026, at 14:59, and costs 12.50.") == []


def test_a_question_is_a_whole_sentence_and_the_rest_is_what_it_is_about() -> None:
    for text, about in (
        ("Is this really you?", ""),
        ("Is this really from the city? Your parcel waits: https://evil.example/pay", "evil.example"),
        ("¿Esto es de la ciudad? 555-0109", "555-0109"),
        (
            "Votre colis attend, payez sur https://colis.example. Est-ce que c'est une arnaque ?",
            "colis.example",
        ),
        ("is 555-0109 your number", "555-0109"),
        ("Este mensagem... é da cidade? 555-0109", "555-0109"),
        ("BCDFGH", "BCDFGH"),
        ("code bcdfgh", "BCDFGH"),
    ):
        asked = read_asked(text)
        assert asked is not None and about in asked.about and bool(about) is bool(asked.about), (text, asked)
    for text in (
        "Is the library open?", "hmmmmm", "brrrrr", "is this real", "My number is 555-0100", "What does the city charge for bins?",
        "Please", "https://evil.example", "There was a scam on Main Street, is this the right office to report it?",
    ):  # fmt: skip
        asked = read_asked(text)
        assert asked is None or not asked.sure, text
    assert read_asked("555-0109", awaited=True) is not None
    assert read_asked("When is the library open on Sundays and who works there?", awaited=True) is None


async def test_in_a_conversation_it_is_answered_before_the_assistant_in_every_language(desk: Desk) -> None:
    service = Notices(desk.store, desk.city, frozenset(desk.catalog.answers), desk.clock)
    ada, ben = await person(desk.store, "supervisor"), await person(desk.store, "supervisor")
    id = await service.write(ada, "flood", content_of(PLANS["flood"], {}, desk.now), "flood")
    code = await desk.store.pool.fetchval("SELECT code FROM notice_versions WHERE notice_id = $1", id)
    assert codes_in(code) == [code] and set(code) <= set(ALPHABET)
    desk.bot.behaviour = says({"answer": "rats"})
    citizen = await desk.contact()

    async def answer(text: str) -> str:
        await desk.send(citizen, text)
        return (await desk.settled(citizen))[-1].text

    async with desk.working() as (worker,):
        assert f"{code} is not the code" in await answer(f"Code {code}"), "it is not released yet"
        await service.propose(ada, id, 1)
        await service.release(ben, id, 1)
        await worker.current_notices.read(desk.store.pool)
        said = await answer(f"code {code.lower()}")
        assert said.startswith(f"Code {code} is that of our notice of") and "Emergency: Flood" in said
        # The next one is asked for what it is about, and only that next message is read as such.
        assert "Write what we should check" in await answer("Is this really you?")
        assert (await answer("555-0109")).startswith(
            "No, this is not in the city's list"
        ) and desk.bot.asked == []
        assert (await answer("555-0109")).startswith("No") is False and len(desk.bot.asked) == 1
        yes = await answer("Is this your number? 555-0111")
        assert yes.startswith("Yes, this is ours: 555-0111.") and "Never pay" in yes
        assert (await answer("¿Es una estafa? https://www.lindenport.example.evil.com")).startswith(
            ("No, this", "No, esto")
        )
        # A real code on a message with a foreign link: the link decides.
        assert "evil.example" in await answer(f"Is this from the city? Code {code}: https://evil.example")
        assert (
            "these words alone"
            in (await answer("Is this a scam? You owe us 40 dollars, call soon.")).casefold()
        )
        # Our own words are ours; with one more they are not.
        (whole,) = [one for one in await _whole(desk, id) if one.startswith("Emergency")]
        assert f"Code {code} is that of" in await answer(f"Is this from the city?\n{whole}")
    assert len(desk.bot.asked) == 1


async def _whole(desk: Desk, id: UUID) -> list[str]:
    (version,) = await notices.list_versions(desk.store.pool, id)
    return [say(version, language, desk.city).whole for language in version.content.texts]


def test_the_citys_own_number_and_website_are_in_the_list(city: City) -> None:
    assert city.phone in city.official_list.phones and "lindenport.example" in city.official_list.domains
