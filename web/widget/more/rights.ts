import type { Chat, Wish } from "../chat";
import { el, set, write } from "../view/dom";
import { canNotify, noticesOf, turnOff, turnOn } from "./notices";
import { asPage, asText, download, mail } from "./transcript";

/** The menu: appearance and sounds on this device, and citizens' rights over their messages. */
export class Rights {
  readonly #download = el("button", { type: "button", class: "plain" });
  readonly #page = el("button", { type: "button", class: "plain" });
  readonly #sound = el("button", { type: "button", class: "quiet" });
  readonly #large = el("button", { type: "button", class: "quiet" });
  readonly #notify = el("button", { type: "button", class: "quiet" });
  readonly #mail = el("button", { type: "button", class: "plain" });
  readonly #privacy = el("a", { class: "plain", target: "_blank", rel: "noopener" });
  readonly #clear = el("button", { type: "button", class: "plain" });
  readonly #question = el("p");
  readonly #yes = el("button", { type: "button", class: "danger" });
  readonly #erase = el("button", { type: "button", class: "danger" });
  readonly #no = el("button", { type: "button", class: "quiet" });
  readonly #told = el("p");
  #outcome: "notify_push" | "notify_page" | "notify_denied" | null = null;
  readonly #sure = el("div", { class: "sure", hidden: true });

  constructor(
    private readonly chat: Chat,
    root: Element,
    private readonly say: (text: string) => void,
    private readonly close: () => void,
  ) {
    this.#sure.append(this.#question, el("div", { class: "row" }, this.#yes, this.#erase, this.#no));
    root.replaceChildren(el("div", { class: "languages" }, this.#large, this.#sound, this.#notify), this.#told, this.#download, this.#page, this.#mail, this.#privacy, this.#clear, this.#sure);
    this.#download.addEventListener("click", () => download("conversation.txt", "plain", asText(chat)));
    this.#page.addEventListener("click", () => download("conversation.html", "html", asPage(chat)));
    this.#sound.addEventListener("click", () => this.#switch("sound"));
    this.#mail.addEventListener("click", () => mail(chat.config.city, asText(chat), `${chat.t.mail_cut} ${this.#full()}`));
    this.#notify.addEventListener("click", () => void this.#notifies());
    this.#large.addEventListener("click", () => this.#switch("large"));
    this.#clear.addEventListener("click", () => this.#ask(true));
    this.#no.addEventListener("click", () => this.#ask(false));
    this.#yes.addEventListener("click", () => this.#forget());
    this.#erase.addEventListener("click", () => {
      chat.api.erase().then(() => this.#forget(), () => {
        write(this.#question, chat.t.erase_failed);
        this.say(chat.t.erase_failed);
      });
    });
  }

  update(): void {
    const { t } = this.chat;
    write(this.#download, t.download);
    write(this.#page, t.download_page);
    write(this.#sound, t.sound);
    write(this.#large, t.large);
    set(this.#sound, "aria-pressed", String(this.chat.has("sound")));
    set(this.#large, "aria-pressed", String(this.chat.has("large")));
    write(this.#notify, t.notify);
    set(this.#notify, "aria-pressed", String(noticesOf(this.chat) !== null));
    this.#notify.hidden = !canNotify();
    this.#told.hidden = this.#outcome === null;
    if (this.#outcome !== null) write(this.#told, t[this.#outcome]);
    write(this.#mail, t.mail);
    write(this.#privacy, `${t.privacy} ${t.new_tab}`);
    set(this.#privacy, "href", new URL(`/chat/privacy?language=${encodeURIComponent(this.chat.language)}`, this.chat.base).href);
    write(this.#clear, t.clear);
    write(this.#yes, t.clear_yes);
    write(this.#erase, t.erase);
    this.#erase.hidden = this.chat.session.current === null;
    write(this.#no, t.clear_no);
    this.#download.hidden = this.#page.hidden = this.#mail.hidden = this.chat.entries.length === 0;
  }

  #forget(): void {
    this.chat.forget();
    this.#ask(false);
    this.close();
    this.say(this.chat.t.cleared);
  }

  #switch(wish: Wish): void {
    this.chat.store.set(wish, this.chat.has(wish) ? null : "1");
    this.chat.refresh();
  }

  async #notifies(): Promise<void> {
    const { chat } = this;
    const { t } = chat;
    if (noticesOf(chat) !== null) {
      this.#outcome = null;
      await turnOff(chat);
    } else {
      const way = await turnOn(chat);
      this.#outcome = way === null ? "notify_denied" : `notify_${way}`;
      this.say(t[this.#outcome]);
    }
    chat.refresh();
  }

  #full(): string {
    return new URL("/chat", this.chat.base).href;
  }

  #ask(asking: boolean): void {
    write(this.#question, this.chat.t.clear_ask);
    this.#sure.hidden = !asking;
    this.#clear.hidden = asking;
    (asking ? this.#no : this.#clear).focus();
  }
}
