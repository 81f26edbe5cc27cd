import type { CivicdeskChat } from "../widget/civicdesk";

/** Set by build.mjs: language -> the file of the page's words. */
declare const SPEECH_FILES: Readonly<Record<string, string>>;

/** The demo page's behaviour: its language (?lang=), its search field, its tiles and its early form. English is the page itself. */

const PATIENCE = 8_000; // ms to wait for the chat's script; after that the plain page takes the question

const wanted = new URLSearchParams(location.search).get("lang") ?? "en";
const speech = SPEECH_FILES[wanted];

if (speech !== undefined) {
  document.documentElement.lang = wanted; // before the widget starts, because it uses the page's language
  void translate(wanted, speech);
}
for (const link of document.querySelectorAll<HTMLAnchorElement>(".languages a")) {
  if (link.lang === document.documentElement.lang) link.setAttribute("aria-current", "true");
}

for (const link of document.querySelectorAll<HTMLAnchorElement>(".pages a, a.home")) {
  if (link.pathname === location.pathname && link.closest(".pages")) link.setAttribute("aria-current", "page");
  if (speech !== undefined) link.search = `?lang=${wanted}`; // the next page speaks it, too
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[action='/chat']")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = form.elements.namedItem("text") as HTMLInputElement | HTMLTextAreaElement;
    const note = form.querySelector<HTMLElement>("[role=status]");
    if (note !== null) note.hidden = false; // on a slow line the script is still on its way
    void chat().then((desk) => {
      if (note !== null) note.hidden = true;
      if (desk === null) return form.submit();
      const question = field.value;
      field.value = "";
      desk.ask(question);
    });
  });
}

for (const tile of document.querySelectorAll<HTMLAnchorElement>("a[data-ask]")) {
  tile.addEventListener("click", (event) => {
    event.preventDefault(); // without scripts the link leads to the plain page
    const question = tile.querySelector(".tile-ask")?.textContent ?? "";
    void chat().then((desk) => (desk === null ? location.assign(tile.href) : desk.ask(question)));
  });
}

// The chat brings the city's notices along; without it they come all the same.
addEventListener("load", () => {
  const notices = "/widget/notices.js"; // a file of its own
  void import(notices);
});

/** Null if its script does not come. */
async function chat(): Promise<CivicdeskChat | null> {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  await Promise.race([customElements.whenDefined("civicdesk-chat"), late]);
  return customElements.get("civicdesk-chat") === undefined ? null : (document.querySelector("civicdesk-chat") as CivicdeskChat);
}

async function translate(language: string, file: string): Promise<void> {
  const words = (await (await fetch(file)).json()) as Readonly<Record<string, string>>;
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
