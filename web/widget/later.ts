import type * as More from "./more";

/** Set by build.mjs: the second script's name beside this one, and its integrity. */
declare const MORE_FILE: readonly [string, string];

let loading: Promise<typeof More> | undefined;
let tries = 0;

/** The second script, with parts that open on a tap: the menu, photos, location, reports. Rejects if it fails to load. */
export function more(): Promise<typeof More> {
  loading ??= fetchMore().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** import() does not check integrity. A preload does, and import() then uses the preloaded module. */
async function fetchMore(): Promise<typeof More> {
  const href = new URL(tries++ === 0 ? MORE_FILE[0] : `${MORE_FILE[0]}?${tries}`, import.meta.url).href; // browsers remember a module that failed
  const link = document.createElement("link");
  if (link.relList.supports("modulepreload")) {
    await new Promise((resolve, reject) => {
      link.onload = resolve;
      link.onerror = reject;
      link.rel = "modulepreload";
      link.crossOrigin = "";
      link.integrity = MORE_FILE[1];
      link.href = href;
      document.head.append(link);
    }).finally(() => link.remove());
  }
  return (await import(href)) as typeof More;
}
