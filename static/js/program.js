// The programme's search: what is typed or chosen is asked of the server and shown in
// place, so that the form needs no press; "only mine" of a stranger is decided here.

import { stars } from './stars.js';

/** How long typing rests before it is asked. */
const REST_MS = 180;

class Search {
  /** @param {HTMLFormElement} form @param {HTMLElement} list */
  constructor(form, list) {
    this.form = form;
    this.list = list;
    form.addEventListener('input', (event) => this.soon(event.target.type === 'search' ? REST_MS : 0));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.soon(0);
    });
    document.addEventListener('agora:stars', () => this.mine());
    this.mine();
  }

  /** @param {number} ms */
  soon(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), ms);
  }

  address() {
    const q = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (value) q.append(name, value);
    const query = q.toString();
    return this.form.action + (query ? `?${query}` : '');
  }

  async ask() {
    const address = this.address();
    this.asked?.abort();
    this.asked = new AbortController();
    this.list.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(address, { signal: this.asked.signal, headers: { Accept: 'text/html' } });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      this.show(page, address);
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.form.submit(); // the browser tells what is wrong
    }
  }

  /** @param {Document} page @param {string} address */
  show(page, address) {
    this.sheets(page);
    this.list.replaceChildren(...page.querySelector('[data-program-list]').childNodes);
    this.list.removeAttribute('aria-busy');
    const tabs = page.querySelector('.program-tabs');
    if (tabs) document.querySelector('.program-tabs')?.replaceWith(tabs);
    this.clear(page.querySelector('[data-program-clear]'));
    history.replaceState(null, '', address);
    stars?.paint(this.list);
    this.mine();
    const said = this.list.querySelector('[data-program-found], .notice p')?.textContent || '';
    this.form.querySelector('[data-program-say]').textContent = said;
  }

  /** A grid brings a sheet of its own. @param {Document} page */
  sheets(page) {
    const known = new Set([...document.querySelectorAll('link[rel="stylesheet"]')].map((link) => link.getAttribute('href')));
    for (const link of page.querySelectorAll('link[rel="stylesheet"]')) {
      if (!known.has(link.getAttribute('href'))) document.head.append(link);
    }
  }

  /** @param {Element|null} link */
  clear(link) {
    const old = this.form.querySelector('[data-program-clear]');
    if (!link) old?.remove();
    else if (!old) this.form.querySelector('.btn:not(summary)').after(link);
  }

  /** Hides what a stranger has not marked. */
  mine() {
    if (!stars || stars.own) return;
    const only = this.form.elements.mine?.checked;
    for (const row of this.list.querySelectorAll('.session, .cell')) {
      const star = row.querySelector('.star');
      row.hidden = Boolean(only && !(star && stars.on.has(star.value)));
      if (row.parentElement.matches('.sessions > li')) row.parentElement.hidden = row.hidden;
    }
    for (const slot of this.list.querySelectorAll('.slot')) {
      slot.hidden = Boolean(only && !slot.querySelector('.session:not([hidden])'));
    }
    for (const day of this.list.querySelectorAll('.day')) {
      day.hidden = Boolean(only && !day.querySelector('.slot:not([hidden])'));
    }
  }
}

const form = document.querySelector('[data-program-search]');
const list = document.querySelector('[data-program-list]');
if (form && list) new Search(form, list);
