import { en } from "./en";

/** Every text of the widget. Further keys are plural forms: `unread_few` beside `unread_other`. */
export type Strings = { readonly [K in keyof typeof en]: string } & { readonly [form: string]: string };

/** Set by build.mjs: language -> [file beside the script, its integrity]. English is in the script itself. */
declare const MESSAGE_FILES: Readonly<Record<string, readonly [string, string]>>;

const loaded = new Map<string, Strings>([["en", en]]);
const loading = new Map<string, Promise<void>>();
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

/** "es-MX" -> Spanish. A language without a table, or whose table has not arrived, gets English. */
export function stringsFor(language: string): Strings {
  return loaded.get(base(language)) ?? en;
}

/** Fetch a language's texts once. Never rejects: without them the chat is in English. */
export function load(language: string): Promise<void> {
  const code = base(language);
  const file = MESSAGE_FILES[code];
  if (loaded.has(code) || file === undefined) return Promise.resolve();
  const known = loading.get(code);
  if (known !== undefined) return known;
  const [name, integrity] = file;
  const fetched = fetch(new URL(`i18n/${name}`, import.meta.url), { integrity, credentials: "omit", referrerPolicy: "no-referrer" })
    .then(async (response) => {
      if (response.ok) loaded.set(code, (await response.json()) as Strings);
    })
    .catch(() => undefined)
    .finally(() => loading.delete(code));
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
  return wanted.map((one) => base(one ?? "")).find((one) => one === "en" || one in MESSAGE_FILES) ?? "en";
}

export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The form of `key` for this number by the language's plural rules; {n} is the number as the language writes it. */
export function plural(key: string, count: number, language: string, values: Readonly<Record<string, string | number>> = {}): string {
  const t = stringsFor(language);
  const form = t[`${key}_${new Intl.PluralRules(t === en ? "en" : language).select(count)}`] ?? t[`${key}_other`] ?? "";
  return fill(form, { n: count.toLocaleString(language), ...values });
}
