// Shows videos, slides and PDFs in the page once somebody presses. Before that nothing
// is fetched, from anywhere. Markup: [data-player] says what of which sort, a button
// [data-play] in it opens and closes it, a link [data-moment] opens it at a moment.

/** What a frame of another place may do: play, and open what is pressed in it.
 * It may not lead this page away. */
const SANDBOX = 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-presentation allow-forms';
const ALLOW = 'autoplay; fullscreen; picture-in-picture; encrypted-media';

/** @param {HTMLElement} box @param {string} src */
function frame(box, src) {
  const made = document.createElement('iframe');
  made.title = box.dataset.title;
  if (box.dataset.player === 'frame') {
    made.setAttribute('sandbox', SANDBOX);
    made.allow = ALLOW;
    // Some hosts play only for a page that says where it is; the address alone is told.
    made.referrerPolicy = 'strict-origin-when-cross-origin';
  }
  made.src = src;
  return made;
}

/** @param {HTMLElement} box @param {string} src */
function media(box, src) {
  const made = document.createElement(box.dataset.player);
  made.controls = true;
  made.autoplay = true;
  made.playsInline = true;
  made.setAttribute('aria-label', box.dataset.title);
  for (const link of box.parentElement.querySelectorAll('a[data-captions]')) {
    const track = document.createElement('track');
    track.kind = 'captions';
    track.src = link.href;
    track.srclang = link.hreflang;
    track.label = link.dataset.captions;
    track.default = link.hreflang === document.documentElement.lang;
    made.append(track);
  }
  made.src = src;
  return made;
}

/** @param {HTMLElement} box @param {string} src */
function open(box, src) {
  close(box);
  const kind = box.dataset.player;
  const shown = kind === 'video' || kind === 'audio' ? media(box, src) : frame(box, src);
  const place = document.createElement('div');
  place.className = `player-place ${kind}`;
  place.append(shown);
  box.prepend(place);
  say(box, true);
  return shown;
}

/** @param {HTMLElement} box */
function close(box) {
  box.querySelector('.player-place')?.remove();
  say(box, false);
}

/** The button says what the next press does. @param {HTMLElement} box @param {boolean} on */
function say(box, on) {
  const button = box.querySelector('[data-play]');
  const label = button.querySelector('span');
  button.dataset.label ??= label.textContent;
  label.textContent = on ? button.dataset.close : button.dataset.label;
  button.setAttribute('aria-expanded', String(on));
  box.toggleAttribute('data-open', on);
}

// A browser that cannot show a PDF in a page, as on most phones, opens it by its link.
if (navigator.pdfViewerEnabled === false) {
  for (const box of document.querySelectorAll('[data-player="pdf"]')) box.remove();
}

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('[data-play]');
  if (button) {
    const box = button.closest('[data-player]');
    if (box.hasAttribute('data-open')) close(box);
    else open(box, box.dataset.src);
    return;
  }
  const link = event.target.closest?.('a[data-moment]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const box = document.querySelector(`[data-player][data-of="${CSS.escape(link.dataset.moment)}"]`);
  if (!box) return;
  event.preventDefault();
  const shown = open(box, link.dataset.src);
  box.scrollIntoView({ block: 'center' });
  shown.focus();
});
