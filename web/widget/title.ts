const COUNTED = /^\(\d+\) /;

/** "(2) City of Lindenport" while the tab is hidden and messages are unread; the page's own title otherwise. */
export class TitleBadge {
  #shown = 0;

  show(unread: number): void {
    const wanted = document.hidden ? unread : 0;
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    // The page may have changed its title meanwhile: only our own part is replaced.
    const own = document.title.replace(COUNTED, "");
    document.title = wanted === 0 ? own : `(${wanted}) ${own}`;
  }
}
