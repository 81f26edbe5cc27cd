import type { CivicdeskChat } from "../widget/civicdesk";
import { SPEECH } from "./speech";

/** The demo page's behaviour: its language (?lang=), its search field and its tiles. English is the page itself. */

const wanted = new URLSearchParams(location.search).get("lang") ?? "en";
const speech = SPEECH[wanted];

// Before the widget starts, because it uses the page's language.
if (speech !== undefined) translate(wanted, speech);
for (const link of document.querySelectorAll<HTMLAnchorElement>(".languages a")) {
  if (link.lang === document.documentElement.lang) link.setAttribute("aria-current", "true");
}

for (const link of document.querySelectorAll<HTMLAnchorElement>(".pages a, a.home")) {
  if (link.pathname === location.pathname && link.closest(".pages")) link.setAttribute("aria-current", "page");
  if (speech !== undefined) link.search = `?lang=${wanted}`; // the next page speaks it, too
}

document.querySelector("form.ask")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = document.querySelector<HTMLInputElement>("#question");
  const question = field?.value ?? "";
  if (field !== null) field.value = "";
  void chat().then((desk) => desk.ask(question));
});

for (const tile of document.querySelectorAll<HTMLElement>("[data-ask]")) {
  tile.addEventListener("click", (event) => {
    event.preventDefault(); // without scripts the link leads to the plain page
    const question = tile.querySelector(".tile-ask")?.textContent ?? "";
    void chat().then((desk) => desk.ask(question));
  });
}

async function chat(): Promise<CivicdeskChat> {
  await customElements.whenDefined("civicdesk-chat");
  return document.querySelector("civicdesk-chat") as CivicdeskChat;
}

function translate(language: string, words: Readonly<Record<string, string>>): void {
  document.documentElement.lang = language;
  document.title = words[document.documentElement.dataset["title"] ?? "title"] ?? document.title;
  for (const element of document.querySelectorAll<HTMLElement>("[data-t]")) {
    const text = words[element.dataset["t"] ?? ""];
    if (text !== undefined) element.textContent = text;
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-t-label]")) {
    const text = words[element.dataset["tLabel"] ?? ""];
    if (text !== undefined) element.setAttribute("aria-label", text);
  }
  const format = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-day]")) {
    time.textContent = format.format(new Date(`${time.dateTime}T12:00:00Z`));
  }
}
