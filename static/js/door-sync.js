// Sends what was read and hears the news: at once after a scan, every few seconds
// otherwise, and by itself when the network is back. Being without is no mistake.

const EVERY_MS = 2_500;
const HIDDEN_MS = 15_000;
const OFFLINE_MS = 5_000;
/** A guest network that swallows everything must not hold the outbox for long. */
const PATIENCE_MS = 8_000;
/** The server takes more; small pieces get through a bad network. */
const PIECE = 100;

export class Sync {
  /**
   * @param {import('./door-store.js').Store} store @param {{base: string}} config
   * @param {{changed: (alerts: object[]) => void, ended: (status: number) => void, told: (answer: object) => void}} on
   */
  constructor(store, config, on) {
    this.store = store;
    this.base = config.base;
    this.on = on;
    this.online = true;
    addEventListener('online', () => this.soon());
    addEventListener('offline', () => this.lost());
    document.addEventListener('visibilitychange', () => this.soon());
  }

  start() {
    this.soon();
  }

  /** Now, or right after what is under way. */
  soon() {
    if (this.busy) this.again = true;
    else this.wait(0);
  }

  wait(ms) {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.turn(), ms);
  }

  async turn() {
    if (this.busy) return;
    this.busy = true;
    this.again = false;
    let pause = document.hidden ? HIDDEN_MS : EVERY_MS;
    try {
      await this.exchange();
      if (!this.online) {
        this.online = true;
        this.on.changed([]);
      }
      if (this.store.outbox.size > 0) pause = 0;
    } catch (error) {
      if (error.status === 401 || error.status === 403 || error.status === 410) {
        this.stopped = true;
        this.on.ended(error.status);
      } else {
        this.lost();
        pause = OFFLINE_MS;
      }
    }
    this.busy = false;
    this.wait(this.again && this.online ? 0 : pause + Math.random() * 300);
  }

  lost() {
    if (!this.online) return;
    this.online = false;
    this.on.changed([]);
  }

  async exchange() {
    const { store } = this;
    const scans = [...store.outbox.values()].slice(0, PIECE);
    const sent = Date.now();
    const answer = await this.ask('/sync', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ now: sent, since: store.kept.change, waiting: store.outbox.size, scans }),
    });
    const heard = Date.now();
    // Half the way there and back lies between the server's clock and now.
    store.kept.skew = answer.now - (sent + heard) / 2;
    // The list first: where somebody is says nothing as long as nobody knows who they are.
    if (answer.roster !== store.kept.roster) await store.keepRoster(await this.ask('/roster.json', {}));
    const alerts = await store.hear(answer);
    this.on.told(answer);
    this.on.changed(alerts);
  }

  async ask(path, options) {
    const answer = await fetch(this.base + path, { ...options, cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.type === 'opaqueredirect') throw Object.assign(new Error('signed out'), { status: 401 });
    if (!answer.ok) throw Object.assign(new Error(String(answer.status)), { status: answer.status });
    // Hotel networks answer with a page of their own.
    if (!answer.headers.get('content-type')?.includes('json')) throw new Error('not ours');
    return answer.json();
  }
}
