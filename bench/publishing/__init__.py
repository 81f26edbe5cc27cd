"""How long it takes until every process gives what an editor published."""
