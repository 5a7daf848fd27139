import { Unsupported } from './syntax.ts';

/** Reads a text character by character (code points, not halves of surrogate pairs). */
export class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get ended(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The character to come; empty at the end. */
  get next(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  /** Throws `Unsupported` at the end. */
  read(): string {
    const character = this.next;
    if (character === '') throw new Unsupported('it ends too early');
    this.#at += character.length;
    return character;
  }

  /** Goes on if this is what comes. */
  take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** Goes on by what a sticky expression finds here. */
  match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text);
    if (found === null) return undefined;
    this.#at = sticky.lastIndex;
    return found;
  }
}
