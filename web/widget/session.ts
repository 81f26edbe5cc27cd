import type { Api } from "./api";
import type { Store } from "./store";
import { alone } from "./store";

const KEY = "token";

/** The secret that the gateway created for this device, with the first message and not with the first page view. */
export class Session {
  current: string | null;

  constructor(
    private readonly store: Store,
    private readonly api: () => Api,
    private readonly language: () => string,
    private readonly changed: (expired: boolean) => void,
    private readonly blocked: () => boolean,
  ) {
    this.current = store.get(KEY);
  }

  /** This page may not talk to the gateway at all. */
  get barred(): boolean {
    return this.blocked();
  }

  /** Two tabs that start at the same moment share one session. */
  async ensure(): Promise<void> {
    if (this.current !== null) return;
    await alone("session", async () => {
      this.current = this.store.get(KEY);
      if (this.current === null) {
        this.current = await this.api().session(this.language());
        this.store.set(KEY, this.current);
      }
    });
    this.changed(false);
  }

  /** The gateway no longer knows it. Another tab may already hold the next one. */
  drop(): void {
    if (this.store.get(KEY) === this.current) this.store.set(KEY, null);
    this.current = this.store.get(KEY);
    this.changed(true);
  }

  /** A copied token is useless from now on. Offline it stays valid until it expires. */
  forget(): void {
    if (this.current !== null) void this.api().end().catch(() => undefined);
    this.store.set(KEY, null);
    this.current = null;
  }

  /** Another tab wrote the key. */
  adopt(): void {
    const stored = this.store.get(KEY);
    if (stored === this.current) return;
    this.current = stored;
    this.changed(false);
  }
}
