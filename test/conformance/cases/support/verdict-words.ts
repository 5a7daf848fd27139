import type { Comparison, FieldChange, Finding } from '../../../../src/findings/finding.ts';

const sign: Record<FieldChange['op'], string> = { added: '+', removed: '-', changed: '~' };

/**
 * A comparison in a few words: `undeclared Deployment +/spec/… by kubectl-edit`, with the codes of what the server refused and the
 * rules by which something was left out. Names of resources are not in it.
 */
export function verdictWords(comparison: Comparison): string {
  const found = comparison.findings.map(findingWords).sort();
  const rules = (comparison.exempt ?? []).map(
    ({ rule, by }) => `left out: ${rule}${by === undefined ? '' : ` by ${by.manager}`}`,
  );
  const words =
    found.length > 0 ? found : [comparison.verdict === 'in-sync' ? 'in sync' : comparison.verdict];
  return [...words, ...[...new Set(rules)].sort()].join('; ');
}

function findingWords({ type, resource, changes, code }: Finding): string {
  const what = 'kind' in resource ? resource.kind : resource.type;
  return [`${type} ${what}`, ...(code === undefined ? [] : [code]), ...(changes ?? []).map(changeWords)].join(
    ' ',
  );
}

function changeWords({ op, path, by, redacted }: FieldChange): string {
  return `${sign[op]}${path}${redacted === true ? ' (secret)' : ''}${by === undefined ? '' : ` by ${by.manager}`}`;
}
