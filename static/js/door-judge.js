// What the door says of a ticket, from what the device knows. The same rules stand in
// app/door (Admits, fold) for whoever works without scripts; here nothing is asked of
// the server, so that the answer is there at once and without network.

/** The level of an answer: go is let in, ask is for staff to decide, stop is refused. */
export const GO = 'go';
export const ASK = 'ask';
export const STOP = 'stop';

/** @param {{s: string, k: string}} entry @returns {string} the word for why not, or nothing */
export function reason(entry) {
  if (entry.s === 'waiting') return 'waiting';
  if (entry.s === 'offered') return 'offered';
  if (entry.s !== 'confirmed') return 'cancelled';
  return entry.k === 'onsite' ? '' : 'remote';
}

/**
 * @param {import('./door-store.js').Store} store
 * @param {{id?: string, version?: number, proved?: boolean, wrong?: string, code?: string}} ticket
 * @param {{place: string, mode: string, means: string}} how
 */
export function judge(store, ticket, how) {
  if (ticket.wrong) return { level: STOP, title: 'not_valid', text: ticket.wrong };
  const entry = ticket.id ? store.byId.get(ticket.id) : store.byCode.get(ticket.code);
  if (!entry) {
    // Real, but registered after this list was fetched.
    if (ticket.proved) return { level: ASK, title: 'real', text: 'not_listed', scan: scan({ i: ticket.id, v: ticket.version }, how) };
    return { level: STOP, title: 'unknown_title', text: 'unknown', name: ticket.code || '' };
  }
  if (ticket.version !== undefined && ticket.version !== entry.v) return { level: STOP, title: 'not_valid', text: 'outdated' };
  const there = store.whereIs(entry.i, how.place);
  if (how.mode === 'out') {
    if (!there?.in) return { level: ASK, title: 'not_inside', entry };
    return { level: GO, title: 'left', entry, act: scan(entry, how) };
  }
  if (there?.in) return { level: STOP, title: 'again', entry, there, inside: true };
  const why = reason(entry);
  if (why) return { level: STOP, title: 'not_valid', text: why, entry, seat: how.place === '' };
  if (how.place && store.isWorkshop(how.place) && !entry.w?.includes(how.place)) {
    return { level: ASK, title: 'valid', text: 'not_signed_up', entry, scan: scan(entry, how) };
  }
  return { level: GO, title: there?.a ? 'back' : 'welcome', entry, act: scan(entry, how), inside: true };
}

/** An id of its own makes sending it twice harmless. */
function scan(entry, how) {
  return { id: crypto.randomUUID?.() ?? fallbackId(), i: entry.i, v: entry.v, p: how.place, act: how.mode, by: how.means, at: Date.now() };
}

/** Pages that are not served over https have no randomUUID. */
function fallbackId() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const h = [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

/** Takes back whatever was read of somebody at a place. */
export function undo(entry, how) {
  return scan(entry, { ...how, mode: 'undo' });
}

/** Folds case and accents away, so that "ozlem" finds Özlem. @param {string} text */
export const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const order = new Intl.Collator(document.documentElement.lang);

/** Those whose name or organisation holds every word typed. @param {import('./door-store.js').Store} store @param {string} text @param {number} most */
export function search(store, text, most) {
  const words = plain(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found = [];
  for (const entry of store.byId.values()) {
    if (!entry.n || entry.s === 'cancelled') continue;
    const all = plain(`${entry.n} ${entry.o || ''} ${entry.c}`);
    if (words.every((word) => all.includes(word))) found.push(entry);
  }
  return found.sort((a, b) => order.compare(a.n, b.n)).slice(0, most);
}
