// Clocks of the stage and the screen: time left, how long a question has been answered, what closes, and the hour.

const MINUTE = 60_000;
const SHORT_MS = 5 * MINUTE;

/** @param {HTMLElement} root @param {import('./live-dom.js').Words} words @param {() => number} clock */
export function tick(root, words, clock) {
  const now = clock();
  for (const place of root.querySelectorAll('[data-clock]')) write(place, words.clock(new Date(now).toISOString()));
  for (const place of root.querySelectorAll('[data-since]')) {
    const seconds = Math.max(0, Math.floor((now - Number(place.dataset.since)) / 1000));
    write(place, `${Math.floor(seconds / 60)}${words.lang === 'en' ? ':' : '.'}${String(seconds % 60).padStart(2, '0')}`);
  }
  for (const place of root.querySelectorAll('[data-closes]')) {
    write(place, words.t('board.closes', { n: Math.max(0, Math.ceil((Number(place.dataset.closes) - now) / 1000)) }));
  }
  for (const place of root.querySelectorAll('[data-ends]')) left(place, words, Number(place.dataset.ends) - now);
}

/** @param {HTMLElement} place @param {import('./live-dom.js').Words} words @param {number} ms */
function left(place, words, ms) {
  if ('until' in place.dataset) {
    if (ms > 0) write(place, words.t('board.until', { n: Math.ceil(ms / MINUTE) }));
    return;
  }
  place.classList.toggle('short', ms <= SHORT_MS);
  write(place, ms > 0 ? words.t('board.left', { n: Math.ceil(ms / MINUTE) }) : words.t('board.over', { n: Math.floor(-ms / MINUTE) }));
}

/** Touches the page only when something is different. */
function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** The server's clock from what it says now. @param {number} now epoch milliseconds */
export function clockSince(now) {
  const offset = now - performance.now();
  return () => offset + performance.now();
}

/** Keeps the tablet and the projector's machine from going dark, where the browser can. */
export function keepAwake() {
  const ask = () => { if (!document.hidden) navigator.wakeLock?.request('screen').catch(() => {}); };
  document.addEventListener('visibilitychange', ask);
  ask();
}
