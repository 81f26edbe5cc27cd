"""Chooses the team for a conversation."""

from city import City, Team


def choose_team(city: City, language: str, topic: str | None) -> Team:
    """The team that claims the topic and speaks the language; else one that does either; else the first."""
    claims = [team for team in city.teams if topic and topic in team.topics] or list(city.teams)
    speaks = [team for team in claims if language in team.languages]
    general = [team for team in speaks if not team.topics]
    if topic and claims != list(city.teams):
        return (speaks or claims)[0]
    return (general or speaks or list(city.teams))[0]
