"""Adding an answer takes one file in content/answers and one in data/nlu: this adds one and asks for it."""

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path
from uuid import uuid4

from city import load_city
from desk.answers.catalog import Catalog
from desk.model import Reply
from tests.conversations.bot import ROOT, running
from tests.conversations.georeport import georeport

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


def project_with_the_answer(folder: Path) -> Path:
    """A copy of the project, as a city would have it, with the two new files."""
    names = ["bot", "actions", "backends", "city", "data", "content", "requirements"]
    for name in names:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("city.yml", "config.yml", "domain.yml", "endpoints.yml", "credentials.yml"):
        shutil.copy(ROOT / file, folder / file)
    (folder / "content" / "answers" / "sauna.yml").write_text(ANSWER)
    (folder / "data" / "nlu" / "sauna.yml").write_text(EXAMPLES)
    return folder


def test_two_files_are_all_it_takes(tmp_path: Path) -> None:
    project = project_with_the_answer(tmp_path / "project")
    environ = {**os.environ, "PYTHONPATH": str(project)}
    python = os.environ.get("CIVICDESK_BOT_PYTHON", str(ROOT / ".venv-bot" / "bin" / "python"))
    trained = subprocess.run(
        [python, "-m", "bot.train"], cwd=project, env=environ, capture_output=True, text=True, check=False
    )
    assert trained.returncode == 0, trained.stderr[-2000:]

    with georeport() as url, running(url, tmp_path, project) as bot:
        for question, language in (
            ("is the sauna open tonight?", "en"),
            ("¿a qué hora abre la sauna?", "es"),
        ):
            answer = bot.turn(
                str(uuid4()), {"kind": "text", "text": question, "entities": {}, "metadata": {}}
            )
            assert [reply["answer"] for reply in answer["replies"]] == ["sauna"]
            assert answer["language"] == language

    catalog = Catalog.load(project / "content", load_city(project / "city.yml"))
    composed = catalog.compose(Reply(answer="sauna"), "fr", today=date(2026, 11, 22))
    assert composed.text.startswith("Le sauna municipal")
    assert composed.source is not None
    assert composed.source.url == "https://www.lindenport.example/sport/sauna"
