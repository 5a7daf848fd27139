import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { canonical } from '../../../src/declared/hash.ts';
import { isProblem, readDocuments, type YamlResult } from '../../../src/declared/yaml/document.ts';
import { fragment } from './fragments.ts';
import { readByKubectl } from './kubectl.ts';

/** What is refused on purpose though kubectl reads it: rounding, lost keys, and forms that few people write. */
const stricter =
  /would be rounded|is there twice|must not be null|no such number|end of the stream|inside brackets|missed comma|tag suffix|line break is expected|bad indentation|deficient indentation|tag name|named tag handle|tag handle/;
/** kubectl minds tabs on lines that hold nothing else; here they are blank. */
const onlyTabs = /^[ -]*\t[ \t-]*(?:#.*)?$/m;

it.each([11, 12, 13])(
  'YAML means what it means to kubectl, or is refused with a reason (seed %i)',
  async seed => {
    const fragments = fc.sample(fragment, { seed, numRuns: 1000 });
    const files = new Map(fragments.map((text, index) => [`f${index}.yaml`, manifest(text, index)]));

    const kubectl = await readByKubectl(inject('kubectl'), files);

    const wrong = fragments.flatMap((text, index) => {
      const ours = readDocuments(Buffer.from(manifest(text, index)));
      const trouble = disagreement(ours, kubectl.get(`n${index}`), text);
      return trouble === undefined ? [] : [`${JSON.stringify(text)}: ${trouble}`];
    });
    expect(wrong).toEqual([]);
    expect(kubectl.size).toBeGreaterThan(fragments.length / 3);
    const read = fragments.filter(
      (text, index) => !readDocuments(Buffer.from(manifest(text, index))).some(isProblem),
    );
    expect(read.length).toBeGreaterThan(kubectl.size * 0.85);
  },
);

function manifest(text: string, index: number): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n${index}}\nanchor: &x {p: q}\nv:${text}\n`;
}

function disagreement(ours: YamlResult[], kubectl: string | undefined, text: string): string | undefined {
  const problem = ours.find(isProblem);
  if (kubectl === undefined)
    return problem !== undefined || onlyTabs.test(text) ? undefined : 'kubectl refuses it';
  if (problem !== undefined)
    return stricter.test(problem.reason) ? undefined : `only here: ${problem.reason}`;
  const [document] = ours;
  if (document === undefined || isProblem(document)) return 'nothing is read here';
  const value = canonical(document.value);
  return value === canonical(JSON.parse(kubectl)) ? undefined : `${value} and ${kubectl}`;
}
