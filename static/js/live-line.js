// The line that says that the connection is gone, and what is kept until it is back.

import { el } from './live-dom.js';

/** A blink of the network is not worth a word, unless somebody's act waits for it. */
const BLINK_MS = 1500;

export class Line {
  /** @param {HTMLElement} line @param {import('./live-dom.js').Words} words */
  constructor(line, words) {
    Object.assign(this, { line, words });
  }

  /** @param {import('./live-socket.js').LiveSocket} socket */
  show(socket) {
    clearTimeout(this.timer);
    if (socket.state === 'on') {
      this.line.hidden = true;
      return;
    }
    const key = keyOf(socket.state, [...socket.waiting.values()]);
    const reload = key === 'live.stopped' ? [' ', el('a', { href: location.href }, this.words.t('live.reload'))] : [];
    this.line.querySelector('span').replaceChildren(this.words.t(key), ...reload);
    this.timer = setTimeout(() => { this.line.hidden = false; }, key === 'live.off' ? BLINK_MS : 0);
  }
}

/** @param {string} state @param {{do: string}[]} waiting */
function keyOf(state, waiting) {
  if (state === 'stopped') return 'live.stopped';
  if (waiting.some((act) => act.do === 'ask')) return 'live.off_kept';
  if (waiting.some((act) => act.do === 'ballot')) return 'live.off_kept_ballot';
  return waiting.length ? 'live.off_kept_vote' : 'live.off';
}
