"""The owners of an answer: the person, or the members of the team, that it names."""

from collections.abc import Sequence

from city import Team
from desk.knowledge.content import Answer
from desk.model import Actor


def is_owner(actor: Actor, answer: Answer, teams: Sequence[Team]) -> bool:
    """Whether `owner` is this person's name, or the title or name of one of their teams."""
    owner = answer.owner.strip().casefold()
    mine = [one for one in teams if one.name in actor.teams]
    return owner in {
        actor.name.casefold(),
        *(one.title.casefold() for one in mine),
        *(one.name for one in mine),
    }
