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
    this.speaker = form.elements.namedItem('speaker');
    this.button = form.querySelector('[data-send]');
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
      if (draft.speaker && this.speaker) this.speaker.value = draft.speaker;
    } catch {
      // An unreadable draft is none.
    }
  }

  keep() {
    if (this.editing) return; // the draft of a new question is kept meanwhile
    try {
      sessionStorage.setItem(this.draftKey, JSON.stringify({ text: this.text.value, anonymous: this.anonymous.checked, name: this.name.value, speaker: this.speaker?.value || '' }));
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
    if (this.editing) return this.submitChange();
    const name = this.anonymous.checked ? null : this.name.value.trim();
    if (!this.used()) return this.stop('live.text_missing', this.text);
    if (this.used() > this.max) return this.stop('live.counter_over', this.text, { n: this.used() - this.max });
    if (name === '') return this.stop('live.name_missing', this.name);
    if (this.paused) return this.stop('live.paused', this.text);
    const act = { do: 'ask', text: this.text.value.trim(), name };
    if (this.speaker?.value) act.speaker = this.speaker.value;
    this.send(act);
    this.empty();
    this.keep();
    return undefined;
  }

  empty() {
    this.text.value = '';
    this.text.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /** Takes an own question into the form to be changed. @param {{id: string, text: string}} q @param {string} secret */
  edit(q, secret) {
    if (!this.editing) this.draft = this.text.value;
    this.editing = { question: q.id, secret, was: q.text };
    this.text.value = q.text;
    this.showEditing();
    this.text.focus();
  }

  submitChange() {
    if (!this.used()) return this.stop('live.text_missing', this.text);
    if (this.used() > this.max) return this.stop('live.counter_over', this.text, { n: this.used() - this.max });
    const text = this.text.value.replace(/\r\n/g, '\n').trim();
    if (text === this.editing.was) return this.stop('live.text_same', this.text);
    const act = { do: 'revise', ...this.editing, text };
    this.stopEditing();
    this.send(act);
    return undefined;
  }

  stopEditing() {
    this.editing = undefined;
    this.text.value = this.draft || '';
    this.draft = '';
    this.showEditing();
  }

  showEditing() {
    const on = Boolean(this.editing);
    const line = this.form.querySelector('[data-revising]');
    line.hidden = !on;
    if (on) {
      const back = el('button', { type: 'button', class: 'btn plain small' }, this.words.t('live.stop_revising'));
      back.addEventListener('click', () => { this.stopEditing(); this.text.focus(); });
      line.replaceChildren(el('b', {}, this.words.t('live.revising')), back);
    }
    this.form.classList.toggle('revising', on);
    this.button.textContent = this.words.t(on ? 'live.revise_send' : 'live.ask_send');
    this.text.dispatchEvent(new Event('input', { bubbles: true }));
    this.pause(this.paused);
  }

  stop(key, field, args) {
    this.complain(this.words.t(key, args));
    field.focus();
  }

  /** A question the server did not take comes back into the form. @param {object} act @param {string} sentence */
  giveBack(act, sentence) {
    if (act.do === 'revise') {
      if (!this.busy) this.edit({ id: act.question, text: act.was }, act.secret);
      if (this.editing?.question === act.question) this.text.value = act.text;
    } else if (!this.busy) {
      this.text.value = act.text;
      this.anonymous.checked = !act.name;
      if (act.name) this.name.value = act.name;
      this.keep();
      this.count();
    }
    this.complain(sentence);
  }

  /** What the room says of asking. @param {{state: string, asking?: {names: string, slow: number}}} room */
  rules(room) {
    const { names, slow } = room.asking || {};
    this.pause(room.state === 'paused');
    const line = this.form.querySelector('[data-slow]');
    line.hidden = !slow || this.paused;
    if (slow) line.textContent = this.words.t('live.slow', { n: slow });
    if (!this.anonymous) return;
    this.form.querySelector('[data-anonymous]').hidden = names === 'required';
    if (names === 'required') this.anonymous.checked = false;
  }

  /** @param {boolean} paused */
  pause(paused) {
    this.paused = paused;
    this.form.querySelector('[data-paused]').hidden = !paused || Boolean(this.editing);
    this.button.disabled = paused && !this.editing;
  }
}
