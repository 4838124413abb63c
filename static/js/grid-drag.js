// Moving sessions of the programme's editor by mouse, pen or finger: from the list onto the board, about the board, to
// another day's tab, back to the list; and by the lower edge to another end. A finger holds still first, else it scrolls.

import { same } from './grid-board.js';

const SLIP = 4; // pixels a press may slip before it is a drag
const HOLD_MS = 350;
const FINGER_SLIP = 10;
const TRY_MS = 120;
const EDGE = 44; // pixels from the board's edge where it scrolls by itself
const USUAL = 30 * 60_000;

export class Drag {
  /** @param {import('./grid-board.js').Board} board @param {import('./grid-sync.js').Sync} sync
   * @param {{warn(answer: object|undefined, spot: object): void, calm(): void, day(spot: object, key: string): object|undefined}} owner */
  constructor(board, sync, owner) {
    this.board = board;
    this.sync = sync;
    this.owner = owner;
    const root = board.root;
    root.addEventListener('pointerdown', (event) => this.down(event));
    root.addEventListener('dragstart', (event) => event.preventDefault());
    document.addEventListener('pointermove', (event) => this.moved(event));
    document.addEventListener('pointerup', (event) => this.up(event));
    document.addEventListener('pointercancel', () => this.end(false));
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.on) return;
      event.preventDefault();
      this.end(false);
    });
    // A finger that has taken a session up must not scroll the page with it.
    document.addEventListener('touchmove', (event) => { if (this.on) event.preventDefault(); }, { passive: false });
    root.addEventListener('contextmenu', (event) => { if (this.id) event.preventDefault(); });
    // Letting go over the link it began on is not a press on the link.
    root.addEventListener('click', (event) => {
      if (!this.dropped) return;
      this.dropped = false;
      event.preventDefault();
      event.stopPropagation();
    }, true);
  }

  down(event) {
    this.dropped = false;
    const node = event.target.closest?.('article[data-id]');
    if (!node || event.button !== 0 || this.id || !matchMedia('(min-width: 760px)').matches) return;
    const session = this.board.sessions.get(node.dataset.id);
    if (!session) return;
    this.id = session.id;
    this.node = node;
    this.pointer = event.pointerId;
    this.resize = Boolean(event.target.closest('.cell-edge')) && session.spot !== null;
    this.x = this.startX = event.clientX;
    this.y = this.startY = event.clientY;
    this.spot = session.spot;
    this.length = session.spot ? session.spot.end - session.spot.start : session.minutes * 60_000 || USUAL;
    const at = session.spot && this.board.under(event.clientX, event.clientY);
    this.grab = at ? at.row - (session.spot.start - this.board.from) / this.board.step : 0;
    if (event.pointerType === 'touch' && !this.resize) this.timer = setTimeout(() => this.begin(), HOLD_MS);
    this.finger = event.pointerType === 'touch' && !this.resize;
  }

  moved(event) {
    if (!this.id || event.pointerId !== this.pointer) return;
    this.x = event.clientX;
    this.y = event.clientY;
    const far = Math.hypot(this.x - this.startX, this.y - this.startY);
    if (!this.on && this.finger && far > FINGER_SLIP) this.end(false);
    if (!this.on && !this.finger && far > SLIP) this.begin();
    if (this.on) this.follow();
  }

  begin() {
    this.on = true;
    this.sync.hold(this.id);
    this.node.classList.add('held');
    this.ghost = document.createElement('div');
    this.ghost.setAttribute('aria-hidden', 'true');
    this.follow();
    this.scroll();
  }

  /** Where the session would stand: a spot, null for the list, undefined for nowhere. */
  target() {
    const { board } = this;
    const under = document.elementFromPoint(this.x, this.y);
    const session = board.sessions.get(this.id);
    this.tab?.classList.remove('target');
    this.tab = under?.closest('[data-day]');
    if (this.tab && !this.resize && session.spot) {
      this.tab.classList.add('target');
      return this.owner.day(session.spot, this.tab.dataset.day);
    }
    if (under?.closest('.grid-waiting') && !this.resize) return session.spot ? null : undefined;
    const at = board.under(this.x, this.y);
    if (!at) return undefined;
    if (this.resize) {
      const row = Math.max(Math.round(at.row), (session.spot.start - board.from) / board.step + 1);
      return { ...session.spot, end: board.from + Math.min(Math.round(row), board.rows) * board.step };
    }
    const most = board.rows - Math.ceil(this.length / board.step);
    const start = board.from + Math.min(Math.max(Math.round(at.row - this.grab), 0), most) * board.step;
    return { room: at.room, start, end: start + this.length };
  }

  follow() {
    const spot = this.target();
    if (spot && !this.tab) {
      const place = this.board.place(spot);
      this.ghost.className = `cell ghost c-${place.column} r-${place.from + 1} h-${place.to - place.from}`;
      this.ghost.textContent = this.board.span(spot);
      if (!this.ghost.isConnected) this.board.grid.append(this.ghost);
    } else {
      this.ghost.remove();
    }
    if (spot === this.spot || (spot && this.spot && same(spot, this.spot))) return;
    this.spot = spot;
    clearTimeout(this.trying);
    this.owner.calm();
    if (spot) this.trying = setTimeout(() => this.ask(spot), TRY_MS);
  }

  async ask(spot) {
    const id = this.id;
    const answer = await this.sync.try(id, spot);
    if (!this.on || this.id !== id || !same(spot, this.spot)) return;
    if (answer?.message || answer?.clashes?.length) this.ghost.classList.add('bad');
    this.owner.warn(answer, spot);
  }

  /** Near its edges the board goes on under what is held. */
  scroll() {
    if (!this.on) return;
    const pane = this.board.grid.parentElement;
    const box = pane.getBoundingClientRect();
    const pull = (at, from, to) => (at > from - EDGE && at < from + EDGE ? -10 : at > to - EDGE && at < to + EDGE ? 10 : 0);
    const inside = this.x > box.left && this.x < box.right && this.y > box.top - EDGE && this.y < box.bottom + EDGE;
    const down = pull(this.y, box.top, Math.min(box.bottom, innerHeight));
    const right = pull(this.x, box.left, box.right);
    if (inside && (down || right)) {
      pane.scrollBy(right, down);
      this.follow();
    }
    requestAnimationFrame(() => this.scroll());
  }

  up(event) {
    if (!this.id || event.pointerId !== this.pointer) return;
    this.dropped = this.on;
    setTimeout(() => { this.dropped = false; }); // a press that comes of this one comes at once
    this.end(this.on);
  }

  /** @param {boolean} drop */
  end(drop) {
    if (!this.id) return;
    clearTimeout(this.timer);
    clearTimeout(this.trying);
    const { id } = this;
    const spot = drop ? this.target() : undefined;
    const was = this.board.sessions.get(id)?.spot ?? null;
    this.tab?.classList.remove('target');
    this.ghost?.remove();
    this.node.classList.remove('held');
    if (this.on) this.owner.calm();
    this.on = false;
    this.id = this.tab = this.ghost = undefined;
    if (spot === undefined || same(spot, was)) {
      this.sync.release();
      return;
    }
    this.sync.letGo();
    this.sync.move(id, spot, 0);
  }
}
