"""The tables that the trainer uses, in a schema of their own, and a release with a model."""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

TABLES = """
CREATE TABLE trainings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, forced boolean NOT NULL DEFAULT false,
    held boolean NOT NULL DEFAULT false, files jsonb NOT NULL,
    state text NOT NULL DEFAULT 'waiting', step text NOT NULL DEFAULT '', started_at timestamptz, seen_at timestamptz,
    finished_at timestamptz, report text NOT NULL DEFAULT '', figures jsonb NOT NULL DEFAULT '{}');
CREATE TABLE trained_models (training_id bigint PRIMARY KEY, sha256 text, code text, model bytea);
CREATE TABLE models_in_use (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, training_id bigint);
CREATE TABLE comparisons (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, old_training bigint, new_training bigint NOT NULL, state text NOT NULL,
    questions integer NOT NULL DEFAULT 0, started_at timestamptz, seen_at timestamptz, finished_at timestamptz,
    said text NOT NULL DEFAULT '', marked jsonb NOT NULL DEFAULT '{}');
CREATE TABLE compared_questions (
    comparison_id bigint NOT NULL, message_id uuid NOT NULL, language text NOT NULL, text text NOT NULL, moments jsonb,
    old jsonb, new jsonb, PRIMARY KEY (comparison_id, message_id));
CREATE TABLE regression_questions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text, language text, accepted text[], refused text[]);
"""


@asynccontextmanager
async def trainer_tables() -> AsyncIterator[tuple[str, Any]]:
    """The address with which the trainer finds them, and a connection beside it."""
    url, schema = os.environ["DATABASE_URL"], f"trained_{uuid.uuid4().hex}"
    admin = await asyncpg.connect(url)
    await admin.execute(f"CREATE SCHEMA {schema}; SET search_path = {schema}; {TABLES}")
    yield f"{url}{'&' if '?' in url else '?'}search_path={schema}", admin
    await admin.execute(f"DROP SCHEMA {schema} CASCADE")
    await admin.close()


def add_release(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """var/ of a release with a model of its own."""
    from bot.model_file import Current, file_hash, write_current
    from bot.trained.in_use import RELEASE

    models = folder / "var" / "models"
    models.mkdir(parents=True)
    (models / "own.tar.gz").write_bytes(b"the release's")
    write_current(models, Current("own.tar.gz", file_hash(models / "own.tar.gz"), "inputs"))
    monkeypatch.setenv("CIVICDESK_VAR", str(folder / "var"))
    monkeypatch.delenv(RELEASE, raising=False)
