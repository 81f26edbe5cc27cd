// While an editor writes an answer, its page lists what prevents a review. Without this file it does so after saving.

const PAUSE = 800; // ms after the last key

interface Checked {
  findings: string[];
  hints: string[];
}

export function checkAnswers(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-check]");
  const shown = document.querySelector<HTMLElement>("[data-findings]");
  const address = form?.dataset["check"];
  if (!form || !shown || !address) return;
  let due: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;
  form.addEventListener("input", () => {
    clearTimeout(due);
    due = setTimeout(() => void check(++turn), PAUSE);
  });
  async function check(mine: number): Promise<void> {
    // FormData as text pairs: the desk reads ordinary forms.
    const fields = [...new FormData(form as HTMLFormElement)].map(([name, value]) => [name, String(value)]);
    try {
      const response = await fetch(address ?? "", {
        method: "POST",
        headers: { accept: "application/json" },
        body: new URLSearchParams(fields),
      });
      if (response.ok && mine === turn) show(shown as HTMLElement, (await response.json()) as Checked);
    } catch {
      // Offline: the page keeps the last result, and saving checks again.
    }
  }
}

function show(where: HTMLElement, checked: Checked): void {
  const fresh = [
    ...listed("Fix these before review:", checked.findings, "problem"),
    ...listed("Look at these; they may be right:", checked.hints, ""),
  ];
  if (!checked.findings.length) fresh.unshift(paragraph("Nothing stands in the way of a review."));
  const said = fresh.map((one) => one.textContent).join();
  // Unchanged text must not be announced again.
  if (said === where.dataset["said"]) return;
  where.dataset["said"] = said;
  where.replaceChildren(...fresh);
}

function listed(title: string, sentences: string[], kind: string): HTMLElement[] {
  if (!sentences.length) return [];
  const list = document.createElement("ul");
  for (const sentence of sentences) {
    const item = document.createElement("li");
    item.className = kind;
    item.textContent = sentence;
    list.append(item);
  }
  return [paragraph(title), list];
}

function paragraph(text: string): HTMLElement {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}
