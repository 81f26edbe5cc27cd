"""Health probe for containers: `python -m deploy.probe URL | process:NAME`. Exit code 0 when healthy, else 1.

Standard library only: it runs in both images, and must answer while the process itself is in trouble.
"""

import sys
import urllib.error
import urllib.request

PATIENCE = 4.0  # seconds; the container engine gives five


def main(arguments: list[str]) -> int:
    """Print one sentence, which the engine keeps with the container's health, and return 0 or 1."""
    if len(arguments) != 1:
        print("Give one address to ask.", file=sys.stderr)
        return 1
    healthy, sentence = ask(arguments[0])
    print(sentence)
    return 0 if healthy else 1


def ask(url: str) -> tuple[bool, str]:
    """Whether `url` answers 2xx in time, and a sentence about it."""
    # An empty handler: a proxy of the environment has no business between a process and its own health.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=PATIENCE) as answer:
            return True, f"{url} answers {answer.status}."
    except urllib.error.HTTPError as error:
        with error:
            return False, f"{url} answers {error.code}."
    except (OSError, ValueError) as error:
        return False, f"{url} does not answer ({type(error).__name__})."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
