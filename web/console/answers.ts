// Approved answers and canned texts in the reply: "/" and a word at the start lists them, Enter inserts one.

interface Offer {
  id: string;
  title: string;
  text: string;
  due: boolean;
  missing?: string[];
}

const PAUSE = 120; // ms after the last key before the desk is queried
const NOTED = 3; // answers of a list that an agent has looked at

/** Listen on the whole page, so that a replaced reply box works too. */
export function offerAnswers(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-use-answer]") : null;
    const text = button?.closest("details")?.querySelector("[data-answer-text]")?.textContent;
    if (button && text) put(text, button.getAttribute("data-use-answer") ?? "");
  });
  document.addEventListener(
    "toggle",
    (event) => {
      const offer = event.target instanceof HTMLDetailsElement && event.target.open ? event.target : null;
      const id = offer?.querySelector("[data-use-answer]")?.getAttribute("data-use-answer");
      if (id) noteUse("suggested", id);
    },
    true,
  );
  let asked: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener("input", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLTextAreaElement) || box.id !== "text") return;
    clearTimeout(asked);
    if (!wanted(box)) close();
    else asked = setTimeout(() => void open(box), PAUSE);
  });
  // Before the handler that sends the reply.
  document.addEventListener("keydown", choose, true);
  document.addEventListener("focusout", (event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.id === "text") setTimeout(close, 200);
  });
}

function wanted(box: HTMLTextAreaElement): boolean {
  return box.value.startsWith("/") && !box.value.includes("\n") && box.value.length < 60;
}

async function open(box: HTMLTextAreaElement): Promise<void> {
  const language = box.form?.dataset["language"] ?? "";
  const query = new URLSearchParams({ q: box.value.slice(1), language, conversation: document.body.dataset["conversation"] ?? "" });
  const answer = await fetch(`/console/answers/find?${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || !wanted(box)) return;
  const { answers } = (await answer.json()) as { answers: Offer[] };
  close();
  if (answers.length === 0) return;
  const list = document.createElement("ul");
  list.id = "answers-found";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Approved answers and canned texts");
  answers.forEach((one, place) => {
    const row = document.createElement("li");
    row.id = `answer-${place}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(place === 0));
    row.dataset["text"] = one.text;
    row.dataset["id"] = one.id;
    if (place < NOTED) noteUse("suggested", one.id);
    const title = document.createElement("strong");
    const note = one.due ? " (review is due)" : one.missing?.length ? ` (fill in: ${one.missing.join(", ").replaceAll("_", " ")})` : "";
    title.textContent = one.title + note;
    const start = document.createElement("span");
    start.textContent = one.text.slice(0, 120);
    row.append(title, start);
    row.addEventListener("mousedown", (event) => {
      event.preventDefault(); // keep the focus in the box
      put(one.text, one.id);
    });
    list.append(row);
  });
  box.before(list);
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-activedescendant", "answer-0");
}

function choose(event: KeyboardEvent): void {
  const list = document.getElementById("answers-found");
  const box = event.target;
  if (!list || !(box instanceof HTMLTextAreaElement)) return;
  const rows = [...list.children] as HTMLElement[];
  const here = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  if (event.key === "Escape") close();
  else if (event.key === "Enter") put(rows[here]?.dataset["text"] ?? "", rows[here]?.dataset["id"] ?? "");
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = (here + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length;
    rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === next)));
    rows[next]?.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", `answer-${next}`);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Which answers were opened and inserted is sent with the reply: editors learn from the difference. */
function noteUse(field: "answers" | "suggested", id: string): void {
  const kept = document.querySelector<HTMLInputElement>(`[data-reply] [name=${field}]`);
  if (kept && !kept.value.split(" ").includes(id)) kept.value = `${kept.value} ${id}`.trim();
}

/** Insert into the reply: replaces "/…", else appends. Nothing is sent. */
function put(text: string, id: string): void {
  const box = document.querySelector<HTMLTextAreaElement>("#text");
  if (!box) return;
  const before = wanted(box) ? "" : box.value.trimEnd();
  box.value = before ? `${before}\n\n${text}` : text;
  noteUse("answers", id);
  close();
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function close(): void {
  document.getElementById("answers-found")?.remove();
  const box = document.querySelector("#text");
  box?.removeAttribute("aria-controls");
  box?.removeAttribute("aria-activedescendant");
}
