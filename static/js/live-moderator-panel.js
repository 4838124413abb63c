// Pages of the moderator's desk that are shown within it: one question in a dialog, and the room's polls. The server
// draws them; whoever has no script gets them as pages.

/** How long the polls rest between two looks: ballots come in all the time. */
const REST_MS = 1000;
const BUSY_MS = 3000;
/** After these the question is looked at again; after the others the dialog has done its work. */
const STAYS = new Set(['label', 'address', 'block', 'unblock', 'unmerge', 'merge']);

/** @param {string} address @param {string} selector @param {RequestInit} [options] */
async function part(address, selector, options) {
  const answer = await fetch(address, options);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const node = page.querySelector(selector);
  return node && document.importNode(node, true);
}

export class Panel {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.dialog = root.querySelector('[data-dialog]');
    this.body = this.dialog.querySelector('[data-panel-body]');
    root.addEventListener('click', (event) => {
      const link = event.target.closest?.('a[data-panel]');
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.show(link.href);
    });
  }

  async show(href) {
    this.href = href;
    const content = await part(href, '[data-panel-content]').catch(() => null);
    if (!content) {
      location.href = href;
      return;
    }
    if (this.href !== href) return;
    this.body.replaceChildren(content);
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** An act from within was done. @param {string} act */
  done(act) {
    if (!this.dialog.open) return;
    if (STAYS.has(act)) this.show(this.href);
    else this.dialog.close();
  }
}

export class Polls {
  /** @param {HTMLElement} root @param {import('./live-dom.js').Words} words @param {() => number} clock */
  constructor(root, words, clock) {
    Object.assign(this, { root, words, clock });
    setInterval(() => this.count(), 500);
    root.addEventListener('submit', (event) => {
      const place = event.target.closest('[data-polls]');
      if (!place) return;
      event.preventDefault();
      this.send(event.target, event.submitter);
    });
  }

  get place() {
    return this.root.querySelector('[data-polls]');
  }

  /** Counts to the end of what closes. */
  count() {
    for (const place of this.place.querySelectorAll('[data-closes]')) {
      const text = this.words.t('board.closes', { n: Math.max(0, Math.ceil((Number(place.dataset.closes) - this.clock()) / 1000)) });
      if (place.textContent !== text) place.textContent = text;
    }
  }

  async send(form, button) {
    if (form.dataset.waiting) return;
    form.dataset.waiting = '1';
    button.classList.add('pending');
    const body = new URLSearchParams(new FormData(form));
    body.set(button.name, button.value);
    const card = form.closest('article')?.id;
    const drawn = await part(form.getAttribute('action'), '[data-polls]', { method: 'POST', body }).catch(() => null);
    if (!drawn) {
      delete form.dataset.waiting;
      button.classList.remove('pending');
      return;
    }
    this.place.replaceWith(drawn);
    const again = (card && document.getElementById(card)) || drawn;
    (again.querySelector('.error') ? again.querySelector('textarea') : again.querySelector('button, summary'))?.focus();
  }

  /** Something about polls changed. */
  changed() {
    if (this.timer) return;
    this.timer = setTimeout(() => { this.timer = undefined; this.look(); }, REST_MS);
  }

  async look() {
    // Whoever writes a poll is not disturbed; the news come when they are done.
    if (this.place.querySelector('details[open]')?.contains(document.activeElement)) {
      this.timer = setTimeout(() => { this.timer = undefined; this.look(); }, BUSY_MS);
      return;
    }
    const drawn = await part(this.place.dataset.polls, '[data-polls]').catch(() => null);
    if (!drawn || this.place.querySelector('[data-waiting]')) return;
    const focused = this.place.contains(document.activeElement) ? document.activeElement : null;
    const [card, value] = [focused?.closest('article')?.id, focused?.value];
    for (const details of this.place.querySelectorAll('details.poll-new[open]')) drawn.querySelector('.poll-new')?.replaceWith(details);
    this.place.replaceWith(drawn);
    if (card) document.getElementById(card)?.querySelector(`[value="${CSS.escape(value || '')}"]`)?.focus();
  }
}
