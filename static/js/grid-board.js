// The board of the programme's editor: which session stands where on the day shown, drawn with the classes of the
// sheet the page has. It knows nothing of the server, of keys or of pointers.

const LANES = 4;
const LOW = 3;

/** @typedef {{room: string, start: number, end: number}} Spot times in epoch milliseconds
 * @typedef {{id: string, title: string, lang: string, who: string, track: string, kind: string, cancelled: boolean, minutes?: number, spot: Spot|null}} Session */

/** Reads a session as the server writes it. @returns {Partial<Session> & {id: string, spot: Spot|null}} */
export function read(block) {
  const { start, end, room, ...rest } = block;
  return { ...rest, cancelled: Boolean(block.cancelled), spot: start ? { room, start: Date.parse(start), end: Date.parse(end) } : null };
}

/** @param {Spot|null} a @param {Spot|null} b */
export function same(a, b) {
  return a === b || Boolean(a && b && a.room === b.room && a.start === b.start && a.end === b.end);
}

export class Board {
  /** @param {HTMLElement} root @param {object} start @param {import('./live-dom.js').Words} words */
  constructor(root, start, words) {
    this.root = root;
    this.words = words;
    this.grid = root.querySelector('[data-board]');
    this.list = root.querySelector('[data-waiting]');
    this.blank = root.querySelector('template[data-block]').content.firstElementChild;
    this.from = Date.parse(start.from);
    this.step = start.step * 60_000;
    this.rows = start.rows;
    this.rooms = [...start.rooms, { id: '', name: words.t('programme.no_room') }];
    this.tracks = start.tracks;
    this.path = start.path;
    /** @type {Map<string, Session>} as drawn */
    this.sessions = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.nodes = new Map();
    /** @type {Map<string, {column: number, from: number, to: number, lane?: string}>} */
    this.places = new Map();
    this.clashes = start.clashes;
    for (const node of root.querySelectorAll('article[data-id]')) this.nodes.set(node.dataset.id, node);
    for (const block of start.blocks) {
      const session = read(block);
      this.sessions.set(session.id, session);
      if (session.spot) this.places.set(session.id, this.place(session.spot));
    }
    for (let column = 1; column <= this.rooms.length; column++) this.relane(column);
  }

  /** Where a spot is drawn. @param {Spot} spot */
  place(spot) {
    const index = this.rooms.findIndex((room) => room.id === spot.room);
    const from = this.row(spot.start);
    return { column: (index < 0 ? this.rooms.length - 1 : index) + 1, from, to: Math.max(this.row(spot.end), from + 1) };
  }

  row(at) { return Math.min(Math.max(Math.floor((at - this.from) / this.step + 0.5), 0), this.rows); }

  /** @param {Spot} spot */
  onDay(spot) { return spot.start >= this.from && spot.start < this.from + this.rows * this.step; }

  /** Takes a session over as it is now, and draws it. What is not told stays. @param {Partial<Session> & {id: string}} news */
  put(news) {
    const session = { title: '', who: '', track: '', kind: '', ...this.sessions.get(news.id), ...news };
    this.sessions.set(session.id, session);
    const was = this.places.get(session.id)?.column;
    this.places.delete(session.id);
    if (session.spot && !this.onDay(session.spot)) {
      this.nodes.get(session.id)?.remove();
      this.nodes.delete(session.id);
    } else {
      if (session.spot) this.places.set(session.id, this.place(session.spot));
      this.fill(session);
    }
    if (was) this.relane(was);
    const now = this.places.get(session.id)?.column;
    if (now && now !== was) this.relane(now);
    this.dress(session.id);
    this.count();
  }

  /** @param {string} id */
  drop(id) {
    const column = this.places.get(id)?.column;
    this.nodes.get(id)?.remove();
    for (const kept of [this.nodes, this.sessions, this.places]) kept.delete(id);
    if (column) this.relane(column);
    this.count();
  }

  /** Writes a session's words into its block. @param {Session} session */
  fill(session) {
    let node = this.nodes.get(session.id);
    if (!node) {
      node = this.blank.cloneNode(true);
      node.dataset.id = session.id;
      this.nodes.set(session.id, node);
    }
    const link = node.querySelector('a');
    link.textContent = session.title;
    link.href = `${this.path}?session=${encodeURIComponent(session.id)}#edit`;
    if (session.lang) link.lang = session.lang;
    else link.removeAttribute('lang');
    node.querySelector('time').textContent = session.spot ? this.span(session.spot) : '';
    node.querySelector('.cell-room').textContent = session.spot ? this.roomName(session.spot.room) : '';
    node.querySelector('.who').textContent = session.who || '';
    node.querySelector('.cell-gone').hidden = !session.cancelled;
    const parent = session.spot ? this.grid : this.list;
    if (node.parentElement === parent) return;
    const focused = node.contains(document.activeElement);
    parent.append(node);
    if (focused) link.focus({ preventScroll: true });
  }

  /** Puts the classes on: what it is, where it stands, what is wrong. @param {string} id */
  dress(id) {
    const node = this.nodes.get(id);
    const session = this.sessions.get(id);
    if (!node || !session) return;
    const place = this.places.get(id);
    const clash = this.clashes.some((one) => one.ids.includes(id));
    const passing = ['held', 'swapping', 'theirs'].filter((name) => node.classList.contains(name));
    const classes = ['cell', 'block', this.tracks[session.track] || '', session.kind === 'break' ? 'break' : '', clash ? 'clash' : '', ...passing];
    if (place) {
      classes.push(`c-${place.column}`, `r-${place.from + 1}`, `h-${place.to - place.from}`, place.lane || '');
      if (place.to - place.from <= LOW) classes.push('low');
    }
    node.className = classes.filter(Boolean).join(' ');
    node.querySelector('.cell-mark').hidden = !clash;
  }

  /** Blocks of a room that overlap share its width. @param {number} column */
  relane(column) {
    const list = [...this.places].filter(([, place]) => place.column === column).sort(([, a], [, b]) => a.from - b.from || a.to - b.to);
    for (let i = 0; i < list.length;) {
      let end = list[i][1].to;
      let n = i + 1;
      while (n < list.length && list[n][1].from < end) end = Math.max(end, list[n++][1].to);
      const ends = [];
      const lanes = list.slice(i, n).map(([, place]) => {
        let lane = ends.findIndex((until) => until <= place.from);
        if (lane < 0) lane = ends.length;
        ends[lane] = place.to;
        return lane;
      });
      const of = Math.min(ends.length, LANES);
      list.slice(i, n).forEach(([id, place], j) => {
        const lane = of > 1 ? `lane-${Math.min(lanes[j], LANES - 1) + 1}-${of}` : '';
        if (place.lane === lane) return;
        place.lane = lane;
        this.dress(id);
      });
      i = n;
    }
  }

  /** Replaces what clashes with the touched sessions. @param {Iterable<string>} touched @param {{text: string, ids: string[]}[]} now */
  clash(touched, now) {
    const about = new Set(touched);
    const dressed = new Set(about);
    const concerned = (one) => one.ids.some((id) => about.has(id));
    for (const one of [...this.clashes, ...now]) if (concerned(one)) one.ids.forEach((id) => dressed.add(id));
    this.clashes = [...this.clashes.filter((one) => !concerned(one)), ...now];
    dressed.forEach((id) => this.dress(id));
    const here = this.clashes.filter((one) => one.ids.some((id) => this.places.has(id)));
    this.root.querySelector('[data-clashes]').replaceChildren(...here.map((one) => {
      const line = document.createElement('li');
      line.textContent = one.text;
      return line;
    }));
    this.root.querySelector('[data-clash-none]').hidden = here.length > 0;
  }

  count() {
    const n = this.list.children.length;
    this.root.querySelector('[data-waiting-count]').textContent = this.words.number(n);
    this.root.querySelector('[data-waiting-none]').hidden = n > 0;
  }

  clock(at) { return this.words.clock(new Date(at).toISOString()); }

  /** @param {Spot} spot */
  span(spot) { return `${this.clock(spot.start)}–${this.clock(spot.end)}`; }

  roomName(id) { return (this.rooms.find((room) => room.id === id) || this.rooms.at(-1)).name; }

  /** The room and the moment under a point of the screen; undefined beside the board. */
  under(x, y) {
    const box = this.grid.parentElement.getBoundingClientRect();
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) return undefined;
    const heads = [...this.grid.querySelectorAll('.grid-room')];
    const column = heads.findIndex((head) => {
      const at = head.getBoundingClientRect();
      return x >= at.left && x < at.right + 2;
    });
    if (column < 0) return undefined;
    const lines = this.grid.querySelectorAll('.grid-line');
    const top = lines[0].getBoundingClientRect().top;
    const height = (lines[1].getBoundingClientRect().top - top) / (3_600_000 / this.step);
    return { room: this.rooms[column].id, row: (y - top) / height };
  }
}
