/** A short, quiet tone. Browsers allow it once the citizen has pressed something on the page. */
export function beep(): void {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  volume.gain.value = 0.05;
  tone.connect(volume).connect(context.destination);
  tone.onended = () => void context.close();
  tone.start();
  tone.stop(context.currentTime + 0.12);
}

/** A system notification without the message's text, because bystanders may read it. Phones require a service worker for it, so they get none. */
export function notify(title: string, body: string): void {
  try {
    new Notification(title, { body, tag: "civicdesk" });
  } catch {
    // The title and the badge still count.
  }
}
