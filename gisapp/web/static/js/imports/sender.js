/** Sends files piece by piece; goes on where it stopped, and by itself after a lost connection. */
import { HttpError, OfflineError, requestJson } from '../http.js';

/** @typedef {import('./collect.js').Chosen} Chosen */
/** @typedef {{number: number, name: string, size: number, offset: number}} Expected */
/** @typedef {{uid: string, state: string, piece: number, files: Expected[]}} Delivery */

const SMALLEST = 256 * 1024;
const QUICK_MS = 1200;
const SLOW_MS = 5000;
const LONGEST_WAIT_S = 20;

export class Sender {
  /**
   * @param {Delivery} delivery
   * @param {Map<number, File>} files by number
   * @param {{progress: (done: number, total: number) => void, waiting: (error: Error) => void}} tell
   */
  constructor(delivery, files, tell) {
    this.delivery = delivery;
    this.files = files;
    this.tell = tell;
    this.piece = SMALLEST * 4;
    /** @type {AbortController | null} */
    this.under_way = null;
  }

  get total() {
    return this.delivery.files.reduce((sum, { size }) => sum + size, 0);
  }

  get done() {
    return this.delivery.files.reduce((sum, { offset }) => sum + offset, 0);
  }

  /** Resolves when all is sent, or false when it was paused. Throws HttpError for a refusal. */
  async run() {
    this.under_way = new AbortController();
    const { signal } = this.under_way;
    try {
      for (const expected of this.delivery.files) {
        while (expected.offset < expected.size) await this.#next(expected, signal);
      }
      return true;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return false;
      throw error;
    }
  }

  pause() {
    this.under_way?.abort();
  }

  /**
   * @param {Expected} expected
   * @param {AbortSignal} signal
   */
  async #next(expected, signal) {
    const file = this.files.get(expected.number);
    if (!file) throw new Error(`File ${expected.number} was not chosen`);
    const bytes = file.slice(expected.offset, expected.offset + this.piece);
    const path = `/api/imports/${this.delivery.uid}/files/${expected.number}?offset=${expected.offset}`;
    const began = performance.now();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await requestJson(path, { method: 'PUT', bytes, signal });
        expected.offset = answer.offset;
        break;
      } catch (error) {
        const right = error instanceof HttpError && error.status === 409 ? error.body['offset'] : undefined;
        if (typeof right === 'number') {
          expected.offset = right;
          break;
        }
        if (!(error instanceof OfflineError || (error instanceof HttpError && error.status === 503))) throw error;
        this.tell.waiting(error);
        await pause(Math.min(LONGEST_WAIT_S, 2 ** attempt), signal);
      }
    }
    this.#adapt(performance.now() - began);
    this.tell.progress(this.done, this.total);
  }

  /** Larger pieces on a quick line; small ones where one would take long. */
  /** @param {number} took milliseconds */
  #adapt(took) {
    if (took < QUICK_MS) this.piece = Math.min(this.piece * 2, this.delivery.piece);
    else if (took > SLOW_MS) this.piece = Math.max(SMALLEST, Math.round(this.piece / 2));
  }
}

/**
 * @param {number} seconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('paused', 'AbortError'));
    });
  });
}
