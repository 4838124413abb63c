// A question on the moderator's desk: its text and every act its state allows, in forms like the server's own.

import { el, icon } from './live-dom.js';

const LISTED = new Set(['new', 'approved', 'queued', 'now', 'later', 'rejected', 'archived', 'merged']); // the list says these states

export class Items {
  /** @param {import('./live-dom.js').Words} words
   * @param {{buttons: Record<string, string[]>, can: Record<string, string[]>, speakers: Record<string, string>, base: string}} start */
  constructor(words, { buttons, can, speakers, base }) {
    Object.assign(this, { words, buttons, can, speakers, base });
    /** What the room says: labels and whose askers are blocked; how many stand in a question. */
    this.labels = [];
    this.blocked = new Set();
    /** @type {Map<string, number>} */
    this.merged = new Map();
  }

  /** Takes from the room what questions show of it. @param {object} room @param {Iterable<object>} questions */
  know(room, questions) {
    this.labels = room?.labels || [];
    this.blocked = new Set(room?.blocked || []);
    this.merged.clear();
    for (const q of questions) if (q.state === 'merged') this.merged.set(q.into, (this.merged.get(q.into) || 0) + 1);
  }

  allows(act, q) {
    return (this.can[act] || []).includes(q.state);
  }

  /** @param {object} q */
  make(q) {
    const article = el('article', { class: 'item', 'data-id': q.id, tabindex: '-1' },
      el('label', { class: 'item-tick' }, el('input', { type: 'checkbox', name: 'questions', value: q.id, form: 'bulk' }), el('span', { class: 'vh' })),
      el('p', { class: 'q-text' }), el('p', { class: 'meta' }), el('div', { class: 'item-notes' }), el('form', { class: 'row', 'data-act': true }), el('div', { class: 'item-more' }));
    article.parts = {};
    this.refresh(article, q, 0, 0);
    return article;
  }

  /** Brings an item up to date part by part, so that what somebody is typing stays.
   * @param {HTMLElement} article @param {object} q @param {number} place in the stage queue, from 1; else 0 @param {number} last */
  refresh(article, q, place, last) {
    const [tick, text, meta, notes, acts, more] = article.children;
    const { words } = this;
    article.classList.toggle('now-item', q.state === 'now');
    article.classList.toggle('held', Boolean(q.held));
    tick.hidden = q.state === 'now';
    this.part(article, 'text', q.text, () => {
      text.textContent = q.text;
      tick.lastElementChild.textContent = `${words.t('moderate.tick')}: ${q.text}`;
    });
    const line = this.line(q);
    this.part(article, 'meta', line.join(), () => {
      meta.replaceChildren(...line.flatMap((s, i) => [i ? ' · ' : '', el('span', { class: 'nowrap' }, s)]));
    });
    const labels = this.labels.filter((l) => (q.labels || []).includes(l.id)).map((l) => l.name);
    const blocked = this.blocked.has(q.id);
    this.part(article, 'notes', JSON.stringify([q.original, q.reason, q.held, labels, blocked]), () => this.drawNotes(notes, q, labels, blocked));
    this.part(article, 'acts', `${q.state}|${place > 1}|${place && place < last}`, () => this.drawActs(acts, q, place, last));
    acts.dataset.place = String(place);
    const open = more.querySelector('details[open]');
    if (!open || article.parts.state !== q.state) this.part(article, 'more', `${q.state}|${q.text}`, () => this.drawMore(more, q));
    article.parts.state = q.state;
  }

  part(article, name, signature, draw) {
    if (article.parts[name] === signature) return;
    article.parts[name] = signature;
    draw();
  }

  line(q) {
    const { words } = this;
    const list = [words.t('qa.votes', { n: q.votes }), q.name || words.t('qa.anonymous'), words.clock(q.at)];
    if (q.source && q.source !== 'audience') list.push(words.t(`qa.source.${q.source}`));
    if (this.speakers[q.speaker]) list.push(words.t('moderate.to', { name: this.speakers[q.speaker] }));
    if (this.merged.get(q.id)) list.push(words.t('moderate.same', { n: this.merged.get(q.id) }));
    if (q.state === 'answered') {
      list.push(q.answered_at ? words.t('live.answered_stage', { time: words.clock(q.now_at || q.answered_at) }) : words.t('live.answered_written'));
    } else if (!LISTED.has(q.state)) {
      list.push(words.t(`qa.state.${q.state}`));
    }
    return list;
  }

  drawNotes(place, q, labels, blocked) {
    const { words } = this;
    const note = (...children) => el('p', { class: 'meta' }, ...children);
    place.replaceChildren(...[
      q.held && note(el('span', { class: 'tag mine' }, words.t('moderate.held', { words: q.held }))),
      labels.length && note(...labels.flatMap((l) => [el('span', { class: 'tag plain' }, l), ' '])),
      blocked && note(words.t('moderate.blocked')),
      q.original && note(words.t('live.was', { text: q.original })),
      q.reason && note(words.t('live.reason', { reason: q.reason })),
    ].filter(Boolean));
  }

  drawActs(form, q, place, last) {
    const focused = form.contains(document.activeElement) ? document.activeElement.value : '';
    form.replaceChildren(el('input', { type: 'hidden', name: 'question', value: q.id }),
      ...(this.buttons[q.state] || []).map((act, i) => el('button', { type: 'submit', name: 'do', value: act, class: i ? 'btn quiet' : 'btn' }, this.words.t(`qa.act.${act}`))));
    const step = (by, shape, word) => el('button', { type: 'submit', name: 'do', value: 'queue', 'data-step': by, class: 'btn quiet' }, icon(shape), el('span', { class: 'vh' }, this.words.t(word)));
    if (place > 1) form.append(step('-1', 'up', 'live.up'));
    if (place && place < last) form.append(step('1', 'down', 'moderate.down'));
    if (focused) form.querySelector(`[value="${focused}"]`)?.focus();
  }

  drawMore(place, q) {
    const { words } = this;
    place.replaceChildren();
    if (this.allows('reject', q)) {
      place.append(this.details('live.reject', 'live.reason_label', q, 'reason', '', 'reject', 'live.reject_send', 'btn danger'));
    }
    if (this.allows('edit', q)) {
      place.append(this.details('live.edit', 'live.edit_label', q, 'text', q.text, 'edit', 'live.save', 'btn quiet'));
    }
    for (const summary of place.querySelectorAll('summary')) summary.append(el('span', { class: 'vh' }, ` ${words.t('live.edit_label')}: ${q.text}`));
    place.append(el('a', { class: 'item-link', href: `${this.base}/questions/${q.id}`, 'data-panel': true }, words.t('moderate.more'), el('span', { class: 'vh' }, `: ${q.text}`)));
  }

  details(title, label, q, field, value, act, send, style) {
    const { words } = this;
    const area = el('textarea', { name: field, rows: field === 'text' ? '3' : '2', required: true });
    area.value = value;
    return el('details', { 'data-for': act }, el('summary', {}, words.t(title)), el('form', { 'data-act': true },
      el('input', { type: 'hidden', name: 'question', value: q.id }), field === 'text' ? el('input', { type: 'hidden', name: 'was', value: q.text }) : null,
      el('label', {}, el('span', { class: 'small' }, words.t(label)), area),
      el('button', { type: 'submit', name: 'do', value: act, class: style }, words.t(send))));
  }
}
