import tokens from "../tokens.css";
import type { ChatListener } from "./chat";
import { Chat } from "./chat";
import type { Message } from "./contract";
import { deepLink, onDeepLink } from "./deep_links";
import { direction, fill, load, loadBoth, loadOnly, plural, supported } from "./i18n";
import { followKeyboard } from "./keyboard";
import { more } from "./later";
import type * as More from "./more";
import { authorName } from "./names";
import { addOne, afterFirstPaint } from "./page";
import { TitleBadge } from "./title";
import { Announcer } from "./view/announcer";
import { Banner } from "./view/banner";
import { BlockedNote } from "./view/blocked";
import { Composer } from "./view/composer";
import { Conversation } from "./view/conversation";
import { el, icon, set, sheet, write } from "./view/dom";
import { Languages } from "./view/languages";
import { Menu } from "./view/menu";
import { ReportBar } from "./view/report_bar";
import { Welcome } from "./view/welcome";
import style from "./widget.css";

const NARROW = "(max-width: 480px), (max-height: 420px)"; // at these sizes the panel fills the screen and is modal

const chats = new Map<string, Chat>(); // by the gateway's address: all widgets of a page share one

/**
 * `<civicdesk-chat>`: the launcher and the conversation (docs/embedding.md). Attributes: `server`, the gateway's address
 * when it is not the one this script came from; `lang`; `label`, the launcher's text; `launcher="none"`;
 * `position="start"`; `emergency`, the number shown before the configuration has come; `full`, the whole page is the chat.
 * What stands inside the element is shown until the chat has come. Pages may call
 * `ask("a question")`, `show()` and `hide()`.
 */
export class CivicdeskChat extends HTMLElement implements ChatListener {
  static readonly observedAttributes = ["label", "launcher", "emergency"];
  readonly #root = this.attachShadow({ mode: "open" });
  readonly #narrow = matchMedia(NARROW);
  #chat!: Chat;
  #announcer!: Announcer;
  #parts: readonly { update(): void }[] = [];
  #composer!: Composer;
  #languages!: Languages;
  #menu!: Menu;
  #report!: ReportBar;
  #styled = false;
  readonly #launcher = el("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false" });
  readonly #launcherLabel = el("span");
  readonly #badge = el("span", { class: "badge", "aria-hidden": "true", hidden: true });
  readonly #badgeLabel = el("span", { class: "hidden" });
  readonly #dialog = el("dialog", { class: "panel", "aria-labelledby": "cd-title" });
  readonly #heading = el("h2", { id: "cd-title", tabindex: "-1" });
  readonly #closer = el("button", { type: "button", class: "round close" }, icon("close"));
  #drawing = false;
  #ready = false; // the texts have arrived
  #ticking: ReturnType<typeof setInterval> | undefined;
  #unlink: () => void = () => undefined;
  readonly #counted = new TitleBadge();
  readonly #plain = el("slot"); // the page that works without us

  connectedCallback(): void {
    if (this.#composer === undefined) {
      this.#root.adoptedStyleSheets = [sheet(tokens), sheet(style)];
      followKeyboard(this.#root);
      const server = new URL(this.getAttribute("server") ?? "/", import.meta.url);
      const base = new URL("/chat/v1", server).href;
      this.#announcer = new Announcer();
      this.#chat = chats.get(base) ?? new Chat(base, this.#pageLanguage());
      chats.set(base, this.#chat);
      this.#build();
    }
    this.#narrow.addEventListener("change", this.#reshape);
    this.#unlink = onDeepLink((text) => this.#chat.speaks(this) && this.#deepLinked(text));
    this.#chat.attach(this);
    void this.#texts().then(() => {
      if (!this.isConnected || !this.#chat.speaks(this)) return;
      if (this.#full || this.querySelector("details")?.open) this.#takeOver();
      else if (this.#chat.store.getTab("open") !== null) this.#reopen();
      const linked = deepLink();
      if (linked !== null) this.#deepLinked(linked);
    });
  }

  disconnectedCallback(): void {
    this.#narrow.removeEventListener("change", this.#reshape);
    this.#unlink();
    this.covered();
    this.#chat.detach(this);
    this.#counted.show(0);
  }

  attributeChangedCallback(): void {
    this.#redraw();
  }

  /** Open and send a question, from the page's own search field or service tiles. */
  ask(text: string): void {
    this.show();
    const question = text.trim();
    if (question !== "") this.#chat.send(question);
  }

  show(): void {
    this.#appear(true);
    // On a touch screen the keyboard would cover the greeting.
    if (matchMedia("(pointer: fine)").matches) this.#composer.focus();
    else this.#heading.focus({ preventScroll: true });
  }

  hide(): void {
    if (this.#full) return;
    this.covered();
    this.#chat.hide();
    this.#draw();
    this.#launcher.focus();
  }

  changed(): void {
    this.#redraw();
  }

  said(text: string): void {
    this.#announcer.say(text, this.#chat.language);
  }

  covered(): void {
    if (this.#dialog.open) this.#dialog.close();
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  arrived(message: Message): void {
    const { t, open, language } = this.#chat;
    this.#redraw();
    if (!open) {
      this.#announcer.say(`${t.launcher}: ${plural("unread", 1, language)}`, language);
      return;
    }
    const spoken = message.language ?? language;
    this.#announcer.say(`${authorName(message, this.#chat)}: ${message.text ?? ""}`, spoken);
    if (message.buttons.length > 0) {
      const list = message.buttons.map((button) => button.title).join(", ");
      this.#announcer.say(fill(t.choices, { list }), language);
    }
  }

  #appear(gesture: boolean): void {
    if (!this.#dialog.open) {
      if (this.#modal) this.#dialog.showModal();
      else if (gesture) this.#dialog.show();
      else this.#dialog.open = true; // show() would take the page's focus
    }
    this.#chat.show(this);
    if (this.#chat.lacking) void this.#texts();
    this.#draw();
    this.#ticking ??= setInterval(() => this.#redraw(), 5000); // "is writing" must disappear by itself
  }

  /** Without the texts there is no chat, only a link to the city's own page; opening it retries. */
  async #texts(): Promise<void> {
    this.#chat.lacking = !(await load(this.#chat.language));
    // Its form still works.
    if (this.#chat.lacking && this.#plain.isConnected && this.querySelector("form")) return;
    this.#ready = true;
    if (!this.#full) this.#plain.remove();
    this.#draw();
  }

  /** It was open before the page was reloaded, or before a script replaced the page's content. */
  #reopen(): void {
    this.#appear(false);
  }

  /** Replaces the page, or the early form in the element, that works without scripts; text typed there, or given by a link, is kept. */
  #takeOver(): void {
    if (!this.#ready) return;
    const writing = this.contains(document.activeElement);
    const text = this.querySelector("textarea")?.value ?? "";
    this.#plain.remove();
    this.#appear(false);
    this.#composer.suggest(text);
    if (writing) this.#composer.focus();
  }

  get #full(): boolean {
    return this.hasAttribute("full");
  }

  get #modal(): boolean {
    return this.#narrow.matches && !this.#full;
  }

  /** A link must not speak for the citizen: its text waits in the field until they send it. */
  #deepLinked(text: string): void {
    this.show();
    this.#composer.suggest(text);
  }

  #build(): void {
    const say = (text: string) => this.#chat.speaks(this) && this.#announcer.say(text, this.#chat.language);
    const welcome = new Welcome(this.#chat, (text) => this.#chat.send(text), () => this.getAttribute("emergency") ?? "");
    const conversation: Conversation = new Conversation(this.#chat, welcome.root, (button) => {
      this.#chat.press(button);
      if (matchMedia("(pointer: fine)").matches) this.#composer.focus();
    });
    const banner = new Banner(this.#chat, say);
    const blocked = new BlockedNote(this.#chat, () => this.querySelector("a")?.href);
    this.#composer = new Composer(this.#chat, say, (direction) => conversation.page(direction), () => this.#more());
    this.#report = new ReportBar(this.#chat, () => this.#more(), this.#composer);
    this.#menu = new Menu(this.#chat, () => this.#more(), say);
    this.#languages = new Languages(this.#chat, (language) => void this.#speak(language));
    this.#parts = [welcome, conversation, banner, blocked, this.#report, this.#composer, this.#languages, this.#menu];
    this.#launcher.append(icon("chat"), this.#launcherLabel, this.#badge, this.#badgeLabel);
    const header = el("div", { class: "head" }, this.#heading, this.#languages.toggle, this.#menu.toggle, this.#closer);
    const middle = el("div", { class: "middle" }, conversation.scroller, conversation.below);
    this.#dialog.append(header, this.#languages.root, this.#menu.root, banner.root, blocked.root, this.#report.root, middle, this.#composer.root);
    this.#closer.hidden = this.#full;
    if (this.#full) this.#heading.ariaLevel = "1";
    this.#launcher.hidden = true;
    this.#root.append(this.#plain, this.#launcher, this.#dialog, this.#announcer.region);
    void import(new URL("notices.js", import.meta.url).href); // what the city says when something happens
    this.#launcher.addEventListener("click", () => this.show());
    this.#closer.addEventListener("click", () => this.hide());
    this.#dialog.addEventListener("cancel", (event) => event.preventDefault());
    this.#dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      if (![this.#languages, this.#menu, this.#report, this.#composer].some((one) => one.escape())) this.hide();
    });
  }

  /** Batches several changes into one redraw. */
  #redraw(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    setTimeout(() => this.#draw());
  }

  #draw(): void {
    this.#drawing = false;
    if (!this.#ready) return;
    const { t, config, unread, language } = this.#chat;
    const title = config.city === "" ? t.title_plain : fill(t.title, { city: config.city });
    for (const outer of [this.#launcher, this.#dialog]) {
      set(outer, "lang", language);
      set(outer, "dir", direction(language));
      outer.classList.toggle("large", this.#chat.has("large"));
    }
    write(this.#launcherLabel, this.getAttribute("label") ?? t.launcher);
    write(this.#badge, unread > 99 ? "99+" : String(unread));
    this.#badge.hidden = unread === 0;
    write(this.#badgeLabel, unread === 0 ? "" : `, ${plural("unread", unread, language)}`);
    set(this.#launcher, "aria-expanded", String(this.#dialog.open));
    this.#launcher.hidden = this.#dialog.open || this.#full || this.getAttribute("launcher") === "none";
    write(this.#heading, title);
    set(this.#closer, "aria-label", t.close);
    if (this.#chat.speaks(this)) this.#counted.show(unread);
    for (const part of this.#parts) part.update();
  }

  async #speak(language: string): Promise<void> {
    if (!(await loadOnly(language))) return this.#composer.complain(this.#chat.t.load_failed);
    this.#chat.speak(language, this.#pageLanguage());
    this.#languages.show(false);
    this.#draw();
  }

  /** Loads the second script with its texts and its style. Rejects if one fails to load. */
  async #more(): Promise<typeof More> {
    const [came, texts] = await Promise.all([more(), loadBoth(this.#chat.language)]);
    if (!texts) throw new Error("texts");
    if (!this.#styled) this.#root.adoptedStyleSheets.push(sheet(came.look));
    this.#styled = true;
    return came;
  }

  /** The phone was rotated or the window resized: switch between modal and non-modal. */
  readonly #reshape = (): void => {
    if (!this.#dialog.open) return;
    const focused = this.#root.activeElement;
    this.#dialog.close();
    if (this.#modal) this.#dialog.showModal();
    else this.#dialog.show();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  };

  #pageLanguage(): string {
    const nearest = this.closest("[lang]")?.getAttribute("lang") ?? document.documentElement.lang;
    return supported(nearest === "" ? null : nearest, ...(nearest === "" ? navigator.languages : []));
  }
}

afterFirstPaint(() => {
  if (customElements.get("civicdesk-chat") !== undefined) return;
  customElements.define("civicdesk-chat", CivicdeskChat);
  addOne("civicdesk-chat");
});
