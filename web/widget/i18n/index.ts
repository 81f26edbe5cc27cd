import { base, fill } from "../language";
import type { en } from "./en";
import type { en as rest } from "./more/en";

export { direction, fill, nameOf } from "../language";

type Texts<T> = { readonly [K in keyof T as K extends `${string}_one` ? never : K]: string } & { readonly [form: string]: string };

/** The texts of the script, of the second script, and of both. Other languages have their own plural forms: `unread_few` beside `unread_other`. */
export type First = Texts<typeof en>;
export type Rest = Texts<typeof rest>;
export type Strings = First & Rest;

/** Set by build.mjs: language -> the file beside the script and its integrity. `rest_file` and `rest_hash` in it are the same for the second script. */
declare const MESSAGE_FILES: Readonly<Record<string, readonly [string, string]>>;

/** The only texts in the script itself: enough to say that the rest did not load, and where to write instead. */
const FEW = {
  launcher: "Chat",
  title_plain: "Chat with us",
  close: "Close chat",
  blocked: "The chat does not work on this page. You can write to us on the city's own page.",
  blocked_link: "Write to us there",
} as unknown as Strings;

const loaded = new Map<string, Strings>();
const loading = new Map<string, Promise<boolean>>();
let both = false; // the second script's texts are needed, too

/** "es-MX" -> Spanish. A language without a table gets English; while its table is loading, the texts available so far. */
export function stringsFor(language: string): Strings {
  return loaded.get(base(language)) ?? loaded.get("en") ?? loaded.values().next().value ?? FEW;
}

/** Fetch a language's texts once, or the English ones if that fails. False: neither loaded. Never rejects. */
export async function load(language: string): Promise<boolean> {
  return (await loadOnly(language)) || (base(language) !== "en" && loadOnly("en"));
}

/** The same without the fallback to English. */
export async function loadOnly(language: string): Promise<boolean> {
  const code = base(language) in MESSAGE_FILES ? base(language) : "en";
  return (await fetchOnce(code)) && (!both || fetchOnce(code, true));
}

/** Adds the second script's texts. */
export function loadBoth(language: string): Promise<boolean> {
  both = true;
  return loadOnly(language);
}

function fetchOnce(code: string, second = false): Promise<boolean> {
  const key = code + second;
  const texts = loaded.get(code);
  const [file, integrity] = second ? [texts!["rest_file"], texts!["rest_hash"]!] : MESSAGE_FILES[code]!;
  const known = loading.get(key);
  if (known !== undefined) return known;
  const fetched = fetch(new URL(`i18n/${file}`, import.meta.url), { integrity, referrerPolicy: "no-referrer" })
    .then(async (response) => {
      if (!response.ok) throw response;
      loaded.set(code, { ...loaded.get(code), ...((await response.json()) as Strings) });
      return true;
    })
    .catch(() => {
      loading.delete(key);
      return false;
    });
  loading.set(key, fetched);
  return fetched;
}

/** The first of `wanted` that has a table. */
export function supported(...wanted: readonly (string | null | undefined)[]): string {
  return wanted.map((one) => base(one ?? "")).find((one) => one in MESSAGE_FILES) ?? "en";
}

/** The form of `key` for this number by the language's plural rules; {n} is the number as the language writes it. */
export function plural(key: string, count: number, language: string, values: Readonly<Record<string, string | number>> = {}): string {
  const t = stringsFor(language);
  const form = t[`${key}_${new Intl.PluralRules(language).select(count)}`] ?? t[`${key}_other`] ?? "";
  return fill(form, { n: count.toLocaleString(language), ...values });
}

export const LANGUAGES = Object.keys(MESSAGE_FILES);
