"""Rumours: claims are read, kept and grouped; an editor's verdict reaches whoever asked and whoever asks next, once for each version."""

from datetime import timedelta
from uuid import uuid4

import pytest

from desk.model import NotAllowed, Refused, WrongState
from desk.rumours.asking import read_claim
from desk.rumours.collecting import WITHOUT_VECTOR, ClaimGroups
from desk.rumours.deciding import RumourDesk, VerdictRefused
from desk.rumours.matching import Matching
from desk.store import media
from desk.store.rumours import rumours
from tests.support.answers_office import person
from tests.support.desk import Desk
from tests.support.embedding import Embedder
from tests.support.fake_bot import says
from tests.support.waiting import eventually

CLAIM = {
    "en": "The tap water in Harbour is poisoned",
    "es": "El agua del grifo en Puerto está envenenada",
    "fr": "L'eau du robinet du Port est empoisonnée",
}
TEXT = {"en": "The water is safe to drink.", "es": "El agua es potable.", "fr": "L'eau est potable."}
SOURCE = "https://www.lindenport.example/water"


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Is it true that the bridge is closed?", "the bridge is closed"),
        ("Hello, is it true that Main Street is flooded?", "Main Street is flooded"),
        ("¿Es verdad que cortan el agua mañana?", "cortan el agua mañana"),
        ("Bonjour ! Est-il vrai qu'on coupe l'eau demain ?", "on coupe l'eau demain"),
        ("The dam has broken. Is this true? https://x.example/dam", "The dam has broken. https://x.example/dam"),
        ("Fact check: the mayor has resigned", "the mayor has resigned"),
        ("Hola, han dicho que el agua está contaminada, ¿es verdad?", "Hola, han dicho que el agua está contaminada"),
        ("They say that the school is closed?", "the school is closed"),
        ("É verdade que a ponte caiu?", "a ponte caiu"),
        ("Is this true?", None), ("Is it true?", None), ("They say that the lamp is broken.", None), ("When is the library open?", None),
        ("I told the truth about my address", None), ("is it true that " + "?" * 30, None),
    ],
)  # fmt: skip
def test_a_claim_is_what_is_asked_about(text: str, claim: str | None) -> None:
    found = read_claim(text)
    assert (found and " ".join(found.split())) == claim


UNSURE = says({"response": "utter_out_of_scope"}, language=None)


async def _judge(desk: Desk, id: int, newest: int = 0, verdict: str = "false") -> int:
    editor = await person(desk.store, "editor")
    return await RumourDesk(desk.store, desk.city, desk.clock).judge(
        editor, id, verdict, CLAIM, TEXT, [SOURCE], newest
    )


async def _rumour(desk: Desk) -> int:
    (found,) = await rumours.list_rumours(desk.store.pool, "open", 10)
    return found.id


async def test_whoever_asked_hears_the_verdict_and_the_next_gets_it_at_once_in_their_language(
    desk: Desk,
) -> None:
    desk.bot.behaviour = UNSURE
    asked, again, stopped, late = (
        await desk.contact("en"), await desk.contact("en"), await desk.contact("en"), await desk.contact("es"),
    )  # fmt: skip
    async with desk.working() as (worker,):
        for one in (asked, stopped):
            await desk.send(one, "Is it true that the tap water in Harbour is poisoned?")
            said = (await desk.settled(one))[-1]
            assert said.author == "system" and said.text.startswith("We cannot say yet whether this is true.")
        # Nobody has a vector here: after a while each claim is a rumour of its own, and an editor joins them.
        desk.now += WITHOUT_VECTOR + timedelta(seconds=1)
        await worker.claims.group()
        first, second = sorted(one.id for one in await rumours.list_rumours(desk.store.pool, "open", 10))
        office, editor = RumourDesk(desk.store, desk.city, desk.clock), await person(desk.store, "editor")
        await office.join(editor, second, first)
        await desk.store.pool.execute(
            "UPDATE contacts SET opted_out_at = $2 WHERE id = $1", stopped.id, desk.now
        )
        assert await _judge(desk, first) == 2

        async def told() -> bool:
            return (await desk.log(asked))[-1].text.startswith("False. You asked about this")

        await eventually(told)
        text = (await desk.log(asked))[-1].text
        assert CLAIM["en"] in text and TEXT["en"] in text and SOURCE in text
        assert (await desk.log(stopped))[-1].text.startswith("We cannot say yet")
        await desk.send(late, "¿Es verdad que el agua del grifo en Puerto está envenenada?")
        assert (await desk.settled(late))[-1].text.startswith("Falso. Usted preguntó por esto")
        # Only alike: the citizen chooses, by number or by title.
        await desk.send(again, "Is it true that the water in Harbour is poisoned by them?")
        which = (await desk.settled(again))[-1]
        assert which.text == "Do you mean one of these?" and [one.title for one in which.buttons] == [
            CLAIM["en"],
            "None of these",
        ]
        await desk.send(again, CLAIM["en"])
        assert (await desk.settled(again))[-1].text.startswith("False.")
        # A denial is another claim, however alike its words are.
        await desk.send(asked, "Is it true that the tap water in Harbour is not poisoned?")
        assert (await desk.settled(asked))[-1].text == "Do you mean one of these?"
        # The next version goes to everybody who heard the one before, once.
        assert await _judge(desk, first, 1, "misleading") == 4

        async def all_told() -> bool:
            logs = [(await desk.log(one))[-1].text for one in (asked, again, late)]
            return [one.split(".")[0] for one in logs] == ["Misleading", "Misleading", "Engañoso"]

        await eventually(all_told)
        assert await worker.verdicts.send() == 0
    states = await desk.store.pool.fetch(
        "SELECT version, state, count(*) AS n FROM rumour_people GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert [tuple(one) for one in states] == [
        (1, "opted_out", 1),
        (1, "said", 3),
        (2, "opted_out", 1),
        (2, "said", 3),
    ]
    with pytest.raises(WrongState):
        await _judge(desk, first, 1)


async def test_the_assistants_own_answer_stays_and_the_claim_is_kept(desk: Desk) -> None:
    desk.bot.behaviour = says({"answer": "rats"})
    citizen = await desk.contact("en")
    async with desk.working():
        await desk.send(citizen, "Is it true that I can report rats here?")
        assert (await desk.settled(citizen))[-1].author == "bot"
        assert await desk.store.pool.fetchval("SELECT answered FROM rumour_claims")
        # Unless it only says where rumours are checked.
        desk.bot.behaviour = says({"answer": "misinformation"})
        await desk.send(citizen, "Is it true that the dam has broken?")
        assert (await desk.settled(citizen))[-1].text.startswith("We cannot say yet")
        # So is the caption of a photo; and one that asks whether the picture is ours is answered, too.
        for caption, said in (
            ("Fact check: the dam has broken", "We cannot say yet"),
            ("Is this really you?", "Write what we"),
        ):
            photo = await media.add_file(
                desk.store.pool, citizen.id, f"{uuid4()}.jpg", "image/jpeg", 10, "00"
            )
            await desk.photo(citizen, photo.id, caption)
            assert (await desk.settled(citizen))[-1].text.startswith(said), caption
    assert await desk.store.pool.fetchval("SELECT count(*) FROM rumour_claims") == 3


async def test_claims_are_grouped_by_meaning_and_join_a_verdict_only_where_it_is_sure(desk: Desk) -> None:
    desk.bot.behaviour = UNSURE
    groups = ClaimGroups(desk.store, Embedder(), desk.clock)
    people = [await desk.contact("en") for _ in range(4)]
    texts = (
        "Is it true that the city pool opens on Sunday night?", "Is it true that la piscina opens the city on Sunday night?",
        "Is it true that the mayor has left for ever?", "Is it true that the city pool opens on Sunday night? Call me: me@mail.example",
    )  # fmt: skip
    async with desk.working():
        for one, text in zip(people, texts, strict=True):
            await desk.send(one, text)
            await desk.settled(one)
    assert await groups.group() == 4
    office, editor, agent = (
        RumourDesk(desk.store, desk.city, desk.clock), await person(desk.store, "editor"), await person(desk.store, "agent"),
    )  # fmt: skip
    pool, mayor = await office.list(editor, "open")
    assert (pool.rumour.people, mayor.rumour.people) == (3, 1)
    (masked,) = [one for one in pool.claims if "[email]" in one.text]
    assert "me@mail.example" not in "".join(one.text for one in pool.claims)
    with pytest.raises(NotAllowed):
        await office.list(agent, "open")
    with pytest.raises(VerdictRefused) as refused:
        await office.judge(editor, pool.rumour.id, "perhaps", {}, {}, ["http://x.example"], 0)
    assert len(refused.value.problems) == 5
    other = await office.take_out(editor, pool.rumour.id, masked.message_id)
    with pytest.raises(Refused):
        await office.take_out(editor, other, masked.message_id)
    said = dict.fromkeys(desk.city.languages, "the city pool opens on Sunday night")
    assert await office.judge(editor, pool.rumour.id, "true", said, said, [], 0) == 2
    await groups.group()
    match = await Matching(desk.store.pool, Embedder()).find("la piscina city opens on Sunday the night")
    assert match.sure is not None and match.sure.rumour_id == pool.rumour.id
    assert (await Matching(desk.store.pool, Embedder()).find("the pool opens on Sunday night 9")).sure is None
    # What is set aside is told to nobody.
    await office.set_aside(editor, pool.rumour.id, aside=True)
    assert (
        await Matching(desk.store.pool, Embedder()).find("the city pool opens on Sunday night")
    ).sure is None
    # Erasing somebody takes their claims along.
    await desk.store.pool.execute("DELETE FROM contacts WHERE id = $1", people[2].id)
    assert not (await office.get(editor, mayor.rumour.id)).claims
