"""How long it takes until every catalogue has what an editor published."""
