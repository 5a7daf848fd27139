import { describe, expect, it } from 'vitest';
import { Converging } from '../../src/daemon/converging.ts';
import { Metrics } from '../../src/daemon/metrics.ts';
import { Observer } from '../../src/daemon/observer.ts';
import type { Revisions } from '../../src/daemon/revisions.ts';
import { Failure } from '../../src/failure/failure.ts';
import type { Origin } from '../../src/findings/finding.ts';
import { IncidentDesk } from '../../src/incidents/desk.ts';
import { MemoryStore } from '../fakes/incidents/parts.ts';

const root = 'a'.repeat(40);

function observed() {
  const desk = new IncidentDesk({
    outlets: [],
    store: new MemoryStore(),
    telling: () => ({ environment: 'test', repository: 'r', revision: null, next: '' }),
    onFailure: () => undefined,
  });
  const heard: string[] = [];
  desk.blinded = ({ origin }) => void heard.push(`blind ${origin}`);
  desk.sees = origin => void heard.push(`sees ${origin}`);
  const observer = new Observer({
    desk,
    drivers: new Map(),
    converging: new Converging(() => 0, 60_000),
    metrics: new Metrics(),
    branch: 'main',
    changesOf: async () => [],
    look: () => undefined,
  });
  return { observer, heard };
}

const revisions = (more: Partial<Revisions>): Revisions => ({
  declaration: null,
  authorized: root,
  tip: root,
  tipState: 'authorized',
  denial: null,
  problems: [],
  forgeAnswers: true,
  ...more,
});

const problem = (origin: Origin) => ({ origin, failure: new Failure('HF1401', 'down') });

describe('a source that could not be asked', () => {
  it('is told of as seen again once it answered', async () => {
    const { observer, heard } = observed();
    await observer.revisions(revisions({ problems: [problem('forge')], forgeAnswers: false }));
    heard.length = 0;
    await observer.revisions(revisions({}));
    expect(heard).toEqual(['sees forge']);
  });

  it('is not while nobody asked it', async () => {
    const { observer, heard } = observed();
    await observer.revisions(revisions({ problems: [problem('forge')], forgeAnswers: false }));
    heard.length = 0;
    await observer.revisions(revisions({ forgeAnswers: false }));
    expect(heard).toEqual([]);
  });
});
