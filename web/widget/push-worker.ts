// The chat's service worker. It shows that an agent has replied and opens the chat; it caches nothing and handles no requests.

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
  visibilityState: string;
  focus(): Promise<unknown>;
}

const worker = self as unknown as PushWorker;
// Fixed texts: bystanders may read a notice, and push services are third parties.
const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  en: ["A person has replied", "Open the chat to read it."],
  es: ["Una persona ha respondido", "Abra el chat para leerlo."],
  fr: ["Une personne a répondu", "Ouvrez la discussion pour lire la réponse."],
  pt: ["Uma pessoa respondeu", "Abra o chat para ler."],
  ar: ["ردّ عليك أحد الموظفين", "افتح المحادثة لقراءة الرد."],
  zh: ["工作人员已回复", "打开聊天即可查看。"],
  uk: ["Вам відповіла людина", "Відкрийте чат, щоб прочитати."],
};

worker.addEventListener("push", (event) => event.waitUntil(show(read(event.data))));

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open());
});

function read(data: { json(): unknown } | null): string {
  try {
    return String((data?.json() as { language?: unknown } | undefined)?.language);
  } catch {
    return "en";
  }
}

async function show(language: string): Promise<void> {
  // If the chat is visible, the citizen reads the reply there.
  if ((await pages()).some((page) => page.visibilityState === "visible")) return;
  const lang = language in WORDS ? language : "en";
  const [title, body] = WORDS[lang]!;
  await worker.registration.showNotification(title, { body, lang, dir: lang === "ar" ? "rtl" : "ltr", tag: "civicdesk" });
}

async function open(): Promise<void> {
  const [page] = await pages();
  await (page ? page.focus() : worker.clients.openWindow("/chat"));
}

function pages(): Promise<Page[]> {
  return worker.clients.matchAll({ type: "window", includeUncontrolled: true });
}
export {};
