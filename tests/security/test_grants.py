"""Least privilege in the database: what the processes' roles may do is what their code does, and no more."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from desk.store.grants import ALL, BOT, GATEWAY, GRANTS, TRAINER, WORKER
from desk.store.migrate import migrate
from desk.store.schema_compat import head
from launch.embedded import ROLES, Engines
from tests.security.database_needs import needs

DATABASES_OWN = {"alembic_version", "schema_compat"}  # read by every process before it starts


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """The embedded engines of `make run`, with the schema."""
    with Engines(tmp_path_factory.mktemp("grants"), {}) as engines:
        asyncio.run(migrate(engines.environ["DATABASE_URL"]))
        yield engines


@pytest.fixture
async def owner(engines: Engines) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(engines.environ["DATABASE_URL"])
    yield connection
    await connection.close()


@pytest.fixture(params=ROLES)
async def role(
    engines: Engines, request: pytest.FixtureRequest
) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection as each of the processes has it."""
    connection = await asyncpg.connect(engines.role_urls[request.param])
    yield connection
    await connection.close()


async def _tables(owner: "asyncpg.Connection[asyncpg.Record]") -> frozenset[str]:
    rows = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return frozenset(row["tablename"] for row in rows)


async def test_every_table_says_who_may_touch_it(owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    assert await _tables(owner) == set(GRANTS), "desk/store/grants.py names each table, and no other"


@pytest.mark.parametrize("role", [GATEWAY, WORKER])
async def test_the_grants_are_what_the_code_does(
    owner: "asyncpg.Connection[asyncpg.Record]", role: str
) -> None:
    """A statement that was added needs its verb in desk/store/grants.py, and one that went takes it along."""
    done = needs(role, await _tables(owner))
    given = {
        table: set(verbs[role].split(", "))
        for table, verbs in GRANTS.items()
        if role in verbs and table not in DATABASES_OWN
    }
    assert given == {table: verbs for table, verbs in done.items() if table not in DATABASES_OWN}


def test_the_bot_has_its_own_table_and_no_other() -> None:
    assert {table: verbs[BOT] for table, verbs in GRANTS.items() if BOT in verbs} == {
        "models_in_use": "SELECT",
        "trackers": ALL,
        "trained_models": "SELECT",
        "trainings": "SELECT",
    }


def test_the_trainer_has_the_trainings_and_masked_questions_and_no_conversations() -> None:
    assert {table: verbs[TRAINER] for table, verbs in GRANTS.items() if TRAINER in verbs} == {
        "compared_questions": "SELECT, UPDATE, DELETE",
        "comparisons": "SELECT, UPDATE",
        "models_in_use": "SELECT, INSERT",
        "regression_questions": "SELECT",
        "trained_models": "SELECT, INSERT, DELETE",
        "trainings": "SELECT, UPDATE",
    }


async def test_only_the_trainer_stores_a_model(
    engines: Engines, role: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    """A model is loaded as a program: whoever stores one runs in every bot."""
    statement = "INSERT INTO trained_models (training_id, sha256, code, model) VALUES (0, '', '', '')"
    trainer = await role.fetchval("SELECT current_user") == TRAINER
    with pytest.raises(asyncpg.ForeignKeyViolationError if trainer else asyncpg.InsufficientPrivilegeError):
        await role.execute(statement)


async def test_no_process_rewrites_the_audit(role: "asyncpg.Connection[asyncpg.Record]") -> None:
    for statement in (
        "UPDATE audit SET action = 'nothing'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "DROP TABLE audit",
        "ALTER TABLE audit ADD COLUMN note text",
        "CREATE RULE hide AS ON INSERT TO audit DO INSTEAD NOTHING",
        "CREATE TRIGGER hide BEFORE INSERT ON audit EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "MERGE INTO audit USING (SELECT 1 AS id) one ON audit.id = one.id WHEN MATCHED THEN DELETE",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await role.execute(statement)


async def test_gateway_and_worker_append_to_the_audit(
    engines: Engines, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    """The refusals above are not for want of a connection or a table."""
    before = await owner.fetchval("SELECT count(*) FROM audit")
    for name in (GATEWAY, WORKER):
        connection = await asyncpg.connect(engines.role_urls[name])
        await connection.execute("INSERT INTO audit (action) VALUES ('test')")
        await connection.close()
    assert await owner.fetchval("SELECT count(*) FROM audit") == before + 2


async def test_no_process_changes_the_schema_or_its_own_rights(
    role: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    for statement in (
        "CREATE TABLE mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP TABLE trackers",
        "TRUNCATE messages",
        "CREATE INDEX mine ON contacts (name)",
        "CREATE ROLE mine",
        "GRANT civicdesk_gateway TO civicdesk_bot",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "ALTER SYSTEM SET fsync = off",
        "UPDATE alembic_version SET version_num = '0001'",
        "UPDATE schema_compat SET oldest_revision = '0001'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT * FROM pg_authid",
    ):
        with pytest.raises(asyncpg.PostgresError) as refused:
            await role.execute(statement)
        assert isinstance(refused.value, asyncpg.InsufficientPrivilegeError), (statement, refused.value)


async def test_the_worker_sees_no_password(engines: Engines) -> None:
    worker = await asyncpg.connect(engines.role_urls[WORKER])
    await worker.fetch("SELECT id, name, email FROM agents")
    for statement in (
        "SELECT password_hash FROM agents",
        "SELECT * FROM agents",
        "SELECT * FROM agent_sessions",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await worker.fetch(statement)
    await worker.close()


async def test_a_right_that_was_given_by_hand_goes_with_the_next_start(
    engines: Engines, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await owner.execute("GRANT DELETE ON audit TO civicdesk_gateway")
    await owner.execute("GRANT SELECT (password_hash) ON agents TO civicdesk_worker")
    await migrate(engines.environ["DATABASE_URL"])
    rights = await owner.fetchrow(
        "SELECT has_table_privilege('civicdesk_gateway', 'audit', 'DELETE') AS rewrite, "
        "has_column_privilege('civicdesk_worker', 'agents', 'password_hash', 'SELECT') AS read, "
        "has_column_privilege('civicdesk_worker', 'agents', 'name', 'SELECT') AS name"
    )
    assert rights is not None and dict(rights) == {"rewrite": False, "read": False, "name": True}


async def test_a_process_finds_the_schema_of_its_owner(engines: Engines) -> None:
    for name in (GATEWAY, WORKER):
        await migrate(engines.role_urls[name], patience=0)


async def test_triggers_write_as_the_owner(owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Else a role would need the rights of what a trigger does, which the code does not show."""
    rows = await owner.fetch(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype "
        "AND NOT (prosecdef AND proconfig @> ARRAY['search_path=public, pg_temp'])"
    )
    assert [row["proname"] for row in rows] == []


async def test_the_launcher_and_the_store_name_the_same_roles(
    owner: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    assert set(ROLES) == {GATEWAY, WORKER, BOT, TRAINER}
    assert await owner.fetchval("SELECT version_num FROM alembic_version") == head()
    text = (Path(__file__).parents[2] / "deploy" / "postgres" / "roles.sql").read_text()
    assert all(name in text for name in ROLES)
