import type { Chat } from "../chat";
import { fill } from "../i18n";
import { minutes, opening } from "../words";
import { el, icon, write } from "./dom";

/** Who answers now, and how to reach a person. A change is announced to screen readers. */
export class Banner {
  readonly root = el("div", { class: "banner" });
  readonly person = el("button", { type: "button", class: "person" });
  /** Back to the assistant: out of the queue, or the end of the conversation with a person. */
  readonly leave = el("button", { type: "button", class: "person leave", hidden: true });
  readonly #text = el("p", { class: "state" });
  readonly #line = el("p", { class: "offline", hidden: true });
  readonly #label = el("span");
  #spoken = "";

  constructor(
    private readonly chat: Chat,
    private readonly say: (text: string) => void,
  ) {
    this.person.append(icon("person"), this.#label);
    this.root.append(el("div", { class: "row" }, this.#text, this.leave, this.person), this.#line);
    // The text is sent as an ordinary message: it is kept while there is no connection, and appears in the log.
    this.leave.addEventListener("click", () => void this.chat.sayFor(leaving(this.chat)));
    this.person.addEventListener("click", () => void this.chat.sayFor("person_text"));
  }

  update(): void {
    const { t, state, linked } = this.chat;
    this.root.hidden = !this.chat.works;
    const text = sentence(this.chat);
    write(this.#text, `${text} ${wait(this.chat)}`.trim());
    write(this.#label, t.person);
    write(this.#line, t.offline);
    this.root.dataset["owner"] = state?.owner ?? "none";
    write(this.leave, t[leaving(this.chat)]);
    this.#choose(state?.owner === "agent" || state?.owner === "queued");
    this.#line.hidden = linked && !this.chat.outbox.list().some((draft) => draft.state === "retrying");
    // The assistant's own sentence need not be announced; a position in the queue or a name must be.
    if (text !== this.#spoken && this.chat.open) {
      const news = state !== null && (this.#spoken !== "" || state.owner === "queued" || state.owner === "agent");
      this.#spoken = text;
      if (news) this.say(text);
    }
  }

  /** One of the two buttons; it keeps the keyboard's focus. */
  #choose(asked: boolean): void {
    const focused = (this.root.getRootNode() as ShadowRoot).activeElement;
    const moves = focused === this.person || focused === this.leave;
    this.person.hidden = asked;
    this.leave.hidden = !asked;
    if (moves) (asked ? this.leave : this.person).focus();
  }
}

/** The desk understands the text that it sends in each language (desk/languages). */
function leaving({ state }: Chat): "leave_person" | "leave_queue" {
  return state?.owner === "agent" ? "leave_person" : "leave_queue";
}

/** The remaining stated wait. It is shown, but not announced each minute. */
function wait({ t, state, stateAt, language }: Chat): string {
  if (state?.owner !== "queued" || !state.wait) return "";
  const passed = Math.floor((Date.now() - stateAt) / 60_000);
  const [low, high] = [Math.max(0, state.wait.low - passed), state.wait.high - passed];
  if (high < 1) return "";
  return fill(low === 0 ? t.wait_most : t.wait, { time: minutes(low, high, language) });
}

function sentence({ t, state, language }: Chat): string {
  if (state?.owner === "agent") return fill(t.state_agent, { name: state.agent_name ?? t.agent });
  if (state?.owner !== "queued") return t.state_bot;
  const place = state.position === null ? t.state_waiting : fill(t.state_queued, { n: state.position });
  if (state.office_open) return place;
  const when = state.opens_at === null ? "" : opening(state.opens_at, language);
  return `${place} ${when === "" ? t.state_closed_plain : fill(t.state_closed, { when })}`;
}
