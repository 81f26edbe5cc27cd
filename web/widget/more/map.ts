import type { Chat } from "../chat";
import type { Place } from "../contract";
import { fill } from "../language";
import { el, set, write } from "../view/dom";

const ZOOM = 17; // as the gateway gives tiles: some hundred metres
const TILE = 256; // px
const WIDTH = 480;
const HEIGHT = 200;

/** A picture of the map around a place, from tiles that the gateway fetches: the tile server learns of no citizen. */
export class PlaceMap {
  readonly #canvas = el("canvas", { role: "img" });
  readonly #credit = el("p", { class: "note" });
  readonly root = el("div", { class: "map", hidden: true }, this.#canvas, this.#credit);
  #asked = 0;

  constructor(private readonly chat: Chat) {
    this.#canvas.width = WIDTH;
    this.#canvas.height = HEIGHT;
  }

  /** Nothing is shown without a place, without maps, or if no tile loads: the address is enough. */
  show(place: Place | null, address: string): void {
    const asked = ++this.#asked;
    const { t, config } = this.chat;
    this.root.hidden = true;
    if (place === null || !config.map_credit) return;
    set(this.#canvas, "aria-label", fill(t.where_map, { address }));
    write(this.#credit, config.map_credit);
    void this.#draw(place, () => asked === this.#asked);
  }

  async #draw({ latitude, longitude }: Place, wanted: () => boolean): Promise<void> {
    const size = TILE * 2 ** ZOOM;
    const left = Math.round(((longitude + 180) / 360) * size - WIDTH / 2);
    const top = Math.round(((1 - Math.asinh(Math.tan((latitude * Math.PI) / 180)) / Math.PI) / 2) * size - HEIGHT / 2);
    const context = this.#canvas.getContext("2d")!;
    context.clearRect(0, 0, WIDTH, HEIGHT);
    const tiles: Promise<boolean>[] = [];
    for (let x = Math.floor(left / TILE); x * TILE < left + WIDTH; x++) {
      for (let y = Math.floor(top / TILE); y * TILE < top + HEIGHT; y++) {
        tiles.push(this.#tile(x, y).then((bitmap) => {
          if (wanted()) context.drawImage(bitmap, x * TILE - left, y * TILE - top);
          bitmap.close();
          return true;
        }, () => false));
      }
    }
    const came = await Promise.all(tiles);
    if (!wanted() || !came.includes(true)) return;
    for (const [radius, colour] of [[10, "#fff"], [8, "#a8231b"], [3, "#fff"]] as const) {
      context.fillStyle = colour;
      context.beginPath();
      context.arc(WIDTH / 2, HEIGHT / 2, radius, 0, 2 * Math.PI);
      context.fill();
    }
    this.root.hidden = false;
  }

  async #tile(x: number, y: number): Promise<ImageBitmap> {
    const answer = await fetch(`${this.chat.base}/tiles/${x}/${y}`, { credentials: "omit", referrerPolicy: "no-referrer" });
    if (!answer.ok) throw answer;
    return createImageBitmap(await answer.blob());
  }
}
