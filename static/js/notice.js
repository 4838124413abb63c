// The organisers' word to everybody on an edition's pages: it comes by the socket where there is one, else by asking now
// and then, around the day and as long as one stands.

/** Asking costs the server next to nothing: the answer is nearly always "unchanged". */
const LOOK_MS = 5_000;
const SPREAD_MS = 5_000;
/** Where a socket tells it at once, asking is only for what was said while it was gone. */
const SLOW = 12;
/** After a pause a whole hall comes back at once. */
const BACK_MS = 3000;
const SAID_MS = 10_000;
const KEY = 'agora.notices';
const KEPT = 20;

class DayNotice {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.text = place.querySelector('p');
    this.say = document.querySelector('[data-day-notice-say]');
    this.close = place.querySelector('button');
    this.close.hidden = false;
    this.close.addEventListener('click', () => this.putAway());
    document.addEventListener('agora:notice', (event) => this.hear(event.detail));
    document.addEventListener('agora:line', (event) => {
      const back = event.detail === 'on' && this.line === 'off';
      this.line = event.detail;
      this.look(back ? Math.random() * BACK_MS : undefined);
    });
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.look(Math.random() * BACK_MS); });
    addEventListener('online', () => this.look(Math.random() * BACK_MS));
    this.look();
  }

  get id() {
    return this.place.dataset.dayNotice;
  }

  /** Whether news may come: around the day, and while something stands that may be taken back. */
  get due() {
    const now = Date.now();
    return this.id !== '' || (now >= Number(this.place.dataset.from) && now < Number(this.place.dataset.to));
  }

  /** @param {number} [ms] */
  look(ms = (LOOK_MS + Math.random() * SPREAD_MS) * (this.line === 'on' ? SLOW : 1)) {
    clearTimeout(this.timer);
    if (!document.hidden && this.due) this.timer = setTimeout(() => this.ask(), ms);
  }

  async ask() {
    try {
      // Without cookies the server need not find out who asks; unchanged, the browser's own copy serves.
      const headers = { 'Accept-Language': document.documentElement.lang };
      const answer = await fetch(this.place.dataset.href, { headers, credentials: 'omit', cache: 'no-cache' });
      if (answer.ok) this.show(await answer.json());
    } catch {
      // No network: the next look finds out.
    }
    this.look();
  }

  /** @param {{id?: string, text: string, lang?: string}} frame */
  hear(frame) {
    if (frame.text) this.show({ id: frame.id || '', text: frame.text, lang: frame.lang });
    else if (frame.id === this.id) this.show({ id: '' });
  }

  /** @param {{id: string, text?: string, lang?: string}} news */
  show(news) {
    const { id, text = '', lang } = news;
    if (id === this.id && (id || !text)) return;
    this.place.dataset.dayNotice = id;
    this.text.textContent = text;
    if (lang) this.text.lang = lang;
    else this.text.removeAttribute('lang');
    this.place.hidden = !text || this.read().includes(id);
    if (this.place.hidden) return;
    this.say.lang = this.text.lang || document.documentElement.lang;
    this.say.textContent = text;
    setTimeout(() => { this.say.textContent = ''; }, SAID_MS);
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(KEY) || '[]');
    } catch {
      return [];
    }
  }

  putAway() {
    const within = this.place.contains(document.activeElement);
    this.place.hidden = true;
    if (within) document.getElementById('main')?.focus({ preventScroll: true });
    if (!this.id) return;
    try {
      localStorage.setItem(KEY, JSON.stringify([...this.read().filter((id) => id !== this.id), this.id].slice(-KEPT)));
    } catch {
      // Without storage it is put away on this page alone.
    }
  }
}

const place = document.querySelector('[data-day-notice]');
if (place) new DayNotice(place);
