"""Chooses the team for a conversation. Pure."""

from collections.abc import Sequence

from city import Team


def choose_team(teams: Sequence[Team], language: str, topic: str | None, inbox: str | None = None) -> Team:
    """The team that claims the topic, then the inbox, then speaks the language; else the first. A team for certain
    inboxes gets no others, unless there is no other team."""
    fitting = [team for team in teams if not team.inboxes or inbox in team.inboxes] or list(teams)

    def fit(team: Team) -> tuple[bool, bool, bool, bool]:
        speaks = language in team.languages
        return (
            topic is not None and topic in team.topics,
            inbox is not None and inbox in team.inboxes,
            speaks,
            speaks and not team.topics,
        )

    return max(fitting, key=fit)  # the first of those that fit best
