// Shows the edition's own questions only to those they are for. Markup: the partial
// "own-fields": [data-when] names the field whose answer counts, [data-is] the answer.
// The server drops answers to questions that are not shown, so hiding is all there is.

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function answered(form, name, value) {
  const block = [...form.querySelectorAll('.asked')].find((own) => own.querySelector(`[name="${CSS.escape(name)}"]`));
  if (block?.hidden) return false;
  return new FormData(form).getAll(name).includes(value);
}

/** @param {HTMLFormElement} form */
function show(form) {
  // In the order of the page: what depends on a hidden question is hidden too.
  for (const own of form.querySelectorAll('.asked[data-when]')) {
    own.hidden = !answered(form, own.dataset.when, own.dataset.is);
  }
}

for (const form of document.querySelectorAll('form:has(.asked[data-when])')) {
  for (const words of form.querySelectorAll('[data-condition]')) words.hidden = true;
  form.addEventListener('change', () => show(form));
  form.addEventListener('input', () => show(form));
  show(form);
}
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form:has(.asked[data-when])')) show(form);
});
