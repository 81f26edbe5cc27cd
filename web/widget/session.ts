import type { Api } from "./api";
import type { Store } from "./store";
import { alone } from "./store";

const KEY = "token";

/** The secret that the gateway made for this device. Born with the first message, not with the first look. */
export class Session {
  current: string | null;

  constructor(
    private readonly store: Store,
    private readonly api: () => Api,
    private readonly language: () => string,
    private readonly changed: (expired: boolean) => void,
  ) {
    this.current = store.get(KEY);
  }

  /** Two tabs that begin at the same moment get one session between them. */
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

  /** Whoever copied the token cannot use it any more. Offline it stays valid until it expires. */
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
