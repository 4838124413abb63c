// The lists of the moderator's desk: what is answered now, the three to work in and the rest, each question in its place.

import { el } from './live-dom.js';
import { sorted } from './live-store.js';
import { Items } from './live-items.js';

const REST = ['answered', 'later', 'rejected', 'archived', 'merged'];

export class Lists {
  /** @param {HTMLElement} root @param {import('./live-dom.js').Words} words @param {object} start @param {import('./live-store.js').LiveStore} store */
  constructor(root, words, start, store) {
    Object.assign(this, { root, words, store });
    this.items = new Items(words, start);
    /** @type {Map<string, HTMLElement>} */
    this.made = new Map();
  }

  of(...states) {
    return [...this.store.questions.values()].filter((q) => states.includes(q.state));
  }

  place(name) {
    return this.root.querySelector(`[data-list="${name}"]`);
  }

  draw() {
    const focus = this.focused();
    this.items.know(this.store.room, this.store.questions.values());
    this.drawNow();
    this.drawList('new', this.of('new').sort((a, b) => (a.id < b.id ? -1 : 1)));
    this.drawList('approved', this.steady('approved', sorted(this.of('approved'), 'votes')));
    const queue = this.store.room?.queue || [];
    this.drawList('queued', this.of('queued').sort((a, b) => queue.indexOf(a.id) - queue.indexOf(b.id)));
    for (const state of REST) this.drawList(state, this.of(state).sort((a, b) => (a.id < b.id ? 1 : -1)));
    return focus;
  }

  /** Votes come in all the time: a list somebody is working in keeps its order. */
  steady(name, list) {
    const place = this.place(name);
    if (!place.matches(':hover, :focus-within')) return list;
    const order = new Map([...place.children].map((li, i) => [li.dataset.id, i]));
    return list.sort((a, b) => (order.get(a.id) ?? Infinity) - (order.get(b.id) ?? Infinity) || 0);
  }

  drawList(name, list) {
    const place = this.place(name);
    const wanted = list.map((q, i) => this.item(q, name === 'queued' ? i + 1 : 0, list.length));
    const keep = new Set(wanted);
    for (const li of [...place.children]) if (!keep.has(li)) li.remove();
    wanted.forEach((li, i) => { if (place.children[i] !== li) place.insertBefore(li, place.children[i] || null); });
    for (const count of this.root.querySelectorAll(`[data-count="${name}"]`)) count.textContent = this.words.number(list.length);
    this.root.querySelector(`[data-empty="${name}"]`).hidden = list.length > 0;
  }

  item(q, place, last) {
    let li = this.made.get(q.id);
    if (!li) {
      li = el('li', { id: `q-${q.id}`, 'data-id': q.id }, this.items.make(q));
      this.made.set(q.id, li);
    }
    this.items.refresh(li.firstElementChild, q, place, last);
    return li;
  }

  drawNow() {
    const box = this.place('now');
    const q = this.of('now')[0];
    box.classList.toggle('none', !q);
    if (!q) {
      if (this.nowID !== '') box.replaceChildren(el('p', {}, this.words.t('live.now_none')));
      this.nowID = '';
      return;
    }
    const li = this.item(q, 0, 0);
    const article = li.firstElementChild;
    if (this.nowID !== q.id) {
      const list = el('ul', { class: 'rest-list' }, li);
      box.replaceChildren(el('span', { class: 'tag live' }, this.words.t('live.now')), list);
    }
    this.nowID = q.id;
    return article;
  }

  /** Where the keyboard is, to put it back after a question has moved on. */
  focused() {
    const li = document.activeElement?.closest?.('[data-list] li');
    if (!li) return null;
    const list = li.closest('[data-list]').dataset.list;
    return { li, list, index: [...li.parentElement.children].indexOf(li), element: document.activeElement };
  }

  refocus(was) {
    if (!was || document.activeElement === was.element) return;
    const list = this.place(was.list);
    if (was.element.isConnected && list?.contains(was.element)) {
      was.element.focus();
      return;
    }
    const next = list?.children[Math.min(was.index, list.children.length - 1)]?.querySelector?.('button');
    (next || document.getElementById(`list-${was.list}`))?.focus();
  }
}
