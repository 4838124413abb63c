// Moving on to the room's next session: by itself where the room was chosen, but never while somebody is busy.

/** Over how long the pages of a room move on to its next session. */
const MOVE_SPREAD_MS = 3000;

/** @param {{at: number, href: string, auto: boolean}} move @param {() => number} clock @param {() => boolean} busy @param {() => void} offer */
export function moveOn(move, clock, busy, offer) {
  const check = () => {
    const left = move.at - clock();
    if (left > 0) {
      setTimeout(check, Math.min(left, 30_000));
      return;
    }
    if (move.auto && !busy()) {
      setTimeout(() => (busy() ? offer() : location.replace(move.href)), Math.random() * MOVE_SPREAD_MS);
      return;
    }
    offer();
  };
  check();
}

/** Offers the way to the next session where the page does not go by itself.
 * @param {HTMLElement} root @param {{title: string, href: string}} move @param {import('./live-dom.js').Words} words @param {import('./live-dom.js').Speaker} speaker */
export function offer(root, move, words, speaker) {
  const box = root.querySelector('[data-next]');
  box.hidden = false;
  box.querySelector('[data-next-text]').textContent = words.t('live.next_on', { title: move.title });
  const link = box.querySelector('[data-next-link]');
  link.href = move.href;
  link.textContent = words.t('live.next_go');
  speaker.say('next', words.t('live.next_on', { title: move.title }));
}
