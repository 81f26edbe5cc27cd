"""Measures understanding, for `make bench-understanding`: run by the bot's interpreter, prints JSON. Tunes nothing."""
