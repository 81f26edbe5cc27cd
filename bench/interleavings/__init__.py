"""Random interleavings of citizen, bot, agent, provider and clock, with the desk's own code on a real PostgreSQL."""
