// The stage's and the screen's pages. The server draws them; the socket says when to ask for them again, and so does
// a clock, so that they stay right for hours, through lost networks, new versions and sessions that move.

import { Speaker, Words, serverClock } from './live-dom.js';
import { LiveSocket } from './live-socket.js';
import { Acts } from './live-board-acts.js';
import { Parts } from './live-board-parts.js';
import { ReactionStrip } from './live-reactions.js';
import { clockSince, keepAwake, tick } from './live-board-time.js';

/** Without any news the page is asked for this often: programme, delays and links have no socket. */
const LOOK_MS = 45_000;
/** Votes alone need not be drawn more often. */
const CALM_MS = 1500;
const AGAIN_MS = 3000;
const LINE_MS = 1500;
/** A lost network may never tell: whoever gets no answer within this asks anew. */
const ANSWER_MS = 12_000;
/** A machine that slept has lost time; a page that travelled long has not. */
const DRIFT_MS = 3000;

class Board {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.parts = new Parts(root);
    this.take(root);
    this.speaker = new Speaker(root.querySelector('[data-say]'));
    this.acts = new Acts(this);
    this.reactions = new ReactionStrip(root, this.words);
    this.lost = false;
    this.look(LOOK_MS);
    setInterval(() => tick(this.root, this.words, this.clock), 500);
    tick(this.root, this.words, this.clock);
    addEventListener('online', () => this.ask());
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.ask(); });
    root.addEventListener('click', (event) => {
      if (!event.target.closest('[data-reload]')) return;
      event.preventDefault();
      this.ask();
    });
    keepAwake();
  }

  /** Takes what the server wrote into a page. @param {HTMLElement} root */
  take(root) {
    const start = JSON.parse(root.dataset.board);
    const moved = this.start?.session !== start.session;
    this.start = start;
    this.words = new Words(start);
    this.clock ??= serverClock(start.now);
    if (Math.abs(start.now - this.clock()) > DRIFT_MS) this.clock = clockSince(start.now);
    if (moved || this.socket?.state === 'stopped') this.connect();
    else if (this.socket) this.socket.room.pass = start.pass;
    if (newer(start.since, this.since)) this.since = start.since;
  }

  connect() {
    this.socket?.end();
    this.socket = undefined;
    this.since = this.start.since;
    if (!this.start.session) return;
    this.socket = new LiveSocket({ session: this.start.session, view: this.start.view, pass: this.start.pass }, {
      since: () => this.since, frame: (frame) => this.frame(frame), changed: () => this.showLine(), renew: () => this.ask(),
    });
  }

  frame(frame) {
    if (frame.t === 'reactions') this.reactions.wave.add(frame.counts);
    if (frame.t !== 'snapshot' && frame.t !== 'patch') return;
    const since = `${frame.epoch}.${frame.v}`;
    const news = newer(since, this.since);
    this.since = since;
    if (news) this.soon(frame.room ? 0 : CALM_MS);
  }

  /** Asks for the page within so long. @param {number} ms */
  soon(ms) {
    const at = Date.now() + ms;
    if (this.due && this.due <= at) return;
    clearTimeout(this.timer);
    this.due = at;
    this.timer = setTimeout(() => { this.due = 0; this.ask(); }, ms);
  }

  look(ms) {
    clearTimeout(this.looking);
    const left = this.start.change ? this.start.change - this.clock() + 500 : ms;
    this.looking = setTimeout(() => this.ask(), Math.max(1000, Math.min(ms, left)));
  }

  /** Asks for the page; whoever asks meanwhile is answered by one more round. */
  async ask() {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    try {
      const pressed = this.acts?.pressed;
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS) });
      if (pressed === this.acts?.pressed) await this.show(answer);
    } catch {
      this.reach(false);
    } finally {
      this.asking = false;
      this.look(this.lost ? AGAIN_MS : LOOK_MS);
      if (this.again) this.soon(50);
      this.again = false;
    }
  }

  /** Puts an answer of the server on the screen. @param {Response} answer */
  async show(answer) {
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('[data-board]');
    if (!fresh) {
      // The server works and has no such page any more: the link was renewed. Else it is about to come back.
      if (answer.status === 404 || answer.status === 410) location.reload();
      throw new Error(String(answer.status));
    }
    this.reach(true);
    const script = (within) => within.querySelector('script[src*="/live-board.js"]')?.getAttribute('src');
    if (script(page) !== script(document)) {
      location.reload(); // a new version
      return;
    }
    if (this.stays(fresh)) return;
    this.before = this.root.querySelector('[data-now]')?.dataset.now;
    this.parts.swap(fresh);
    this.take(fresh);
    this.tell();
    tick(this.root, this.words, this.clock);
  }

  /** While the host is in the middle of an answer, the next session waits for a press. @param {HTMLElement} fresh */
  stays(fresh) {
    const { session, slug } = JSON.parse(fresh.dataset.board);
    const query = new URLSearchParams(location.search);
    if ('quiet' in this.root.dataset || query.has('session') || !slug || session === this.start.session || !this.root.querySelector('[data-now]')) return false;
    query.set('session', this.start.slug);
    history.replaceState(null, '', `?${query}`);
    this.soon(0);
    return true;
  }

  /** Says what came, for those who do not look. */
  tell() {
    if ('quiet' in this.root.dataset) return;
    const now = this.root.querySelector('[data-now]');
    if (now && now.dataset.now !== this.before) this.speaker.say('now', this.words.t('board.say_now', { text: now.textContent }), true);
    const messages = [...this.root.querySelectorAll('.stage-message:not(.seen) [data-message]')];
    for (const message of messages) {
      if (!this.met?.has(message.dataset.message)) this.speaker.say('message', this.words.t('board.say_message', { text: message.textContent }), true);
    }
    this.met = new Set(messages.map((message) => message.dataset.message));
  }

  /** @param {boolean} well the server was reached */
  reach(well) {
    // Where the page comes through, the socket will too.
    if (well && this.lost) this.socket?.soon(Math.random() * 1000);
    this.lost = !well;
    this.showLine();
  }

  showLine() {
    const line = this.root.querySelector('[data-line]');
    if (!line) return;
    // The pages themselves are enough: without a socket they come a little later.
    if (!this.lost && !this.acts?.waiting) {
      clearTimeout(this.lineTimer);
      this.lineTimer = undefined;
      line.hidden = true;
      return;
    }
    line.querySelector('span').textContent = this.words.t(this.acts?.waiting ? 'board.off_kept' : 'board.off');
    // Tries that fail meanwhile do not put it off.
    this.lineTimer ??= setTimeout(() => { line.hidden = false; }, LINE_MS);
  }
}

/** Whether a version is newer than another. @param {string} a @param {string} b */
function newer(a, b) {
  if (!b || !a) return Boolean(a);
  const [epochA, versionA] = split(a);
  const [epochB, versionB] = split(b);
  return epochA !== epochB || versionA > versionB;
}

function split(since) {
  const at = since.lastIndexOf('.');
  return [since.slice(0, at), Number(since.slice(at + 1))];
}

for (const root of document.querySelectorAll('[data-board]')) new Board(root);
