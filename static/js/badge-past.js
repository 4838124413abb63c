// What the design was before: undo and redo of the editor's form. Adding and removing an element loads the page anew, so
// the past lies in the session's storage; going back over such a step sends the old form to be drawn again.

const KEPT = 60;
/** Typing within this time is one step. */
const STEP_MS = 500;

export class Past {
  /** @param {HTMLFormElement} form @param {() => void} changed */
  constructor(form, changed) {
    this.form = form;
    this.changed = changed;
    this.store = `agora.badge.${location.pathname}`;
    this.undoButton = form.querySelector('[data-badge-undo]');
    this.redoButton = form.querySelector('[data-badge-redo]');
    const kept = this.kept();
    this.list = kept.list;
    this.at = kept.at;
    const now = this.state();
    if (this.list[this.at] !== now) this.push(now);
    this.undoButton.addEventListener('click', () => this.go(-1));
    this.redoButton.addEventListener('click', () => this.go(1));
    addEventListener('keydown', (event) => this.key(event));
    form.addEventListener('submit', (event) => {
      if (event.submitter?.value === 'save') this.forget();
      else this.keep(true);
    });
    this.buttons();
  }

  kept() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.store) || 'null');
      // Whoever opens the page afresh begins with a new past.
      this.forget();
      if (kept?.goesOn) return kept;
    } catch {
      // Without storage the past is as long as the page.
    }
    return { list: [], at: -1 };
  }

  /** @param {boolean} goesOn the next page is a step of this one */
  keep(goesOn = false) {
    try {
      sessionStorage.setItem(this.store, JSON.stringify({ list: this.list, at: this.at, goesOn }));
    } catch {
      // As above.
    }
  }

  forget() {
    try {
      sessionStorage.removeItem(this.store);
    } catch {
      // As above.
    }
  }

  state() {
    const sent = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === 'string' && !['step', 'version', 'sample', 'add', 'from'].includes(name)) sent.append(name, value);
    }
    return sent.toString();
  }

  /** Remembers the form as it stands. @param {boolean} apart a step of its own, however soon */
  note(apart = false) {
    const now = this.state();
    if (now === this.list[this.at]) return;
    const soon = !apart && Date.now() - (this.last || 0) < STEP_MS && this.at > 0;
    this.last = Date.now();
    if (soon) {
      this.list.length = this.at;
      this.at -= 1;
    }
    this.push(now);
  }

  push(now) {
    this.list.length = this.at + 1;
    this.list.push(now);
    if (this.list.length > KEPT) this.list.shift();
    this.at = this.list.length - 1;
    this.keep();
    this.buttons();
  }

  buttons() {
    this.undoButton.hidden = this.redoButton.hidden = this.list.length < 2;
    this.undoButton.disabled = this.at <= 0;
    this.redoButton.disabled = this.at >= this.list.length - 1;
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
    if (event.target.matches?.('input:not([type=number]), textarea')) return; // the browser's own undo of a text
    event.preventDefault();
    this.go(event.shiftKey ? 1 : -1);
  }

  go(by) {
    const to = this.at + by;
    if (to < 0 || to >= this.list.length) return;
    this.at = to;
    this.last = 0;
    this.keep();
    this.buttons();
    const was = new URLSearchParams(this.list[to]);
    if (this.same(was)) {
      this.fill(was);
      this.changed();
    } else {
      this.send(was);
    }
  }

  /** Tells whether the form has the fields of that state. */
  same(was) {
    if (was.get('parts') !== this.form.elements.namedItem('parts').value) return false;
    return [...was].every(([name, value]) => !name.endsWith('_kind') || this.form.elements.namedItem(name)?.value === value);
  }

  fill(was) {
    for (const field of this.form.elements) {
      if (!field.name || ['step', 'version', 'sample', 'add', 'from'].includes(field.name)) continue;
      if (field.type === 'checkbox') field.checked = was.has(field.name);
      else if (field.type !== 'file' && field.type !== 'submit' && was.has(field.name)) field.value = was.get(field.name);
    }
  }

  send(was) {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = this.form.action;
    for (const name of ['version', 'sample', 'from']) was.set(name, this.form.elements.namedItem(name).value);
    was.set('step', 'look');
    for (const [name, value] of was) {
      const field = document.createElement('input');
      field.type = 'hidden';
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    this.keep(true);
    form.submit();
  }
}
