// Sets the focus and announces the result when a page loads after an action: browsers start at the top, silently.

import { announce } from "./page";

const RETURNS: Record<string, string> = { noted: "note" }; // the notice of an act -> the field where the next one begins
const SOON = 100; // ms: a live region is read only if it changes after it was there

/** Called once per page. */
export function arrive(): void {
  // After the browser has gone to the address's #latest, which takes the focus away.
  if (document.readyState === "complete") place();
  else addEventListener("load", () => setTimeout(place), { once: true });
}

/** An action is recognised by its notice, its error, or the URL of a conversation that was just claimed. */
function place(): void {
  const alert = document.querySelector<HTMLElement>("[data-alert]");
  const notice = document.querySelector<HTMLElement>("[data-done]");
  const heading = document.querySelector<HTMLElement>("main h1");
  const box = document.querySelector<HTMLElement>("[data-reply] #text");
  const taken = location.hash === "#latest" && box;
  if (document.querySelector("[autofocus]") || !(alert || notice || taken)) return;
  const act = new URLSearchParams(location.search).get("notice") ?? "";
  const field = document.getElementById(RETURNS[act] ?? "");
  const target = alert ?? (field?.checkVisibility() ? field : taken && !notice ? box : heading);
  if (target && !target.matches("input, textarea, [tabindex]")) target.tabIndex = -1;
  // Phones would cover half of the page with their keyboard.
  const focused = target === box && matchMedia("(pointer: coarse)").matches ? heading : target;
  focused?.focus({ preventScroll: target === box });
  const words = (alert ?? notice?.querySelector("p"))?.textContent ?? "";
  const undo = document.querySelector<HTMLElement>("form[data-undo]")?.dataset["undo"];
  const said = words || `${heading?.textContent?.trim() ?? ""}. You have it now.`;
  setTimeout(() => announce(undo ? `${said} Undo: ${undo} seconds.` : said), SOON);
}
