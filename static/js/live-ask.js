// The form to ask with: it counts, keeps what is typed, and sends over the socket.

import { el, icon } from './live-dom.js';

const SAID_MS = 12000;

export class AskForm {
  /** @param {HTMLFormElement} form @param {string} session @param {import('./live-dom.js').Words} words @param {(act: object) => void} send */
  constructor(form, session, words, send) {
    Object.assign(this, { form, words, send });
    this.max = Number(form.dataset.max);
    this.draftKey = `agora.draft.${session}`;
    this.text = form.elements.namedItem('text');
    this.name = form.elements.namedItem('name');
    this.anonymous = form.elements.namedItem('anonymous');
    this.counter = form.querySelector('[data-counter]');
    this.counter.hidden = false;
    this.restore();
    form.addEventListener('input', () => { this.count(); this.keep(); this.complain(''); });
    form.addEventListener('submit', (event) => { event.preventDefault(); this.submit(); });
    this.text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    this.count();
  }

  /** Whether somebody is in the middle of a question. */
  get busy() {
    return this.text.value.trim() !== '';
  }

  restore() {
    try {
      const draft = JSON.parse(sessionStorage.getItem(this.draftKey) || 'null');
      if (!draft || this.text.value) return;
      this.text.value = draft.text;
      this.anonymous.checked = draft.anonymous;
      if (draft.name) this.name.value = draft.name;
    } catch {
      // An unreadable draft is none.
    }
  }

  keep() {
    try {
      sessionStorage.setItem(this.draftKey, JSON.stringify({ text: this.text.value, anonymous: this.anonymous.checked, name: this.name.value }));
    } catch {
      // Without storage the text lives as long as the page.
    }
  }

  used() {
    return [...this.text.value.replace(/\r\n/g, '\n').trim()].length;
  }

  count() {
    const over = this.used() - this.max;
    this.counter.classList.toggle('over', over > 0);
    this.counter.textContent = over > 0
      ? this.words.t('live.counter_over', { n: over })
      : this.words.t('live.counter', { used: this.used(), max: this.max });
  }

  /** @param {string} sentence empty takes it away */
  complain(sentence) {
    const place = this.form.querySelector('[data-ask-error]');
    if (!sentence && !place.childElementCount) return;
    place.replaceChildren(...(sentence ? [el('p', { class: 'error', role: 'alert' }, icon('alert'), el('span', {}, sentence))] : []));
    if (sentence) this.text.setAttribute('aria-invalid', 'true');
    else this.text.removeAttribute('aria-invalid');
  }

  /** Says beside the form that a question has arrived, until the next one is begun. @param {string} sentence */
  confirm(sentence) {
    if (this.busy) return;
    const line = el('p', { class: 'said' }, icon('check'), el('span', {}, sentence));
    this.form.querySelector('[data-ask-error]').replaceChildren(line);
    setTimeout(() => line.remove(), SAID_MS);
  }

  submit() {
    const name = this.anonymous.checked ? null : this.name.value.trim();
    if (!this.used()) return this.stop('live.text_missing', this.text);
    if (this.used() > this.max) return this.stop('live.counter_over', this.text, { n: this.used() - this.max });
    if (name === '') return this.stop('live.name_missing', this.name);
    if (this.paused) return this.stop('live.paused', this.text);
    this.send({ do: 'ask', text: this.text.value.trim(), name });
    this.text.value = '';
    this.keep();
    this.count();
    this.complain('');
    return undefined;
  }

  stop(key, field, args) {
    this.complain(this.words.t(key, args));
    field.focus();
  }

  /** A question the server did not take comes back into the form. @param {object} act @param {string} sentence */
  giveBack(act, sentence) {
    if (!this.busy) {
      this.text.value = act.text;
      this.anonymous.checked = !act.name;
      if (act.name) this.name.value = act.name;
      this.keep();
      this.count();
    }
    this.complain(sentence);
  }

  /** @param {boolean} paused */
  pause(paused) {
    this.paused = paused;
    this.form.querySelector('[data-paused]').hidden = !paused;
    this.form.querySelector('button').disabled = paused;
  }
}
