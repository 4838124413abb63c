// "Tell me when it is answered": an address for one letter, kept apart from who asked.

import { el, icon } from './live-dom.js';

export class TellMe {
  /** @param {HTMLElement} root @param {string} session @param {import('./live-dom.js').Words} words
   * @param {{find: (id: string) => object|undefined, secret: (id: string) => string, done: () => void}} room */
  constructor(root, session, words, room) {
    Object.assign(this, { root, words, room, key: `agora.told.${session}` });
    this.ids = new Set(this.read());
    /** @type {HTMLDialogElement|null} */
    this.dialog = root.querySelector('[data-tell-dialog]');
    if (!this.dialog) return; // the page shows its own form
    this.form = this.dialog.querySelector('form');
    root.addEventListener('click', (event) => {
      const link = event.target.closest('[data-tell]');
      if (link) this.open(event, link.dataset.tell);
    });
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.send();
    });
  }

  has(id) {
    return this.ids.has(id);
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key) || '[]');
    } catch {
      return [];
    }
  }

  open(event, id) {
    const q = this.room.find(id);
    if (!q) return;
    event.preventDefault();
    this.form.elements.namedItem('tell').value = id;
    this.form.elements.namedItem('secret').value = this.room.secret(id);
    this.dialog.querySelector('[data-tell-text]').textContent = q.text;
    this.complain('');
    this.dialog.showModal();
    this.form.elements.namedItem('email').focus();
  }

  async send() {
    const id = this.form.elements.namedItem('tell').value;
    try {
      const answer = await fetch(this.form.action, { method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams(new FormData(this.form)) });
      if (!answer.ok) {
        this.complain((await answer.json()).message);
        return;
      }
    } catch {
      this.complain(this.words.t('live.tell_failed'));
      return;
    }
    this.ids.add(id);
    try {
      localStorage.setItem(this.key, JSON.stringify([...this.ids]));
    } catch {
      // Then it is forgotten with the page; the letter comes all the same.
    }
    this.dialog.close();
    this.room.done();
  }

  complain(sentence) {
    this.dialog.querySelector('[data-tell-error]').replaceChildren(...(sentence ? [el('p', { class: 'error', role: 'alert' }, icon('alert'), el('span', {}, sentence))] : []));
  }
}
