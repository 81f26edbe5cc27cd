/** Dates and times as words, in the widget's language. */

export function clock(iso: string, language: string): string {
  return format(new Date(iso), language, { timeStyle: "short" });
}

/** "Today", "Yesterday", "Friday 20 November". */
export function dayName(iso: string, language: string, now = new Date()): string {
  const date = new Date(iso);
  const days = Math.round((midnight(date) - midnight(now)) / 86_400_000);
  if (days === 0 || days === -1) {
    const word = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day");
    return word.charAt(0).toLocaleUpperCase(language) + word.slice(1);
  }
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return format(date, language, { weekday: "long", day: "numeric", month: "long", ...year });
}

/** A calendar date ("2026-10-05") without a time zone: it must not become the day before. */
export function calendarDay(day: string, language: string): string {
  return format(new Date(`${day.slice(0, 10)}T12:00:00Z`), language, {
    day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
  });
}

/** When the office opens, in the city's time if the gateway gave its offset. */
export function opening(iso: string, language: string): string {
  const local = /^(\d{4}-\d\d-\d\dT\d\d:\d\d).*[+-]\d\d:?\d\d$/.exec(iso);
  const zone = local !== null && !/[+-]00:?00$/.test(iso) ? { timeZone: "UTC" } : {};
  const date = new Date("timeZone" in zone ? `${local?.[1]}:00Z` : iso);
  return format(date, language, { dateStyle: "full", timeStyle: "short", ...zone });
}

/** "5–15 minutes", or the second alone where the first is 0; from two hours on in hours. */
export function minutes(low: number, high: number, language: string): string {
  const [unit, by] = low >= 120 ? ["hour", 60] : ["minute", 1];
  const words = new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 1 });
  const range = low > 0 && "formatRange" in words;
  return range ? words.formatRange(low / by!, high / by!) : `${low > 0 ? `${low / by!}–` : ""}${words.format(high / by!)}`;
}

const FORMATS = new Map<string, Intl.DateTimeFormat>(); // expensive to create, and a long conversation needs thousands

function format(date: Date, language: string, options: Intl.DateTimeFormatOptions): string {
  if (Number.isNaN(date.getTime())) return "";
  const key = language + JSON.stringify(options);
  const known = FORMATS.get(key) ?? new Intl.DateTimeFormat(regional(language), options);
  FORMATS.set(key, known);
  return known.format(date);
}

/** "en" with the reader's own region, so that an American reads November 29, 2:35 PM and a Briton 29 November, 14:35. */
function regional(language: string): string {
  return navigator.languages.find((one) => one.toLowerCase().startsWith(`${language}-`)) ?? language;
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
