// The polls of a room: answering, changing one's mind, the result and the time left. What somebody is choosing stays as it is.

import { el, icon } from './live-dom.js';
import { pollForm } from './live-poll-form.js';
import { pollResult } from './live-poll-result.js';

export class PollView {
  /** @param {HTMLElement} root @param {import('./live-store.js').LiveStore} store @param {import('./live-dom.js').Words} words
   * @param {import('./live-dom.js').Speaker} speaker @param {() => number} clock the server's
   * @param {(poll: string, choice: string[]) => void} cast */
  constructor(root, store, words, speaker, clock, cast) {
    Object.assign(this, { store, words, speaker, clock, cast });
    this.section = root.querySelector('[data-polls]');
    this.place = this.section.querySelector('[data-poll-list]');
    this.call = root.querySelector('[data-poll-call]');
    /** Ballots on their way. @type {Map<string, string[]>} */
    this.sending = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.cards = new Map();
    this.place.replaceChildren();
    this.apply();
    this.place.addEventListener('input', (event) => { event.target.closest('article').dirty = true; });
    this.place.addEventListener('submit', (event) => this.submit(event));
  }

  /** Puts every poll on the page. */
  apply() {
    const list = this.store.pollList();
    for (const p of list) if (!this.cards.has(p.id)) this.cards.set(p.id, el('article', { class: 'poll', id: `poll-${p.id}`, 'data-id': p.id, tabindex: '-1' }));
    const order = list.map((p) => this.cards.get(p.id));
    // Moving a card takes the focus from it, so what stands in its place stays there.
    if (order.some((card, i) => this.place.children[i] !== card)) this.place.replaceChildren(...order);
    this.update();
  }

  /** Takes in what changed; a new poll waits above the form until it is asked for. */
  update() {
    const list = this.store.pollList();
    for (const [id, card] of this.cards) {
      if (this.store.polls.has(id)) continue;
      card.remove();
      this.cards.delete(id);
    }
    for (const p of list) if (this.cards.has(p.id)) this.draw(this.cards.get(p.id), p);
    this.section.hidden = this.cards.size === 0;
    const fresh = list.find((p) => !this.cards.has(p.id));
    this.announce(fresh);
    if (document.hidden && fresh) this.apply();
    this.tick();
  }

  announce(p) {
    if (this.called === p?.id) return;
    this.called = p?.id;
    this.call.replaceChildren();
    if (!p) return;
    const button = el('button', { type: 'button', class: 'btn' }, this.words.t('live.poll_new_show'));
    button.addEventListener('click', () => {
      this.apply();
      const card = this.cards.get(p.id);
      card?.scrollIntoView({ block: 'center' });
      (card?.querySelector('input:not([type=hidden]), textarea') || card)?.focus({ preventScroll: true });
    });
    const sentence = this.words.t('live.poll_new', { text: p.text });
    this.call.append(el('p', {}, sentence), button);
    this.speaker.say('poll', sentence, true);
  }

  draw(card, p) {
    const own = this.sending.get(p.id) ?? this.store.ballots[p.id] ?? [];
    const takes = p.state !== 'closed' && this.store.room?.state !== 'closed';
    const form = JSON.stringify([takes, p.text, p.options, p.most, own]);
    const shown = JSON.stringify([form, p, this.sending.has(p.id)]);
    if (card.shown === shown) return;
    if (card.state && card.state !== 'closed' && p.state === 'closed') this.speaker.say('poll', this.words.t('live.poll_say_closed', { text: p.text }));
    card.shown = shown;
    card.state = p.state;
    card.classList.toggle('over', p.state === 'closed');
    // A card never gets smaller under a finger that is on its way below it.
    if (card.offsetHeight) card.style.minHeight = `${card.offsetHeight}px`;
    this.frame(card, p);
    if (card.form !== form && !(card.dirty && takes)) {
      card.form = form;
      card.dirty = false;
      const focus = card.parts.form.contains(document.activeElement) ? document.activeElement : null;
      card.parts.form.replaceChildren(...(takes ? [pollForm(p, own, this.words)] : []));
      if (focus) [...card.parts.form.querySelectorAll('input, button, textarea')].find((e) => e.name === focus.name && e.value === focus.value && e.type === focus.type)?.focus();
    }
    card.parts.result.replaceChildren(...this.result(p, own));
  }

  /** The parts of a card that stay while others are drawn anew. */
  frame(card, p) {
    card.parts ??= { meta: el('p', { class: 'meta' }), title: el('h3', { class: 'q-text' }), error: el('div'), form: el('div'), result: el('div', { class: 'poll-told' }) };
    if (!card.firstChild) card.append(...Object.values(card.parts));
    card.parts.title.textContent = p.text;
    card.left = el('span', {}, p.state === 'closed' ? this.words.t('live.poll_closed') : '');
    card.parts.meta.replaceChildren(el('span', { class: p.state === 'closed' ? 'tag plain' : 'tag live' }, this.words.t('live.poll')), card.left,
      el('span', {}, this.words.t('poll.voters', { n: p.voters })));
  }

  result(p, own) {
    const list = [];
    if (own.length && p.state !== 'closed') {
      const sending = this.sending.has(p.id);
      list.push(el('p', { class: 'said' }, icon('check'), el('span', {}, this.words.t(sending ? 'live.poll_sending' : 'live.poll_sent'))));
    }
    if (p.result) list.push(...pollResult(p, own, this.words));
    else if (own.length) list.push(el('p', { class: 'hint' }, this.words.t('live.poll_later')));
    return list;
  }

  submit(event) {
    event.preventDefault();
    const card = event.target.closest('article');
    const p = this.store.polls.get(card.dataset.id);
    const back = event.submitter?.name === 'back';
    const choice = back ? [] : [...new FormData(event.target).getAll('choice')].map((s) => s.trim()).filter(Boolean);
    if (!back && !choice.length) return this.complain(card, this.words.t('live.poll_none'));
    if (p.kind === 'choices' && choice.length > p.most) return this.complain(card, this.words.t('live.poll_many', { n: p.most }));
    this.complain(card, '');
    card.dirty = false;
    this.sending.set(p.id, choice);
    this.draw(card, p);
    this.cast(p.id, choice);
    return undefined;
  }

  /** @param {{poll: string, choice: string[]}} act @param {string} [sentence] why it was refused */
  answered(act, sentence) {
    if (this.sending.get(act.poll)?.join() === act.choice.join()) this.sending.delete(act.poll);
    if (!sentence && act.choice.length) this.store.ballots[act.poll] = act.choice;
    else if (!sentence) delete this.store.ballots[act.poll];
    const card = this.cards.get(act.poll);
    if (card) this.complain(card, sentence || '');
  }

  complain(card, sentence) {
    card.parts.error.replaceChildren(...(sentence ? [el('p', { class: 'error', role: 'alert' }, icon('alert'), el('span', {}, sentence))] : []));
  }

  /** Seconds left of polls that close, once each second while there are any. */
  tick() {
    clearTimeout(this.timer);
    let any = false;
    for (const [id, card] of this.cards) {
      const p = this.store.polls.get(id);
      if (p?.state !== 'closing') continue;
      const n = Math.ceil((Date.parse(p.closes_at) - this.clock()) / 1000);
      card.left.textContent = n > 0 ? this.words.t('live.poll_left', { n }) : this.words.t('live.poll_closing');
      any ||= n > 0;
    }
    if (any) this.timer = setTimeout(() => this.tick(), 1000);
  }
}
