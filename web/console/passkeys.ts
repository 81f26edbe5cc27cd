// Passkeys: the server sends a challenge, the browser's authenticator answers it, and the form submits the response.

/** Show the forms that need a passkey, if the browser supports passkeys, and fill in the response. */
export function offerPasskeys(): void {
  if (!("PublicKeyCredential" in window) || !("parseRequestOptionsFromJSON" in PublicKeyCredential)) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void answer(form);
    });
  }
}

async function answer(form: HTMLFormElement): Promise<void> {
  const problem = form.querySelector<HTMLElement>("[data-passkey-problem]");
  const button = form.querySelector("button");
  if (problem) problem.hidden = true;
  if (button) button.disabled = true;
  try {
    const field = form.elements.namedItem("answer") as HTMLInputElement;
    field.value = JSON.stringify(await ask(form));
    form.submit();
  } catch (error) {
    // No message if the person closed the browser's dialog; otherwise an error message.
    const closed = error instanceof DOMException && error.name === "NotAllowedError";
    if (problem) {
      problem.textContent = closed ? "The passkey was not used. You can try again." : sentence(error);
      problem.hidden = false;
    }
  } finally {
    if (button) button.disabled = false;
  }
}

async function ask(form: HTMLFormElement): Promise<unknown> {
  const body = new FormData(form);
  const response = await fetch(form.dataset["passkey"] ?? "", {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams([...body].map(([name, value]) => [name, String(value)])),
  });
  const given = (await response.json()) as { options?: unknown; error?: { message: string } };
  if (!response.ok) throw new Error(given.error?.message ?? "");
  const credential =
    form.dataset["passkeyNew"] === undefined
      ? await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(given.options as PublicKeyCredentialRequestOptionsJSON),
        })
      : await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(given.options as PublicKeyCredentialCreationOptionsJSON),
        });
  if (!(credential instanceof PublicKeyCredential)) throw new Error("");
  return credential.toJSON();
}

function sentence(error: unknown): string {
  const known = error instanceof Error && !(error instanceof DOMException) ? error.message : "";
  return known || "The passkey could not be used. Try again, or sign in in another way.";
}
