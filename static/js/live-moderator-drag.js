// Moving questions between the moderator's lists by mouse, pen or finger. A finger holds still first, else it scrolls.

const SLIP = 5; // pixels a press may slip before it is a drag
const HOLD_MS = 350;
const FINGER_SLIP = 10;
const EDGE = 60; // pixels from the window's edge where it scrolls by itself
const CONTROLS = 'button, a, summary, input, textarea, select, label, details form';

export class Drag {
  /** @param {HTMLElement} root @param {{drop(id: string, list: string, position: number): void}} owner */
  constructor(root, owner) {
    this.root = root;
    this.owner = owner;
    root.addEventListener('pointerdown', (event) => this.down(event));
    document.addEventListener('pointermove', (event) => this.moved(event));
    document.addEventListener('pointerup', (event) => this.up(event));
    document.addEventListener('pointercancel', () => this.end(false));
    document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && this.on) this.end(false); });
    document.addEventListener('touchmove', (event) => { if (this.on) event.preventDefault(); }, { passive: false });
    root.addEventListener('dragstart', (event) => event.preventDefault());
    root.addEventListener('contextmenu', (event) => { if (this.on) event.preventDefault(); });
  }

  down(event) {
    const card = event.target.closest?.('[data-list] article[data-id]');
    if (!card || event.button !== 0 || this.card || event.target.closest(CONTROLS)) return;
    this.card = card;
    this.pointer = event.pointerId;
    this.x = this.startX = event.clientX;
    this.y = this.startY = event.clientY;
    this.finger = event.pointerType === 'touch';
    if (this.finger) this.timer = setTimeout(() => this.begin(), HOLD_MS);
  }

  moved(event) {
    if (!this.card || event.pointerId !== this.pointer) return;
    this.x = event.clientX;
    this.y = event.clientY;
    const far = Math.hypot(this.x - this.startX, this.y - this.startY);
    if (!this.on && this.finger && far > FINGER_SLIP) this.end(false);
    if (!this.on && !this.finger && far > SLIP) this.begin();
    if (this.on) this.follow();
  }

  begin() {
    this.on = true;
    getSelection()?.removeAllRanges();
    this.root.classList.add('dragging');
    this.card.classList.add('lifted');
    this.mark = document.createElement('li');
    this.mark.className = 'drop-mark';
    this.mark.setAttribute('aria-hidden', 'true');
    this.follow();
    this.scroll();
  }

  /** The list under the pointer, and in the stage queue the place there. */
  target() {
    const under = document.elementFromPoint(this.x, this.y);
    const place = under?.closest('[data-drop], [data-list="now"]');
    if (!place || !this.root.contains(place)) return null;
    const list = place.dataset.drop || 'now';
    if (list !== 'queued') return { place, list, position: 0 };
    const rows = [...place.querySelectorAll('[data-list] > li')].filter((li) => li !== this.mark && !li.contains(this.card));
    const index = rows.findIndex((li) => { const box = li.getBoundingClientRect(); return this.y < box.top + box.height / 2; });
    return { place, list, position: (index < 0 ? rows.length : index) + 1, before: index < 0 ? null : rows[index] };
  }

  follow() {
    const target = this.target();
    for (const place of this.root.querySelectorAll('.drop-here')) if (place !== target?.place) place.classList.remove('drop-here');
    target?.place.classList.add('drop-here');
    if (target?.list === 'queued') target.place.querySelector('[data-list]').insertBefore(this.mark, target.before);
    else this.mark.remove();
  }

  /** Near the window's edges the page goes on under what is held. */
  scroll() {
    if (!this.on) return;
    const pull = this.y < EDGE ? -10 : this.y > innerHeight - EDGE ? 10 : 0;
    if (pull) {
      scrollBy(0, pull);
      this.follow();
    }
    requestAnimationFrame(() => this.scroll());
  }

  up(event) {
    if (this.card && event.pointerId === this.pointer) this.end(this.on);
  }

  /** @param {boolean} drop */
  end(drop) {
    if (!this.card) return;
    clearTimeout(this.timer);
    const { card } = this;
    const target = drop ? this.target() : null;
    this.root.classList.remove('dragging');
    for (const place of this.root.querySelectorAll('.drop-here')) place.classList.remove('drop-here');
    card.classList.remove('lifted');
    this.mark?.remove();
    this.on = false;
    this.card = this.mark = undefined;
    if (target) this.owner.drop(card.dataset.id, target.list, target.position);
  }
}
