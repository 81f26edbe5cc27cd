// Notices while the desk is closed: the browser's prompt appears only after the agent has pressed the button.

const WORKER = "/console/push-worker.js";

interface Policies {
  createPolicy(name: string, rules: { createScriptURL: () => string }): { createScriptURL(text: string): string };
}

/** Show the form if the browser supports it; otherwise say why not. */
export function offerPush(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-push]");
  const cannot = document.querySelector<HTMLElement>("[data-push-cannot]");
  if (!form || !cannot) return;
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
    cannot.textContent = "This browser cannot show notices while the desk is closed. On an iPhone or iPad, add this page to the home screen first.";
    return;
  }
  cannot.hidden = true;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void turnOn(form);
  });
}

async function turnOn(form: HTMLFormElement): Promise<void> {
  const problem = form.querySelector<HTMLElement>("[data-push-problem]");
  const button = form.querySelector("button");
  if (problem) problem.hidden = true;
  if (button) button.disabled = true;
  try {
    const given = (await subscribe(form.dataset["push"] ?? "")).toJSON();
    fill(form, "endpoint", given.endpoint);
    fill(form, "p256dh", given.keys?.["p256dh"]);
    fill(form, "auth", given.keys?.["auth"]);
    form.submit();
  } catch (error) {
    if (problem) {
      problem.textContent = error instanceof NotPermitted ? NOT_PERMITTED : FAILED;
      problem.hidden = false;
    }
  } finally {
    if (button) button.disabled = false;
  }
}

const NOT_PERMITTED = "This browser does not permit notices. Nothing was turned on. Permit them in its settings for this page and try again.";
const FAILED = "The browser's push service could not be reached. Nothing was turned on. Please try again.";

class NotPermitted extends Error {}

async function subscribe(key: string): Promise<PushSubscription> {
  if ((await Notification.requestPermission()) !== "granted") throw new NotPermitted();
  const registration = await navigator.serviceWorker.register(trusted(), { scope: "/console/" });
  await navigator.serviceWorker.ready;
  // A subscription for an earlier key of this desk would never get a notice again.
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/** The policy forbids any other text as a script's address. */
function trusted(): string {
  const policies = (window as unknown as { trustedTypes?: Policies }).trustedTypes;
  return policies ? policies.createPolicy("civicdesk-push", { createScriptURL: () => WORKER }).createScriptURL(WORKER) : WORKER;
}

function fill(form: HTMLFormElement, name: string, value: string | undefined): void {
  (form.elements.namedItem(name) as HTMLInputElement).value = value ?? "";
}
