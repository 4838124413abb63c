// A room's connection: it comes back by itself, resumes from the last version seen, and keeps every act until the
// server has answered it. The protocol is in realtime/README.md.

import { tellLine, tellNotice } from './live-notice.js';

const PROTOCOL = 'agora.v1';
/** A connection that answers no act for so long is dead, whatever the browser thinks. */
const ANSWER_MS = 10_000;
const LONGEST_WAIT_MS = 30_000;
/** How long after the device lost its network the first try is made, unless it says that it is back. */
const OFFLINE_MS = 5_000;
const RENEW_AFTER = 3; // refusals before the upgrade look like a lost network, so the pass is renewed now and then
/** Codes of acks after which the same act is sent again. */
const AGAIN = new Set(['slow_down', 'busy', 'internal']);
const PASS_EXPIRED = 4010;

/** A random id; crypto.randomUUID is missing on plain http. */
export function newOp() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export class LiveSocket {
  /** @param {{session: string, view: string, pass: string}} room
   * @param {{since: () => string, frame: (f: object) => void, changed: () => void, renew?: () => Promise<void>}} owner */
  constructor(room, owner) {
    this.room = room;
    this.owner = owner;
    this.state = 'off'; // 'on', 'off' or 'stopped'
    this.failures = 0;
    this.store = `agora.ops.${room.view}.${room.session}`;
    /** Acts without an answer, in the order they were made. @type {Map<string, object>} */
    this.waiting = new Map(this.kept());
    addEventListener('offline', () => this.lost());
    addEventListener('online', () => this.soon(Math.random() * 1000));
    document.addEventListener('visibilitychange', () => { if (!document.hidden && this.state === 'off') this.soon(Math.random() * 1000); });
    this.connect();
  }

  kept() {
    try {
      return JSON.parse(sessionStorage.getItem(this.store) || '[]');
    } catch {
      return [];
    }
  }

  keep() {
    try {
      sessionStorage.setItem(this.store, JSON.stringify([...this.waiting]));
    } catch {
      // Without storage an act lives as long as the page.
    }
  }

  /** Sends an act, now or when the connection is back. @param {object} act */
  send(act) {
    const op = act.op || newOp();
    this.waiting.set(op, { ...act, op });
    this.keep();
    this.write(this.waiting.get(op));
    return op;
  }

  /** Sends what need not be kept: a question to the server about the state. @param {object} act */
  ask(act) {
    if (this.state === 'on') this.write({ op: newOp(), ...act });
  }

  write(act) {
    if (this.ws?.readyState !== WebSocket.OPEN) return;
    this.ws.send(JSON.stringify(act));
    if (!this.waiting.has(act.op)) return;
    clearTimeout(this.watch);
    this.watch = setTimeout(() => { if (this.waiting.size) this.ws?.close(); }, ANSWER_MS);
  }

  connect() {
    clearTimeout(this.timer);
    if (this.state === 'stopped' || this.ws) return;
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const query = new URLSearchParams({ view: this.room.view, since: this.owner.since() });
    const ws = new WebSocket(`${scheme}://${location.host}/api/v1/live/${this.room.session}?${query}`, [PROTOCOL, this.room.pass]);
    this.ws = ws;
    this.retry = undefined;
    ws.onopen = () => {
      this.set('on');
      for (const act of this.waiting.values()) this.write(act);
    };
    ws.onmessage = (event) => this.read(JSON.parse(event.data));
    ws.onclose = (event) => {
      if (this.ws !== ws) return;
      this.ws = undefined;
      this.closed(event);
    };
  }

  read(frame) {
    this.failures = 0;
    if (frame.t === 'bye') {
      this.retry = frame.retry_ms;
      return;
    }
    if (frame.t === 'notice') {
      tellNotice(frame);
      return;
    }
    const act = frame.t === 'ack' ? this.waiting.get(frame.op) : undefined;
    if (act && AGAIN.has(frame.error?.code)) {
      setTimeout(() => this.write(act), 1000 + Math.random() * 1000);
      return;
    }
    if (act) {
      this.waiting.delete(frame.op);
      this.keep();
    }
    this.owner.frame(frame, act);
  }

  /** The device says that its network is gone. The socket may not notice for long, so nobody waits for its word. */
  lost() {
    const ws = this.ws;
    if (!ws) return;
    this.ws = undefined;
    ws.onclose = ws.onmessage = ws.onopen = null;
    ws.close();
    this.closed({ code: 1006, reason: '' });
    // It says so too when the network is back; until then trying is of little use.
    this.soon(OFFLINE_MS);
  }

  closed(event) {
    clearTimeout(this.watch);
    if (event.code >= 4500 && event.code <= 4999) {
      this.set('stopped');
      return;
    }
    this.set('off');
    const told = this.retry ?? Number(/retry_ms=(\d+)/.exec(event.reason)?.[1] ?? Number.NaN);
    // Full jitter: a whole hall lost its network at the same moment.
    const longest = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.failures);
    this.failures += 1;
    const wait = Number.isFinite(told) ? told : Math.random() * longest;
    this.soon(wait, event.code === PASS_EXPIRED || this.failures % RENEW_AFTER === 0);
  }

  /** @param {number} wait milliseconds @param {boolean} renew get a new pass first */
  soon(wait, renew = false) {
    if (this.state !== 'off' || this.ws) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      if (renew) await this.renew();
      this.connect();
    }, wait);
  }

  async renew() {
    if (this.owner.renew) {
      await this.owner.renew();
      return;
    }
    try {
      const answer = await fetch(`/api/v1/live/${this.room.session}/pass?view=${this.room.view}`, { method: 'POST' });
      if (answer.ok) this.room.pass = (await answer.json()).pass;
      else if (answer.status < 500 && answer.status !== 429) this.set('stopped');
    } catch {
      // No network: the next attempt asks again.
    }
  }

  /** Ends it for good: the page goes on with another room. */
  end() {
    const ws = this.ws;
    clearTimeout(this.timer);
    clearTimeout(this.watch);
    this.state = 'stopped';
    this.ws = undefined;
    if (!ws) return;
    ws.onclose = ws.onmessage = ws.onopen = null;
    ws.close();
  }

  set(state) {
    if (this.state === state) return;
    this.state = state;
    tellLine(state);
    this.owner.changed();
  }
}
