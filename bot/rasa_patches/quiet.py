"""Switches off telemetry, and warnings about the libraries that Rasa pins, in our own processes.

Imported first by `python -m bot` and `python -m bot.train` only: a developer who runs
`rasa` sees Rasa's own output.
"""

from __future__ import annotations

import logging
import os
import warnings

from bot.project import ROOT
from bot.rasa_patches.import_stubs import leave_out_tensorflow


def hush() -> None:
    """Must run before Rasa is imported."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("LOG_LEVEL", "ERROR")  # Rasa's progress bars depend on this
    os.environ.setdefault("RASA_MAX_CACHE_SIZE", "0")  # training takes seconds; caching it takes longer
    warnings.showwarning = _ignored  # a filter would be overridden: libraries insert theirs before ours
    leave_out_tensorflow(read_config())
    import structlog

    # Rasa's structured debug messages contain citizens' text
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING), cache_logger_on_first_use=True
    )
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for talker in ("rasa", "apscheduler", "asyncio", "tensorflow", "matplotlib", "sanic"):
        logging.getLogger(talker).setLevel(logging.WARNING)


def read_config() -> str:
    """Returns the text of config.yml, "" if there is none."""
    config = ROOT / "config.yml"
    return config.read_text(encoding="utf-8") if config.is_file() else ""


def _ignored(*args: object, **kwargs: object) -> None:
    """Ignore a warning."""
