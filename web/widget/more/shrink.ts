import { draw } from "./drawing";

const LONGEST_SIDE = 2048; // px; a licence plate in a street photo stays readable
const SLOW_SIDE = 1280; // px, where the browser reports a slow line or a wish to save data
const MOST_BYTES = 60 * 1024 * 1024; // of the original file; decoding more can crash a phone
const QUALITIES = [0.86, 0.7, 0.5];

export type PhotoFault = "type" | "large";

export class PhotoProblem extends Error {
  constructor(readonly fault: PhotoFault) {
    super(fault);
  }
}

/** A JPEG of at most 2048 px and `limit` bytes. Redrawing it also removes where and when it was taken. */
export async function shrink(file: Blob, limit: number): Promise<Blob> {
  if (file.type !== "" && !file.type.startsWith("image/")) throw new PhotoProblem("type");
  if (file.size > MOST_BYTES) throw new PhotoProblem("large");
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new PhotoProblem("type");
  }
  const canvas = document.createElement("canvas");
  const slow = onSlowLine();
  draw(bitmap, canvas, slow ? SLOW_SIDE : LONGEST_SIDE);
  bitmap.close();
  for (const quality of slow ? QUALITIES.slice(1) : QUALITIES) {
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (blob !== null && blob.size <= limit) return blob;
  }
  throw new PhotoProblem("large");
}

function onSlowLine(): boolean {
  const { connection } = navigator as { connection?: { effectiveType?: string; saveData?: boolean } };
  return connection?.saveData === true || /2g$/.test(connection?.effectiveType ?? "");
}
