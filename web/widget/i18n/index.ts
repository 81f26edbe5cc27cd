import { en } from "./en";
import { es } from "./es";
import { fr } from "./fr";
import { pt } from "./pt";

export type Strings = { readonly [K in keyof typeof en]: string };

const ALL: Readonly<Record<string, Strings>> = { en, es, fr, pt };

/** "es-MX" -> Spanish; a language without a table gets English. */
export function stringsFor(language: string): Strings {
  return ALL[base(language)] ?? en;
}

export function base(language: string): string {
  return language.toLowerCase().split("-")[0] ?? "en";
}

/** The first of `wanted` that has a table. */
export function supported(...wanted: readonly (string | null | undefined)[]): string {
  return wanted.map((one) => base(one ?? "")).find((one) => one in ALL) ?? "en";
}

export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
