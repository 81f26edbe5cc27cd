/**
 * A conversation that was begun with the forms of /chat goes on in the widget: the gateway gives its token to this page, and
 * the widget starts with it. The page stays plain if the browser keeps nothing, or has another conversation in its widget.
 */

const TOKEN = "civicdesk.token"; // as in widget/store.ts and widget/session.ts

void goOn();

async function goOn(): Promise<void> {
  const csrf = document.querySelector<HTMLElement>("civicdesk-chat")?.dataset["csrf"] ?? "";
  try {
    const response = await fetch("/chat/continue", { method: "POST", body: new URLSearchParams({ csrf }) });
    if (!response.ok) return;
    const { token } = (await response.json()) as { token: string };
    const own = localStorage.getItem(TOKEN);
    if (own !== null && own !== token && (await lives(own))) return;
    localStorage.setItem(TOKEN, token);
  } catch {
    return; // no connection, or storage is denied
  }
  const address = "/widget/civicdesk.js"; // a file of its own
  await import(address);
}

async function lives(token: string): Promise<boolean> {
  const headers = { Authorization: `Bearer ${token}` };
  return (await fetch("/chat/v1/messages?after=0", { headers })).status !== 401;
}
