// The parts of a stage's or a screen's page: those that the server draws otherwise now are replaced, the rest stays
// under the finger.

export class Parts {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.mark();
  }

  /** Replaces the parts that differ, and leaves the rest under the finger. @param {HTMLElement} fresh */
  swap(fresh) {
    this.root.className = fresh.className;
    const names = (root) => [...root.querySelectorAll('[data-part]')].map((part) => part.dataset.part).join();
    const line = this.root.querySelector('[data-line]');
    if (names(fresh) !== names(this.root)) {
      const say = this.root.querySelector('[data-say]');
      this.root.replaceChildren(...fresh.childNodes);
      this.root.querySelector('[data-line]')?.replaceWith(line);
      if (say) this.root.querySelector('[data-say]')?.replaceWith(say);
      this.mark();
      return;
    }
    for (const part of fresh.querySelectorAll('[data-part]')) {
      const old = this.root.querySelector(`[data-part="${part.dataset.part}"]`);
      if (signature(old) !== signature(part)) this.replace(old, part.cloneNode(true));
    }
  }

  /** Remembers what the server drew, before clocks tick in it. */
  mark() {
    for (const part of this.root.querySelectorAll('[data-part]')) part.drawn = signature(part);
  }

  /** @param {HTMLElement} old @param {HTMLElement} part */
  replace(old, part) {
    const buttons = (root) => [...root.querySelectorAll('a[href], button, summary')];
    const at = buttons(old).indexOf(document.activeElement);
    const open = [...old.querySelectorAll('details')].map((details) => details.open);
    part.querySelectorAll('details').forEach((details, i) => { details.open = Boolean(open[i]); });
    part.drawn = signature(part);
    old.replaceWith(part);
    if (at >= 0) (buttons(part)[at] ?? buttons(part).at(-1))?.focus();
  }

  /** Parts that were changed here must be drawn even where the server's page is the same. */
  forget() {
    for (const part of this.root.querySelectorAll('[data-part]')) part.drawn = '';
  }
}

/** What a part shows; the keys of its forms are new with each page. @param {HTMLElement} part */
function signature(part) {
  return part.drawn ?? part.outerHTML.replace(/name="key" value="[^"]*"/g, '');
}
