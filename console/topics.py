"""What the console calls the subjects of conversations."""

from console.deps import ConsoleDeps
from desk.routing.topics import REPORT


def topic_titles(deps: ConsoleDeps) -> dict[str, str]:
    """The title of each subject, by its intent, in the city's first language."""
    language = deps.city.language
    answers = deps.catalog.answers.items()
    return {name: one.texts[language].title for name, one in answers if language in one.texts} | {
        REPORT: "Report"
    }
