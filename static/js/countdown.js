// Counts down to an opening by the server's clock and opens the page's form without a
// reload. Markup: the "countdown" template, [data-when-open] (hidden until then),
// [data-when-closed] (hidden after), buttons with [data-enable-when-open]: those wait
// only where scripts run, so that without them the server decides.

/** Difference worth correcting: the Date header tells whole seconds only. */
const TOLERANCE_MS = 2000;

class Countdown {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
    this.until = Number(box.dataset.until);
    this.figures = box.querySelector('[data-countdown-figs]');
    this.setButtons(true);
    // The server wrote its time just before the first byte left.
    const page = performance.getEntriesByType('navigation')[0];
    const written = page ? page.responseStart : 0;
    this.setClock(Number(box.dataset.now) + performance.now() - written);
    const stored = page && (page.type === 'back_forward' || page.transferSize === 0);
    if (stored) this.askClock();
    addEventListener('pageshow', (event) => { if (event.persisted) this.askClock(); });
    // Sleeping phones stop their counters: look again when the page is seen again.
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.askClock(); });
  }

  /** @param {number} now the server's time, epoch milliseconds */
  setClock(now) {
    this.offset = now - performance.now();
  }

  now() {
    return this.offset + performance.now();
  }

  /** @param {boolean} waiting */
  setButtons(waiting) {
    for (const button of document.querySelectorAll('[data-enable-when-open]')) button.disabled = waiting;
  }

  async askClock() {
    if (this.opened) return;
    try {
      const start = performance.now();
      const answer = await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
      const told = Date.parse(answer.headers.get('date') || '');
      const now = told + 500 + (performance.now() - start) / 2;
      if (Math.abs(now - this.now()) > TOLERANCE_MS) this.setClock(now);
    } catch {
      // Offline: the page's own reckoning goes on.
    }
    this.tick();
  }

  tick() {
    clearTimeout(this.timer);
    const left = this.until - this.now();
    if (left <= 0) {
      this.open();
      return;
    }
    this.show(Math.ceil(left / 1000));
    this.timer = setTimeout(() => this.tick(), left % 1000 || 1000);
  }

  /** @param {number} seconds */
  show(seconds) {
    if (!this.figures) return;
    const parts = {
      d: Math.floor(seconds / 86_400),
      h: Math.floor(seconds / 3600) % 24,
      m: Math.floor(seconds / 60) % 60,
      s: seconds % 60,
    };
    for (const [name, value] of Object.entries(parts)) {
      const figure = this.figures.querySelector(`[data-part="${name}"]`);
      if (figure) figure.textContent = String(value);
    }
    this.figures.hidden = false;
  }

  open() {
    if (this.opened) return;
    this.opened = true;
    this.box.hidden = true;
    for (const part of document.querySelectorAll('[data-when-closed]')) part.hidden = true;
    for (const part of document.querySelectorAll('[data-when-open]')) part.hidden = false;
    this.setButtons(false);
    const say = document.querySelector('[data-countdown-say]');
    if (say) say.textContent = this.box.dataset.openText || '';
    this.box.dispatchEvent(new CustomEvent('agora:open', { bubbles: true }));
  }
}

for (const box of document.querySelectorAll('[data-countdown]')) new Countdown(box).tick();
