// The editor of badge designs. The form is the design: dragging and keys only write into its fields, so everything works
// without this too. The picture comes from the server, drawn by the code that prints.

import { Past } from './badge-past.js';

const SVG = 'http://www.w3.org/2000/svg';
/** How long typing rests before the picture is asked for. */
const REST_MS = 180;
const STEP = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const CORNER = 3; // millimetres

class Editor {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.view = form.querySelector('[data-badge-view]');
    this.texts = form.querySelector('[data-badge-texts]');
    this.parts = [...form.querySelectorAll('[data-badge-part]')];
    this.past = new Past(form, () => { this.boxes(); this.ask(); });
    this.chosen = -1;
    form.querySelector('[data-badge-keys]').hidden = false;
    // The picture follows by itself, unless the network fails it.
    this.refresh = form.querySelector('[name=step][value=look]');
    this.refresh.hidden = true;
    form.addEventListener('input', (event) => {
      if (event.target.type === 'file') return;
      this.past.note();
      this.boxes();
      this.ask();
    });
    for (const part of this.parts) {
      part.addEventListener('toggle', () => { if (part.open) this.choose(Number(part.dataset.badgePart)); });
      part.addEventListener('focusin', () => this.choose(Number(part.dataset.badgePart)));
    }
    this.boxes();
  }

  field(i, what) { return this.form.elements.namedItem(`e${i}_${what}`); }

  read(i) { return Object.fromEntries(['x', 'y', 'w', 'h'].map((k) => [k, Number.parseFloat(this.field(i, k).value.replace(',', '.')) || 0])); }

  size() {
    const of = (name) => Number.parseFloat(this.form.elements.namedItem(name).value.replace(',', '.')) || 100;
    return { w: of('cell_w'), h: of('cell_h') };
  }

  /** Writes a box into the form, inside the badge unless it is the hall. */
  write(i, box) {
    const { w, h } = this.size();
    const free = this.field(i, 'kind').value === 'hall';
    const round = (n) => Math.round(n * 10) / 10;
    const fit = { w: Math.max(1, free ? box.w : Math.min(box.w, w)), h: Math.max(1, free ? box.h : Math.min(box.h, h)) };
    fit.x = free ? box.x : Math.min(Math.max(0, box.x), w - fit.w);
    fit.y = free ? box.y : Math.min(Math.max(0, box.y), h - fit.h);
    for (const [k, n] of Object.entries(fit)) this.field(i, k).value = String(round(n));
  }

  /** Draws the boxes over the picture. */
  boxes() {
    const { w, h } = this.size();
    const focused = this.over?.contains(document.activeElement) ? this.chosen : -1;
    this.over?.remove();
    this.over = this.make('svg', { class: 'badge-boxes', viewBox: `0 0 ${w} ${h}` });
    // Large ones first, or they would lie over those that can be taken hold of.
    const order = this.parts.map((_, i) => i).sort((a, b) => this.area(b) - this.area(a));
    for (const i of order) this.box(i);
    if (this.chosen >= 0 && this.chosen < this.parts.length) this.corner(this.chosen);
    this.view.append(this.over);
    if (focused >= 0) this.over.querySelector(`[data-box="${focused}"]`)?.focus();
  }

  area(i) { const b = this.read(i); return b.w * b.h; }

  make(name, attributes) {
    const e = document.createElementNS(SVG, name);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    return e;
  }

  box(i) {
    const b = this.read(i);
    const title = this.parts[i].querySelector('summary span').textContent;
    const rect = this.make('rect', { x: b.x, y: b.y, width: Math.max(b.w, 0), height: Math.max(b.h, 0), tabindex: 0, role: 'button', 'data-box': i,
      'aria-pressed': String(i === this.chosen), 'aria-label': this.form.dataset.box.replace('{what}', title).replace('{n}', String(i + 1)) });
    if (i === this.chosen) rect.classList.add('badge-on');
    rect.addEventListener('pointerdown', (event) => this.grip(event, i, (box, dx, dy) => ({ ...box, x: box.x + dx, y: box.y + dy })));
    rect.addEventListener('focus', () => this.choose(i));
    rect.addEventListener('keydown', (event) => this.key(event, i));
    this.over.append(rect);
  }

  corner(i) {
    const b = this.read(i);
    const rect = this.make('rect', { class: 'badge-corner', x: b.x + b.w - CORNER / 2, y: b.y + b.h - CORNER / 2, width: CORNER, height: CORNER });
    rect.addEventListener('pointerdown', (event) => this.grip(event, i, (box, dx, dy) => ({ ...box, w: box.w + dx, h: box.h + dy })));
    this.over.append(rect);
  }

  /** Follows the pointer until it is let go. */
  grip(event, i, change) {
    if (event.button !== 0) return;
    event.preventDefault();
    const scale = this.size().w / this.view.getBoundingClientRect().width;
    const from = this.read(i);
    const [x, y] = [event.clientX, event.clientY];
    this.choose(i);
    const move = (at) => {
      this.write(i, change(from, (at.clientX - x) * scale, (at.clientY - y) * scale));
      this.boxes();
      this.ask();
    };
    const end = () => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', end);
      removeEventListener('pointercancel', end);
      this.past.note(true);
      this.over.querySelector(`[data-box="${i}"]`)?.focus({ preventScroll: true });
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', end);
    addEventListener('pointercancel', end);
  }

  key(event, i) {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.parts[i].open = true;
      this.parts[i].querySelector('input:not([type=hidden]), select')?.focus();
      return;
    }
    const step = STEP[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const b = this.read(i);
    const [dx, dy] = step;
    this.write(i, event.shiftKey ? { ...b, w: b.w + dx, h: b.h + dy } : { ...b, x: b.x + dx, y: b.y + dy });
    this.past.note();
    this.boxes();
    this.ask();
  }

  choose(i) {
    if (i === this.chosen) return;
    this.chosen = i;
    this.parts.forEach((part, k) => part.classList.toggle('badge-on', k === i));
    for (const rect of this.over.querySelectorAll('[data-box]')) {
      const on = Number(rect.dataset.box) === i;
      rect.classList.toggle('badge-on', on);
      rect.setAttribute('aria-pressed', String(on));
    }
    this.over.querySelector('.badge-corner')?.remove();
    this.corner(i);
  }

  ask() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), REST_MS);
  }

  /** Asks for the picture of what stands in the form; an older answer never covers a newer one. */
  async draw() {
    this.asked?.abort();
    const mine = this.asked = new AbortController();
    const sent = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === 'string' && name !== 'step') sent.append(name, value);
    try {
      const answer = await fetch(this.form.dataset.show, { method: 'POST', body: sent, signal: mine.signal });
      if (!answer.ok) return;
      const { svg, texts } = await answer.json();
      if (mine.signal.aborted) return;
      this.refresh.hidden = true;
      this.show(svg);
      this.say(texts);
    } catch {
      // No network, or a newer question: the picture stays.
      if (!mine.signal.aborted) this.refresh.hidden = false;
    }
  }

  show(svg) {
    if (!svg) return;
    const made = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    for (const old of [...this.view.children]) if (old !== this.over) old.remove();
    this.view.prepend(document.importNode(made, true));
  }

  say(texts) {
    if (texts.join('\n') === this.saidLast) return;
    this.saidLast = texts.join('\n');
    this.texts.replaceChildren(...texts.map((text) => {
      const li = document.createElement('li');
      const span = document.createElement('span');
      span.textContent = text;
      li.append(span);
      return li;
    }));
  }
}

const form = document.querySelector('[data-badge-editor]');
if (form) new Editor(form);
