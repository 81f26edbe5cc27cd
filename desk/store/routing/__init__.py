"""Teams, presence, and who is offered which conversation."""
