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
