// Reads what a ticket's QR code holds and proves it without network. The layout is
// written down in app/door/seal.go: format, key, edition's tag, registration, version,
// signature, in base 32.

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const PURPOSE = 'agora ticket code 1\n';
const FORMAT = 1;
const KEY = 4;
const TAG = 4;
const ID = 16;
const HEAD = 1 + KEY + TAG + ID;
const SIGNATURE = 64;
/** What is shorter was typed by hand. */
const SHORTEST = 40;
/** Versions above are none; it keeps the sum below exact. */
const MOST_VERSION = 2 ** 31;

/** @param {string} text @returns {Uint8Array|null} */
function bytesOf(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) return null;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
    }
  }
  return bytes;
}

/** @param {Uint8Array} bytes */
const hex = (bytes) => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');

/** @param {Uint8Array} bytes @returns {string} */
function uuid(bytes) {
  const h = hex(bytes);
  return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join('-');
}

/**
 * What somebody held before the camera or typed: a web address of ours with a signed
 * code, an older one with the ticket's own letters, or the letters alone.
 * @param {string} text
 */
export function whatItSays(text) {
  const said = text.trim();
  const sealed = said.match(/\/T\/([A-Z2-7]+)$/i);
  if (sealed) return { sealed: sealed[1].toUpperCase() };
  const older = said.match(/\/door\/[^?]*\?(?:.*&)?code=([^&]+)/);
  if (older) return whatItSays(decodeURIComponent(older[1]));
  const bare = said.toUpperCase().replace(/[\s-]/g, '');
  if (bare.length >= SHORTEST) return { sealed: bare };
  if (/^https?:/i.test(said)) return { sealed: '' };
  return { code: bare.length === 8 ? `${bare.slice(0, 4)}-${bare.slice(4)}` : bare };
}

/** @param {string} code @returns {{key: string, tag: string, id: string, version: number, head: Uint8Array, signature: Uint8Array}|null} */
function apart(code) {
  const raw = bytesOf(code);
  if (!raw || raw.length <= HEAD + SIGNATURE || raw[0] !== FORMAT) return null;
  let version = 0;
  let n = 0;
  for (;;) {
    const byte = raw[HEAD + n];
    version += (byte & 0x7f) * 2 ** (7 * n);
    n += 1;
    if (byte < 0x80) break;
    if (n > 5) return null;
  }
  if (raw.length !== HEAD + n + SIGNATURE || version > MOST_VERSION) return null;
  return {
    key: hex(raw.subarray(1, 1 + KEY)),
    tag: hex(raw.subarray(1 + KEY, 1 + KEY + TAG)),
    id: uuid(raw.subarray(1 + KEY + TAG, HEAD)),
    version,
    head: raw.slice(0, HEAD + n),
    signature: raw.slice(HEAD + n),
  };
}

/** Proves codes of one edition with the key of its installation. */
export class Prover {
  /** @param {{edition: string, key: string, keyId: string}} config */
  constructor(config) {
    this.edition = config.edition;
    this.keyId = config.keyId;
    this.tag = config.edition.replaceAll('-', '').slice(-2 * TAG);
    this.key = this.load(config.key);
  }

  /** A browser that cannot check signatures gives nothing: the list decides then.
   * @param {string} text */
  async load(text) {
    try {
      const raw = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      return await crypto.subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify']);
    } catch {
      return null;
    }
  }

  async able() {
    return (await this.key) !== null;
  }

  /**
   * @param {string} code
   * @returns {Promise<{id?: string, version?: number, proved?: boolean, wrong?: string}>} wrong names the word that says why not
   */
  async open(code) {
    const ticket = apart(code);
    if (!ticket) return { wrong: 'not_ours' };
    if (ticket.tag !== this.tag) return { wrong: 'foreign' };
    if (ticket.key !== this.keyId) return { wrong: 'forged' };
    const key = await this.key;
    if (!key) return { id: ticket.id, version: ticket.version, proved: false };
    const words = new TextEncoder();
    const message = new Uint8Array([...words.encode(PURPOSE), ...ticket.head, ...words.encode(this.edition)]);
    const good = await crypto.subtle.verify({ name: 'Ed25519' }, key, ticket.signature, message);
    return good ? { id: ticket.id, version: ticket.version, proved: true } : { wrong: 'forged' };
  }
}
