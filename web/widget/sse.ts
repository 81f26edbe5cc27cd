/** One event of a text/event-stream. A comment (the server's ping) has the name "". */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

/** Read events until the stream ends. EventSource is not used: it cannot send the Authorization header. */
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return; // an incomplete event is dropped: the next connection gets it again, by its number
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.replace(/\r\n?/g, "\n").split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) yield parse(block);
      if (blocks.length === 0) yield { name: "", data: "" }; // bytes arrived: the connection works
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

function parse(block: string): StreamEvent {
  let name = "";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
  return { name: data.length > 0 ? name || "message" : "", data: data.join("\n") };
}
