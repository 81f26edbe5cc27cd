"""Pages made of templates that escape by default."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from city import City
from gateway.problems import Problem


def environment() -> Environment:
    """The gateway's own templates; a name that a template does not get is an error, not an empty place."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class ProblemPage:
    """The page for a person who met a problem."""

    def __init__(self, templates: Environment, city: City) -> None:
        self._template = templates.get_template("problem.html")
        self._phone = city.phone

    def __call__(self, problem: Problem, reference: str) -> str:
        return self._template.render(
            sentence=problem.sentence, status=problem.status, reference=reference, phone=self._phone
        )
