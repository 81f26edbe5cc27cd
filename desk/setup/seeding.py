"""Seeds the database when a worker starts: adds entries that the files have and the database lacks. Nothing is overwritten."""

from datetime import datetime
from pathlib import Path

import structlog

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.exchange import seed_answers
from desk.knowledge.publishing.fact_exchange import seed_facts
from desk.notices.plan import seed_plans
from desk.replies.seeds import seed
from desk.routing.team_directory import seed_teams
from desk.setup.city_seed import seed_settings
from desk.store.pool import Store

log = structlog.get_logger("worker")


async def seed_database(
    store: Store, content: Path, catalog: Catalog, city: City, seed_city: City, now: datetime
) -> None:
    """Canned texts, tags, macros, teams, settings, answers and prepared notices. `seed_city` is city.yml as it is. Any number of workers may do
    this at the same time."""
    await seed(store, content, catalog, city)
    await seed_teams(store.pool, city)
    async with store.transaction() as transaction:
        for name in await seed_settings(transaction, seed_city, now):
            log.warning("setting_in_conflict", setting=name)
    for name in await seed_facts(store, content, catalog.seed_facts, now):
        log.warning("fact_in_conflict", fact=name)
    for name in await seed_answers(store, content, catalog.seed, now):
        log.warning("answer_in_conflict", answer=name)
    for name in await seed_plans(store, content, now):
        log.warning("notice_plan_in_conflict", plan=name)
