import type { Config, Message, Page, Post } from "./contract";
import { toMessage } from "./contract";

/** The gateway refused the request. `sentence` is written for people. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly sentence: string,
    readonly retryAfter: number | null,
  ) {
    super(`${status} ${code}`);
  }

  /** Whether the same request may succeed later. */
  get passing(): boolean {
    return this.status === 429 || this.status === 408 || this.status >= 500;
  }
}

/** No answer arrived: no network, no server, or a time-out. */
export class Unreachable extends Error {}

const PATIENCE = 20_000; // ms; a citizen should see "trying again" well before the browser itself gives up

/** One function per endpoint of /chat/v1. Throws Refused or Unreachable, nothing else. */
export class Api {
  constructor(
    private readonly base: string,
    private readonly token: () => string | null,
  ) {}

  session(language: string): Promise<string> {
    const init = { method: "POST", body: JSON.stringify({ language }) };
    return this.#call("session", init, async (response) => ((await response.json()) as { token: string }).token);
  }

  config(): Promise<Config> {
    return this.#call("config", {}, async (response) => {
      if (!response.headers.get("Content-Type")?.includes("json")) throw new Refused(404, "", "", null);
      return (await response.json()) as Config;
    });
  }

  /** Messages after `seq`, oldest first; waits up to `wait` seconds for one to come. */
  messages(after: number, wait: number, signal: AbortSignal): Promise<Page> {
    const read = async (response: Response): Promise<Page> => {
      const page = (await response.json()) as Page;
      const messages = (page.messages ?? []).map(toMessage).filter((one): one is Message => one !== null);
      return { ...page, messages };
    };
    return this.#call(`messages?after=${after}&wait=${wait}`, { signal }, read, PATIENCE + wait * 1000);
  }

  post(clientId: string, body: Post): Promise<void> {
    const init = { method: "POST", body: JSON.stringify({ client_id: clientId, ...body }) };
    return this.#call("messages", init, async () => undefined);
  }

  /** End the session in every window and on every server. `keepalive`: the tab may be closed right after. */
  end(): Promise<void> {
    return this.#call("end", { method: "POST", keepalive: true }, async () => undefined);
  }

  /** Delete the conversation at the city, and end the session everywhere. */
  erase(): Promise<void> {
    return this.#call("erase", { method: "POST" }, async () => undefined);
  }

  /** A stream has no end, so there is no time-out here: the reader monitors it and aborts. */
  async stream(after: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(after) };
    const response = await this.#fetch(`stream?after=${after}`, { signal, headers });
    const kind = response.headers.get("Content-Type") ?? "";
    if (response.body === null || !kind.startsWith("text/event-stream")) throw new Unreachable("not a stream");
    return response.body;
  }

  media(id: string): Promise<Blob> {
    return this.#call(`media/${encodeURIComponent(id)}`, {}, (response) => response.blob());
  }

  async #call<T>(
    path: string,
    init: RequestInit,
    read: (response: Response) => Promise<T>,
    patience = PATIENCE,
  ): Promise<T> {
    const timer = new AbortController();
    const hangUp = () => timer.abort();
    const alarm = setTimeout(hangUp, patience);
    init.signal?.addEventListener("abort", hangUp);
    try {
      return await read(await this.#fetch(path, { ...init, signal: timer.signal }));
    } catch (error) {
      throw error instanceof Refused ? error : new Unreachable(String(error));
    } finally {
      clearTimeout(alarm);
      init.signal?.removeEventListener("abort", hangUp);
    }
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    const token = path === "config" || path === "session" ? null : this.token();
    if (token !== null) headers.set("Authorization", `Bearer ${token}`);
    if (typeof init.body === "string") headers.set("Content-Type", "application/json");
    const response = await fetch(`${this.base}/${path}`, {
      ...init, headers, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer",
    });
    if (response.ok) return response;
    // Another tab has started a new session meanwhile: this refusal was for the old one.
    if (response.status === 401 && token !== null && token !== this.token()) throw new Unreachable("stale session");
    throw await refusal(response);
  }
}

async function refusal(response: Response): Promise<Refused> {
  let said: { error?: { code?: string; message?: string } } = {};
  try {
    said = (await response.json()) as typeof said;
  } catch {
    // A proxy's HTML page is not for citizens.
  }
  const seconds = Number(response.headers.get("Retry-After") ?? NaN);
  const retryAfter = Number.isFinite(seconds) ? seconds * 1000 : null;
  return new Refused(response.status, said.error?.code ?? "", said.error?.message ?? "", retryAfter);
}
