// Looks for QR codes through the phone's camera: with the browser's own reader where
// there is one, else with the decoder built into released versions. Without either,
// codes are read by the phone's camera app, which opens the door's page by itself.

/** Often enough to feel immediate, seldom enough to spare the battery. */
const EVERY_MS = 90;
/** A code held before the camera is told once, until it was away for a while. */
const SAME_MS = 3_000;
/** Wide enough for a code of 49 modules at arm's length; larger only takes longer. */
const WIDTH = 720;

/** @param {string} decoder @returns {Promise<((video: HTMLVideoElement) => Promise<string>)|null>} */
async function reader(decoder) {
  const native = globalThis.BarcodeDetector;
  if (native && (await native.getSupportedFormats().catch(() => [])).includes('qr_code')) {
    const detector = new native({ formats: ['qr_code'] });
    return async (video) => (await detector.detect(video))[0]?.rawValue || '';
  }
  if (!decoder) return null;
  const { decodeQR } = await import(decoder);
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, WIDTH / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(pen.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return ''; // no code in this picture
    }
  };
}

export class Camera {
  /** @param {HTMLVideoElement} video @param {string} decoder @param {(text: string) => void} found */
  constructor(video, decoder, found) {
    this.video = video;
    this.decoder = decoder;
    this.found = found;
    this.last = '';
    this.seen = 0;
    document.addEventListener('visibilitychange', () => this.rest());
  }

  /** @returns {Promise<string>} empty, or the word for why it does not go */
  async start() {
    if (!navigator.mediaDevices?.getUserMedia) return 'camera_none';
    this.read ??= await reader(this.decoder).catch(() => null);
    if (!this.read) return 'camera_no_reader';
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 } } });
    } catch (error) {
      return error.name === 'NotAllowedError' ? 'camera_denied' : 'camera_none';
    }
    this.video.srcObject = this.stream;
    await this.video.play().catch(() => {});
    this.on = true;
    this.turn();
    return '';
  }

  stop() {
    this.on = false;
    clearTimeout(this.timer);
    for (const track of this.stream?.getTracks() || []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  /** A phone in a pocket does not film. */
  async rest() {
    if (document.hidden && this.on) {
      this.stop();
      this.rested = true;
    } else if (!document.hidden && this.rested) {
      this.rested = false;
      await this.start();
    }
  }

  async turn() {
    if (!this.on) return;
    if (this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && this.video.videoWidth > 0) {
      const text = await this.read(this.video).catch(() => '');
      if (text && this.on) this.hold(text);
    }
    this.timer = setTimeout(() => this.turn(), EVERY_MS);
  }

  hold(text) {
    const now = performance.now();
    const same = text === this.last && now - this.seen < SAME_MS;
    this.last = text;
    this.seen = now;
    if (!same) this.found(text);
  }
}
