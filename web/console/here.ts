// Who else has this conversation open, and who is typing: asked every few seconds while the page is in view.

import { announce } from "./page";

const EVERY = 8_000; // ms; the desk forgets a page after 20 seconds
const TYPED = 6_000; // ms after the last key

interface Other {
  name: string;
  typing: boolean;
}

/** Tell the desk that this page is open, and show who else is there. */
export function showOthers(): void {
  const id = document.body.dataset["conversation"];
  const csrf = document.querySelector<HTMLInputElement>("form.out [name=csrf]")?.value ?? "";
  if (!id) return;
  let typed = 0;
  let told = false;

  async function ask(): Promise<void> {
    if (document.hidden) return;
    const typing = Date.now() - typed < TYPED;
    told = typing;
    const answer = await fetch(`/console/conversations/${id}/here`, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ csrf, typing: typing ? "1" : "" }),
      signal: AbortSignal.timeout(5_000),
    }).catch(() => null);
    if (answer?.ok) show(((await answer.json()) as { others: Other[] }).others);
  }

  document.addEventListener("input", (event) => {
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    typed = Date.now();
    if (!told) void ask();
  });
  document.addEventListener("visibilitychange", () => void ask());
  setInterval(() => void ask(), EVERY);
  void ask();
}

function show(others: Other[]): void {
  const line = document.querySelector<HTMLElement>("[data-others]");
  if (!line) return;
  const typing = others.filter((one) => one.typing).map((one) => one.name);
  const here = others.filter((one) => !one.typing).map((one) => one.name);
  const parts = [
    typing.length > 0 ? `${typing.join(", ")} ${typing.length === 1 ? "is" : "are"} typing here too.` : "",
    here.length > 0 ? `${here.join(", ")} ${here.length === 1 ? "has" : "have"} this open.` : "",
  ];
  const text = parts.filter(Boolean).join(" ");
  if (line.textContent === text) return;
  line.textContent = text;
  line.hidden = !text;
  line.classList.toggle("warn", typing.length > 0);
  if (typing.length > 0) announce(text);
}
