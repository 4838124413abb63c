// Keeps an open ticket up to date while its holder waits: asks for the state now and
// then, and shows what has changed. Markup: [data-ticket] holds how the ticket looks
// (its mark), [data-position] the place in the line, [data-state] where to ask;
// [data-ticket-say] is read out. Whoever is in the middle of something is only told.

const EVERY_MS = 20_000;
/** Everybody opened their ticket in the same minute; they shall not ask in the same second. */
const JITTER_MS = 8_000;
const SLOWEST_MS = 5 * 60_000;
/** A tab forgotten overnight need not go on asking. */
const GIVE_UP_MS = 6 * 3_600_000;

class OpenTicket {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
    this.words = { ...box.dataset };
    this.started = Date.now();
    this.pause = EVERY_MS;
    this.asked = Date.now();
    document.addEventListener('visibilitychange', () => this.seen());
    // The offer's own countdown has run out.
    document.addEventListener('agora:open', () => this.wait(2_000));
    this.wait(this.pause);
  }

  /** @param {number} ms */
  wait(ms) {
    clearTimeout(this.timer);
    if (!this.done) this.timer = setTimeout(() => this.ask(), ms + Math.random() * JITTER_MS);
  }

  seen() {
    if (document.hidden) clearTimeout(this.timer);
    else this.wait(Math.max(0, this.asked + this.pause - Date.now()) / 4);
  }

  async ask() {
    if (document.hidden || this.done) return;
    if (Date.now() - this.started > GIVE_UP_MS) {
      this.stop(this.words.stopped);
      return;
    }
    this.asked = Date.now();
    try {
      const answer = await fetch(this.words.state, { cache: 'no-store', headers: { Accept: 'application/json' } });
      if (answer.status === 404 || answer.status === 410) {
        this.stop(this.words.changed);
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      this.pause = EVERY_MS;
      await this.compare(await answer.json());
    } catch {
      // Busy or offline: ask less often, the page stays as it is.
      this.pause = Math.min(this.pause * 2, SLOWEST_MS);
    }
    this.wait(this.pause);
  }

  /** @param {{mark: string, position: number}} state */
  async compare(state) {
    if (state.mark === this.box.dataset.ticket && String(state.position) === this.box.dataset.position) {
      this.unsay();
      return;
    }
    if (this.busy()) this.offer(this.words.changed);
    else await this.redraw();
  }

  /** Whether something is open or focused that would be lost under the person's finger. */
  busy() {
    return this.box.contains(document.activeElement) || this.box.querySelector('details[open], form[data-sent]') !== null;
  }

  async redraw() {
    const answer = await fetch(location.href, { cache: 'no-store' });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('[data-ticket]');
    if (!fresh) throw new Error('no ticket');
    const looksOther = fresh.dataset.ticket !== this.box.dataset.ticket;
    this.unsay();
    this.box.replaceWith(fresh);
    this.box = fresh;
    const tabs = page.querySelector('.ticket-tabs');
    document.querySelector('.ticket-tabs')?.replaceWith(...(tabs ? [tabs] : []));
    this.say(fresh.querySelector(looksOther ? 'h1' : '[data-moved]')?.textContent || '');
    if (fresh.querySelector('[data-countdown]')) await import('./countdown.js');
    if (!fresh.dataset.state) this.done = true;
  }

  /** @param {string} words */
  stop(words) {
    this.done = true;
    clearTimeout(this.timer);
    this.offer(words);
  }

  /** Says that there is something new and leaves it to the person when to look. @param {string} words */
  offer(words) {
    if (this.told === words) return;
    this.told = words;
    this.notice?.remove();
    this.notice = document.createElement('p');
    this.notice.className = 'notice';
    const link = document.createElement('a');
    link.href = location.pathname;
    link.textContent = this.words.show;
    this.notice.append(`${words} `, link);
    this.box.before(this.notice);
    this.say(words);
  }

  /** What was told has been shown, or is so no more. */
  unsay() {
    this.told = '';
    this.notice?.remove();
  }

  /** @param {string} words */
  say(words) {
    const place = document.querySelector('[data-ticket-say]');
    if (place) place.textContent = words;
  }
}

const box = document.querySelector('[data-ticket][data-state]');
if (box) new OpenTicket(box);
