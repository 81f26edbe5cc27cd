// Single keys for frequent actions. They do nothing while somebody types, and can be switched off (WCAG 2.1.4).

const SWITCH = "civicdesk-single-keys";

interface Key {
  key: string;
  title: string;
  act(): void;
}

const KEYS: Key[] = [
  { key: "n", title: "Take the next conversation that waits", act: () => submit('form[action="/console/next"]') },
  { key: "j", title: "Next of my conversations", act: () => step(1) },
  { key: "k", title: "Previous of my conversations", act: () => step(-1) },
  { key: "r", title: "Write a reply", act: () => focus("#text") },
  { key: "/", title: "Find an approved answer (in the reply: / and a word, then Enter)", act: startAnswer },
  { key: "c", title: "Claim this conversation", act: () => submit('form[action$="/claim"]') },
  { key: "e", title: "Resolve this conversation", act: () => submit('form[action$="/resolve"]') },
  { key: "u", title: "Undo the resolve, for 8 seconds", act: () => submit("form[data-undo]") },
  { key: "b", title: "Go to the acts with the chosen conversations", act: () => focus("#bulk button") },
  { key: "s", title: "Search", act: search },
];

/** Listen on the whole page. `?` always opens the list of keys. */
export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      search();
      return;
    }
    if (event.key === "Escape" && event.target instanceof HTMLTextAreaElement && event.target.id === "text") {
      focus("#heading"); // out of the reply, so that single keys act again
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "?") {
      event.preventDefault();
      help();
      return;
    }
    const found = on() ? KEYS.find((one) => one.key === event.key) : undefined;
    if (!found) return;
    event.preventDefault();
    found.act();
  });
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.matches("input:not([type=checkbox]), textarea, select") || target.isContentEditable || target.closest("dialog") !== null)
  );
}

function on(): boolean {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true; // storage may be forbidden
  }
}

/** Focus the field in the bar; if the bar has no room for it, open the search page. */
function search(): void {
  const field = document.querySelector<HTMLInputElement>("#find");
  if (!field?.checkVisibility()) {
    location.href = "/console/search";
    return;
  }
  field.focus();
  field.select();
}

function submit(selector: string): void {
  document.querySelector<HTMLFormElement>(selector)?.requestSubmit();
}

function focus(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}

function startAnswer(): void {
  const box = document.querySelector<HTMLTextAreaElement>("#text");
  if (!box) return;
  box.focus();
  if (box.value === "") {
    box.value = "/";
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** The agent's own conversations, in the order of the list. */
function step(by: number): void {
  const rows = [...document.querySelectorAll<HTMLAnchorElement>('[data-entries="mine"] a')];
  if (rows.length === 0) return;
  const here = rows.findIndex((row) => row.getAttribute("aria-current") === "page");
  const next = here < 0 ? rows[by > 0 ? 0 : rows.length - 1] : rows[(here + by + rows.length) % rows.length];
  next?.click();
}

function help(): void {
  const dialog = document.createElement("dialog");
  dialog.className = "keys";
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = element("h2", "Keys");
  title.id = "keys-title";
  const rows = document.createElement("dl");
  for (const one of [...KEYS, { key: "Esc", title: "Leave the reply, so that single keys work" }, { key: "Ctrl+K", title: "Search" }, { key: "Ctrl+Enter", title: "Send the reply" }, { key: "?", title: "This list" }]) {
    const key = document.createElement("dt");
    key.append(element("kbd", one.key));
    rows.append(key, element("dd", one.title));
  }
  const toggle = element("button", on() ? "Switch single keys off" : "Switch single keys on");
  toggle.addEventListener("click", () => {
    try {
      localStorage.setItem(SWITCH, on() ? "off" : "on");
    } catch {
      // storage is forbidden: the keys stay on
    }
    toggle.textContent = on() ? "Switch single keys off" : "Switch single keys on";
  });
  const close = element("button", "Close");
  close.className = "primary";
  close.autofocus = true; // Enter closes it, and switches nothing
  close.addEventListener("click", () => dialog.close());
  const row = document.createElement("p");
  row.className = "row";
  row.append(toggle, close);
  dialog.append(title, rows, row);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
