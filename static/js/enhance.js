// Small comforts for every page; each works on plain markup and is missed by nobody
// when scripts are off.

/** How long a pressed button may wait before it can be pressed again. The server takes
 * a repeated press as one act, so this only guards against a lost connection. */
const PENDING_MS = 12_000;

/** @param {HTMLFormElement} form @param {HTMLElement|null} button */
function setPending(form, button) {
  form.dataset.sent = '1';
  form.setAttribute('aria-busy', 'true');
  if (button) {
    button.classList.add('pending');
    button.setAttribute('aria-disabled', 'true');
  }
  setTimeout(() => clearPending(form), PENDING_MS);
}

/** @param {HTMLFormElement} form */
function clearPending(form) {
  delete form.dataset.sent;
  form.removeAttribute('aria-busy');
  for (const button of document.querySelectorAll('.pending')) {
    if (button.form !== form) continue;
    button.classList.remove('pending');
    button.removeAttribute('aria-disabled');
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  // A live page that sends by itself has already prevented the default.
  if (event.defaultPrevented || form.method === 'dialog' || 'noPending' in form.dataset) return;
  if (form.dataset.sent || event.submitter?.getAttribute('aria-disabled') === 'true') {
    event.preventDefault();
    return;
  }
  setPending(form, event.submitter);
});

// Coming back by the browser's back button must not find a dead form.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) clearPending(form);
});

document.addEventListener('click', (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const opener = target.closest?.('[data-dialog-open]');
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  const dialog = target.closest?.('dialog');
  if (dialog && (target.closest('[data-dialog-close]') || (target === dialog && outside(dialog, event)))) {
    event.preventDefault();
    dialog.close();
    return;
  }
  const copier = target.closest?.('[data-copy], [data-copy-from]');
  if (copier) copy(copier);
  if (target.closest?.('[data-print]')) print();
});

/** A press on the backdrop counts as one on the dialog; only its place tells them apart.
 * @param {HTMLDialogElement} dialog @param {MouseEvent} event */
function outside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

/** @param {HTMLElement} button */
async function copy(button) {
  const source = button.dataset.copyFrom ? document.querySelector(button.dataset.copyFrom) : null;
  const text = button.dataset.copy || source?.value || source?.textContent?.trim() || '';
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard (plain http, or refused): select the text, so that a key press copies it.
    const shown = source || button.parentElement?.querySelector('code');
    if (shown) getSelection()?.selectAllChildren(shown);
    return;
  }
  const label = button.querySelector('[data-copy-text]') || button;
  const before = label.textContent;
  if (!button.dataset.copied || before === button.dataset.copied) return;
  label.setAttribute('aria-live', 'polite');
  label.textContent = button.dataset.copied;
  setTimeout(() => { label.textContent = before; }, 2000);
}

// A list narrowed by a select needs no button press; the button stays for the keyboard.
document.addEventListener('change', (event) => {
  const form = event.target.form;
  if (form && 'autosubmit' in form.dataset && event.target instanceof HTMLSelectElement) form.requestSubmit();
});

/** Adds the viewer's own time where it differs from the edition's.
 * @param {HTMLTimeElement} time */
function hintZone(time) {
  const at = new Date(time.dateTime);
  const zone = time.dataset.zone;
  if (!zone || Number.isNaN(at.getTime())) return;
  const lang = document.documentElement.lang;
  const full = { year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' };
  const here = new Intl.DateTimeFormat(lang, full).format(at);
  const there = new Intl.DateTimeFormat(lang, { ...full, timeZone: zone });
  if (here === there.format(at)) return;
  const sameDay = new Intl.DateTimeFormat('en').format(at) === new Intl.DateTimeFormat('en', { timeZone: zone }).format(at);
  const english = lang === 'en';
  const own = new Intl.DateTimeFormat(english ? 'en-GB' : `${lang}-FI`, {
    hour: english ? '2-digit' : 'numeric', minute: '2-digit', hourCycle: 'h23',
    ...(sameDay ? {} : { day: 'numeric', month: english ? 'long' : 'numeric' }),
  }).format(at);
  const hint = document.createElement('small');
  hint.className = 'zone-hint';
  hint.textContent = ` (${time.dataset.zoneHint.replace('{time}', own)})`;
  time.after(hint);
}

for (const time of document.querySelectorAll('time[data-zone-hint]')) hintZone(time);
document.querySelector('[data-error-summary]')?.focus();
document.querySelector('.side [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
// The tabs of days and tracks scroll sideways on phones; the chosen one starts in sight.
for (const tab of document.querySelectorAll('.program-tabs > nav [aria-current]')) {
  const bar = tab.closest('nav');
  bar.scrollLeft = tab.getBoundingClientRect().left - bar.getBoundingClientRect().left - (bar.clientWidth - tab.clientWidth) / 2;
}
for (const opener of document.querySelectorAll('[data-needs-script]')) opener.hidden = false;

// Minutes in the live rooms are counted for who asked for it on their ticket.
if (location.pathname.endsWith('/live') && document.cookie.includes('agora_counting=1')) import('./here.js');
