import type { Api } from "./api";
import { Refused } from "./api";
import { backoff } from "./backoff";
import type { Place, Post } from "./contract";
import type { Store } from "./store";
import { alone } from "./store";
import { uuid } from "./uuid";

export type DraftState = "waiting" | "sending" | "retrying" | "sent" | "refused";

/** A message that is not in the log yet. Kept on the device until it is. */
export interface Draft {
  readonly client_id: string;
  readonly body: Post;
  readonly text: string;
  readonly place: Place | null;
  readonly created_at: string;
  readonly state: DraftState;
  readonly problem: string;
}

export interface OutboxListener {
  changed(): void;
  accepted(draft: Draft): void;
  delayed(): void;
  refused(draft: Draft): void;
}

const KEY = "outbox";
const MOST = 50;

/** Sends drafts in order, one at a time, and retries until the gateway has accepted or finally refused each. */
export class Outbox {
  #busy = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store,
    private readonly api: Api,
    private readonly session: { readonly barred: boolean; ensure(): Promise<void>; drop(): void },
    private readonly listener: OutboxListener,
  ) {}

  list(): readonly Draft[] {
    try {
      const kept = JSON.parse(this.store.get(KEY) ?? "[]") as unknown;
      return Array.isArray(kept) ? (kept as Draft[]) : [];
    } catch {
      return [];
    }
  }

  add(body: Post, text: string, place: Place | null = null): Draft {
    const draft: Draft = {
      client_id: uuid(), body, text, place, created_at: new Date().toISOString(), state: "waiting", problem: "",
    };
    this.#save([...this.list(), draft].slice(-MOST));
    void this.flush();
    return draft;
  }

  /** These are in the log now. */
  settle(clientIds: ReadonlySet<string>): void {
    const kept = this.list().filter((draft) => !clientIds.has(draft.client_id));
    if (kept.length !== this.list().length) this.#save(kept);
  }

  again(clientId: string): void {
    this.#mark(clientId, "waiting");
    void this.flush();
  }

  discard(clientId: string): void {
    this.#save(this.list().filter((draft) => draft.client_id !== clientId));
  }

  /** A new session lacks messages that the old one accepted but never showed: send them all again. */
  reopen(): void {
    this.#save(this.list().map((draft) => (draft.state === "sent" ? { ...draft, state: "waiting" } : draft)));
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#save([]);
  }

  async flush(): Promise<void> {
    if (this.#busy || this.session.barred) return;
    this.#busy = true;
    clearTimeout(this.#timer);
    try {
      await alone("outbox", async () => {
        for (let next = this.#next(); next !== undefined; next = this.#next()) {
          if (!(await this.#deliver(next))) return;
        }
      });
    } finally {
      this.#busy = false;
    }
  }

  #next(): Draft | undefined {
    return this.list().find((draft) => draft.state !== "sent" && draft.state !== "refused");
  }

  /** False: stop and retry later, so that the order is kept. */
  async #deliver(draft: Draft): Promise<boolean> {
    if (draft.state === "waiting") this.#mark(draft.client_id, "sending");
    try {
      await this.session.ensure();
      await this.api.post(draft.client_id, draft.body);
    } catch (error) {
      return this.#failed(draft, error);
    }
    this.#failures = 0;
    this.#mark(draft.client_id, "sent");
    this.listener.accepted(draft);
    return true;
  }

  #failed(draft: Draft, error: unknown): boolean {
    const refused = error instanceof Refused ? error : null;
    if (refused?.status === 401) {
      this.session.drop();
      if (this.#failures === 0) {
        this.#failures = 1;
        return true; // retry at once, with a new session
      }
    } else if (refused !== null && !refused.passing) {
      this.#mark(draft.client_id, "refused", refused.sentence);
      this.listener.refused(draft);
      return true;
    }
    if (draft.state !== "retrying") this.listener.delayed();
    this.#mark(draft.client_id, "retrying");
    this.#timer = setTimeout(() => void this.flush(), refused?.retryAfter ?? backoff(this.#failures));
    this.#failures += 1;
    return false;
  }

  #mark(clientId: string, state: DraftState, problem = ""): void {
    this.#save(this.list().map((one) => (one.client_id === clientId ? { ...one, state, problem } : one)));
  }

  #save(drafts: readonly Draft[]): void {
    this.store.set(KEY, JSON.stringify(drafts));
    this.listener.changed();
  }
}
