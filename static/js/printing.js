// A printout's page: the bar moves by itself, and the page turns to the file when it is ready. Without it the page has
// a button to look again.

import { LiveSocket } from './live-socket.js';

const OVER = new Set(['ready', 'cancelled', 'failed']);

class Printing {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.bar = root.querySelector('progress');
    this.said = root.querySelector('[data-said]');
    this.words = root.dataset;
    this.tag = document.querySelector('[data-printing-state] .tag');
    this.lead = document.querySelector('[data-printing-lead]');
    this.number = new Intl.NumberFormat(document.documentElement.lang);
    this.since = '';
    this.socket = new LiveSocket({ session: root.dataset.session, view: 'moderator', pass: root.dataset.pass }, {
      since: () => this.since,
      frame: (frame) => this.frame(frame),
      changed: () => this.stopped(),
      // The page itself gives a new pass, and whatever became of the printout.
      renew: async () => location.reload(),
    });
  }

  frame(frame) {
    if (frame.t !== 'snapshot' && frame.t !== 'patch') return;
    this.since = `${frame.epoch}.${frame.v}`;
    if (frame.room?.state) this.show(frame.room);
  }

  show({ state, done, total }) {
    if (OVER.has(state)) {
      this.socket.end();
      location.reload();
      return;
    }
    this.name(state);
    this.bar.max = Math.max(total, 1);
    this.bar.value = done;
    this.said.textContent = this.words.count.replace('{done}', this.number.format(done)).replace('{total}', this.number.format(total));
  }

  /** Says that its turn has come, or that it waits again after a restart. */
  name(state) {
    const working = state === 'working';
    const word = working ? this.words.tagWorking : this.words.tagWaiting;
    if (this.tag.textContent.trim() === word) return;
    this.tag.textContent = word;
    this.tag.className = working ? 'tag live' : 'tag plain';
    this.lead.textContent = working ? this.words.leadWorking : this.words.leadWaiting;
  }

  stopped() {
    if (this.socket?.state === 'stopped') this.bar.removeAttribute('value'); // nobody tells how far it is; the button does
  }
}

const root = document.querySelector('[data-printing]');
if (root) new Printing(root);
