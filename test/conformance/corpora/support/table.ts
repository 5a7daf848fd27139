import type { MutationResult } from '../mutations/run.ts';
import type { SetResult } from './conform.ts';
import { falseFindings } from './judgement-calls.ts';

/** The figures of each set, and what the server said of what it refused. */
export function tableOf(results: readonly SetResult[], mutations: readonly MutationResult[] = []): string {
  const rows = results.map(result => {
    const { taken, refused, ended, findings, compareMs } = result;
    const wrong = falseFindings(findings).length;
    const own = mutations.find(({ set }) => set === result.set);
    const counts = [
      taken,
      refused.length,
      ended.length,
      findings.length - wrong,
      wrong,
      Math.round(compareMs),
    ];
    const byHand = own === undefined ? [] : [own.made, own.found, own.rightPath, own.rightManager, own.extra];
    return [result.set, ...[...counts, ...byHand].map(String)];
  });
  const head = ['set', 'objects', 'refused', 'ended', 'judged', 'false', 'ms'];
  const headByHand = mutations.length === 0 ? [] : ['mutations', 'found', 'path', 'manager', 'extra'];
  return lines([[...head, ...headByHand], ...rows, totals(rows)]);
}

function totals(rows: readonly string[][]): string[] {
  const width = Math.max(...rows.map(row => row.length));
  const sum = (column: number) => String(rows.reduce((all, row) => all + Number(row[column] ?? 0), 0));
  return ['all', ...Array.from({ length: width - 1 }, (_, index) => sum(index + 1))];
}

function lines(rows: readonly string[][]): string {
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return rows
    .map(([name = '', ...cells]) => [name.padEnd(width), ...cells.map(cell => cell.padStart(9))].join(' '))
    .join('\n');
}

/** The server's words on what it refused, each once. */
export function refusals(results: readonly SetResult[]): string {
  return results
    .flatMap(({ set, words }) =>
      [...new Set(words)].map(word => `${set}: ${word.replaceAll(/\s+/g, ' ').slice(0, 240)}`),
    )
    .join('\n');
}
