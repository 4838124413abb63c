// Reviewing by keyboard: a digit gives its score, A abstains, N goes on without a
// word. Keys pressed while somebody writes are theirs.

/** @param {EventTarget | null} target */
const writes = (target) => target instanceof HTMLElement && target.closest('textarea, input:not([type="radio"]), select, [contenteditable]');

for (const form of document.querySelectorAll('form[data-review]')) {
  const help = form.querySelector('[data-keys]');
  if (help) help.hidden = false;
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      form.requestSubmit(form.querySelector('button[value="next"]'));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || writes(event.target)) return;
    if (event.key === 'n') {
      document.querySelector('[data-skip]')?.click();
      return;
    }
    const value = event.key === 'a' ? 'abstain' : event.key === '0' ? '10' : event.key;
    const radio = form.querySelector(`input[type="radio"][value="${CSS.escape(value)}"]`);
    if (!radio) return;
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event('change', { bubbles: true }));
    event.preventDefault();
  });
}
