// The form of a registration: questions that are asked only after certain answers,
// rows of colleagues, and the press that changes its meaning at the opening. Without
// scripts every question is shown with the words that say when it is asked, buttons
// add and take away rows, and a reload brings the opening.

/** What a question's controls answer now.
 * @param {HTMLFormElement} form @param {string} name @returns {string[]} */
function answersTo(form, name) {
  const found = form.elements.namedItem(name);
  if (!found) return [];
  const controls = found instanceof RadioNodeList ? [...found] : [found];
  return controls
    .filter((control) => !control.closest('[hidden]'))
    .filter((control) => (control.type !== 'radio' && control.type !== 'checkbox') || control.checked)
    .map((control) => control.value);
}

/** Shows the questions that are asked by the answers given. They stand in the form's
 * order and depend only on earlier ones, so one pass is enough.
 * @param {HTMLFormElement} form */
function ask(form) {
  const list = [...form.querySelectorAll('[data-shown-by]')].sort((a, b) => depth(form, a) - depth(form, b));
  for (const question of list) {
    question.hidden = !answersTo(form, question.dataset.shownBy).includes(question.dataset.shownFor);
  }
}

/** How many questions stand between this one and one that is always asked: special
 * questions are drawn apart from the others, so the page's order is not the form's.
 * @param {HTMLFormElement} form @param {HTMLElement} question */
function depth(form, question) {
  let steps = 0;
  for (let at = question; at && steps < 50; steps += 1) {
    const found = form.elements.namedItem(at.dataset.shownBy);
    const control = found instanceof RadioNodeList ? found[0] : found;
    at = control?.closest('[data-shown-by]');
  }
  return steps;
}

class Party {
  /** @param {HTMLElement} box @param {HTMLFormElement} form */
  constructor(box, form) {
    this.form = form;
    this.list = box.querySelector('[data-party-rows]');
    this.blank = box.querySelector('[data-party-row]');
    this.more = box.querySelector('[data-party-add]');
    this.seats = box.querySelector('[data-party-seats]');
    this.most = Number(box.dataset.most);
    this.free = new Map(this.seats.dataset.free.trim().split(' ').filter(Boolean).map((pair) => pair.split(':')));
    this.last = this.rows().length;
    box.addEventListener('click', (event) => this.press(event));
    form.addEventListener('change', () => this.count());
    this.count();
  }

  rows() {
    return [...this.list.querySelectorAll('[data-colleague]')];
  }

  /** @param {Event} event */
  press(event) {
    const button = event.target.closest('button');
    if (button === this.more) this.add();
    else if (button?.name === 'remove') this.remove(button.closest('[data-colleague]'));
    else return;
    event.preventDefault();
    this.count();
  }

  add() {
    if (this.rows().length >= this.most) return;
    this.last += 1;
    const row = this.blank.content.firstElementChild.cloneNode(true);
    for (const part of row.querySelectorAll('*')) {
      for (const attribute of ['id', 'name', 'for']) {
        const value = part.getAttribute(attribute);
        if (value?.startsWith('people.0.')) part.setAttribute(attribute, value.replace('.0.', `.${this.last}.`));
      }
    }
    this.list.append(row);
    row.querySelector('input').focus();
  }

  /** @param {HTMLElement} row */
  remove(row) {
    row.remove();
    this.more.focus();
  }

  /** Numbers the rows anew and says how many seats there are for how many people. */
  count() {
    const rows = this.rows();
    rows.forEach((row, at) => {
      const legend = row.querySelector('legend');
      const button = row.querySelector('button[name="remove"]');
      legend.textContent = legend.textContent.replace(/\d+/, String(at + 1));
      button.setAttribute('aria-label', button.getAttribute('aria-label').replace(/\d+/, String(at + 1)));
    });
    this.more.hidden = rows.length >= this.most;
    const free = this.free.get(answersTo(this.form, 'place')[0]);
    this.seats.hidden = free === undefined;
    if (free === undefined) return;
    const words = { free, people: String(rows.length + 1) };
    this.seats.querySelector('[data-party-count]').textContent =
      this.seats.dataset.words.replace(/\{(\w+)\}/g, (whole, name) => words[name] ?? whole);
    this.seats.querySelector('[data-party-short]').hidden = Number(free) > rows.length;
  }
}

for (const form of document.querySelectorAll('form[data-register]')) {
  for (const words of form.querySelectorAll('[data-shown-words]')) words.hidden = true;
  form.addEventListener('change', () => ask(form));
  ask(form);
  const party = form.querySelector('[data-party]');
  if (party) new Party(party, form);
  // From the opening on, the key that sends a form registers too.
  document.addEventListener('agora:open', () => form.querySelector('[data-default-act]')?.removeAttribute('formaction'));
}
