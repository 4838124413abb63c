// Results while somebody types: the same page is fetched for what stands in the
// form, and its results take the place of the old ones. Without this the form is
// sent as any other.
const form = document.querySelector('[data-search]');
const place = document.querySelector('[data-results]');
const pause = 220; // ms without a key, so that not every letter is asked for
let waiting = 0;
let running = null;
let shown = form ? address() : '';

function address() {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (String(value).trim() !== '') asked.set(name, value);
  }
  return `${form.getAttribute('action')}?${asked}`;
}

async function show() {
  const to = address();
  if (to === shown) return;
  running?.abort();
  running = new AbortController();
  place.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(to, { signal: running.signal, headers: { Accept: 'text/html' } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const results = page.querySelector('[data-results]');
    if (!results) return;
    place.replaceChildren(...results.childNodes);
    document.title = page.title;
    shown = to;
    history.replaceState(null, '', to);
  } catch (problem) {
    if (problem.name === 'AbortError') return; // a newer question is on its way
  } finally {
    place.removeAttribute('aria-busy');
  }
}

function soon(wait) {
  clearTimeout(waiting);
  waiting = setTimeout(show, wait);
}

if (form && place) {
  form.addEventListener('input', (event) => {
    // While a word is being put together by an input method there is none yet.
    if (!event.isComposing) soon(event.target instanceof HTMLSelectElement ? 0 : pause);
  });
  form.addEventListener('compositionend', () => soon(pause));
}
