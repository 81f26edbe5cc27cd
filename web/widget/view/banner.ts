import type { Chat } from "../chat";
import { fill } from "../i18n";
import { opening } from "../words";
import { el, icon, write } from "./dom";

/** Who answers now, and the way to a person. Speaks when the answer to "who" changes. */
export class Banner {
  readonly root = el("div", { class: "banner" });
  readonly person = el("button", { type: "button", class: "person" });
  private readonly text = el("p", { class: "state" });
  private readonly line = el("p", { class: "offline", hidden: true });
  private readonly label = el("span");
  private spoken = "";

  constructor(
    private readonly chat: Chat,
    private readonly say: (text: string) => void,
  ) {
    this.person.append(icon("person"), this.label);
    this.root.append(el("div", { class: "row" }, this.text, this.person), this.line);
    this.person.addEventListener("click", () => {
      if (this.chat.state?.owner === "queued") this.say(this.chat.t.person_waiting);
      else this.chat.send(this.chat.t.person_text);
    });
  }

  update(): void {
    const { t, state, linked } = this.chat;
    const text = sentence(this.chat);
    write(this.text, text);
    write(this.label, t.person);
    write(this.line, t.offline);
    this.root.dataset["owner"] = state?.owner ?? "none";
    this.person.hidden = state?.owner === "agent"; // a person is here already
    this.line.hidden = linked && !this.chat.outbox.list().some((draft) => draft.state === "retrying");
    // The assistant's own sentence is no news; a place in the queue or a name is.
    if (text !== this.spoken && this.chat.open) {
      const news = state !== null && (this.spoken !== "" || state.owner === "queued" || state.owner === "agent");
      this.spoken = text;
      if (news) this.say(text);
    }
  }
}

function sentence({ t, state, language }: Chat): string {
  if (state?.owner === "agent") return fill(t.state_agent, { name: state.agent_name ?? t.agent });
  if (state?.owner !== "queued") return t.state_bot;
  const place = state.position === null ? t.state_waiting : fill(t.state_queued, { n: state.position });
  if (state.office_open) return place;
  const when = state.opens_at === null ? "" : opening(state.opens_at, language);
  return `${place} ${when === "" ? t.state_closed_plain : fill(t.state_closed, { when })}`;
}
