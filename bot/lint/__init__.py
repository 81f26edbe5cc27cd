"""Checks of the training examples, for the people who write them: `python -m bot.lint`."""
