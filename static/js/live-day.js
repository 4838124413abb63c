// The day's rooms: the page is asked for again when something begins or ends, and follows the room that was chosen.

import { serverClock } from './live-dom.js';

/** Over how long the pages of a hall ask again, so that they do not come all at once. */
const SPREAD_MS = 4000;

for (const root of document.querySelectorAll('[data-live-day]')) {
  const start = JSON.parse(root.dataset.liveDay);
  const clock = serverClock(start.now);
  const check = () => {
    const left = start.change - clock();
    if (left > 0) setTimeout(check, Math.min(left, 30_000));
    // Somebody who is about to press must not find another room under the finger.
    else if (!start.room && root.contains(document.activeElement)) setTimeout(check, 5000);
    else setTimeout(() => location.reload(), Math.random() * SPREAD_MS);
  };
  check();
}
