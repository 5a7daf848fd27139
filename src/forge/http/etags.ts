import type { Answer } from './requester.ts';

interface Kept {
  tag: string;
  answer: Answer;
  size: number;
}

/**
 * Answers by address with their ETags: an answer that did not change costs no rate limit (GitHub counts no 304). Bounded by
 * the characters kept; what was used longest ago goes first.
 */
export class EtagCache {
  readonly #limit: number;
  readonly #kept = new Map<string, Kept>();
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What is kept of an address: its tag to ask with, and the answer that a 304 then confirms. */
  find(address: string): { tag: string; answer: Answer } | undefined {
    const kept = this.#kept.get(address);
    if (kept === undefined) return undefined;
    this.#kept.delete(address);
    this.#kept.set(address, kept);
    return kept;
  }

  keep(address: string, answer: Answer): void {
    this.#drop(address);
    const tag = answer.headers.get('etag');
    const size = address.length + answer.text.length;
    if (tag === null || size > this.#limit) return;
    this.#kept.set(address, { tag, answer, size });
    this.#size += size;
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= this.#limit) break;
      this.#drop(oldest);
    }
  }

  #drop(address: string): void {
    const kept = this.#kept.get(address);
    if (kept === undefined) return;
    this.#kept.delete(address);
    this.#size -= kept.size;
  }
}
