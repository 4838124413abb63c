// Moving sessions of the programme's editor by keys. What each key does is listed under the board.

export class Keys {
  /** @param {import('./grid-board.js').Board} board @param {import('./grid-sync.js').Sync} sync
   * @param {{tell(text: string): void, days(spot: object, n: number): object|undefined}} owner */
  constructor(board, sync, owner) {
    this.board = board;
    this.sync = sync;
    this.owner = owner;
    board.root.addEventListener('keydown', (event) => this.pressed(event));
    document.addEventListener('keydown', (event) => this.history(event));
  }

  history(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'z') return;
    if (event.target.closest?.('input, select, textarea')) return;
    event.preventDefault();
    this.sync.act({ act: event.shiftKey ? 'redo' : 'undo' });
  }

  pressed(event) {
    const id = event.target.closest?.('article[data-id]')?.dataset.id;
    const session = id && this.board.sessions.get(id);
    if (!session || event.ctrlKey || event.metaKey || event.altKey) return;
    const done = this.act(event, session);
    if (done) event.preventDefault();
  }

  /** @returns {boolean} whether the key was ours */
  act(event, session) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === 'Escape' && this.first) {
      this.unmark();
      this.owner.tell(this.board.words.t('grid.swap_off'));
      return true;
    }
    if (!session.spot) return false;
    if (key === 'x') return this.to(session, null);
    if (key === 's') return this.swap(session);
    if (key === 'PageUp' || key === 'PageDown') return this.to(session, this.owner.days(session.spot, key === 'PageUp' ? -1 : 1));
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
    return step ? this.step(session, step, event.shiftKey) : false;
  }

  step(session, [rows, rooms], resize) {
    const { board } = this;
    const spot = { ...session.spot };
    const by = rows * board.step;
    if (resize) {
      if (rooms) return false;
      spot.end += by;
      if (spot.end - spot.start < board.step) return true;
    } else {
      spot.start += by;
      spot.end += by;
      if (rooms) {
        const index = board.rooms.findIndex((room) => room.id === spot.room) + rooms;
        if (index < 0 || index >= board.rooms.length) return true;
        spot.room = board.rooms[index].id;
      }
    }
    if (spot.start < board.from || spot.end > board.from + board.rows * board.step) {
      this.owner.tell(board.words.t('grid.edge'));
      return true;
    }
    return this.to(session, spot);
  }

  /** @returns {boolean} */
  to(session, spot) {
    if (spot === undefined) {
      this.owner.tell(this.board.words.t('grid.edge'));
      return true;
    }
    this.sync.move(session.id, spot);
    this.board.nodes.get(session.id)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    if (spot) this.owner.tell(`${this.board.span(spot)}, ${this.board.roomName(spot.room)}`);
    return true;
  }

  swap(session) {
    const { first } = this;
    if (!first || !this.board.sessions.get(first)) {
      this.first = session.id;
      this.board.nodes.get(session.id).classList.add('swapping');
      this.owner.tell(this.board.words.t('grid.swap_with', { title: session.title }));
      return true;
    }
    this.unmark();
    if (first !== session.id) this.sync.act({ act: 'swap', session: first, other: session.id }, [first, session.id]);
    else this.owner.tell(this.board.words.t('grid.swap_off'));
    return true;
  }

  unmark() {
    this.board.nodes.get(this.first)?.classList.remove('swapping');
    this.first = undefined;
  }
}
