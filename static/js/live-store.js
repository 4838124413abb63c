// What is known of a room: the newest state by snapshots and patches, and what is the viewer's own.

const DONE = new Set(['answered']);

/** Sorts as the server does: what is still open first. @param {object[]} list @param {string} order */
export function sorted(list, order) {
  const byID = (a, b) => (a.id < b.id ? -1 : 1);
  if (order === 'new') return list.sort((a, b) => b.at.localeCompare(a.at) || -byID(a, b));
  return list.sort((a, b) => DONE.has(a.state) - DONE.has(b.state) || b.votes - a.votes || a.at.localeCompare(b.at) || byID(a, b));
}

export class LiveStore {
  /** @param {{session: string, state: object, mine?: object, secrets?: Record<string, string>}} start */
  constructor(start) {
    this.secretsKey = `agora.own.${start.session}`;
    /** @type {Map<string, object>} */
    this.questions = new Map();
    this.votes = new Set();
    /** The viewer's own answers by poll. @type {Record<string, string[]>} */
    this.ballots = {};
    /** The viewer's own questions as only they see them. @type {Map<string, object>} */
    this.own = new Map();
    this.replace(start.state);
    this.secrets = this.readSecrets();
    for (const [id, secret] of Object.entries(start.secrets || {})) if (!this.secrets[id]) this.keepSecret(id, secret);
    if (start.mine) this.takeMine(start.mine, null);
  }

  since() {
    return this.epoch ? `${this.epoch}.${this.v}` : '';
  }

  replace(state) {
    this.epoch = state.epoch;
    this.v = state.v;
    this.room = state.room;
    this.questions = new Map((state.questions || []).map((q) => [q.id, q]));
    this.polls = new Map((state.polls || []).map((p) => [p.id, p]));
  }

  /** Takes a snapshot or patch and tells what of it concerns the page. @param {object} frame */
  take(frame) {
    if (frame.t === 'snapshot' || frame.epoch !== this.epoch) {
      this.replace(frame);
      return { room: true, lost: true };
    }
    this.v = frame.v;
    if (frame.room) this.room = frame.room;
    for (const q of frame.questions || []) this.questions.set(q.id, q);
    for (const p of frame.polls || []) this.polls.set(p.id, p);
    const gone = frame.gone || [];
    for (const id of gone) {
      this.questions.delete(id);
      this.polls.delete(id);
    }
    // What one voted for may stand in another question now, and the vote with it.
    return { room: Boolean(frame.room), lost: gone.some((id) => this.votes.has(id) || this.own.has(id)) };
  }

  /** @param {{votes?: string[], questions?: object[]}} mine
   * @param {Set<string>|null} asked the questions whose secrets it was asked for: of those it names every one there is */
  takeMine(mine, asked) {
    this.votes = new Set(mine.votes || []);
    this.ballots = mine.ballots || {};
    // What was asked after the secrets had left stays.
    if (asked) for (const id of [...this.own.keys()]) if (asked.has(id) || !this.secrets[id]) this.own.delete(id);
    for (const q of mine.questions || []) this.own.set(q.id, q);
  }

  /** Shows a vote at once; the next patch brings the server's count. */
  vote(id, on) {
    const q = this.questions.get(id);
    if (this.votes.has(id) === on) return;
    if (on) this.votes.add(id);
    else this.votes.delete(id);
    if (q) q.votes += on ? 1 : -1;
  }

  /** What is answered now. */
  get now() {
    return this.questions.get(this.room?.now) || [...this.questions.values()].find((q) => q.state === 'now');
  }

  /** The list in its order, without what is answered now. @param {string} order @param {string} [show] open or answered; else all */
  list(order, show = '') {
    return sorted([...this.questions.values()].filter((q) => q.state !== 'now' && (!show || (show === 'answered') === DONE.has(q.state))), order);
  }

  /** Polls as they stand on the page: what runs first. */
  pollList() {
    const over = (p) => Number(p.state === 'closed');
    return [...this.polls.values()].sort((a, b) => over(a) - over(b) || a.rank - b.rank || (a.id < b.id ? -1 : 1));
  }

  readSecrets() {
    try {
      return JSON.parse(localStorage.getItem(this.secretsKey) || '{}');
    } catch {
      return {};
    }
  }

  /** Keeps what proves an anonymous question to be the viewer's. */
  keepSecret(id, secret) {
    this.secrets = { ...this.readSecrets(), [id]: secret };
    try {
      localStorage.setItem(this.secretsKey, JSON.stringify(this.secrets));
    } catch {
      // Private windows may refuse; the question is then the viewer's until the page is left.
    }
  }

  /** Whether news of own questions may come that no patch carries. */
  get expecting() {
    return [...this.own.values()].some((q) => q.state === 'new' || !this.questions.has(q.id));
  }
}
