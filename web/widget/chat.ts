import { Api } from "./api";
import type { Config, Message, Page, Place, State } from "./contract";
import { ASSUMED } from "./contract";
import { Feed } from "./feed";
import type { Strings } from "./i18n";
import { stringsFor } from "./i18n";
import type { Draft } from "./outbox";
import { Outbox } from "./outbox";
import { Session } from "./session";
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
}

const HIDDEN_PATIENCE = 30_000; // ms for which a hidden tab keeps its connection; browsers allow few per host
const RECENT = 3_600_000; // ms after the last message for which a closed chat still listens for an answer
const THINKING = 20_000; // ms for which "the assistant is writing" may be shown without news from the gateway

/** The conversation's data: log, drafts, state and language. Independent of the page. */
export class Chat {
  readonly api: Api;
  readonly outbox: Outbox;
  readonly session: Session;
  private readonly feed: Feed;
  private readonly log = new Map<number, Message>();
  private readonly stopWatching: () => void;
  private hiding: ReturnType<typeof setTimeout> | undefined;
  private current = false; // the history is loaded: what arrives now is new
  private asked = false; // config

  config: Config = ASSUMED;
  state: State | null = null;
  language: string;
  open = false;
  linked = true;
  expired = false;
  answeredAt = 0; // when the gateway last accepted a message, for "the assistant is writing"

  constructor(
    base: string,
    pageLanguage: string,
    private readonly listener: ChatListener,
    readonly store = new Store(),
  ) {
    this.language = this.chosenLanguage(pageLanguage);
    this.session = new Session(store, () => this.api, () => this.language, (expired) => this.restart(expired));
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
    this.feed = new Feed(this.api, {
      page: (page) => this.takePage(page),
      message: (message) => this.take(message) && this.listener.changed(),
      state: (state) => this.takeState(state),
      receipt: () => undefined,
      link: (up) => this.takeLink(up),
      expired: () => this.session.drop(),
    });
    this.stopWatching = store.watch((key) => this.wroteElsewhere(key));
    addEventListener("online", this.wake);
    addEventListener("pageshow", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.resume();
  }

  get t(): Strings {
    return stringsFor(this.language);
  }

  get entries(): readonly Entry[] {
    const messages = [...this.log.values()].sort((a, b) => a.seq - b.seq);
    const known = new Set(messages.map((message) => message.client_id));
    const drafts = this.outbox.list().filter((draft) => !known.has(draft.client_id));
    return [
      ...messages.map((message) => ({ key: message.client_id ?? `m${message.seq}`, message, draft: null })),
      ...drafts.map((draft) => ({ key: draft.client_id, message: null, draft })),
    ];
  }

  get unread(): number {
    const read = Number(this.store.get("read") ?? 0);
    return [...this.log.values()].filter((message) => message.author !== "contact" && message.seq > read).length;
  }

  /** Whether somebody is writing: the gateway says so, or has just accepted a message for the assistant. */
  get typing(): boolean {
    if (this.state?.typing === true) return true;
    const last = this.entries.at(-1);
    const ours = last?.message?.author === "contact" || last?.draft?.state === "sent";
    const bot = this.state === null || this.state.owner === "bot" || this.state.owner === "none";
    return ours && bot && this.linked && Date.now() - this.answeredAt < THINKING;
  }

  show(): void {
    this.open = true;
    this.resume();
    if (!this.asked) void this.learn();
    this.markRead();
  }

  hide(): void {
    this.open = false;
    this.listener.changed();
  }

  send(text: string, media: readonly string[] = []): void {
    const body = media.length > 0 ? { media, ...(text === "" ? {} : { text }) } : { text };
    this.add(() => this.outbox.add(body, text));
  }

  press(button: { id: string; title: string }): void {
    this.add(() => this.outbox.add({ button: button.id }, button.title));
  }

  locate(place: Place): void {
    const { latitude, longitude } = place;
    this.add(() => this.outbox.add({ location: { latitude, longitude } }, "", place));
  }

  speak(language: string, pageLanguage: string): void {
    const same = language === this.language;
    this.store.set("language", `${language} ${pageLanguage}`);
    this.language = language;
    this.listener.changed();
    // The desk writes in this language from the next message on, and repeats its open question in it.
    if (same || this.session.current === null || this.entries.length === 0) return;
    const name = this.config.languages.find((one) => one.code === language)?.name ?? language;
    this.add(() => this.outbox.add({ language }, name));
  }

  /** For a shared computer: removes the conversation from this device. The city keeps what was sent to it. */
  forget(): void {
    this.feed.stop();
    this.outbox.clear();
    this.session.forget();
    this.store.set("read", null);
    this.clear();
    this.expired = false;
    this.listener.changed();
  }

  markRead(): void {
    const last = Math.max(0, ...this.log.keys());
    if (this.open && !document.hidden && Number(this.store.get("read") ?? 0) < last) this.store.set("read", String(last));
    this.listener.changed();
  }

  destroy(): void {
    this.feed.stop();
    this.stopWatching();
    removeEventListener("online", this.wake);
    removeEventListener("pageshow", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
  }

  private readonly wake = (): void => {
    clearTimeout(this.hiding);
    if (document.hidden) {
      this.hiding = setTimeout(() => this.feed.stop(), HIDDEN_PATIENCE);
      return;
    }
    this.resume();
    this.feed.wake();
    this.markRead();
  };

  private add(write: () => void): void {
    this.store.set("active", String(Date.now()));
    write();
  }

  /** Reconnect if there may be news. */
  private resume(): void {
    if (this.outbox.list().length > 0) void this.outbox.flush();
    if (this.session.current === null) {
      this.current = true;
      return;
    }
    const recent = Date.now() - Number(this.store.get("active") ?? 0) < RECENT;
    if (this.open || recent) this.feed.start();
    else if (!this.current) void this.feed.glance();
  }

  private restart(expired: boolean): void {
    this.feed.stop();
    this.clear();
    if (expired) {
      this.expired = true;
      this.store.set("read", null);
      this.outbox.reopen();
    }
    this.resume();
    if (expired && this.outbox.list().length > 0) queueMicrotask(() => void this.outbox.flush());
    this.listener.changed();
  }

  private clear(): void {
    this.log.clear();
    this.state = null;
    this.current = false;
    this.feed.seen = 0;
  }

  private takePage(page: Page): void {
    for (const message of [...page.messages, ...(page.corrected ?? [])]) this.take(message);
    if (page.state !== null && page.state !== undefined) this.takeState(page.state);
    if (page.more !== true) this.current = true;
    this.markRead();
  }

  /** False if it is in the log already. */
  private take(message: Message): boolean {
    const before = this.log.get(message.seq);
    const fresh = before === undefined;
    this.log.set(message.seq, message);
    if (message.client_id !== null) this.outbox.settle(new Set([message.client_id]));
    if (!fresh) return this.corrected(before, message);
    if (message.author !== "contact") {
      this.answeredAt = 0;
      if (this.current) this.listener.arrived(message);
    }
    if (this.open && !document.hidden) this.store.set("read", String(Math.max(0, ...this.log.keys())));
    return true;
  }

  /** An agent changed a message that is shown, or took it back. */
  private corrected(before: Message, now: Message): boolean {
    if (before.corrected === now.corrected && before.text === now.text) return false;
    if (this.open) this.listener.said(now.corrected === "withdrawn" ? this.t.withdrawn : `${this.t.edited} ${now.text ?? ""}`);
    return true;
  }

  private takeState(state: State): void {
    this.state = state;
    this.listener.changed();
  }

  private takeLink(up: boolean): void {
    if (up !== this.linked) {
      this.linked = up;
      if (this.open) this.listener.said(up ? this.t.online : this.t.offline);
      this.listener.changed();
    }
    if (up) {
      void this.outbox.flush();
      if (!this.asked && this.open) void this.learn();
    }
  }

  private wroteElsewhere(key: string | null): void {
    if (key === null || key === "token") this.session.adopt();
    if (key === "language") this.language = (this.store.get("language") ?? this.language).split(" ")[0] ?? this.language;
    this.listener.changed();
  }

  private async learn(): Promise<void> {
    this.asked = true;
    try {
      this.config = { ...ASSUMED, ...(await this.api.config()) };
      this.listener.changed();
    } catch {
      this.asked = false; // the defaults apply until the connection is back
    }
  }

  /** A choice made here applies until the page's own language changes. */
  private chosenLanguage(pageLanguage: string): string {
    const [chosen, madeOn] = (this.store.get("language") ?? "").split(" ");
    return chosen !== undefined && chosen !== "" && madeOn === pageLanguage ? chosen : pageLanguage;
  }
}
