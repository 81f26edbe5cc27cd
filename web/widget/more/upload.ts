const STALLED = 45_000; // ms without a byte, after which an upload has failed; how long it takes is up to the connection

/** The gateway's answer to an upload that it did not take; status 0: there was none. */
export class UploadProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`${status} ${code}`);
  }
}

/** Progress needs XMLHttpRequest: fetch cannot tell how much of a body was sent. `onProgress` gets 0..1. */
export function upload(
  address: string,
  token: string | null,
  photo: Blob,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "json";
    let stalled = setTimeout(() => request.abort(), STALLED);
    request.onloadend = () => clearTimeout(stalled);
    request.setRequestHeader("Content-Type", photo.type);
    if (token !== null) request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.upload.onprogress = (event) => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALLED);
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onerror = request.onabort = () => reject(new UploadProblem(0, ""));
    request.onload = () => {
      const body = request.response as { media?: string; error?: { code?: string } } | null;
      if (request.status === 201 && typeof body?.media === "string") resolve(body.media);
      else reject(new UploadProblem(request.status, body?.error?.code ?? ""));
    };
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(photo);
  });
}
