"""The project of a city that has added an answer and a language, trained and running, for two tests."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from city import load_city
from desk.knowledge.catalogue import Catalog
from tests.support.bot import ROOT, Bot, running
from tests.support.georeport import georeport

LANGUAGES = "languages: [en, es, fr]"
ANSWER = """\
id: sauna
owner: Sport and Leisure
area: civic
source: https://www.lindenport.example/sport/sauna
reviewed_on: 2026-11-01
review_by: 2099-05-01
buttons:
  - {key: hours, answer: office_hours}
en:
  title: City sauna
  text: The city sauna at Quay Street is open every day from noon to ten in the evening. A visit costs $6.
  buttons: {hours: Office hours}
es:
  title: Sauna municipal
  text: La sauna municipal de Quay Street abre todos los días de doce a diez de la noche. La entrada cuesta 6 dólares.
  buttons: {hours: Horario de oficina}
fr:
  title: Sauna municipal
  text: Le sauna municipal de Quay Street est ouvert tous les jours de midi à vingt-deux heures. L'entrée coûte 6 dollars.
  buttons: {hours: Heures d'ouverture}
"""
EXAMPLES = """\
version: "3.1"
nlu:
- intent: sauna
  examples: |
    - when is the sauna open
    - sauna opening hours
    - how much is the city sauna
    - is there a public steam bath
    - can I bring my own towel to the sauna
    - sauna price
    - do you have a sauna in town
    - is the sauna mixed
    - where can I sweat, is there a sauna
    - horario de la sauna municipal
    - cuánto cuesta la sauna
    - hay sauna en la ciudad
    - dónde está la sauna
    - prix du sauna municipal
    - le sauna est ouvert quand
    - où se trouve le sauna
"""


def _project(folder: Path) -> Path:
    """A copy of the project with the two files of the answer, and Portuguese among the languages."""
    names = ["bot", "actions", "backends", "city", "data", "content", "requirements"]
    for name in names:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("city.yml", "config.yml", "domain.yml", "endpoints.yml", "credentials.yml"):
        shutil.copy(ROOT / file, folder / file)
    (folder / "content" / "answers" / "sauna.yml").write_text(ANSWER)
    (folder / "data" / "nlu" / "sauna.yml").write_text(EXAMPLES)
    city = (folder / "city.yml").read_text()
    assert LANGUAGES in city
    (folder / "city.yml").write_text(
        city.replace(LANGUAGES, "languages: [en, es, fr, pt]\ntranslating: [pt]", 1)
    )
    return folder


@dataclass(frozen=True)
class Grown:
    """The running assistant, and what the desk makes of its answers."""

    bot: Bot
    catalog: Catalog


@contextlib.contextmanager
def grown(folder: Path) -> Iterator[Grown]:
    """Trains in `folder` and starts the bot and its actions."""
    project = _project(folder / "project")
    python = os.environ.get("CIVICDESK_BOT_PYTHON", str(ROOT / ".venv-bot" / "bin" / "python"))
    trained = subprocess.run(
        [python, "-m", "bot.train"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert trained.returncode == 0, trained.stderr[-2000:]
    with georeport() as url, running(url, folder, project) as bot:
        yield Grown(bot, Catalog.load(project / "content", load_city(project / "city.yml")))
