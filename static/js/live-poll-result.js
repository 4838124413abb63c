// A poll's result: bars that are rows of their table, a cloud with its table, or texts.

import { el } from './live-dom.js';

const SVG = 'http://www.w3.org/2000/svg';

/** @param {object} p @param {string[]} own @param {import('./live-dom.js').Words} words @returns {HTMLElement[]} */
export function pollResult(p, own, words) {
  if (!p.result.length) return [el('p', { class: 'hint' }, words.t('live.poll_none_yet'))];
  if (p.kind === 'cloud') {
    const top = Math.max(1, ...p.result.map((r) => r.n));
    const cloud = el('p', { class: 'cloud', 'aria-hidden': 'true' }, ...p.result.flatMap((r) => [el('span', { class: `w${1 + Math.round((r.n * 4) / top)}` }, r.text), ' ']));
    return [cloud, el('details', {}, el('summary', {}, words.t('live.poll_table')), table(p, own, words))];
  }
  const answers = p.result.reduce((sum, r) => sum + r.n, 0);
  const list = [table(p, own, words)];
  if (p.kind === 'rating' && answers) {
    const average = p.result.reduce((sum, r) => sum + Number(r.item) * r.n, 0) / answers;
    const mark = new Intl.NumberFormat(words.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(average);
    list.unshift(el('p', { class: 'poll-average' }, words.t('live.poll_average', { mark, most: p.most })));
  }
  return list;
}

function table(p, own, words) {
  const bars = p.kind !== 'cloud' && p.kind !== 'text';
  const percent = new Intl.NumberFormat(words.lang, { style: 'percent' });
  return el('table', { class: 'poll-result' }, el('caption', { class: 'vh' }, p.text),
    el('thead', { class: 'vh' }, el('tr', {}, el('th', { scope: 'col' }, words.t('live.poll_option')), el('th', { scope: 'col' }, words.t('live.poll_count')))),
    el('tbody', {}, ...p.result.map((r) => {
      const mine = own.includes(r.item);
      const share = p.voters ? Math.min(1, r.n / p.voters) : 0;
      return el('tr', {},
        el('th', { scope: 'row' }, r.text, mine ? ' ' : null, mine ? el('span', { class: 'tag mine' }, words.t('live.poll_own')) : null, bars ? bar(share, mine) : null),
        el('td', { class: 'num' }, words.number(r.n), bars ? ' ' : null, bars ? el('span', { class: 'quiet-text' }, percent.format(share)) : null));
    })));
}

function bar(share, mine) {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [name, value] of Object.entries({ class: 'poll-bar', viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' })) svg.setAttribute(name, value);
  svg.append(...[['rest', 100], [mine ? 'own' : 'part', Math.round(share * 100)]].map(([kind, width]) => {
    const rect = document.createElementNS(SVG, 'rect');
    for (const [name, value] of Object.entries({ class: kind, width: String(width), height: '6' })) rect.setAttribute(name, value);
    return rect;
  }));
  return svg;
}
