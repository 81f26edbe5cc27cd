"""Migrated databases that tests use one after the other. Emptying one costs a tenth of copying the template.

After each test its rows are deleted and its sequences restarted. A database whose schema, rights or settings a test has
changed is dropped instead, and so is one that another connection keeps locked."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import asyncpg

from tests.support import servers

LONGEST_LOCK = "2s"
_SCHEMA = """SELECT md5(
    (SELECT coalesce(string_agg(c.oid::text || c.relname || c.relkind::text || coalesce(c.relacl::text, '') || c.relnatts::text
                                || c.relhastriggers::text || coalesce(c.reloptions::text, ''), ',' ORDER BY c.oid), '')
     FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace)
    || (SELECT coalesce(string_agg(t.tgname || t.tgenabled::text || t.tgrelid::text, ',' ORDER BY t.oid), '') FROM pg_trigger t)
    || (SELECT coalesce(string_agg(p.proname || md5(p.prosrc), ',' ORDER BY p.oid), '')
        FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace)
    || (SELECT coalesce(string_agg(n.conname || n.conrelid::text || n.convalidated::text, ',' ORDER BY n.oid), '')
        FROM pg_constraint n WHERE n.connamespace = 'public'::regnamespace)
    || (SELECT coalesce(string_agg(s.setconfig::text, ',' ORDER BY s.setrole), '') FROM pg_db_role_setting s
        WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))))"""
_TABLES = (
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
)
# A table that nobody wrote to has no pages. To open a table's indexes and plan its deletion takes longer than this.
_WRITTEN = """SELECT quote_ident(c.relname) FROM pg_class c
              WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0"""
_SEQUENCES = """SELECT string_agg(format('setval(%L, %s, false)', format('%I.%I', schemaname, sequencename), start_value), ', ')
                FROM pg_sequences WHERE schemaname = 'public'"""


class Databases:
    """Of one server, all copies of one template."""

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._free: list[str] = []
        self._empty: frozenset[str] = frozenset()
        self._restart = ""
        self._rows = self._kept = ""
        self._schema: dict[str, str] = {}

    @contextmanager
    def borrow(self) -> Iterator[str]:
        """The address of one that nobody else uses, as the template is."""
        name = self._free.pop() if self._free else self._copy()
        yield servers.named(self._server, name)
        if asyncio.run(self._is_emptied(name)):
            self._free.append(name)
        else:
            self._drop(name)

    def drop(self) -> None:
        """All that are free."""
        while self._free:
            self._drop(self._free.pop())

    def _copy(self) -> str:
        name = f"test_{uuid4().hex[:12]}"
        servers.run_sql(self._server, f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        asyncio.run(self._learn(name))
        return name

    async def _learn(self, name: str) -> None:
        connection = await asyncpg.connect(servers.named(self._server, name))
        try:
            self._schema[name] = await connection.fetchval(_SCHEMA)
            if not self._restart:
                tables = [row["name"] for row in await connection.fetch(_TABLES)]
                kept = [
                    table
                    for table in tables
                    if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table})")
                ]
                self._empty = frozenset(tables).difference(kept)
                self._restart = await connection.fetchval(_SEQUENCES)
                self._rows = "SELECT md5(concat({}))".format(
                    ", ".join(
                        f"(SELECT string_agg(k::text, ',' ORDER BY k::text) FROM {table} k)" for table in kept
                    )
                )
                self._kept = await connection.fetchval(self._rows)
        finally:
            await connection.close()

    async def _is_emptied(self, name: str) -> bool:
        """Whether it is as the template again."""
        connection = await asyncpg.connect(servers.named(self._server, name))
        try:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await connection.execute(
                f"SET lock_timeout = '{LONGEST_LOCK}'; SET session_replication_role = replica"
            )
            if await connection.fetchval(_SCHEMA) != self._schema[name]:
                return False
            written = self._empty.intersection(name for (name,) in await connection.fetch(_WRITTEN))
            await connection.execute(
                "; ".join([*(f"DELETE FROM {table}" for table in sorted(written)), f"SELECT {self._restart}"])
            )
            return bool(await connection.fetchval(self._rows) == self._kept)
        except asyncpg.PostgresError:
            return False
        finally:
            await connection.close()

    def _drop(self, name: str) -> None:
        servers.run_sql(self._server, f'DROP DATABASE "{name}" WITH (FORCE)')
