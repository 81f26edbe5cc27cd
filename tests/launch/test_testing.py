"""The order of `make test`: one step runs beside all others, and whichever fails first ends the run."""

import sys
import time

import pytest

from launch.testing import run_beside


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


FINE, FAILS = python("print('fine')"), python("raise SystemExit(3)")
WAITS = python("import time; time.sleep(60)")


def test_all_fine(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_beside(("aside", FINE), [("one", FINE), ("two", FINE)], {}) == 0
    said = capfd.readouterr().out
    assert "== aside: fine" in said and "== one: fine" in said and "== two: fine" in said


@pytest.mark.parametrize(("aside", "step", "failed"), [(FAILS, WAITS, "aside"), (WAITS, FAILS, "one")])
def test_whichever_fails_first_ends_the_other(
    aside: list[str], step: list[str], failed: str, capfd: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    assert run_beside(("aside", aside), [("one", step), ("never", FINE)], {}) == 3
    said = capfd.readouterr().out
    assert f"== {failed} failed" in said and "never" not in said
    assert said.count("failed") == 1 and time.monotonic() - began < 50, "nobody waited for the other"


def test_one_that_fails_after_the_last_step_is_not_passed(capfd: pytest.CaptureFixture[str]) -> None:
    late = python("import time; time.sleep(1); raise SystemExit(4)")
    assert run_beside(("aside", late), [("one", FINE)], {}) == 4
    assert "== aside failed" in capfd.readouterr().out
