import tokens from "../tokens.css";
import { Chat } from "./chat";
import type { Message } from "./contract";
import { fill, supported } from "./i18n";
import { authorName } from "./names";
import { Announcer } from "./view/announcer";
import { Banner } from "./view/banner";
import { Composer } from "./view/composer";
import { Conversation } from "./view/conversation";
import { el, icon, set, write } from "./view/dom";
import { Options } from "./view/options";
import { Welcome } from "./view/welcome";
import style from "./widget.css";

const NARROW = "(max-width: 480px), (max-height: 420px)"; // at these sizes the panel fills the screen and is modal

/**
 * `<civicdesk-chat>`: the launcher and the conversation. Attribute `server`: the gateway's address, when it is not the
 * one this script came from. Pages may call `ask("a question")`, `show()` and `hide()`.
 */
export class CivicdeskChat extends HTMLElement {
  private readonly root = this.attachShadow({ mode: "open" });
  private readonly narrow = matchMedia(NARROW);
  private chat!: Chat;
  private announcer!: Announcer;
  private parts: readonly { update(): void }[] = [];
  private composer!: Composer;
  private options!: Options;
  private readonly launcher = el("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false" });
  private readonly launcherLabel = el("span");
  private readonly badge = el("span", { class: "badge", "aria-hidden": "true", hidden: true });
  private readonly badgeLabel = el("span", { class: "hidden" });
  private readonly dialog = el("dialog", { class: "panel", "aria-labelledby": "cd-title" });
  private readonly heading = el("h2", { id: "cd-title", tabindex: "-1" });
  private readonly closer = el("button", { type: "button", class: "round close" }, icon("close"));
  private drawing = false;
  private ticking: ReturnType<typeof setInterval> | undefined;

  connectedCallback(): void {
    if (this.chat !== undefined) return;
    adopt(this.root, [tokens, style]);
    const server = new URL(this.getAttribute("server") ?? "/", import.meta.url);
    this.announcer = new Announcer();
    this.chat = new Chat(new URL("/chat/v1", server).href, this.pageLanguage(), {
      changed: () => this.redraw(),
      said: (text) => this.announcer.say(text, this.chat.language),
      arrived: (message) => this.arrived(message),
    });
    this.build();
    this.narrow.addEventListener("change", this.reshape);
    this.redraw();
  }

  /** Open and send a question, from the page's own search field or service tiles. */
  ask(text: string): void {
    this.show();
    const question = text.trim();
    if (question !== "") this.chat.send(question);
  }

  show(): void {
    if (!this.dialog.open) {
      if (this.narrow.matches) this.dialog.showModal();
      else this.dialog.show();
    }
    this.chat.show();
    this.draw();
    this.ticking ??= setInterval(() => this.redraw(), 5000); // "is writing" must disappear by itself
    // On a touch screen the keyboard would cover the greeting.
    if (matchMedia("(pointer: fine)").matches) this.composer.focus();
    else this.heading.focus({ preventScroll: true });
  }

  hide(): void {
    this.dialog.close();
    clearInterval(this.ticking);
    this.ticking = undefined;
    this.chat.hide();
    this.draw();
    this.launcher.focus();
  }

  private build(): void {
    const say = (text: string) => this.announcer.say(text, this.chat.language);
    const welcome = new Welcome(this.chat, (text) => this.chat.send(text));
    const conversation: Conversation = new Conversation(this.chat, welcome.root, (button) => {
      this.chat.press(button);
      if (matchMedia("(pointer: fine)").matches) this.composer.focus();
    });
    const banner = new Banner(this.chat, say);
    this.composer = new Composer(this.chat, say, (direction) => conversation.page(direction));
    this.options = new Options(this.chat, (language) => this.speak(language), say);
    this.parts = [welcome, conversation, banner, this.composer, this.options];
    this.launcher.append(icon("chat"), this.launcherLabel, this.badge, this.badgeLabel);
    const header = el("div", { class: "head" }, this.heading, this.options.toggle, this.closer);
    const middle = el("div", { class: "middle" }, conversation.scroller, conversation.below);
    this.dialog.append(header, this.options.root, banner.root, middle, this.composer.root);
    this.root.append(this.launcher, this.dialog, this.announcer.region);
    this.launcher.addEventListener("click", () => this.show());
    this.closer.addEventListener("click", () => this.hide());
    this.dialog.addEventListener("cancel", (event) => event.preventDefault());
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      if (!this.options.escape()) this.hide();
    });
  }

  /** Batches several changes into one redraw. */
  private redraw(): void {
    if (this.drawing) return;
    this.drawing = true;
    setTimeout(() => this.draw());
  }

  private draw(): void {
    this.drawing = false;
    if (this.composer === undefined) return;
    const { t, config, unread, open, language } = this.chat;
    const title = config.city === "" ? t.title_plain : fill(t.title, { city: config.city });
    const news = unread === 0 ? "" : unread === 1 ? t.unread_one : fill(t.unread_many, { n: unread });
    for (const outer of [this.launcher, this.dialog]) set(outer, "lang", language);
    write(this.launcherLabel, t.launcher);
    write(this.badge, unread > 99 ? "99+" : String(unread));
    this.badge.hidden = unread === 0;
    write(this.badgeLabel, news === "" ? "" : `, ${news}`);
    set(this.launcher, "aria-expanded", String(open));
    this.launcher.hidden = open;
    write(this.heading, title);
    set(this.closer, "aria-label", t.close);
    for (const part of this.parts) part.update();
  }

  private arrived(message: Message): void {
    const { t, open, language } = this.chat;
    this.redraw();
    if (!open) {
      this.announcer.say(`${t.launcher}: ${t.unread_one}`, language);
      return;
    }
    const spoken = message.language ?? language;
    this.announcer.say(`${authorName(message, this.chat)}: ${message.text ?? ""}`, spoken);
    if (message.buttons.length > 0) {
      const list = message.buttons.map((button) => button.title).join(", ");
      this.announcer.say(fill(t.choices, { list }), language);
    }
  }

  private speak(language: string): void {
    this.chat.speak(language, this.pageLanguage());
    this.draw();
  }

  /** The phone was rotated or the window resized: switch between modal and non-modal. */
  private readonly reshape = (): void => {
    if (!this.dialog.open) return;
    const focused = this.root.activeElement;
    this.dialog.close();
    if (this.narrow.matches) this.dialog.showModal();
    else this.dialog.show();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  };

  private pageLanguage(): string {
    const nearest = this.closest("[lang]")?.getAttribute("lang") ?? document.documentElement.lang;
    return supported(nearest === "" ? null : nearest, ...(nearest === "" ? navigator.languages : []));
  }
}

/** Style sheets built in script pass a Content-Security-Policy without 'unsafe-inline'; style elements do not. */
function adopt(root: ShadowRoot, sheets: readonly string[]): void {
  root.adoptedStyleSheets = sheets.map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
}

if (customElements.get("civicdesk-chat") === undefined) {
  customElements.define("civicdesk-chat", CivicdeskChat);
  // A page needs only one script tag.
  addEventListener("DOMContentLoaded", addOne);
  if (document.readyState !== "loading") addOne();
}

function addOne(): void {
  if (document.querySelector("civicdesk-chat") === null) document.body.append(document.createElement("civicdesk-chat"));
}
