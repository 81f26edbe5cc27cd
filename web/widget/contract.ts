/** The gateway's API under /chat/v1, as types. The widget accepts data, never markup. */

export type Author = "contact" | "bot" | "agent" | "system";

export interface Choice {
  readonly id: string;
  readonly title: string;
}

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
  readonly label?: string | null;
}

export interface Source {
  readonly title: string;
  readonly url: string | null;
  readonly reviewed_on: string | null;
  readonly stale: boolean;
}

/** The message asks question `step` of `steps` of a report. What `does` back, later, continue, send, stop, or changes a part. */
export interface Report {
  readonly step: number;
  readonly steps: number;
  readonly paused: boolean;
  readonly answers: readonly { readonly part: string; readonly text: string; readonly title: string | null }[];
  readonly controls: readonly (Choice & { readonly does: string })[];
}

export interface Message {
  readonly seq: number;
  readonly id: string;
  readonly client_id: string | null;
  readonly author: Author;
  readonly agent_name: string | null;
  readonly text: string | null;
  readonly language: string | null;
  readonly buttons: readonly Choice[];
  readonly attachments: readonly { readonly id: string; readonly content_type: string; readonly alt?: string | null }[];
  readonly location: Place | null;
  readonly source: Source | null;
  readonly created_at: string;
  readonly status: string | null;
  /** An agent changed the text after it was sent, or withdrew the message. */
  readonly corrected?: "edited" | "withdrawn" | null;
  readonly report?: Report | null;
}

export interface State {
  readonly owner: "bot" | "queued" | "agent" | "none";
  readonly position: number | null;
  readonly agent_name: string | null;
  readonly office_open: boolean;
  readonly opens_at: string | null;
  readonly language: string | null;
  readonly typing: boolean;
  /** Minutes from when this arrived. */
  readonly wait?: { readonly low: number; readonly high: number } | null;
}

export interface Config {
  readonly city: string;
  readonly demo: boolean;
  readonly languages: readonly { readonly code: string; readonly name: string }[];
  readonly limits: { readonly text: number; readonly photo_bytes: number };
  readonly emergency_number: string;
  /** False: the gateway does not accept messages from this site. */
  readonly origin_allowed?: boolean;
  /** The attribution of the city's maps; without it there are none. */
  readonly map_credit?: string | null;
  readonly office: { readonly open: boolean; readonly opens_at: string | null };
  /** The city's own words above a new conversation, by language. */
  readonly greetings?: Readonly<Record<string, string>>;
}

export interface Page {
  readonly messages: readonly Message[];
  readonly state: State | null;
  readonly last_seq: number;
  readonly more?: boolean;
  /** Earlier messages that an agent has changed or withdrawn. */
  readonly corrected?: readonly Message[];
}

/** The body of POST messages: exactly one of text, button, location, language, media (media may carry text). */
export interface Post {
  readonly text?: string;
  readonly button?: string;
  readonly location?: { readonly latitude: number; readonly longitude: number };
  readonly media?: readonly string[];
  readonly language?: string;
}

/** Used until the gateway has answered /config, so that the panel opens at once on a bad connection. */
export const ASSUMED: Config = {
  city: "",
  demo: false,
  languages: [
    { code: "en", name: "English" },
    { code: "es", name: "Español" },
    { code: "fr", name: "Français" },
  ],
  limits: { text: 2000, photo_bytes: 10 * 1024 * 1024 },
  emergency_number: "",
  office: { open: true, opens_at: null },
};

/** Fill the gaps of a message, so that one missing field never blanks the conversation. Null: not a message. */
export function toMessage(value: unknown): Message | null {
  if (typeof value !== "object" || value === null) return null;
  const raw = value as Partial<Message>;
  if (typeof raw.seq !== "number") return null;
  return {
    client_id: null, author: "system", agent_name: null, text: null, language: null, location: null, source: null, status: null,
    created_at: new Date().toISOString(),
    ...raw,
    seq: raw.seq,
    id: String(raw.id ?? raw.seq),
    buttons: raw.buttons ?? [],
    attachments: raw.attachments ?? [],
  };
}
