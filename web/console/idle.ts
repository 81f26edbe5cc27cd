// A session ends some time after a person's last input, whatever this page requests by itself. The desk is
// notified of input at most every 45 seconds; two minutes before the end every tab shows a warning.

const EVERY = 45_000; // ms between two notifications of the desk
const MARGIN = 30_000; // ms by which the desk may have noted the last input earlier than we did
const WARNING = 120_000; // ms before the end
const SHARED = "civicdesk-active"; // other tabs of this browser are the same session
const INPUT = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

/** Watch for input until the page is closed. */
export function watchIdle(): void {
  const note = document.querySelector<HTMLElement>("[data-idle]");
  const csrf = document.querySelector<HTMLInputElement>("form.out [name=csrf]")?.value ?? "";
  const life = Number(note?.dataset["idle"] ?? "0") * 1_000;
  if (!note || !life) return;
  const warning = Math.min(WARNING, life / 2);
  let told = Date.now(); // a person requested the page itself
  let later: ReturnType<typeof setTimeout> | undefined;
  share(told);

  function active(event: Event): void {
    if (!event.isTrusted || later !== undefined) return;
    const wait = Math.max(0, told + EVERY - Date.now());
    later = setTimeout(() => void tell(), note?.hidden === false ? 0 : wait);
  }

  async function tell(): Promise<void> {
    const now = Date.now();
    try {
      const answer = await fetch("/console/active", {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ csrf }),
        signal: AbortSignal.timeout(10_000),
      });
      if (answer.status === 401) location.reload();
      if (answer.ok) {
        told = now;
        share(now);
        look();
      }
    } catch {
      // The desk cannot be reached; the next input tries again.
    } finally {
      later = undefined;
    }
  }

  function look(): void {
    told = Math.max(told, shared());
    if (note) note.hidden = told + life - MARGIN - Date.now() > warning;
  }

  for (const kind of INPUT) document.addEventListener(kind, active, { capture: true, passive: true });
  note.querySelector("button")?.addEventListener("click", active);
  window.addEventListener("storage", look);
  setInterval(look, 5_000);
}

function share(at: number): void {
  try {
    localStorage.setItem(SHARED, String(at));
  } catch {
    // storage may be forbidden; each tab then counts for itself
  }
}

function shared(): number {
  try {
    return Number(localStorage.getItem(SHARED) ?? "0") || 0;
  } catch {
    return 0;
  }
}
