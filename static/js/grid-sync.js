// What the editor of the programme tells the server and hears from it. Every act says where the session was seen, so
// that nothing of somebody else is overwritten; what is shown before the answer is taken back when it is refused.

import { read, same } from './grid-board.js';
import { newOp } from './live-socket.js';

const KEYS_MS = 400; // several presses of a key are one move
const LOOK_MS = 2000;
const AGAIN_MS = 1000;
const TRIES = 4;

const spotOut = (spot) => (spot ? { room: spot.room || undefined, start: new Date(spot.start).toISOString(), end: new Date(spot.end).toISOString() } : {});

export class Sync {
  /** @param {import('./grid-board.js').Board} board @param {object} start
   * @param {{said(text: string): void, refused(text: string): void, changed(ids: string[]): void, history(undo: boolean, redo: boolean): void, theirs(notes: object[], ids: string[]): void, stale(): void}} owner */
  constructor(board, start, owner) {
    this.board = board;
    this.owner = owner;
    this.path = start.path;
    this.seq = start.seq;
    /** @type {Map<string, import('./grid-board.js').Spot|null>} where the server has each session, as far as this page was told */
    this.seen = new Map([...board.sessions].map(([id, session]) => [id, session.spot]));
    /** @type {Map<string, import('./grid-board.js').Spot|null>} where the organiser has put it since */
    this.wants = new Map();
    /** @type {Map<string, object>} news about what is being held, for when it is let go */
    this.later = new Map();
    this.held = '';
    this.turns = 0;
    this.work = Promise.resolve();
    this.look = setInterval(() => this.poll(), LOOK_MS);
    document.addEventListener('visibilitychange', () => this.poll());
  }

  /** Shows a session elsewhere and tells the server soon. @param {string} id @param {object|null} spot */
  move(id, spot, wait = KEYS_MS) {
    this.wants.set(id, spot);
    this.board.put({ id, spot });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  flush() {
    clearTimeout(this.timer);
    for (const [id, spot] of this.wants) {
      this.wants.delete(id);
      this.enqueue(() => this.sendMove(id, spot));
    }
    return this.work;
  }

  enqueue(job) {
    this.turns += 1;
    this.work = this.work.then(job, job).finally(() => { this.turns -= 1; });
    return this.work;
  }

  /** @param {string} id @param {object|null} spot */
  body(id, spot) {
    const seen = this.seen.get(id) ?? null;
    const act = !spot ? 'lift' : !seen ? 'place' : seen.room === spot.room && seen.start === spot.start ? 'resize' : 'move';
    const to = spotOut(spot);
    return { op: newOp(), act, session: { id, seen: spotOut(seen) }, ...(spot ? { room: spot.room, start: to.start, end: to.end } : {}) };
  }

  async sendMove(id, spot) {
    if (same(this.seen.get(id) ?? null, spot)) return;
    await this.send(this.body(id, spot), [id]);
  }

  /** Undo, redo, swap. @param {object} act @param {string[]} ids what is taken back when it is refused */
  act(act, ids = []) {
    this.flush();
    return this.enqueue(() => {
      const seen = (id) => ({ id, seen: spotOut(this.seen.get(id) ?? null) });
      const body = { op: newOp(), act: act.act };
      if (act.session) body.session = seen(act.session);
      if (act.other) body.other = seen(act.other);
      return this.send(body, ids);
    });
  }

  async post(where, body) {
    return fetch(`${this.path}/${where}`, { method: 'POST', keepalive: true, headers: { 'Content-Type': 'application/json', Accept: 'application/json' }, body: JSON.stringify(body) });
  }

  /** The same op may be sent again: it is done once. */
  async send(body, ids) {
    for (let n = 1; n <= TRIES; n++) {
      try {
        const answer = await this.post('edits', body);
        if (answer.status < 500) return this.answered(answer, ids);
      } catch {
        // No network: the next try may find it.
      }
      await new Promise((done) => { setTimeout(done, AGAIN_MS * n); });
    }
    this.back(ids);
    this.owner.refused(this.board.words.t('grid.lost'));
  }

  async answered(answer, ids) {
    if (answer.status === 401 || answer.status === 403) {
      this.back(ids);
      this.owner.refused(this.board.words.t('grid.signed_out'));
      return;
    }
    let said;
    try { said = await answer.json(); } catch { said = { message: this.board.words.t('grid.failed') }; }
    if (answer.ok) {
      if (said.seq === this.seq + 1) this.seq = said.seq;
      for (const block of said.changed) this.seen.set(block.id, read(block).spot);
      this.take(said.changed, said.gone, said.clashes);
      this.owner.history(said.can_undo, said.can_redo);
      this.owner.said([said.said, ...said.clashes.map((one) => one.text)].join('\n'), said.clashes.length > 0);
      return;
    }
    for (const block of said.changed || []) this.seen.set(block.id, read(block).spot);
    for (const id of ids) this.wants.delete(id);
    this.back([...ids, ...(said.changed || []).map((block) => block.id)]);
    this.owner.refused(said.message);
  }

  /** Shows sessions where the server has them. @param {string[]} ids */
  back(ids) {
    for (const id of ids) if (this.board.sessions.has(id) && !this.wants.has(id)) this.board.put({ id, spot: this.seen.get(id) ?? null });
    this.owner.changed(ids);
  }

  take(changed, gone, clashes) {
    for (const block of changed) {
      const session = read(block);
      if (session.id === this.held || this.wants.has(session.id)) {
        if (session.id === this.held) this.later.set(session.id, block);
        continue;
      }
      this.seen.set(session.id, session.spot);
      this.board.put(session);
    }
    for (const id of gone) {
      this.seen.delete(id);
      this.wants.delete(id);
      this.board.drop(id);
    }
    const ids = [...changed.map((block) => block.id), ...gone];
    this.board.clash(ids, clashes);
    this.owner.changed(ids);
  }

  /** Nothing others do moves a session under the finger. @param {string} id */
  hold(id) { this.held = id; }

  /** Lets go without a move: what came meanwhile is shown now. */
  release() {
    const block = this.later.get(this.held);
    this.later.clear();
    this.held = '';
    if (block) this.take([block], [], this.board.clashes.filter((one) => one.ids.includes(block.id)));
  }

  /** Lets go with a move: what was seen stays what was seen, and the server says whether it still holds. */
  letGo() {
    this.later.clear();
    this.held = '';
  }

  /** Asks what others did. Nothing is asked while an own act is on its way: its answer would be newer. */
  async poll() {
    if (document.hidden || this.turns > 0 || this.polling) return;
    this.polling = true;
    try {
      const answer = await fetch(`${this.path}/edits?since=${this.seq}`, { headers: { Accept: 'application/json' } });
      if (!answer.ok) return;
      const news = await answer.json();
      if (this.turns > 0 || news.seq <= this.seq) return;
      if (news.reload) {
        clearInterval(this.look);
        this.owner.stale();
        return;
      }
      this.seq = news.seq;
      this.take(news.changed, news.gone, news.clashes);
      this.owner.history(news.can_undo, news.can_redo);
      this.owner.theirs(news.notes.filter((note) => !note.mine), news.changed.map((block) => block.id));
    } catch {
      // No network: the next look finds it.
    } finally {
      this.polling = false;
    }
  }

  /** What would clash. @returns {Promise<{clashes?: {text: string}[], message?: string}|undefined>} */
  async try(id, spot) {
    try {
      const answer = await this.post('try', this.body(id, spot));
      return await answer.json();
    } catch {
      return undefined;
    }
  }
}
