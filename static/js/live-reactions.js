// Reactions: what a hall shows without words. They pass; the server tells once a second how many came since the last time.

import { el, icon } from './live-dom.js';

const KINDS = ['clap', 'heart', 'laugh', 'idea', 'confused'];
/** How long counts stand after the last one came. */
const STAND_MS = 4000;
/** How many one finger may send in a second; the server has the same limit. */
const MOST = 3;

/** Counts by kind, added up while they keep coming. */
class Wave {
  /** @param {(counts: Record<string, number>) => void} show */
  constructor(show) {
    Object.assign(this, { show, counts: {} });
  }

  /** @param {Record<string, number>} counts what is new */
  add(counts) {
    for (const kind of KINDS) if (counts[kind]) this.counts[kind] = (this.counts[kind] || 0) + counts[kind];
    this.show(this.counts);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.counts = {};
      this.show(this.counts);
    }, STAND_MS);
  }
}

/** The audience's buttons, each with what the hall sent. Nothing is announced: a wave of counts would talk without end. */
export class ReactionBar {
  /** @param {HTMLElement|null} place @param {import('./live-dom.js').Words} words @param {(reaction: string) => void} send */
  constructor(place, words, send) {
    Object.assign(this, { place, words, send, times: [], buttons: new Map() });
    this.wave = new Wave((counts) => {
      for (const [kind, bubble] of this.buttons) bubble.textContent = counts[kind] ? words.number(counts[kind]) : '';
    });
  }

  /** @param {{state: string, asking?: {reactions?: boolean}}|undefined} room */
  rules(room) {
    if (!this.place) return;
    const on = Boolean(room?.asking?.reactions) && room.state !== 'closed';
    if (on && !this.buttons.size) this.draw();
    this.place.hidden = !on;
  }

  draw() {
    this.place.setAttribute('role', 'group');
    this.place.setAttribute('aria-label', this.words.t('live.reactions'));
    for (const kind of KINDS) {
      const bubble = el('span', { class: 'react-count', 'aria-hidden': 'true' });
      const name = this.words.t(`live.react_${kind}`);
      const button = el('button', { type: 'button', class: 'react', title: name }, icon(kind), el('span', { class: 'vh' }, name), bubble);
      button.addEventListener('click', () => this.press(kind, button));
      this.buttons.set(kind, bubble);
      this.place.append(button);
    }
  }

  press(kind, button) {
    const now = performance.now();
    this.times = this.times.filter((at) => now - at < 1000);
    // What is too much would only be refused.
    if (this.times.length >= MOST) return;
    this.times.push(now);
    button.classList.add('sent');
    setTimeout(() => button.classList.remove('sent'), 300);
    this.send(kind);
  }
}

/** Counts on the pages of those who work with the room, and on the wall. */
export class ReactionStrip {
  /** @param {HTMLElement} root @param {import('./live-dom.js').Words} words */
  constructor(root, words) {
    const board = 'board' in root.dataset ? ' react-board' : '';
    const wall = 'quiet' in root.dataset ? ' react-wall' : '';
    this.strip = el('p', { class: `react-strip${board}${wall}`, hidden: true });
    root.after(this.strip);
    this.wave = new Wave((counts) => {
      const shown = KINDS.filter((kind) => counts[kind]);
      this.strip.hidden = !shown.length;
      this.strip.replaceChildren(...shown.map((kind) => el('span', {}, icon(kind), el('span', { class: 'vh' }, words.t(`live.react_${kind}`)), ` ${words.number(counts[kind])}`)));
    });
  }
}
