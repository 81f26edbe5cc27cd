"""Which languages an agent speaks, and in which language a citizen writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from city import City
from desk.model import Actor, Message
from desk.routing.team_directory import TeamDirectory
from desk.store.dialogue.understanding import Understood
from desk.store.people import agents
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Reads:
    """The languages of an agent. `home` is the one that texts are translated into, and out of."""

    languages: Sequence[str]
    home: str

    def __contains__(self, language: str) -> bool:
        return language in self.languages


async def reads_of(executor: Executor, actor: Actor, teams: TeamDirectory, city: City) -> Reads:
    """The agent's own languages; without any, those of the agent's teams; without teams, the city's."""
    own = await agents.get_languages(executor, actor.agent_id)
    of_teams = [code for team in teams.known if team.name in actor.teams for code in team.languages]
    languages = tuple(dict.fromkeys(own or of_teams or city.languages))
    return Reads(languages, city.language if city.language in languages else languages[0])


def written_in(message: Message, understood: Mapping[UUID, Understood], foreign: str | None) -> str:
    """The language of a message, as far as it is known. `foreign` is the bot's guess for the conversation: the bot does
    not read what citizens write to agents."""
    turn = understood.get(message.id)
    if turn and turn.foreign:
        return turn.foreign
    if message.author == "contact" and turn is None and foreign:
        return foreign
    return message.language


def foreign_of(transcript: Sequence[Message], understood: Mapping[UUID, Understood]) -> str | None:
    """The language that the city does not speak and the citizen wrote last, as the bot guessed it."""
    return next(
        (
            understood[one.id].foreign
            for one in reversed(transcript)
            if one.id in understood and understood[one.id].foreign
        ),
        None,
    )
