import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { DeclaredObject } from '../../../src/declared/declaration.ts';
import { type JudgeContext, type Judgement, judge } from '../../../src/validate/judge.ts';
import { isDefinition, KnownKinds } from '../../../src/validate/kinds.ts';
import { shippedPack } from '../../../src/validate/pack/pack.ts';
import { minorOf } from '../../../src/validate/version.ts';
import { type ManifestSet, manifestSets } from '../corpora/support/sets.ts';
import { mutationsOf, sampled } from './mutations.ts';
import { StrictServer, type Word } from './strict-server.ts';

const corpora = resolve(process.env['CORPORA'] ?? '../shared/corpora');
const pack = shippedPack();

let server: StrictServer;
let sets: ManifestSet[];

beforeAll(async () => {
  server = await StrictServer.start();
  sets = await manifestSets(corpora, inject('kubectl'));
}, 240_000);
afterAll(() => server.close());

/** Runs something for each set, with its definitions and those of the sets before on the server and known to us. */
async function eachSet(
  run: (name: string, objects: DeclaredObject[], context: JudgeContext) => Promise<void>,
): Promise<void> {
  for (const { name, files } of sets) {
    const objects = files.flatMap(file => file.objects);
    const defined = await server.define(objects.map(({ object }) => object).filter(isDefinition));
    const context = { pack, kinds: new KnownKinds(pack, defined), minor: minorOf(pack.version) };
    await run(name, objects, context);
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

const problemWords = ({ problems, notServed, unknown }: Judgement) =>
  notServed ?? unknown?.what ?? problems.map(({ path, what }) => `/${path.join('/')}: ${what}`).join('; ');

/** Refused when created or when applied: either is a reason to call an object invalid. */
async function refusedSomehow(object: DeclaredObject['object'], created: Word): Promise<boolean> {
  return created.is === 'refused' || (await server.apply(object)).is === 'refused';
}

describe('the real server', () => {
  it('refuses every object that is called invalid, and serves every kind that is checked', async () => {
    const rows: string[] = [];
    const wrong: string[] = [];
    const missed = new Map<string, number>();
    await eachSet(async (name, objects, context) => {
      const count = { valid: 0, invalid: 0, 'not served': 0, 'only the server refuses': 0 };
      await inParallel(objects, async declared => {
        const word = await server.create(declared.object);
        const judgement = judge(declared, context);
        const { problems, notServed, unknown } = judgement;
        const at = `${name} ${declared.source.file}:${declared.source.line} ${declared.ref.kind}: ${problemWords(judgement)}`;
        const checked = notServed === undefined && unknown === undefined;
        if (checked !== (word.is !== 'not-served')) wrong.push(`served or not: ${at}`);
        else if (!checked) count['not served'] += 1;
        else if (problems.length > 0) {
          count.invalid += 1;
          if (!(await refusedSomehow(declared.object, word))) wrong.push(`the server takes it: ${at}`);
        } else if (word.is === 'refused') {
          count['only the server refuses'] += 1;
          const why = word.why.replace(/"[^"]*"/g, '…').slice(0, 160);
          missed.set(why, (missed.get(why) ?? 0) + 1);
        } else count.valid += 1;
      });
      rows.push(
        `${name}: ${Object.entries(count)
          .map(([what, many]) => `${many} ${what}`)
          .join(', ')}`,
      );
    });
    const words = [...missed].map(([why, many]) => `  ${many} × ${why}`);
    process.stdout.write(`${rows.join('\n')}\nrefused by the server only:\n${words.join('\n')}\n`);
    expect(wrong).toEqual([]);
  });

  it('refuses every mutated object that is called invalid', async () => {
    const wrong: string[] = [];
    const count = { 'invalid to both': 0, 'valid to both': 0, 'refused by the server only': 0 };
    const missed = new Map<string, number>();
    const seen = new Set<string>();
    let context: JudgeContext | undefined;
    const sound: DeclaredObject[] = [];
    await eachSet(async (_, objects, known) => {
      context = known;
      sound.push(...objects);
    });
    const all = sound.flatMap(declared => {
      const { ref } = declared;
      const isSound =
        context?.kinds.find(ref.apiVersion, ref.kind) && judge(declared, context).problems.length === 0;
      return isSound ? mutationsOf(declared, seen) : [];
    });
    await inParallel(sampled(all, Number(process.env['MUTATIONS'] ?? 3000)), async ({ make, what }) => {
      const declared = make();
      const word = await server.create(declared.object);
      const judgement = judge(declared, context as JudgeContext);
      const invalid = judgement.problems.length > 0;
      if (invalid && (await refusedSomehow(declared.object, word))) count['invalid to both'] += 1;
      else if (invalid)
        wrong.push(`${declared.ref.apiVersion} ${declared.ref.kind} ${what}: ${problemWords(judgement)}`);
      else if (word.is === 'refused') {
        count['refused by the server only'] += 1;
        const why = word.why
          .replace(/^.*is invalid: /, '')
          .replace(/"[^"]*"/g, '…')
          .replace(/\[\d+\]/g, '')
          .slice(0, 100);
        missed.set(why, (missed.get(why) ?? 0) + 1);
      } else count['valid to both'] += 1;
    });
    const most = [...missed].sort(([, a], [, b]) => b - a).slice(0, 40);
    process.stdout.write(
      `${all.length} mutations, of which: ${JSON.stringify(count)}\n${most.map(([why, many]) => `  ${many} × ${why}`).join('\n')}\n`,
    );
    expect(wrong).toEqual([]);
  });
}, 1_200_000);
