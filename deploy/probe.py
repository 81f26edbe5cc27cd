"""Health probe for containers: `python -m deploy.probe URL
process:NAME`. Exit code 0 if healthy, else 1.

Standard library only: it runs in both images, and must answer while the process itself is in trouble.
"""

import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE = 4.0  # seconds; the container engine allows five


def main(arguments: list[str]) -> int:
    """Print one sentence, which the engine stores with the container's health, and return 0 or 1."""
    if len(arguments) != 1:
        print("Give one address to ask, or process:NAME.", file=sys.stderr)
        return 1
    kind, _, name = arguments[0].partition(":")
    healthy, sentence = look(name) if kind == "process" else ask(arguments[0])
    print(sentence)
    return 0 if healthy else 1


def ask(url: str) -> tuple[bool, str]:
    """Whether `url` answers 2xx in time, and a sentence about it."""
    # An empty handler: a proxy from the environment must not come between a process and its own health check.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=PATIENCE) as answer:
            return True, f"{url} answers {answer.status}."
    except urllib.error.HTTPError as error:
        with error:
            return False, f"{url} answers {error.code}."
    except (OSError, ValueError) as error:
        return False, f"{url} does not answer ({type(error).__name__})."


def look(name: str, proc: Path = Path("/proc")) -> tuple[bool, str]:
    """Whether `python -m name`, started with our environment, has an open connection to its database or
    Redis.

    For a process that does not listen on a port: the worker. A worker that has lost both is reported
    unhealthy.
    """
    for folder in proc.iterdir():
        try:
            if folder.name.isdigit() and _is_it(folder, name):
                if _connections(folder):
                    return True, f"{name} runs and is connected."
                return False, f"{name} runs and is not connected."
        except OSError:
            continue  # it ended in the meantime, or belongs to another user
    return False, f"{name} does not run."


def _is_it(folder: Path, name: str) -> bool:
    words = (folder / "cmdline").read_bytes().split(b"\0")
    if [b"-m", name.encode()] not in [words[place : place + 2] for place in range(len(words))]:
        return False
    # In a container this always matches; on a machine with several it tells our process from another's.
    given = f"DATABASE_URL_FILE={os.environ.get('DATABASE_URL_FILE', '')}".encode()
    return given in (folder / "environ").read_bytes().split(b"\0")


def _connections(folder: Path) -> bool:
    mine = {os.readlink(file) for file in (folder / "fd").iterdir()}
    for table in ("tcp", "tcp6"):
        for line in (folder / "net" / table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "01" and f"socket:[{fields[9]}]" in mine:  # 01: established
                return True
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
