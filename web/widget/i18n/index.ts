import type { en } from "./en";

/** Every text of the widget. Other languages have their own plural forms: `unread_few` beside `unread_other`. */
export type Strings = { readonly [K in keyof typeof en as K extends `${string}_one` ? never : K]: string } & { readonly [form: string]: string };

/** Set by build.mjs: language -> [file beside the script, its integrity]. */
declare const MESSAGE_FILES: Readonly<Record<string, readonly [string, string]>>;

/** All that is in the script itself: enough to say that the rest did not come, and where to write instead. */
const FEW = {
  launcher: "Chat",
  title_plain: "Chat with us",
  close: "Close chat",
  blocked: "The chat does not work on this page. You can write to us on the city's own page.",
  blocked_link: "Write to us there",
} as unknown as Strings;

const loaded = new Map<string, Strings>();
const loading = new Map<string, Promise<boolean>>();
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

/** "es-MX" -> Spanish. A language without a table gets English; one whose table is still on its way, what there is. */
export function stringsFor(language: string): Strings {
  return loaded.get(base(language)) ?? loaded.get("en") ?? loaded.values().next().value ?? FEW;
}

/** Fetch a language's texts once, or the English ones where that fails. False: neither came. Never rejects. */
export function load(language: string): Promise<boolean> {
  const code = base(language) in MESSAGE_FILES ? base(language) : "en";
  const known = loading.get(code);
  if (known !== undefined) return known;
  const [name, integrity] = MESSAGE_FILES[code]!;
  const fetched = fetch(new URL(`i18n/${name}`, import.meta.url), { integrity, credentials: "omit", referrerPolicy: "no-referrer" })
    .then(async (response) => {
      if (!response.ok) throw response;
      loaded.set(code, (await response.json()) as Strings);
      return true;
    })
    .catch(() => {
      loading.delete(code);
      return code !== "en" && load("en");
    });
  loading.set(code, fetched);
  return fetched;
}

export function base(language: string): string {
  return language.toLowerCase().split("-")[0] ?? "en";
}

export function direction(language: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(base(language)) ? "rtl" : "ltr";
}

/** The first of `wanted` that has a table. */
export function supported(...wanted: readonly (string | null | undefined)[]): string {
  return wanted.map((one) => base(one ?? "")).find((one) => one in MESSAGE_FILES) ?? "en";
}

export function fill(text: string | undefined, values: Readonly<Record<string, string | number>>): string {
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The form of `key` for this number by the language's plural rules; {n} is the number as the language writes it. */
export function plural(key: string, count: number, language: string, values: Readonly<Record<string, string | number>> = {}): string {
  const t = stringsFor(language);
  const form = t[`${key}_${new Intl.PluralRules(language).select(count)}`] ?? t[`${key}_other`] ?? "";
  return fill(form, { n: count.toLocaleString(language), ...values });
}

/** The language's own name, which its speakers look for. */
export function nameOf(language: string): string {
  const name = new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

export const LANGUAGES = Object.keys(MESSAGE_FILES);
