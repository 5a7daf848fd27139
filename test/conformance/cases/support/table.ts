/** One line of the table: `got` is undefined where nothing was played. */
export interface Row {
  id: string;
  words: string;
  expected: readonly string[];
  got: readonly string[] | undefined;
}

/** The table of the cases, printed at the end: what each was expected to be told, and what it was told where that differs. */
export class Table {
  readonly #rows: Row[] = [];

  add(row: Row): void {
    this.#rows.push(row);
  }

  print(): void {
    const rows = [...this.#rows].sort((a, b) => (a.id < b.id ? -1 : 1));
    const lines = rows.flatMap(({ id, words, expected, got }) => {
      const alike = got === undefined || JSON.stringify(got) === JSON.stringify(expected);
      const sign = got === undefined ? '–' : alike ? '✓' : '✗';
      return [
        `${sign} ${id}  ${words}`,
        ...expected.map(line => `       expected  ${line}`),
        ...(got === undefined
          ? []
          : alike
            ? ['       got       the same']
            : got.map(line => `       got       ${line}`)),
      ];
    });
    const played = rows.filter(({ got }) => got !== undefined);
    const right = played.filter(({ expected, got }) => JSON.stringify(expected) === JSON.stringify(got));
    process.stdout.write(`\n${lines.join('\n')}\n\n${right.length} of ${played.length} cases as expected\n`);
  }
}
