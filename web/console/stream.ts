// The stream tells what changed, by id. The browser connects again by itself; a refusal is asked again more slowly.

const SLOWEST = 30_000; // ms between two tries to connect

export interface Change {
  conversations: string[];
  waiting: number;
  mine: number;
  urgent: number;
  first: boolean;
}

export interface Listener {
  changed(change: Change): void;
  signedOut(): void;
}

/** Follow the desk until the page goes. */
export function follow(listener: Listener): void {
  const offline = document.querySelector<HTMLElement>("[data-offline]");
  let pause = 1_000;
  let notice: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    const stream = new EventSource("/console/stream");
    stream.onopen = () => {
      pause = 1_000;
      clearTimeout(notice);
      notice = undefined;
      if (offline) offline.hidden = true;
    };
    stream.addEventListener("changed", (event) => listener.changed(JSON.parse(event.data as string) as Change));
    stream.addEventListener("signed-out", () => {
      stream.close();
      listener.signedOut();
    });
    stream.onerror = () => {
      // A restart takes a second or two; only a longer silence is worth a word.
      notice ??= setTimeout(() => {
        if (offline) offline.hidden = false;
      }, 5_000);
      if (stream.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, pause * (0.5 + Math.random() / 2));
      pause = Math.min(pause * 2, SLOWEST);
    };
  }

  connect();
}
