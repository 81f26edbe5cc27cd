"""An editor asks for a training and chooses the model; the trainer has the same tables and no others."""

import pytest

from desk.knowledge.publishing.review import MovedOn
from desk.knowledge.publishing.training import Trainings
from desk.model import NotAllowed
from tests.support.answers_office import ID, OLD, Office


async def test_a_training_is_asked_for_once_and_its_model_is_chosen_and_rolled_back(office: Office) -> None:
    trainings, pool = Trainings(office.store, office.ours.seed, office.clock), office.store.pool
    await office.publish(OLD)
    await trainings.ask(office.ada, forced=False)
    with pytest.raises(MovedOn, match="already"):
        await trainings.ask(office.ben, forced=True)
    standing = await trainings.standing(office.ada)
    assert standing.is_open and standing.in_use is None and standing.untrained == []
    training = standing.trainings[0].id
    files = await pool.fetchval("SELECT files FROM trainings")
    assert OLD in files[ID] and set(files) == set(office.ours.seed)
    with pytest.raises(MovedOn, match="no longer kept"):
        await trainings.use(office.ada, training)
    await pool.execute(
        "INSERT INTO trained_models (training_id, sha256, code, model) VALUES ($1, 's', 'c', 'm')", training
    )
    await pool.execute("INSERT INTO models_in_use (training_id) VALUES ($1)", training)
    await pool.execute("UPDATE trainings SET state = 'trained', report = 'Better.'")
    assert (await trainings.standing(office.ada)).in_use == training
    await office.publish(f"{OLD} And more.")
    assert (await trainings.standing(office.ada)).untrained == [ID]
    await trainings.use(office.ben, None)
    standing = await trainings.standing(office.ben)
    assert standing.in_use is None and [one.training_id for one in standing.uses] == [None, training]
    assert standing.trainings[0].kept and not standing.is_open
    await trainings.use(office.ada, training)
    assert (await trainings.standing(office.ada)).in_use == training
    for role in ("agent", "supervisor", "admin"):
        one = await office.somebody(role)
        for act in (trainings.ask(one, forced=False), trainings.use(one, None)):
            with pytest.raises(NotAllowed):
                await act
    rows = await pool.fetch("SELECT action FROM audit WHERE action IN ('training_asked', 'model_chosen')")
    assert len(rows) == 3
