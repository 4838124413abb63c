// The moderator's desk of one live room: three lists, what is answered now, and the rest, always up to date.

import { Words, Speaker, el, icon, showFigures } from './live-dom.js';
import { LiveSocket } from './live-socket.js';
import { LiveStore, sorted } from './live-store.js';
import { Items } from './live-items.js';

const REST = ['answered', 'later', 'rejected', 'archived'];

class Desk {
  /** @param {HTMLElement} root */
  constructor(root) {
    const start = JSON.parse(root.dataset.moderate);
    this.root = root;
    this.words = new Words(start);
    this.store = new LiveStore(start);
    this.items = new Items(this.words, JSON.parse(root.dataset.buttons), root.dataset.href);
    this.speaker = new Speaker(root.querySelector('[data-say]'));
    /** @type {Map<string, HTMLElement>} */
    this.made = new Map();
    this.met = new Set(this.of('new').map((q) => q.id));
    this.draw();
    this.socket = new LiveSocket(start, {
      since: () => this.store.since(),
      frame: (frame, act) => this.frame(frame, act),
      changed: () => this.showLine(),
    });
    root.addEventListener('submit', (event) => this.act(event));
    root.addEventListener('keydown', (event) => {
      const details = event.key === 'Escape' && event.target.closest?.('details[open]');
      if (!details) return;
      details.open = false;
      details.querySelector('summary').focus();
    });
  }

  of(...states) {
    return [...this.store.questions.values()].filter((q) => states.includes(q.state));
  }

  frame(frame, act) {
    if (frame.t === 'snapshot' || frame.t === 'patch') {
      this.store.take(frame);
      this.announce();
      this.draw();
    } else if (frame.t === 'presence') {
      this.root.querySelector('[data-following]').textContent = this.words.t('live.following', { n: frame.n });
    } else if (frame.t === 'ack') {
      this.answered(frame, act);
    }
    this.showLine();
  }

  announce() {
    const news = this.of('new').filter((q) => !this.met.has(q.id));
    for (const q of news) this.met.add(q.id);
    this.unsaid = (this.unsaid || 0) + news.length;
    if (news.length) this.speaker.say('news', this.words.t('live.say_new', { n: this.unsaid }));
  }

  draw() {
    const focus = this.focused();
    this.drawNow();
    this.drawList('new', this.of('new').sort((a, b) => (a.id < b.id ? -1 : 1)));
    this.drawList('approved', this.steady('approved', sorted(this.of('approved'), 'votes')));
    const queue = this.store.room?.queue || [];
    this.drawList('queued', this.of('queued').sort((a, b) => queue.indexOf(a.id) - queue.indexOf(b.id)));
    this.drawList('rest', this.of(...REST).sort((a, b) => (a.id < b.id ? 1 : -1)));
    showFigures(this.root, this.words, this.store.room?.counts || {});
    this.drawRoom();
    this.refocus(focus);
  }

  /** Votes come in all the time: a list somebody is working in keeps its order. */
  steady(name, list) {
    const place = this.place(name);
    if (!place.matches(':hover, :focus-within')) return list;
    const order = new Map([...place.children].map((li, i) => [li.dataset.id, i]));
    return list.sort((a, b) => (order.get(a.id) ?? Infinity) - (order.get(b.id) ?? Infinity) || 0);
  }

  place(name) {
    return this.root.querySelector(`[data-list="${name}"]`);
  }

  drawList(name, list) {
    const place = this.place(name);
    const wanted = list.map((q, i) => {
      const li = this.item(q, name === 'queued' ? i + 1 : 0);
      return li;
    });
    const keep = new Set(wanted);
    for (const li of [...place.children]) if (!keep.has(li)) li.remove();
    wanted.forEach((li, i) => { if (place.children[i] !== li) place.insertBefore(li, place.children[i] || null); });
    this.root.querySelector(`[data-count="${name}"]`).textContent = this.words.number(list.length);
    this.root.querySelector(`[data-empty="${name}"]`).hidden = list.length > 0;
  }

  item(q, place) {
    let li = this.made.get(q.id);
    if (!li) {
      li = el('li', { id: `q-${q.id}`, 'data-id': q.id }, this.items.make(q));
      this.made.set(q.id, li);
    }
    this.items.refresh(li.firstElementChild, q, place);
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
    const li = this.item(q, 0);
    const article = li.firstElementChild;
    if (this.nowID !== q.id) {
      const list = el('ul', { class: 'rest-list' }, li);
      box.replaceChildren(el('span', { class: 'tag live' }, this.words.t('live.now')), list);
    }
    this.nowID = q.id;
    return article;
  }

  drawRoom() {
    const form = this.root.querySelector('[data-room]');
    const act = { open: 'pause', paused: 'resume' }[this.store.room?.state];
    if (form.dataset.shown === act) return;
    form.dataset.shown = act;
    form.replaceChildren(...(act
      ? [el('button', { type: 'submit', name: 'do', value: act, class: act === 'pause' ? 'btn quiet small' : 'btn small' }, this.words.t(`qa.act.${act}`))]
      : []));
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

  /** @param {SubmitEvent} event */
  act(event) {
    const form = event.target;
    const button = event.submitter;
    if (!('act' in form.dataset) || !button) return;
    event.preventDefault();
    if (form.dataset.waiting) return;
    const act = { do: button.value };
    for (const name of ['question', 'text', 'reason']) {
      const field = form.elements.namedItem(name);
      if (field) act[name] = field.value;
    }
    if ('up' in button.dataset) act.position = Number(form.dataset.place) - 1;
    this.complain(act.question, '');
    form.dataset.waiting = this.socket.send(act);
    button.classList.add('pending');
    this.showLine();
  }

  answered(frame, act) {
    const form = this.root.querySelector(`form[data-waiting="${CSS.escape(frame.op)}"]`);
    if (form) {
      delete form.dataset.waiting;
      form.querySelector('.pending')?.classList.remove('pending');
      if (frame.ok) form.closest('details')?.removeAttribute('open');
    }
    if (frame.error) this.complain(act?.question, frame.error.message);
  }

  complain(question, sentence) {
    const article = this.root.querySelector(`article[data-id="${CSS.escape(question || '')}"]`);
    const place = article || this.root.querySelector('.moderate-bar');
    place.querySelector(':scope > .error')?.remove();
    if (sentence) place.append(el('p', { class: 'error', role: 'alert' }, icon('alert'), el('span', {}, sentence)));
  }

  showLine() {
    if (!this.socket) return;
    const line = this.root.querySelector('[data-line]');
    clearTimeout(this.lineTimer);
    if (this.socket.state === 'on') {
      line.hidden = true;
      return;
    }
    const stopped = this.socket.state === 'stopped';
    line.querySelector('span').replaceChildren(this.words.t(stopped ? 'live.stopped' : 'live.off'),
      ...(stopped ? [' ', el('a', { href: location.href }, this.words.t('live.reload'))] : []));
    this.lineTimer = setTimeout(() => { line.hidden = false; }, 1500);
  }
}

for (const root of document.querySelectorAll('[data-moderate]')) new Desk(root);
