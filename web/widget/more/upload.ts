import { backoff, pause } from "../backoff";

const FIRST_PART = 32 * 1024; // bytes: some seconds on a slow line
const LONGEST_PART = 256 * 1024; // as the gateway takes them
const AIM = 4_000; // ms for one part, so that a break costs little and progress is seen
const STALLED = 60_000; // ms for one part
const TRIES = 8; // in a row without progress

/** The gateway's response to a rejected upload; status 0: there was none. */
export class UploadProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly retryAfter: number | null = null,
  ) {
    super(`${status} ${code}`);
  }
}

interface Ways {
  readonly base: string;
  readonly token: () => string | null;
  readonly online: EventTarget;
  readonly ensure: () => Promise<void>;
  readonly drop: () => void;
}

/**
 * Upload a photo in parts. A broken connection costs one part, however long the photo takes: it fails only when there is
 * no progress. `onProgress` gets 0..1.
 */
export async function upload(ways: Ways, id: string, photo: Blob, onProgress: (share: number) => void, signal: AbortSignal): Promise<string> {
  let received = 0;
  let part = FIRST_PART;
  let failures = 0;
  let lost = false; // the last answer did not come: ask where to go on
  for (;;) {
    try {
      await ways.ensure();
      const began = Date.now();
      const data = lost ? photo.slice(0, 0) : photo.slice(received, received + part);
      const answer = await send(ways, `${id}?offset=${received}&size=${photo.size}`, data, signal);
      if (answer.media !== undefined) return answer.media;
      const now = answer.received ?? 0;
      if (!lost && now <= received) throw new UploadProblem(422, "upload_changed");
      if (now > received) failures = 0;
      if (!lost) part = Math.min(LONGEST_PART, Math.max(8_192, Math.round((part * AIM) / Math.max(1, Date.now() - began))));
      lost = false;
      received = now;
      onProgress(received / photo.size);
    } catch (error) {
      const { status, retryAfter } = error as Partial<UploadProblem>;
      if (navigator.onLine || failures === 0) failures++; // a tunnel may be long
      if (signal.aborted || failures > TRIES) throw error;
      if (status === 401 && failures === 1) ways.drop(); // the next session begins at 0
      else if (!status || ((status === 429 || status === 503) && retryAfter)) await pause(retryAfter ?? backoff(failures), signal, ways.online);
      else throw error;
      lost = true;
      part = FIRST_PART;
    }
  }
}

async function send(ways: Ways, path: string, data: Blob, signal: AbortSignal): Promise<{ media?: string; received?: number }> {
  const timer = new AbortController();
  const hangUp = () => timer.abort();
  const alarm = setTimeout(hangUp, STALLED);
  signal.addEventListener("abort", hangUp);
  const token = ways.token();
  const headers = { "Content-Type": "application/octet-stream", ...(token === null ? {} : { Authorization: `Bearer ${token}` }) };
  try {
    const response = await fetch(`${ways.base}/media/${path}`, {
      method: "POST", body: data, headers, signal: timer.signal, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer",
    });
    const said = (await response.json().catch(() => ({}))) as { media?: string; received?: number; error?: { code?: string } };
    if (response.ok) return said;
    const seconds = Number(response.headers.get("Retry-After") ?? NaN);
    throw new UploadProblem(response.status, said.error?.code ?? "", Number.isFinite(seconds) ? seconds * 1000 : null);
  } catch (error) {
    throw error instanceof UploadProblem ? error : new UploadProblem(0, "");
  } finally {
    clearTimeout(alarm);
    signal.removeEventListener("abort", hangUp);
  }
}
