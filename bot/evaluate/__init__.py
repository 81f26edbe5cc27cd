"""Measures understanding for `make bench-understanding`. Runs in the bot's interpreter, prints JSON, tunes nothing."""
