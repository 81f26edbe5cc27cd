/**
 * What the city says when something happens, as a banner: on any page that has
 * <script type="module" src="…/widget/notices.js"></script> or, beside the chat, <civicdesk-notices>; and inside the chat,
 * which loads this file itself.
 */
interface Notice {
  id: string;
  version: number;
  kind: string;
  level: string;
  title: string;
  what: string;
  act: string;
  more: string;
  url: string;
}

interface Answer {
  title: string;
  language: string;
  notices: Notice[];
}

const EVERY = 10_000; // milliseconds; the answer is kept by caches for three seconds
const base = new URL(import.meta.url);
const STYLE = `:host{display:block}
section{font:16px/1.5 system-ui,sans-serif;padding:12px 16px;background:#fcf1d0;color:#3d2d00;border-bottom:2px solid #8a6400}
section.emergency{background:#8f1410;color:#fff;border-color:#fff}
section.all_clear{background:#dcefe0;color:#0d3b1a;border-color:#1c6b33}
p{margin:0 0 4px;max-width:66ch}::slotted(a){color:inherit!important}:focus-visible{outline:3px solid currentColor;outline-offset:2px}
@media print{:host{display:none}}`;

let last: Answer | undefined;
const shown = new Map<Element, string>();

/** The places where notices stand now: the page's own element, or its top if it has our script tag, and every chat on it. */
function places(): Element[] {
  const found: Element[] = [];
  let own = document.querySelector("civicdesk-notices");
  if (own === null && document.querySelector(`script[src*="/widget/notices.js"]`)) {
    own = document.createElement("civicdesk-notices");
    const first = document.body.firstElementChild;
    if (first?.matches('a[href^="#"]') === true) first.after(own); // a skip link stays the first
    else document.body.prepend(own);
  }
  if (own !== null) found.push(own);
  for (const chat of document.querySelectorAll("civicdesk-chat")) {
    const head = chat.shadowRoot?.querySelector(".head");
    if (!head) continue;
    let inside = head.parentElement?.querySelector("civicdesk-notices") ?? null;
    if (inside === null) {
      inside = document.createElement("civicdesk-notices");
      head.after(inside);
    }
    found.push(inside);
  }
  return found;
}

function draw(answer: Answer): void {
  for (const place of places()) {
    const state = answer.language + answer.notices.map((one) => `${one.id} ${one.version}`).join();
    if (shown.get(place) === state) continue; // a screen reader hears each version once
    shown.set(place, state);
    const root = place.shadowRoot ?? place.attachShadow({ mode: "open" });
    const style = new CSSStyleSheet();
    style.replaceSync(STYLE);
    root.adoptedStyleSheets = [style];
    root.replaceChildren(...answer.notices.map((one) => banner(one, answer)));
    // The links belong to the page itself: only then do checkers see that its skip link comes before them.
    place.replaceChildren(...answer.notices.map(link));
  }
}

function banner(one: Notice, answer: Answer): HTMLElement {
  const section = document.createElement("section");
  section.className = one.kind === "all_clear" ? one.kind : one.level;
  section.lang = answer.language;
  section.setAttribute("role", one.level === "emergency" ? "alert" : "status");
  section.setAttribute("aria-label", answer.title);
  const title = document.createElement("slot");
  title.name = one.id;
  const strong = document.createElement("strong");
  strong.append(title);
  section.append(paragraph(strong), paragraph(one.what), paragraph(one.act), paragraph(one.more));
  return section;
}

function link(one: Notice): HTMLElement {
  const made = document.createElement("a");
  made.slot = one.id;
  made.href = one.url;
  made.target = "_top";
  made.textContent = one.title;
  return made;
}

function paragraph(inside: Node | string): HTMLElement {
  const made = document.createElement("p");
  made.append(inside);
  return made;
}

async function read(): Promise<void> {
  if (document.hidden && last !== undefined) return;
  try {
    const language = (document.documentElement.lang || navigator.language).slice(0, 2);
    const answer = await fetch(new URL(`/notices/current.json?language=${encodeURIComponent(language)}`, base), { credentials: "omit" });
    if (answer.ok) last = (await answer.json()) as Answer;
  } catch {
    // Without a connection the last state stands.
  }
  if (last !== undefined) draw(last);
}

void read();
setInterval(() => void read(), EVERY);
document.addEventListener("visibilitychange", () => void read());
