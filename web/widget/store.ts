const PREFIX = "civicdesk.";

/** What the browser stores for the citizen. If storage is forbidden it lasts as long as the page. */
export class Store {
  readonly #memory = new Map<string, string>();

  get(key: string): string | null {
    try {
      return localStorage.getItem(PREFIX + key) ?? this.#memory.get(key) ?? null;
    } catch {
      return this.#memory.get(key) ?? null;
    }
  }

  set(key: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(PREFIX + key);
      else localStorage.setItem(PREFIX + key, value);
      this.#memory.delete(key);
    } catch {
      if (value === null) this.#memory.delete(key);
      else this.#memory.set(key, value); // private mode or a full disk: this page still works
    }
  }

  /** Kept for this tab alone, until it is closed. */
  getTab(key: string): string | null {
    try {
      return sessionStorage.getItem(PREFIX + key);
    } catch {
      return null;
    }
  }

  setTab(key: string, value: string | null): void {
    try {
      if (value === null) sessionStorage.removeItem(PREFIX + key);
      else sessionStorage.setItem(PREFIX + key, value);
    } catch {
      // Storage is denied: on the next page the chat starts closed.
    }
  }

  /** Calls `changed` with the key that another tab wrote; null if it cleared everything. */
  watch(changed: (key: string | null) => void): () => void {
    const listen = (event: StorageEvent) => {
      if (event.key === null) changed(null);
      else if (event.key.startsWith(PREFIX)) changed(event.key.slice(PREFIX.length));
    };
    addEventListener("storage", listen);
    return () => removeEventListener("storage", listen);
  }
}

/** One tab at a time if the browser has locks; otherwise all of them, which is harmless because of the client ids. */
export async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (navigator.locks === undefined) return work();
  let begun = false;
  try {
    return (await navigator.locks.request(PREFIX + name, () => {
      begun = true;
      return work();
    })) as T;
  } catch (error) {
    if (begun) throw error;
    return work(); // locks are denied where storage is, as in a sandboxed frame
  }
}
