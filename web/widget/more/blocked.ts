import type { Blocked } from "../chat";

/** Tells the site's owner, in the browser's console, why the chat does not work on this page, and what to do. `base`: the gateway's address. */
export function reportBlocked(why: NonNullable<Blocked>, base: string): void {
  const server = new URL(base).origin;
  const remedy = {
    origin: `The chat of ${server} does not allow ${location.origin}. Add it to CIVICDESK_WIDGET_ORIGINS of that gateway.`,
    policy: `This page's Content-Security-Policy does not allow ${server}. Add it to connect-src.`,
    server: `There is no gateway at ${server}. Set the attribute "server" to its address.`,
  }[why];
  console.error(`Civicdesk: ${remedy} Citizens are shown a link instead.`);
}
