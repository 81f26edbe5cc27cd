"""The bot's tests run on the bot's interpreter; elsewhere they are not collected.

A tiny project (tests/bot/project) is trained once: two answers, a greeting, four custom actions.
"""

import sys

import pytest

if sys.version_info[:2] != (3, 10):
    collect_ignore_glob = ["*.py"]
else:
    from tests.bot.fixtures import *  # noqa: F403  (pytest finds fixtures by the names in this module)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(session: pytest.Session) -> None:
        """A run that skipped a test has failed."""
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and reporter.stats.get("skipped"):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
