// The stream reports what changed, by id. The browser reconnects by itself; after a refusal we retry more slowly.

const SLOWEST = 30_000; // ms between two attempts to connect
const SILENCE = 25_000; // ms without a byte, though the desk pings every 12 to 16 s: the connection is half open
const LOOK = 2_000; // ms: the agent is told within 30 s of the last byte

export interface Change {
  conversations: string[];
  waiting: number;
  mine: number;
  unanswered: number;
  urgent: number;
  calls: number; // due reminders, and notes that name the agent
  paged: number;
  presence: { state: string; shown: string };
  first: boolean;
}

export interface Listener {
  changed(change: Change): void;
  alarmed(): void;
  signedOut(): void;
}

/** Follow the desk until the page is closed. */
export function follow(listener: Listener): void {
  const offline = document.querySelector<HTMLElement>("[data-offline]");
  let pause = 1_000;
  let notice: ReturnType<typeof setTimeout> | undefined;
  let stream: EventSource | undefined;
  let heard = Date.now();

  function connect(): void {
    stream?.close();
    const here = new EventSource("/console/stream");
    stream = here;
    heard = Date.now();
    here.onopen = () => {
      heard = Date.now();
      pause = 1_000;
      clearTimeout(notice);
      notice = undefined;
      if (offline) offline.hidden = true;
    };
    here.addEventListener("ping", () => (heard = Date.now()));
    here.addEventListener("changed", (event) => {
      heard = Date.now();
      listener.changed(JSON.parse(event.data as string) as Change);
    });
    here.addEventListener("alarm", () => {
      heard = Date.now();
      listener.alarmed();
    });
    here.addEventListener("signed-out", () => {
      here.close();
      listener.signedOut();
    });
    here.onerror = () => {
      // A restart takes a second or two; only a longer silence is reported.
      notice ??= setTimeout(() => {
        if (offline) offline.hidden = false;
      }, 5_000);
      if (here.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, pause * (0.5 + Math.random() / 2));
      pause = Math.min(pause * 2, SLOWEST);
    };
  }

  connect();
  // After a laptop's sleep, or if a proxy dropped the connection, there is no error, only silence.
  setInterval(() => {
    if (Date.now() - heard > SILENCE && stream?.readyState !== EventSource.CLOSED) {
      if (offline) offline.hidden = false;
      connect();
    }
  }, LOOK);
}
