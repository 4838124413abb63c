// What stands around the moderator's lists: undo, messages to the stage, suggestions to merge, the bar for ticked questions.

import { el } from './live-dom.js';

const PAIRS_MS = 2000;
const PAIRS_SHOWN = 5;

export class Tools {
  /** @param {HTMLElement} root @param {import('./live-dom.js').Words} words @param {{undo: string, redo: string}} history */
  constructor(root, words, history) {
    Object.assign(this, { root, words, history });
    root.addEventListener('change', () => this.drawTicked());
  }

  /** @param {{undo?: string, redo?: string}} ack */
  remember(ack) {
    if (ack.undo === undefined && ack.redo === undefined) return;
    this.history = { undo: ack.undo || '', redo: ack.redo || '' };
    const form = this.root.querySelector('[data-history]');
    const [undo, redo] = form.querySelectorAll('button');
    this.button(undo, 'undo', this.history.undo);
    this.button(redo, 'redo', this.history.redo);
    redo.hidden = !this.history.redo;
  }

  button(button, name, act) {
    button.disabled = !act;
    button.textContent = act ? this.words.t(`moderate.${name}`, { what: this.what(act) }) : this.words.t(`qa.act.${name}`);
  }

  what(act) {
    return this.words.t(`moderate.done.${act}`);
  }

  drawMessages(messages) {
    const signature = JSON.stringify(messages);
    if (this.messages === signature) return;
    this.messages = signature;
    const { words } = this;
    this.root.querySelector('[data-messages]').replaceChildren(...messages.map((m) => el('li', {},
      el('div', {}, el('p', {}, m.text),
        el('p', { class: 'meta small quiet-text' }, m.seen_at ? words.t('moderate.message_seen', { time: words.clock(m.seen_at) }) : words.t('moderate.message_waits'))),
      el('form', { 'data-act': true }, el('input', { type: 'hidden', name: 'message', value: m.id }),
        el('button', { type: 'submit', name: 'do', value: 'untell', class: 'btn quiet small' }, words.t('moderate.message_gone'), el('span', { class: 'vh' }, `: ${m.text}`))))));
  }

  /** Asks for suggestions when the texts that could be merged changed. @param {object[]} questions @param {() => void} ask */
  lookForPairs(questions, ask) {
    const signature = questions.map((q) => q.id + q.text).sort().join();
    if (this.compared === undefined) this.compared = signature; // the page brought them
    if (this.compared === signature || this.pairsTimer) return;
    this.pairsTimer = setTimeout(() => {
      this.pairsTimer = undefined;
      this.compared = signature;
      ask();
    }, PAIRS_MS);
  }

  /** @param {{a: string, b: string}[]} pairs @param {Map<string, object>} questions @param {(list: object[]) => object} merge */
  drawPairs(pairs, questions, merge) {
    const box = this.root.querySelector('[data-pairs]');
    const known = pairs.map((p) => [questions.get(p.a), questions.get(p.b)]).filter(([a, b]) => a && b).slice(0, PAIRS_SHOWN);
    box.hidden = known.length === 0;
    box.querySelector('ul').replaceChildren(...known.map((both) => {
      const act = merge(both);
      const [a, b] = both[0].id === act.question ? both : [both[1], both[0]];
      return el('li', {}, el('div', {}, el('p', { class: 'q-text' }, a.text), el('p', { class: 'q-text quiet-text' }, b.text)),
        el('form', { 'data-act': true }, el('input', { type: 'hidden', name: 'question', value: a.id }), el('input', { type: 'hidden', name: 'questions', value: b.id }),
          el('button', { type: 'submit', name: 'do', value: 'merge', class: 'btn quiet small' }, this.words.t('moderate.pair_merge'))));
    }));
  }

  get ticked() {
    return [...this.root.querySelectorAll('.item-tick input:checked')].map((box) => box.value);
  }

  untick() {
    for (const box of this.root.querySelectorAll('.item-tick input:checked')) box.checked = false;
    this.drawTicked();
  }

  drawTicked() {
    const n = this.ticked.length;
    const bar = this.root.querySelector('[data-bulk]');
    bar.classList.toggle('on', n > 0);
    this.bulkText ??= bar.querySelector('[data-ticked]').textContent;
    bar.querySelector('[data-ticked]').textContent = n ? this.words.t('moderate.ticked', { n }) : this.bulkText;
  }
}
