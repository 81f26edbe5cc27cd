"""The composition root: one model, one store, one lock, one channel, one server. Rasa's channels and API are not served."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import socket
import tarfile
from pathlib import Path

from rasa.core.lock_store import LockStore
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.engine.exceptions import GraphComponentException
from rasa.exceptions import ModelNotFound, UnsupportedModelVersionError
from sanic import Sanic

from bot.encoders import EncoderError
from bot.masking import Masking
from bot.model_file import ModelError
from bot.project import ROOT, load_project
from bot.rasa_patches.actions_endpoint import ActionsEndpoint, check_answers_once, find_kinds_once
from bot.rasa_patches.import_stubs import forbid_stubs
from bot.rasa_patches.policies import quicken
from bot.rasa_patches.predictions import Predictions
from bot.settings import Settings
from bot.trained.in_use import rows, watch
from bot.training.importer import places_with_hours, read_answers, topics_by_street, topics_with_lookups
from bot.turn.assistant import Assistant
from bot.turn.awaited import PlaceOfTopic
from bot.turn.channel import TurnChannel
from bot.turn.follow_up import FollowUps
from bot.turn.interpreter import Interpreter
from bot.turn.matters import Matters
from bot.turn.news import News
from bot.turn.parts import Parts
from bot.turn.reading import Reader
from bot.understanding.decision import services_of_topics
from bot.understanding.entities.component import CityEntities, day_of
from bot.understanding.spelling.component import Spelling
from bot.understanding.topics import Topic

logger = logging.getLogger(__name__)

LARGEST_BODY = 256 * 1024
YOUNG = 20_000  # objects before a garbage collection: a turn creates thousands, nearly none of them in cycles


def load_assistant(
    model: Path, actions: ActionsEndpoint, endpoints: Path = ROOT / "endpoints.yml"
) -> Assistant:
    """Returns the model with the stores named in endpoints.yml. Raises ModelError for a file that is not a model of ours."""
    try:
        return _load(model, actions, endpoints)
    except (GraphComponentException, ModelNotFound, UnsupportedModelVersionError) as error:
        if isinstance(error.__cause__, EncoderError):
            raise ModelError(str(error.__cause__)) from error
        raise ModelError(
            f"The model {model.name} cannot be read by this version; it was not loaded. Train again with `make train`."
        ) from error
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"The model {model.name} is damaged or no model of ours; it was not loaded. Train again with `make train`."
        ) from error


def _load(model: Path, actions: ActionsEndpoint, endpoints: Path) -> Assistant:
    named = AvailableEndpoints.read_endpoints(str(endpoints))
    assistant = Assistant(
        model_path=model,
        tracker_store=TrackerStore.create(named.tracker_store),
        lock_store=LockStore.create(named.lock_store),
        generator=NaturalLanguageGenerator.create(named.nlg, None),
        action_endpoint=actions,
    )
    check_answers_once()
    find_kinds_once()
    quicken(assistant.graph_runner.components, assistant.domain)
    assistant.predictions = Predictions.of(assistant.graph_runner.components, assistant.domain)
    assistant.tracker_store.domain = assistant.domain
    assistant.nlg.responses = assistant.domain.responses
    project = load_project()
    assistant.first_language = project.languages[0]
    answers = read_answers(project)
    spelling = next(part for part in assistant.graph_runner.components if isinstance(part, Spelling))
    topics = {name: Topic.of(entry, project.languages) for name, entry in answers.items()}
    assistant.news = News.load(project)
    assistant.day = lambda metadata: day_of(metadata, project.zone)
    services, looked_up = services_of_topics(project), topics_with_lookups(project)
    assistant.looks_up = looked_up.__contains__
    assistant.interpreter = Interpreter(
        read=Reader(assistant.graph_runner, assistant.model_metadata.nlu_target, assistant.day),
        parts=Parts(answers),
        matters=Matters(answers, services),
        follow_ups=FollowUps(topics, spelling.mend, spelling.is_word),
        place_of_topic=PlaceOfTopic(
            {name: services[name] for name in services if name not in looked_up},
            topics_by_street(project),
            project.streets,
            places_with_hours(project),
        ),
        languages=project.languages,
    )
    return assistant


def create_app(channel: TurnChannel, name: str = "civicdesk_bot") -> Sanic:
    """Returns the server without a model: it answers 503 until `app.ctx.assistant` is set."""
    app = Sanic(name, configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.config.REQUEST_MAX_SIZE = LARGEST_BODY
    app.config.ACCESS_LOG = False
    app.config.KEEP_ALIVE_TIMEOUT = 75
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 10
    app.blueprint(channel.blueprint(_unused), url_prefix="/webhooks/civicdesk")
    return app


def serve(
    settings: Settings, taken: socket.socket, model: Path, sha256: str, training: int | None = None
) -> bool:
    """Serve on the socket until SIGTERM or SIGINT, or until another model than that of `training` is in use: then True."""
    for handler in logging.getLogger().handlers:
        handler.addFilter(Masking(CityEntities(load_project()).find))
    app = create_app(TurnChannel(settings.secret))
    app.ctx.assistant = load_assistant(model, ActionsEndpoint(settings.actions_url, settings.actions_secret))
    app.ctx.model = sha256
    app.ctx.assistant.named = f"training {training}" if training else f"release {sha256[:12]}"
    settle()

    @app.after_server_start
    async def announce(app: Sanic, loop: object) -> None:
        # Without the address: the log masks postal codes, and a five-digit port looks like one.
        logger.info("the bot answers, with %s", model.name)

    @app.after_server_start
    async def look_for_another(app: Sanic, loop: object) -> None:
        if (source := rows()) is not None:
            app.ctx.watching = asyncio.create_task(watch(source, training, lambda: _start_again(app)))

    @app.after_server_stop
    async def close(app: Sanic, loop: object) -> None:
        await app.ctx.assistant.tracker_store.close()
        await app.ctx.assistant.action_endpoint.close()

    app.ctx.again = False
    app.run(sock=taken, access_log=False, debug=False)
    return bool(app.ctx.again)


def _start_again(app: Sanic) -> None:
    app.ctx.again = True
    app.stop()  # type: ignore[no-untyped-call]  # Sanic 21.12 has no types


def settle() -> None:
    """Call after loading: what exists now stays, so the collector can skip it and no turn waits for that."""
    forbid_stubs()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
    gc.enable()
    c_library = ctypes.CDLL(None)
    if hasattr(c_library, "malloc_trim"):  # glibc keeps memory that loading has freed
        c_library.malloc_trim(0)


async def _unused(message: object) -> None:
    """Rasa passes its own handler to a channel; ours uses an Assistant."""
