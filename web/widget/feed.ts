import type { Api } from "./api";
import { Refused, Unreachable } from "./api";
import { backoff, pause } from "./backoff";
import type { Message, Page, State } from "./contract";
import { toMessage } from "./contract";
import { events } from "./sse";

export interface Listener {
  page(page: Page): void;
  message(message: Message): void;
  state(state: State): void;
  receipt(clientId: string, status: string): void;
  link(up: boolean): void;
  expired(): void;
}

const FIRST_BYTE = 20_000; // ms; the gateway pings every 15 s, so a longer silence means that a proxy buffers
const SILENCE = 40_000; // ms; two pings missed: the connection is dead, although no error was reported
const POLL_FOR = 300_000; // ms by long poll before a stream is tried again
const POLL_WAIT = 25; // s

/**
 * Keeps the log complete: catches up by number, then listens, and starts again whenever the connection breaks.
 * Because every connection starts with "everything after N", a break can neither lose nor duplicate a message.
 */
export class Feed {
  #running: AbortController | null = null;
  readonly #alarm = new EventTarget();
  #pollUntil = 0;
  #mute = 0; // consecutive streams without any data
  seen = 0;

  constructor(
    private readonly api: Api,
    private readonly listener: Listener,
  ) {}

  start(): void {
    if (this.#running !== null) return;
    this.#running = new AbortController();
    void this.#run(this.#running.signal);
  }

  stop(): void {
    this.#running?.abort();
    this.#running = null;
  }

  /** The network is back or the tab is visible again: skip the rest of the pause. */
  wake(): void {
    this.#alarm.dispatchEvent(new Event("wake"));
  }

  /** Poll once and stop, for a page on which the chat is closed. */
  async glance(): Promise<void> {
    const controller = new AbortController();
    try {
      await this.#catchUp(controller.signal);
    } catch (error) {
      if (error instanceof Refused && error.status === 401) this.listener.expired();
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#catchUp(signal);
        this.listener.link(true);
        failures = 0;
        if (Date.now() < this.#pollUntil) await this.#poll(signal);
        else await this.#listen(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Refused && error.status === 401) {
          this.stop();
          this.listener.expired();
          return;
        }
        if (error !== MUTE) this.listener.link(false);
        const asked = error instanceof Refused ? error.retryAfter : null;
        await pause(asked ?? backoff(failures++), signal, this.#alarm);
      }
    }
  }

  async #catchUp(signal: AbortSignal): Promise<void> {
    let page: Page;
    do {
      page = await this.api.messages(this.seen, 0, signal);
      this.#take(page, signal);
    } while (page.more === true && page.messages.length > 0);
  }

  async #poll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && Date.now() < this.#pollUntil) {
      const began = Date.now();
      const page = await this.api.messages(this.seen, POLL_WAIT, signal);
      this.#take(page, signal);
      // A server that answers a long poll at once without news must not be polled in a tight loop.
      if (page.messages.length === 0 && Date.now() - began < 1000) await pause(1000, signal, this.#alarm);
    }
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const line = new AbortController();
    const hangUp = () => line.abort();
    signal.addEventListener("abort", hangUp);
    let watchdog = setTimeout(hangUp, FIRST_BYTE);
    let spoke = false;
    try {
      for await (const event of events(await this.api.stream(this.seen, line.signal))) {
        if (signal.aborted) return;
        clearTimeout(watchdog);
        watchdog = setTimeout(hangUp, SILENCE);
        spoke = true;
        this.#mute = 0;
        this.#hear(event.name, event.data);
      }
      throw new Unreachable("the stream ended");
    } catch (error) {
      if (!spoke && !(error instanceof Refused && error.status === 401)) {
        this.#mute += 1;
        if (this.#mute >= 2) this.#pollUntil = Date.now() + POLL_FOR;
        throw MUTE;
      }
      throw error instanceof Refused ? error : new Unreachable(String(error));
    } finally {
      clearTimeout(watchdog);
      signal.removeEventListener("abort", hangUp);
    }
  }

  #hear(name: string, data: string): void {
    if (name === "") return;
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      return; // one invalid event; its message arrives with the next catch-up, by its number
    }
    if (name === "state") {
      this.listener.state(value as State);
    } else if (name === "status") {
      const { client_id, status } = value as { client_id?: string; status?: string };
      if (client_id !== undefined && status !== undefined) this.listener.receipt(client_id, status);
    } else {
      const message = toMessage(value); // new, edited or withdrawn
      if (message === null) return;
      this.seen = Math.max(this.seen, message.seq);
      this.listener.message(message);
    }
  }

  #take(page: Page, signal: AbortSignal): void {
    if (signal.aborted) return;
    for (const message of page.messages) this.seen = Math.max(this.seen, message.seq);
    this.listener.page(page);
  }
}

/** The catch-up worked and only the stream was silent: the connection is not lost, only limited. */
const MUTE = new Unreachable("a stream without a word");
