/** Line numbers of many offsets in one text, found by halving. */
export class LineIndex {
  readonly #text: string;
  readonly #first: number;
  #newlines: number[] | undefined;

  /** `first` is the line number of the text's first line. */
  constructor(text: string, first = 1) {
    this.#text = text;
    this.#first = first;
  }

  lineAt(offset: number): number {
    this.#newlines ??= newlinesOf(this.#text);
    let low = 0;
    let high = this.#newlines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#newlines[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return this.#first + low;
  }
}

function newlinesOf(text: string): number[] {
  const offsets: number[] = [];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) offsets.push(at);
  return offsets;
}
