// While somebody types: what others asked alike, to vote for instead.

import { el, icon } from './live-dom.js';
import { newOp } from './live-socket.js';

/** The server takes four of these in a second; a pause in typing is a better moment anyway. */
const PAUSE_MS = 450;
const SHOWN = 2;
const SHORTEST = 8;

export class Alike {
  /** @param {HTMLElement} place @param {HTMLTextAreaElement} text @param {import('./live-dom.js').Words} words @param {import('./live-dom.js').Speaker} speaker
   * @param {{ask: (act: object) => void, vote: (id: string) => void, voted: (id: string) => boolean, own: (id: string) => boolean}} room */
  constructor(place, text, words, speaker, room) {
    Object.assign(this, { place, text, words, speaker, room });
    text.addEventListener('input', () => this.soon());
    place.addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (!button) return;
      room.vote(button.value);
      this.draw();
    });
  }

  /** Whether there is somebody to ask for: not while an own question is changed. */
  soon() {
    clearTimeout(this.timer);
    if (this.off || this.text.value.trim().length < SHORTEST) {
      this.show([]);
      return;
    }
    this.timer = setTimeout(() => {
      this.op = newOp();
      this.room.ask({ op: this.op, do: 'alike', text: this.text.value });
    }, PAUSE_MS);
  }

  /** @param {{op: string, alike: object[]}} frame */
  take(frame) {
    if (frame.op !== this.op) return;
    this.show(frame.alike.filter((q) => !this.room.own(q.id) && ['approved', 'queued', 'now', 'later'].includes(q.state)).slice(0, SHOWN));
  }

  show(list) {
    const news = list.length && list.some((q) => !this.list?.some((old) => old.id === q.id));
    this.list = list;
    this.draw();
    if (news) this.speaker.say('alike', this.words.t('live.alike_say'), true);
  }

  draw() {
    const { words } = this;
    this.place.hidden = !this.list.length;
    const focus = this.place.contains(document.activeElement) ? document.activeElement.value : '';
    this.place.replaceChildren(...this.list.map((q) => {
      const voted = this.room.voted(q.id);
      const people = words.t(voted ? 'live.alike_voted' : 'live.alike', { n: q.people });
      return el('div', { class: 'alike-one' },
        el('button', { type: 'button', class: 'vote', value: q.id, 'aria-pressed': String(voted), 'aria-label': `${words.t(voted ? 'live.unvote' : 'live.vote', { n: q.votes + Number(voted) })}: ${q.text}` }, icon('up')),
        el('div', {}, el('p', { class: 'small quiet-text' }, people), el('p', { class: 'alike-text' }, q.text)));
    }));
    if (focus) [...this.place.querySelectorAll('button')].find((b) => b.value === focus)?.focus();
  }
}
