"""The bot's tests run on the bot's interpreter; elsewhere they are not collected.

A tiny project (tests/bot/project) is trained once: two answers, a greeting, four custom actions.
"""

import sys

if sys.version_info[:2] != (3, 10):
    collect_ignore_glob = ["*.py"]
else:
    from tests.bot.fixtures import *  # noqa: F403
