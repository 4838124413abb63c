// What a poll asks for: options, marks, words or a text, as the server draws them.

import { el } from './live-dom.js';

const WORD_MAX = '40';
const TEXT_MAX = '280';

/** @param {object} p @param {string[]} own @param {import('./live-dom.js').Words} words */
export function pollForm(p, own, words) {
  const hint = { choices: ['live.poll_most', { n: p.most }], rating: ['live.poll_marks', { most: p.most }], cloud: ['live.poll_words', { n: p.most }] }[p.kind];
  return el('form', { method: 'post' },
    el('fieldset', {}, el('legend', { class: 'vh' }, p.text), hint ? el('p', { class: 'hint' }, words.t(...hint)) : null, fields(p, own, words)),
    el('p', { class: 'row' }, el('button', { type: 'submit', class: 'btn' }, words.t(own.length ? 'live.poll_change' : 'live.poll_send')),
      own.length ? el('button', { type: 'submit', class: 'btn plain', name: 'back', value: '1' }, words.t('live.poll_back')) : null));
}

function fields(p, own, words) {
  if (p.kind === 'text') {
    const area = el('textarea', { name: 'choice', rows: '2', maxlength: TEXT_MAX, 'aria-label': words.t('live.poll_text') });
    area.value = own[0] || '';
    return el('div', { class: 'poll-words' }, area);
  }
  if (p.kind === 'cloud') {
    return el('div', { class: 'poll-words' }, ...Array.from({ length: p.most }, (_, i) => el('input', {
      name: 'choice', maxlength: WORD_MAX, autocomplete: 'off', value: own[i] || '', 'aria-label': words.t('live.poll_word', { n: i + 1 }),
    })));
  }
  const rating = p.kind === 'rating';
  const options = rating ? Array.from({ length: p.most }, (_, i) => ({ id: String(i + 1), text: String(i + 1) })) : p.options;
  return el('div', { class: rating ? 'rating' : 'poll-choices' }, ...options.map((o) => el('label', { class: 'choice' },
    el('input', { type: p.kind === 'choices' ? 'checkbox' : 'radio', name: 'choice', value: o.id, checked: own.includes(o.id) }), el('b', {}, o.text))));
}
