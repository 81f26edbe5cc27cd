/** About languages, without their texts: both scripts use this. */

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

export function base(language: string): string {
  return language.toLowerCase().split("-")[0] ?? "en";
}

export function direction(language: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(base(language)) ? "rtl" : "ltr";
}

export function fill(text: string | undefined, values: Readonly<Record<string, string | number>>): string {
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The language's own name, which its speakers look for. */
export function nameOf(language: string): string {
  const name = new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}
