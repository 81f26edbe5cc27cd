import type { Chat } from "../chat";

const WORKER = "/widget/push-worker.js";

interface Policies {
  createPolicy(name: string, rules: { createScriptURL: () => string }): { createScriptURL(text: string): string };
}

/** Whether this page may show notices at all. */
export function canNotify(): boolean {
  return "Notification" in window && isSecureContext;
}

/** Notices on this device: null: off; "page": while a page of the chat is open; "push": an agent's reply also afterwards. */
export function noticesOf(chat: Chat): "page" | "push" | null {
  const wish = chat.store.get("notify");
  if (wish === null || !canNotify() || Notification.permission !== "granted") return null;
  if (wish === "1") return "page";
  return wish === chat.mark ? "push" : null; // it was for a conversation that has ended
}

/** The only place where the browser asks the citizen for permission. Null: it does not allow notices. */
export async function turnOn(chat: Chat): Promise<"page" | "push" | null> {
  if ((await Notification.requestPermission()) !== "granted") return null;
  chat.store.set("notify", "1");
  // A service worker belongs to its own site: elsewhere a page must be open.
  if (new URL(chat.base).origin === location.origin && "serviceWorker" in navigator && "PushManager" in window) {
    try {
      await subscribe(chat);
      chat.store.set("notify", chat.mark);
      return "push";
    } catch {
      // The push service did not respond, or this browser has none.
    }
  }
  return "page";
}

export async function turnOff(chat: Chat): Promise<void> {
  chat.store.set("notify", null);
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.getRegistration("/widget/");
  const subscription = await registration?.pushManager.getSubscription();
  if (!subscription) return;
  await call(chat, "push/end", { endpoint: subscription.endpoint }).catch(() => undefined);
  await subscription.unsubscribe();
}

async function subscribe(chat: Chat): Promise<void> {
  await chat.session.ensure();
  const { key } = (await (await call(chat, "push")).json()) as { key: string };
  const registration = await navigator.serviceWorker.register(trusted(), { scope: "/widget/" });
  await active(registration);
  // A subscription for an earlier key would never get a notice again.
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  const given = (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
  await call(chat, "push", { endpoint: given.endpoint, p256dh: given.keys?.["p256dh"], auth: given.keys?.["auth"] });
}

/** `ready` waits for one whose scope holds this page; this one's holds none. */
async function active(registration: ServiceWorkerRegistration): Promise<void> {
  const coming = registration.installing ?? registration.waiting;
  if (coming === null) return;
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (coming.state === "activated" || coming.state === "redundant") resolve();
    };
    coming.addEventListener("statechange", look);
    look();
  });
}

async function call(chat: Chat, path: string, body?: object): Promise<Response> {
  const response = await fetch(`${chat.base}/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${chat.session.current ?? ""}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer",
  });
  if (!response.ok) throw response;
  return response;
}

let made: string | undefined; // a policy may be made once

/** The policy forbids any other text as a script's address. */
function trusted(): string {
  const policies = (window as unknown as { trustedTypes?: Policies }).trustedTypes;
  return made ??= policies ? policies.createPolicy("civicdesk-push", { createScriptURL: () => WORKER }).createScriptURL(WORKER) : WORKER;
}
