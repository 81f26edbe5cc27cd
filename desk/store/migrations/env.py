"""Alembic's entry. `migrate` hands over its connection: the whole upgrade is one transaction of its own."""

from alembic import context

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Run `python -m desk.store.migrate`: it knows DATABASE_URL and takes the lock.")

context.configure(connection=connection, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
