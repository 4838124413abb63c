// The form of the chosen session beside the board. It is sent as any form; here it is only filled, and kept up to date
// until somebody types into it: then it says what was seen when they began.

export class Panel {
  /** @param {import('./grid-board.js').Board} board @param {import('./grid-sync.js').Sync} sync @param {object} start */
  constructor(board, sync, start) {
    this.board = board;
    this.sync = sync;
    this.root = board.root.querySelector('[data-panel]');
    this.form = this.root.querySelector('form');
    this.id = start.chosen || '';
    const format = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: start.zone };
    this.local = new Intl.DateTimeFormat('sv-SE', format);
    board.root.addEventListener('click', (event) => {
      const link = event.target.closest?.('article[data-id]');
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !event.target.closest('a')) return;
      event.preventDefault();
      this.open(link.dataset.id);
    });
    this.form.addEventListener('input', () => { this.typed = true; });
    this.root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') board.nodes.get(this.id)?.querySelector('a').focus();
    });
    this.root.querySelector('[data-panel-close]').addEventListener('click', () => {
      this.root.hidden = true;
      this.typed = false;
      board.nodes.get(this.id)?.querySelector('a').focus();
      this.id = '';
    });
  }

  open(id) {
    this.id = id;
    this.typed = false;
    this.root.hidden = false;
    this.fill();
    this.root.querySelector('[data-panel-title]').focus({ preventScroll: true });
    this.root.scrollIntoView({ block: 'nearest' });
  }

  /** @param {string[]} ids what changed */
  changed(ids) {
    if (this.id && ids.includes(this.id) && !this.typed) this.fill();
  }

  fill() {
    const session = this.board.sessions.get(this.id);
    if (!session) {
      this.root.hidden = true;
      return;
    }
    const show = (name, text) => { this.root.querySelector(`[data-panel-${name}]`).textContent = text; };
    const spot = this.sync.seen.get(this.id) ?? null;
    const title = this.root.querySelector('[data-panel-title]');
    if (session.lang) title.lang = session.lang;
    else title.removeAttribute('lang');
    show('title', session.title);
    show('who', session.who || '');
    show('now', spot ? `${this.board.span(spot)}, ${this.board.roomName(spot.room)}` : this.board.words.t('grid.no_time'));
    const words = this.root.querySelector('[data-panel-clashes]');
    const clashes = this.board.clashes.filter((one) => one.ids.includes(this.id));
    words.hidden = clashes.length === 0;
    words.replaceChildren(...clashes.map((one) => item('li', one.text)));
    this.values(session, spot);
    this.others(session);
    for (const part of this.root.querySelectorAll('[data-if-placed]')) part.hidden = !spot;
    this.root.querySelector('[data-if-break]').hidden = !spot || session.kind !== 'break';
    this.root.querySelector('[data-panel-texts]').href = `${this.board.path.replace(/\/grid$/, '')}/${session.slug || ''}`;
    this.root.querySelector('[data-panel-texts]').hidden = !session.slug;
    for (const wrong of this.form.querySelectorAll('[aria-invalid]')) wrong.removeAttribute('aria-invalid');
    for (const wrong of this.form.querySelectorAll('.error')) wrong.remove();
  }

  values(session, spot) {
    const set = (name, value) => {
      const field = this.form.elements.namedItem(name);
      if (field) field.value = value;
    };
    const iso = (at) => (spot ? new Date(at).toISOString() : '');
    const local = (at) => (spot ? this.local.format(at).replace(' ', 'T') : '');
    set('session', session.id);
    set('seen_room', spot?.room ?? '');
    set('seen_start', iso(spot?.start));
    set('seen_end', iso(spot?.end));
    set('room', spot?.room ?? '');
    for (const name of ['start', 'end']) {
      set(name, local(spot?.[name]));
      set(`${name}_was`, iso(spot?.[name]));
    }
  }

  /** What it may swap with: the day's others, each with where this page has seen it. */
  others(session) {
    const { board } = this;
    const select = this.form.elements.namedItem('other');
    const list = [...board.places.keys()].filter((id) => id !== session.id).map((id) => board.sessions.get(id)).sort((a, b) => a.spot.start - b.spot.start);
    select.replaceChildren(select.options[0], ...list.map((one) => {
      const spot = this.sync.seen.get(one.id) ?? one.spot;
      const option = item('option', `${board.span(spot)} ${one.title}`);
      option.value = [one.id, new Date(spot.start).toISOString(), new Date(spot.end).toISOString(), spot.room].join('|');
      return option;
    }));
  }
}

function item(tag, text) {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}
