import { Api, Refused } from "./api";
import type { Config, Message, Page, Place, Post, Report, State } from "./contract";
import { ASSUMED } from "./contract";
import { Feed } from "./feed";
import type { Strings } from "./i18n";
import { load, plural, stringsFor } from "./i18n";
import { more } from "./later";
import type { Draft } from "./outbox";
import { Outbox } from "./outbox";
import { Session } from "./session";
import { beep, notify } from "./sound";
import { Store } from "./store";

/** One message of the conversation: in the log, or still being sent. */
export interface Entry {
  readonly key: string;
  readonly message: Message | null;
  readonly draft: Draft | null;
}

export interface ChatListener {
  /** What is shown has changed. */
  changed(): void;
  /** A text for screen readers to announce once. */
  said(text: string): void;
  /** Messages that arrived while the panel was open, in order. */
  arrived(message: Message): void;
  /** Another widget of this page shows the conversation now. */
  covered(): void;
}

/** What a citizen can turn on for this device. */
export type Wish = "sound" | "large" | "notify";

/** Why the chat cannot work on this page, if it cannot: the city does not allow the site, the site's policy the city, or no gateway is there. */
export type Blocked = "origin" | "policy" | "server" | null;

const HIDDEN_PATIENCE = 30_000; // ms for which a hidden tab keeps its connection; browsers allow few per host
const RECENT = 3_600_000; // ms after the last message for which a closed chat still listens for an answer
const REST = 5_000; // ms without a widget on the page, after which the connection ends; a page's script often puts it back at once
export const TWICE = 800; // ms within which the same message again is a double tap
const THINKING = 20_000; // ms for which "the assistant is writing" may be shown without news from the gateway

/**
 * The conversation's data: log, drafts, state and language. One for all widgets of a page, and for those that a script
 * puts in their place later, so that there is one connection. The first of `listeners` speaks to screen readers.
 *
 * One long file on purpose: the state of a conversation is one object, and parts that were split off could not be private.
 */
export class Chat {
  readonly api: Api;
  readonly outbox: Outbox;
  readonly session: Session;
  readonly #feed: Feed;
  readonly #log = new Map<number, Message>();
  readonly #listeners: ChatListener[] = [];
  readonly #listener = {
    changed: () => this.#listeners.forEach((one) => one.changed()),
    said: (text: string) => this.#listeners[0]?.said(text),
    arrived: (message: Message) => this.#listeners[0]?.arrived(message),
  };
  #hiding: ReturnType<typeof setTimeout> | undefined;
  #last = { body: "", at: 0 };
  #current = false; // the history is loaded: what arrives now is new
  #asked = false; // config

  readonly online = new EventTarget(); // "wake": the connection may be back
  config: Config = ASSUMED;
  state: State | null = null;
  language: string;
  open = false;
  linked = true;
  expired = false;
  blocked: Blocked = null;
  lacking = false; // the texts have not come
  stateAt = 0; // when the state came
  answeredAt = 0; // when the gateway last accepted a message, for "the assistant is writing"

  constructor(
    readonly base: string,
    pageLanguage: string,
    readonly store = new Store(),
  ) {
    const listener = this.#listener;
    this.language = this.#chosenLanguage(pageLanguage);
    this.session = new Session(store, () => this.api, () => this.language, (expired) => this.#restart(expired), () => this.blocked !== null);
    this.api = new Api(base, () => this.session.current);
    this.outbox = new Outbox(store, this.api, this.session, {
      changed: () => listener.changed(),
      accepted: () => {
        this.answeredAt = Date.now();
        listener.said(this.t.said_sent);
        listener.changed();
      },
      delayed: () => listener.said(this.t.retrying),
      refused: (draft) => listener.said(`${this.t.refused} ${draft.problem}`),
    });
    this.#feed = new Feed(this.api, {
      page: (page) => this.#takePage(page),
      message: (message) => this.#take(message) && this.#listener.changed(),
      state: (state) => this.#takeState(state),
      receipt: () => undefined,
      link: (up) => this.#takeLink(up),
      expired: () => this.session.drop(),
    });
    store.watch((key) => this.#wroteElsewhere(key));
    addEventListener("online", this.#wake);
    addEventListener("pageshow", this.#wake);
    // A page with an open connection is not kept for the browser's Back button.
    addEventListener("pagehide", () => this.#feed.stop());
    document.addEventListener("visibilitychange", this.#wake);
    document.addEventListener("securitypolicyviolation", (event) => {
      if (event.effectiveDirective === "connect-src" && event.blockedURI.startsWith(new URL(base).origin)) this.#block("policy");
    });
  }

  /** This widget shows the conversation from now on. */
  attach(listener: ChatListener): void {
    if (!this.#listeners.includes(listener)) this.#listeners.push(listener);
    this.#resume();
  }

  detach(listener: ChatListener): void {
    if (this.speaks(listener)) this.open = false;
    this.#listeners.splice(this.#listeners.indexOf(listener), 1);
    setTimeout(() => this.#listeners.length === 0 && this.#feed.stop(), REST);
  }

  /** Whether this widget is the one that speaks to screen readers. */
  speaks(listener: ChatListener): boolean {
    return this.#listeners[0] === listener;
  }

  has(wish: Wish): boolean {
    return this.store.get(wish) !== null;
  }

  /** Identifies this session in data stored on the device, where the token itself is stored too. */
  get mark(): string | null {
    return this.session.current?.slice(-6) ?? null;
  }

  refresh(): void {
    this.#listener.changed();
  }

  /** Whether the citizen can write here. */
  get works(): boolean {
    return this.blocked === null && !this.lacking;
  }

  get t(): Strings {
    return stringsFor(this.language);
  }

  /** The report that is being written: that of the assistant's last turn. */
  get report(): Report | null {
    if (this.state?.owner === "queued" || this.state?.owner === "agent") return null;
    let answered = false;
    for (const { message } of this.entries.slice().reverse()) {
      if (message?.report) return message.report;
      if (message?.author === "bot") answered = true;
      else if (answered && message?.author === "contact") return null;
    }
    return null;
  }

  plural(key: string, count: number): string {
    return plural(key, count, this.language);
  }

  get entries(): readonly Entry[] {
    const messages = [...this.#log.values()].sort((a, b) => a.seq - b.seq);
    const known = new Set(messages.map((message) => message.client_id));
    const drafts = this.outbox.list().filter((draft) => !known.has(draft.client_id));
    return [
      ...messages.map((message) => ({ key: message.client_id ?? `m${message.seq}`, message, draft: null })),
      ...drafts.map((draft) => ({ key: draft.client_id, message: null, draft })),
    ];
  }

  get unread(): number {
    const read = Number(this.store.get("read") ?? 0);
    return [...this.#log.values()].filter((message) => message.author !== "contact" && message.seq > read).length;
  }

  /** Whether somebody is writing: the gateway says so, or has just accepted a message for the assistant. */
  get typing(): boolean {
    if (this.state?.typing === true) return true;
    const last = this.entries.at(-1);
    const ours = last?.message?.author === "contact" || last?.draft?.state === "sent";
    const bot = this.state === null || this.state.owner === "bot" || this.state.owner === "none";
    return ours && bot && this.linked && Date.now() - this.answeredAt < THINKING;
  }

  show(listener: ChatListener): void {
    const others = this.#listeners.filter((one) => one !== listener);
    this.#listeners.splice(0, this.#listeners.length, listener, ...others);
    for (const one of others) one.covered();
    this.open = true;
    this.store.setTab("open", "1");
    this.#resume();
    if (!this.#asked) void this.#learn();
    this.markRead();
  }

  hide(): void {
    this.open = false;
    this.store.setTab("open", null);
    this.#listener.changed();
  }

  send(text: string, media: readonly string[] = []): void {
    const body = media.length > 0 ? { media, ...(text === "" ? {} : { text }) } : { text };
    this.#add(body, text);
  }

  press(button: { id: string; title: string }): void {
    this.#add({ button: button.id }, button.title);
  }

  locate(place: Place): void {
    const { latitude, longitude } = place;
    this.#add({ location: { latitude, longitude } }, "", place);
  }

  speak(language: string, pageLanguage: string): void {
    const same = language === this.language;
    this.store.set("language", `${language} ${pageLanguage}`);
    this.language = language;
    this.#listener.changed();
    // The desk writes in this language from the next message on, and repeats its open question in it.
    if (same || this.foreign || this.session.current === null || this.entries.length === 0) return;
    const name = this.config.languages.find((one) => one.code === language)?.name ?? language;
    this.#add({ language }, name);
  }

  /** Whether the widget has this language, but neither the assistant nor the desk writes in it. */
  get foreign(): boolean {
    return !this.config.languages.some((one) => one.code === this.language);
  }

  /** Send what one of our own buttons says, in a language that the desk understands. */
  async sayFor(key: "person_text" | "leave_queue" | "leave_person"): Promise<void> {
    const language = this.foreign ? (this.config.languages[0]?.code ?? "en") : this.language;
    if (await load(language)) this.send(stringsFor(language)[key]);
  }

  /** For a shared computer: removes the conversation from this device. The city keeps what was sent to it. */
  forget(): void {
    this.#feed.stop();
    this.outbox.clear();
    this.store.set("draft", null);
    this.session.forget();
    this.store.set("read", null);
    this.#clear();
    this.expired = false;
    this.#listener.changed();
  }

  markRead(): void {
    const last = Math.max(0, ...this.#log.keys());
    if (this.open && !document.hidden && Number(this.store.get("read") ?? 0) < last) this.store.set("read", String(last));
    this.#listener.changed();
  }

  readonly #wake = (): void => {
    clearTimeout(this.#hiding);
    if (document.hidden) {
      this.#hiding = setTimeout(() => this.#feed.stop(), HIDDEN_PATIENCE);
      return;
    }
    this.#resume();
    this.#feed.wake();
    this.online.dispatchEvent(new Event("wake"));
    this.markRead();
  };

  /** A double tap, or Enter held down, is one message. */
  #add(body: Post, text: string, place: Place | null = null): void {
    const now = Date.now();
    const same = JSON.stringify(body);
    const twice = same === this.#last.body && now - this.#last.at < TWICE;
    this.#last = { body: same, at: now };
    if (twice) return;
    this.store.set("active", String(now));
    this.outbox.add(body, text, place);
  }

  /** Reconnect if there may be news. */
  #resume(): void {
    if (this.#listeners.length === 0 || this.blocked !== null) return;
    if (this.outbox.list().length > 0) void this.outbox.flush();
    if (this.session.current === null) {
      this.#current = true;
      return;
    }
    const recent = Date.now() - Number(this.store.get("active") ?? 0) < RECENT;
    if (this.open || recent) this.#feed.start();
    else if (!this.#current) void this.#feed.glance();
  }

  #restart(expired: boolean): void {
    this.#feed.stop();
    this.#clear();
    if (expired) {
      this.expired = true;
      this.store.set("read", null);
      this.outbox.reopen();
    }
    this.#resume();
    if (expired && this.outbox.list().length > 0) queueMicrotask(() => void this.outbox.flush());
    this.#listener.changed();
  }

  #clear(): void {
    this.#log.clear();
    this.state = null;
    this.#current = false;
    this.#feed.seen = 0;
  }

  #takePage(page: Page): void {
    for (const message of [...page.messages, ...(page.corrected ?? [])]) this.#take(message);
    if (page.state !== null && page.state !== undefined) this.#takeState(page.state);
    if (page.more !== true) this.#current = true;
    this.markRead();
  }

  /** False if it is in the log already. */
  #take(message: Message): boolean {
    const before = this.#log.get(message.seq);
    const fresh = before === undefined;
    this.#log.set(message.seq, message);
    // The line about a source is written in the answer's own language.
    if (message.source !== null && message.language !== null) void load(message.language).then(() => this.#listener.changed());
    if (message.client_id !== null) this.outbox.settle(new Set([message.client_id]));
    if (!fresh) return this.#corrected(before, message);
    if (message.author !== "contact") {
      this.answeredAt = 0;
      if (this.#current) {
        this.#listener.arrived(message);
        if (this.has("sound")) beep();
        const wish = this.store.get("notify");
        // If the citizen turned on push, the push service announces an agent's reply.
        if (wish && document.hidden && (message.author !== "agent" || wish !== this.mark)) notify(this.t.launcher, this.plural("unread", 1));
      }
    }
    if (this.open && !document.hidden) this.store.set("read", String(Math.max(0, ...this.#log.keys())));
    return true;
  }

  /** An agent changed or withdrew a displayed message. */
  #corrected(before: Message, now: Message): boolean {
    if (before.corrected === now.corrected && before.text === now.text) return false;
    if (this.open && now.corrected) this.#listener.said(`${this.t[now.corrected]} ${now.text ?? ""}`);
    return true;
  }

  #takeState(state: State): void {
    this.state = state;
    this.stateAt = Date.now();
    this.#listener.changed();
  }

  #takeLink(up: boolean): void {
    if (up !== this.linked) {
      this.linked = up;
      if (this.open) this.#listener.said(up ? this.t.online : this.t.offline);
      this.#listener.changed();
    }
    if (up) {
      void this.outbox.flush();
      if (!this.#asked && this.open) void this.#learn();
    }
  }

  #wroteElsewhere(key: string | null): void {
    if (key === null || key === "token") this.session.adopt();
    if (key === "language") {
      const language = (this.store.get("language") ?? this.language).split(" ")[0] ?? this.language;
      void load(language).then(() => {
        this.language = language;
        this.#listener.changed();
      });
    }
    this.#listener.changed();
  }

  async #learn(): Promise<void> {
    this.#asked = true;
    try {
      this.config = { ...ASSUMED, ...(await this.api.config()) };
      if (this.config.origin_allowed === false) this.#block("origin");
      this.#listener.changed();
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return this.#block("server");
      this.#asked = false; // the defaults apply until the connection is back
    }
  }

  /** Reported to the site's owner in the browser console, and to the citizen in the panel. */
  #block(why: NonNullable<Blocked>): void {
    if (this.blocked !== null) return;
    this.blocked = why;
    this.#feed.stop();
    void more().then(({ reportBlocked }) => reportBlocked(why, this.base), () => console.error("Civicdesk:", why));
    this.#listener.said(this.t.blocked);
    this.#listener.changed();
  }

  /** A choice made here applies until the page's own language changes. */
  #chosenLanguage(pageLanguage: string): string {
    const [chosen, madeOn] = (this.store.get("language") ?? "").split(" ");
    return chosen !== undefined && chosen !== "" && madeOn === pageLanguage ? chosen : pageLanguage;
  }
}
