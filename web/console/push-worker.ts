// The console's service worker. It shows notices and opens their page; it caches nothing and handles no requests.

interface PushWorker {
  addEventListener(name: "push", act: (event: Waiting & { data: { json(): unknown } | null }) => void): void;
  addEventListener(name: "notificationclick", act: (event: Waiting & { notification: Notification }) => void): void;
  registration: ServiceWorkerRegistration;
  clients: {
    matchAll(options: { type: "window"; includeUncontrolled: boolean }): Promise<Page[]>;
    openWindow(path: string): Promise<unknown>;
  };
}
interface Waiting {
  waitUntil(work: Promise<unknown>): void;
}
interface Page {
  url: string;
  focus(): Promise<unknown>;
}

const worker = self as unknown as PushWorker;
// Fixed texts: bystanders may read a notice.
const TITLES: Record<string, string> = {
  urgent: "Urgent: somebody may be in danger",
  paged: "Urgent: nobody has claimed a conversation",
  mention: "A colleague names you in a note",
  offer: "A conversation is offered to you",
};
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

worker.addEventListener("push", (event) => event.waitUntil(show(read(event.data))));

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(String(event.notification.data)));
});

function read(data: { json(): unknown } | null): { kind: string; path: string } {
  try {
    const said = data?.json() as { kind?: unknown; conversation?: unknown } | undefined;
    const id = String(said?.conversation);
    return { kind: String(said?.kind), path: ID.test(id) ? `/console/conversations/${id}` : "/console/" };
  } catch {
    return { kind: "", path: "/console/" };
  }
}

async function show(said: { kind: string; path: string }): Promise<void> {
  const urgent = said.kind === "urgent" || said.kind === "paged";
  await worker.registration.showNotification(TITLES[said.kind] ?? "The front desk needs you", {
    tag: `${said.kind} ${said.path}`,
    data: said.path,
    icon: "/assets/console/icon-192.png",
    requireInteraction: urgent,
  });
}

async function open(path: string): Promise<void> {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => new URL(page.url).pathname === path);
  await (there ? there.focus() : worker.clients.openWindow(path));
}
