"""A stock Rasa bot: the configuration of `rasa init`, trained on our data, behind the stock REST channel."""

import hashlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from bench.support.processes import BenchError, Running, free_port, wait_for
from bench.support.product import bot_python

DATA = Path("data/nlu")
ANSWERS = Path("content/answers")
STOCK_EPOCHS = 100
TRAINING_HOURS = 6.0

# The pipeline and policies that `rasa init` of Rasa 3.6 suggests, with its order and numbers.
_EPOCHS: dict[str, Any] = {"epochs": STOCK_EPOCHS, "constrain_similarities": True}
PIPELINE: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", **_EPOCHS},
    {"name": "EntitySynonymMapper"},
    {"name": "ResponseSelector", **_EPOCHS},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
]
POLICIES: list[dict[str, Any]] = [
    {"name": "MemoizationPolicy"},
    {"name": "RulePolicy"},
    {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": STOCK_EPOCHS},
    {"name": "TEDPolicy", "max_history": 5, **_EPOCHS},
]


def prepare(cache: Path, epochs: int) -> Path:
    """Returns the folder of the trained project, cached under `cache` by a hash of its inputs."""
    files = project(epochs)
    digest = hashlib.sha256()
    for name, text in sorted(files.items()):
        digest.update(f"{name}\0{text}\0".encode())
    folder = cache / f"stock-{digest.hexdigest()[:16]}"
    if any(folder.glob("models/*.tar.gz")):
        print(f"Stock Rasa: the model is up to date ({folder}).")
        return folder
    draft = folder.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    for name, text in files.items():
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        (draft / name).write_text(text, encoding="utf-8")
    print(
        f"Stock Rasa: training with {epochs} epochs (stock: {STOCK_EPOCHS}), once; log {draft / 'train.log'} ...",
        flush=True,
    )
    began = time.monotonic()
    with (draft / "train.log").open("wb") as log:
        code = subprocess.run(
            [bot_python(), "-m", "rasa", "train"],
            cwd=draft, env=environment(), stdout=log, stderr=log, timeout=TRAINING_HOURS * 3600, check=False,
        ).returncode  # fmt: skip
    if code or not any(draft.glob("models/*.tar.gz")):
        raise BenchError(f"The stock model could not be trained; {draft / 'train.log'} says why.")
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    print(f"Stock Rasa: trained in {time.monotonic() - began:.0f} s.")
    return folder


@contextmanager
def stock(folder: Path, logs: Path, first_port: int) -> Iterator[tuple[str, Running]]:
    """Runs `rasa run` with the REST channel only; yields its URL and the process."""
    port = free_port(first_port)
    command = [bot_python(), "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port)]
    with Running("rasa", command, environment(), logs / "stock.log", cwd=folder) as running:
        wait_for(f"http://127.0.0.1:{port}/webhooks/rest/", {"rasa": running}, logs, 300)
        yield f"http://127.0.0.1:{port}", running


def environment() -> dict[str, str]:
    """Our environment without our settings, which stock Rasa does not know."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("CIVICDESK_", "PYTHONPATH"))
    }
    return kept | {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }


def project(epochs: int) -> dict[str, str]:
    """Every file of the project: path -> text."""
    files = {f"data/nlu/{path.name}": path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*.yml"))}
    nlu = "\n".join(files.values())
    intents = sorted(set(re.findall(r"^- intent: *([\w/]+)", nlu, re.M)))
    entities = sorted(set(re.findall(r"\]\((\w+)\)", nlu)) | set(re.findall(r'"entity": *"(\w+)"', nlu)))
    responses = {f"utter_{intent}": [{"text": _text(intent)}] for intent in intents}
    responses["utter_please_rephrase"] = [
        {"text": "I am sorry, I did not understand that. Could you say it in other words?"}
    ]
    domain = {"version": "3.1", "intents": intents, "entities": entities, "responses": responses}
    # As in `rasa init`: short stories for the paths through the dialogue, a rule for what always holds.
    stories = [
        {"story": f"about {intent}", "steps": _said("greet", intent, "goodbye")}
        for intent in intents
        if intent not in ("greet", "goodbye")
    ]
    rules = [
        {"rule": "say goodbye", "steps": _said("goodbye")},
        {
            "rule": "ask to rephrase",
            "steps": [{"intent": "nlu_fallback"}, {"action": "utter_please_rephrase"}],
        },
    ]
    config = {
        "recipe": "default.v1",
        "assistant_id": "stock",
        "language": "en",
        "pipeline": _with_epochs(PIPELINE, epochs),
        "policies": _with_epochs(POLICIES, epochs),
    }
    written = {
        "config.yml": config,
        "domain.yml": domain,
        "data/stories.yml": {"version": "3.1", "stories": stories},
        "data/rules.yml": {"version": "3.1", "rules": rules},
        "credentials.yml": {"rest": None},
        "endpoints.yml": {},
    }
    return files | {
        name: yaml.safe_dump(value, allow_unicode=True, sort_keys=False) for name, value in written.items()
    }


def _with_epochs(components: list[dict[str, Any]], epochs: int) -> list[dict[str, Any]]:
    return [{**one, "epochs": epochs} if "epochs" in one else dict(one) for one in components]


def _said(*intents: str) -> list[dict[str, str]]:
    return [step for intent in intents for step in ({"intent": intent}, {"action": f"utter_{intent}"})]


def _text(intent: str) -> str:
    """The answer that we give too, in the first language, without braces, which Rasa reads as slots."""
    path = ANSWERS / f"{intent}.yml"
    if not path.exists():
        return intent.replace("_", " ")
    answer = yaml.safe_load(path.read_text(encoding="utf-8"))
    return str(answer["en"]["text"]).translate({ord("{"): None, ord("}"): None})
