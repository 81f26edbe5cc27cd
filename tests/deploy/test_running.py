"""Every service as a plain process, with exactly the command, the environment and the health check of the compose file.

What the engine would do is done by substitution on values: a service's name becomes loopback and a free port, a secret's
path becomes a file of this test's, the image's folders become the checkout's.
"""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.compose import TOP, services
from tests.deploy.engines import BIN, postgres, redis_programs
from tests.deploy.images import FILES, IMAGE_OF, final_stage
from tests.support.ports import free_port

pytestmark = pytest.mark.slow

PATIENCE = 300.0  # seconds for all to become healthy: the bot reads its model
PORTS = {
    "postgres": "5432",
    "redis": "6379",
    "gateway": "8080",
    "bot": "5005",
    "actions": "5055",
    "worker": "8081",
}
PROCESSES = ("actions", "bot", "gateway", "worker")


class Stack:
    """The services that run, and how to ask for their health."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secrets = folder / "secrets"
        self.ports = {name: str(free_port()) for name in PORTS}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.services = services()
        self.redis = redis_programs(folder)
        subprocess.run([TOP / "deploy/make-secrets.sh", self.secrets], check=True, capture_output=True)
        for path in (one for one in self.secrets.iterdir() if one.is_file()):
            text = path.read_text()
            if "://" in text:
                path.chmod(0o600)
                path.write_text(self.here(text))

    def here(self, value: str) -> str:
        """A value of the file as it is on this machine."""
        if value in PORTS.values():
            return next(self.ports[name] for name, port in PORTS.items() if port == value)
        for name, port in PORTS.items():
            value = re.sub(rf"(?<=[/@]){name}:{port}\b", f"127.0.0.1:{self.ports[name]}", value)
            value = value.replace(f"127.0.0.1:{port}", f"127.0.0.1:{self.ports[name]}")
        value = value.replace("/run/secrets/", f"{self.secrets}/")
        value = value.replace("/run/inboxes", f"{self.secrets}/inboxes")
        value = value.replace("/run/keys", f"{self.secrets}/keys")
        value = value.replace("/var/lib/civicdesk", str(self.folder))
        return "127.0.0.1" if value == "0.0.0.0" else value

    def environ(self, name: str) -> dict[str, str]:
        """What the image sets and what the file gives; nothing of this test's own environment but PATH."""
        environ: dict[str, str] = {}
        if name in IMAGE_OF:
            for what, rest in final_stage(FILES[IMAGE_OF[name]]):
                if what == "ENV":
                    environ |= dict(pair.split("=", 1) for pair in shlex.split(rest))
            environ["PYTHONPATH"] = environ["PYTHONPATH"].replace("/app", str(TOP))
        environ["PATH"] = os.pathsep.join([str(BIN), str(self.redis), os.environ["PATH"]])
        for variable, value in self.services[name].get("environment", {}).items():
            environ[variable] = self.here(value)
        return environ

    def command(self, name: str, words: list[str]) -> list[str]:
        words = [self.here(word) for word in words]
        if words[0] == "python":
            words[0] = bot_python() if IMAGE_OF[name] == "bot" else sys.executable
        return words

    def start(self, name: str, *more: str) -> None:
        log = (self.folder / f"{name}.log").open("wb")
        command = [*self.command(name, self.services[name]["command"]), *more]
        self.running[name] = subprocess.Popen(
            command, cwd=TOP, env=self.environ(name), stdout=log, stderr=log
        )
        log.close()

    def healthy(self, name: str) -> bool:
        """Run the service's own health check once."""
        how, *test = self.services[name]["healthcheck"]["test"]
        if how == "CMD-SHELL":
            test = ["/bin/sh", "-c", test[0].replace("redis-cli", f"redis-cli -p {self.ports['redis']}")]
        environ = {**self.environ(name), "PGPORT": self.ports["postgres"]}
        command = self.command(name, test)
        return subprocess.run(command, cwd=TOP, env=environ, capture_output=True, timeout=30).returncode == 0

    def wait_until_healthy(self, name: str, deadline: float) -> None:
        while not self.healthy(name):
            process = self.running.get(name)
            assert process is None or process.poll() is None, f"{name} ended:\n{self.log(name)}"
            assert time.monotonic() < deadline, f"{name} is not healthy:\n{self.log(name)}"

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-4000:]

    def stop(self, name: str) -> int:
        """As the engine does: SIGTERM, and SIGKILL when the grace period is over."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(float(self.services[name].get("stop_grace_period", "10s").removesuffix("s")))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def bot_python() -> str:
    return os.environ.get("CIVICDESK_BOT_PYTHON") or str(TOP / ".venv-bot" / "bin" / "python")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All of them, started in the order of depends_on; each was seen unhealthy before it was started."""
    stack = Stack(tmp_path_factory.mktemp("compose"))
    deadline = time.monotonic() + PATIENCE
    with ExitStack() as cleaning:
        cleaning.callback(lambda: [stack.stop(name) for name in list(stack.running)])
        assert not stack.healthy("postgres") and not stack.healthy("redis")
        server = stack.services["postgres"]
        initdb = server["environment"]["POSTGRES_INITDB_ARGS"].split()
        options = " ".join(server["command"][1:])
        port = int(stack.ports["postgres"])
        cleaning.enter_context(postgres(stack.folder / "postgres", stack.secrets, port, initdb, options))
        stack.start(
            "redis", "--port", stack.ports["redis"], "--bind", "127.0.0.1", "--dir", str(stack.folder)
        )
        for name in ("postgres", "redis"):
            stack.wait_until_healthy(name, deadline)
        command = stack.command("prepare", stack.services["prepare"]["command"])
        done = subprocess.run(command, cwd=TOP, env=stack.environ("prepare"), capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        for name in PROCESSES:
            assert not stack.healthy(name), f"{name} is called healthy before it was started"
            stack.start(name)
        for name in PROCESSES:
            stack.wait_until_healthy(name, deadline)
        yield stack


def ask(stack: Stack, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    url = f"http://127.0.0.1:{stack.ports['gateway']}{path}"
    request = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=40) as answer:
        return json.load(answer)


def test_every_process_is_healthy_by_its_own_check(stack: Stack) -> None:
    assert {name: stack.healthy(name) for name in PROCESSES} == dict.fromkeys(PROCESSES, True)


def test_a_citizen_is_answered(stack: Stack) -> None:
    token = ask(stack, "POST", "/chat/v1/session", {"language": "en"})["token"]
    question = {"client_id": str(uuid.uuid4()), "text": "how do I renew my passport?"}
    ask(stack, "POST", "/chat/v1/messages", question, token)
    deadline = time.monotonic() + 60
    authors: list[str] = []
    after = 0
    while "bot" not in authors:
        page = ask(stack, "GET", f"/chat/v1/messages?after={after}&wait=25", token=token)
        authors += [message["author"] for message in page["messages"]]
        after = page["last_seq"]
        assert time.monotonic() < deadline, (authors, stack.log("worker"))
    assert authors == ["contact", "bot"]


def test_no_secret_is_in_a_log_or_on_a_command_line(stack: Stack) -> None:
    values = {path.name: path.read_text().strip() for path in stack.secrets.iterdir() if path.is_file()}
    for name, process in stack.running.items():
        seen = (stack.folder / f"{name}.log").read_text(errors="replace")
        seen += Path(f"/proc/{process.pid}/cmdline").read_bytes().decode()
        assert [secret for secret, value in values.items() if value in seen] == []


def test_a_process_that_is_gone_is_seen_and_it_went_cleanly(stack: Stack) -> None:
    for name in ("worker", "gateway", "actions", "bot"):
        assert stack.stop(name) == 0, stack.log(name)
        assert not stack.healthy(name)
