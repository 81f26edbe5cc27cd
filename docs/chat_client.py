"""A small client of the web chat, with the standard library alone: asks one question and prints what comes back.

    python docs/chat_client.py https://desk.example.org "When is my bin collected?"

The API: docs/chat-api.md. Keep the token as long as the citizen may come back, and nowhere else.
"""

import json
import sys
import urllib.error
import urllib.request
import uuid


def call(server, path, token=None, body=None):
    """One request; the answer as JSON. Raises SystemExit with the gateway's sentence if it refuses."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{server}/chat/v1/{path}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        sys.exit(json.load(refused)["error"]["message"])


def ask(server, question, waits=2):
    """Yield (author, text) of every message until the city has answered, or `waits` long polls brought nothing."""
    token = call(server, "session", body={})["token"]
    # The same client_id again would be the same message: repeat a post that brought no answer with it.
    call(server, "messages", token, {"client_id": str(uuid.uuid4()), "text": question})
    last = 0
    while waits:
        page = call(server, f"messages?after={last}&wait=25", token)
        yield from ((message["author"], message["text"]) for message in page["messages"])
        last, waits = page["last_seq"], waits - (not page["messages"])
        if any(message["author"] != "contact" for message in page["messages"]):
            return


if __name__ == "__main__":
    for author, text in ask(sys.argv[1].rstrip("/"), sys.argv[2]):
        print(f"{author}: {text}")
