// Who opened the live rooms from their ticket has their time counted, for a certificate. The page says every minute
// that it is open, seen or not: the stream is often in another window.

const path = location.pathname.match(/^\/[^/]+\/[^/]+/)?.[0];
const FIRST_MS = 2000;

let line;

function show(words) {
  if (!line) {
    line = document.createElement('p');
    line.className = 'here-count';
    document.querySelector('main')?.append(line);
  }
  line.textContent = words;
}

async function beat() {
  let next = 60_000;
  try {
    const answer = await fetch(`${path}/live/here`, { method: 'POST' });
    if (answer.status === 204) return; // nothing is counted, or not any more
    if (answer.ok) {
      const { say, next_ms: ms } = await answer.json();
      show(say);
      next = ms;
    }
  } catch {
    // Without a network the next minute tries again.
  }
  setTimeout(beat, next);
}

if (path) setTimeout(beat, FIRST_MS);
