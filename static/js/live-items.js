// A question on the moderator's desk: its text and every act its state allows, in forms like the server's own.

import { el, icon } from './live-dom.js';

const REJECTABLE = new Set(['new', 'approved', 'queued']);
const EDITABLE = new Set(['new', 'approved', 'queued', 'now', 'later']);
const LISTED = new Set(['new', 'approved', 'queued', 'now']); // the list says these states

export class Items {
  /** @param {import('./live-dom.js').Words} words @param {Record<string, string[]>} buttons acts by state, the usual one first */
  constructor(words, buttons, href) {
    Object.assign(this, { words, buttons, href });
  }

  /** @param {object} q */
  make(q) {
    const article = el('article', { class: 'item', 'data-id': q.id },
      el('p', { class: 'q-text' }), el('p', { class: 'meta' }), el('div', { class: 'item-notes' }), el('form', { class: 'row', 'data-act': true }), el('div', { class: 'item-more' }));
    article.parts = {};
    this.refresh(article, q, 0);
    return article;
  }

  /** Brings an item up to date part by part, so that what somebody is typing stays.
   * @param {HTMLElement} article @param {object} q @param {number} place in the stage queue, from 1; else 0 */
  refresh(article, q, place) {
    const [text, meta, notes, acts, more] = article.children;
    const { words } = this;
    article.classList.toggle('now-item', q.state === 'now');
    this.part(article, 'text', q.text, () => { text.textContent = q.text; });
    const line = this.line(q);
    this.part(article, 'meta', line.join(), () => {
      meta.replaceChildren(...line.flatMap((s, i) => [i ? ' · ' : '', el('span', { class: 'nowrap' }, s)]));
    });
    this.part(article, 'notes', `${q.original}|${q.reason}`, () => {
      notes.replaceChildren(...[q.original && words.t('live.was', { text: q.original }), q.reason && words.t('live.reason', { reason: q.reason })]
        .filter(Boolean).map((s) => el('p', { class: 'meta' }, s)));
    });
    this.part(article, 'acts', `${q.state}|${place > 1}`, () => this.drawActs(acts, q, place));
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
    if (q.state === 'answered') {
      list.push(q.answered_at ? words.t('live.answered_stage', { time: words.clock(q.answered_at) }) : words.t('live.answered_written'));
    } else if (!LISTED.has(q.state)) {
      list.push(words.t(`qa.state.${q.state}`));
    }
    return list;
  }

  drawActs(form, q, place) {
    const focused = form.contains(document.activeElement) ? document.activeElement.value : '';
    form.replaceChildren(el('input', { type: 'hidden', name: 'question', value: q.id }),
      ...(this.buttons[q.state] || []).map((act, i) => el('button', { type: 'submit', name: 'do', value: act, class: i ? 'btn quiet' : 'btn' }, this.words.t(`qa.act.${act}`))));
    if (place > 1) {
      form.append(el('button', { type: 'submit', name: 'do', value: 'queue', 'data-up': true, class: 'btn quiet' }, icon('up'), el('span', { class: 'vh' }, this.words.t('live.up'))));
    }
    if (focused) form.querySelector(`[value="${focused}"]`)?.focus();
  }

  drawMore(place, q) {
    const { words } = this;
    place.replaceChildren();
    if (REJECTABLE.has(q.state)) {
      place.append(this.details('live.reject', 'live.reason_label', q, 'reason', '', 'reject', 'live.reject_send', 'btn danger'));
    }
    if (EDITABLE.has(q.state)) {
      place.append(this.details('live.edit', 'live.edit_label', q, 'text', q.text, 'edit', 'live.save', 'btn quiet'));
    }
    for (const summary of place.querySelectorAll('summary')) summary.append(el('span', { class: 'vh' }, ` ${words.t('live.edit_label')}: ${q.text}`));
  }

  details(title, label, q, field, value, act, send, style) {
    const { words } = this;
    const area = el('textarea', { name: field, rows: field === 'text' ? '3' : '2', required: true });
    area.value = value;
    return el('details', {}, el('summary', {}, words.t(title)), el('form', { 'data-act': true },
      el('input', { type: 'hidden', name: 'question', value: q.id }), el('label', {}, el('span', { class: 'small' }, words.t(label)), area),
      el('button', { type: 'submit', name: 'do', value: act, class: style }, words.t(send))));
  }
}
