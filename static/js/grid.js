// The editor of the programme: ties the board to the server, to keys, to pointers and to the form beside it. Without
// this script the same page does everything by its form.

import { Board, same } from './grid-board.js';
import { Drag } from './grid-drag.js';
import { Keys } from './grid-keys.js';
import { Panel } from './grid-panel.js';
import { Sync } from './grid-sync.js';
import { Words } from './live-dom.js';

const SHOWN_MS = 9000;
const DAY = 86_400_000;
const HOUR = 3_600_000;

class Editor {
  /** @param {HTMLElement} root */
  constructor(root) {
    const start = JSON.parse(root.dataset.start);
    this.root = root;
    this.words = new Words(start);
    this.board = new Board(root, start, this.words);
    this.sync = new Sync(this.board, start, this);
    this.panel = new Panel(this.board, this.sync, start);
    this.drag = new Drag(this.board, this.sync, this);
    this.keys = new Keys(this.board, this.sync, this);
    this.status = root.querySelector('[data-status]');
    this.voice = root.querySelector('[data-say]');
    for (const act of ['undo', 'redo']) {
      document.querySelector(`[data-${act}]`)?.closest('form').addEventListener('submit', (event) => {
        event.preventDefault();
        this.sync.act({ act });
      });
    }
    // What was not sent yet is sent before the page is left.
    addEventListener('pagehide', () => this.sync.flush());
    this.sight(start.chosen);
    root.dataset.ready = '1';
  }

  /** Begins where the chosen session is, or where the day's first one is. @param {string|undefined} chosen */
  sight(chosen) {
    const pane = this.board.grid.parentElement;
    const node = this.board.nodes.get(chosen) ?? this.board.grid.querySelector('.block');
    if (node?.parentElement !== this.board.grid) return;
    const [box, at] = [pane.getBoundingClientRect(), node.getBoundingClientRect()];
    pane.scrollTop += at.top - box.top - box.height / 4;
    if (chosen && at.right > box.right) pane.scrollLeft += at.left - box.left - box.width / 2;
  }

  show(text, bad = false) {
    clearTimeout(this.timer);
    this.status.textContent = text;
    this.status.classList.toggle('bad', bad);
    this.status.hidden = !text;
    if (text) this.timer = setTimeout(() => this.calm(), SHOWN_MS);
  }

  calm() {
    clearTimeout(this.timer);
    this.status.hidden = true;
    this.status.textContent = '';
  }

  /** Only for those who listen: they have seen it otherwise. */
  tell(text) { this.voice.textContent = text; }

  said(text, bad) {
    this.show(text, bad);
    this.tell(text);
  }

  refused(text) { this.said(text, true); }

  changed(ids) { this.panel.changed(ids); }

  history(undo, redo) {
    document.querySelector('[data-undo]').disabled = !undo;
    document.querySelector('[data-redo]').disabled = !redo;
  }

  theirs(notes, ids) {
    if (!notes.length) return;
    const text = notes.map((note) => note.text).join('\n');
    if (!this.drag.on) this.show(text);
    this.tell(text);
    const marked = ids.map((id) => this.board.nodes.get(id)).filter(Boolean);
    for (const node of marked) node.classList.add('theirs');
    setTimeout(() => { for (const node of marked) node.classList.remove('theirs'); }, SHOWN_MS);
  }

  /** The whole programme is another: read it anew, unless something is in somebody's hands. */
  stale() {
    if (!this.drag.on && !this.panel.typed && !this.sync.wants.size && !this.sync.turns) location.reload();
    else this.said(this.words.t('grid.reload'), true);
  }

  warn(answer, spot) {
    const list = (answer?.clashes || []).map((one) => one.text);
    if (answer?.message) this.show(answer.message, true);
    else if (list.length) this.show([this.words.t('grid.would_clash'), ...list].join('\n'), true);
    else this.show(this.words.t('grid.would_fit', { when: this.board.span(spot), room: this.board.roomName(spot.room) }));
  }

  /** The same time of the clock some days on; undefined where the programme has no such day. */
  days(spot, n) {
    const tabs = [...this.root.querySelectorAll('[data-day]')];
    const to = tabs[tabs.findIndex((tab) => tab.hasAttribute('aria-current')) + n];
    return to && this.day(spot, to.dataset.day);
  }

  day(spot, key) {
    const current = this.root.querySelector('[data-day][aria-current]').dataset.day;
    const days = Math.round((Date.parse(key) - Date.parse(current)) / DAY);
    const moved = spot.start + days * DAY;
    // In the nights when the clocks change a day is an hour longer or shorter.
    const start = [0, HOUR, -HOUR].map((by) => moved + by).find((at) => this.board.clock(at) === this.board.clock(spot.start)) ?? moved;
    const to = { room: spot.room, start, end: start + spot.end - spot.start };
    return same(to, spot) ? undefined : to;
  }
}

const root = document.querySelector('[data-grid-editor]');
if (root) new Editor(root);
