"""Renders pages from templates that escape by default."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from city import City
from gateway.problems import Problem


def environment() -> Environment:
    """The gateway's own templates; an undefined name in a template is an error, not an empty string."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class ProblemPage:
    """Renders the page that shows a Problem to a person."""

    def __init__(self, templates: Environment, city: City) -> None:
        self._template = templates.get_template("problem.html")
        self._city = city

    def __call__(self, problem: Problem, reference: str) -> str:
        return self._template.render(
            sentence=problem.sentence, status=problem.status, reference=reference, phone=self._city.phone
        )
