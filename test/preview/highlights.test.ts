import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { FieldChange } from '../../src/findings/finding.ts';
import type { JsonObject } from '../../src/json/json.ts';
import { highlightsOf } from '../../src/preview/highlights.ts';
import { deployment } from './sample.ts';

const object = (fields: Parameters<typeof deployment>[0] = {}) => load(deployment(fields)) as JsonObject;
const web = '/spec/template/spec/containers/name=web';
const has = (path: string, live: unknown): FieldChange => ({ path, op: 'changed', live });

describe('what a reviewer reads of a workload', () => {
  it.each<[string, Parameters<typeof deployment>[0], FieldChange[] | undefined, string[]]>([
    ['live was not asked', { replicas: 4 }, undefined, ['2 → 4 replicas', '+0.5 CPU requested']],
    ['live is as before', { image: 'cart:1.3' }, [has(`${web}/image`, 'cart:1.2')], ['web: 1.2 → 1.3']],
    ['live is so already', { image: 'cart:1.3' }, [], ['web: 1.2 → 1.3 (live has it already)']],
    [
      'live has another image',
      { image: 'cart:1.3' },
      [has(`${web}/image`, 'cart:1.2.9')],
      ['web: 1.2 → 1.3 (live has 1.2.9)'],
    ],
    [
      'live has an image from elsewhere',
      { image: 'cart:1.3' },
      [has(`${web}/image`, 'evil/cart:1.2')],
      ['web: cart:1.2 → cart:1.3 (live has evil/cart:1.2)'],
    ],
    [
      'live has other replicas',
      { replicas: 4 },
      [has('/spec/replicas', 7)],
      ['2 → 4 replicas (live has 7)', '+0.5 CPU requested (−0.75 from what live has)'],
    ],
    [
      'live asks for more',
      { cpu: '500m' },
      [has(`${web}/resources/requests/cpu`, '2')],
      ['+0.5 CPU requested (−3 from what live has)'],
    ],
    ['live asks for it already', { cpu: '500m' }, [], ['+0.5 CPU requested (live has it already)']],
    [
      'live lost all that it asks for',
      { cpu: '500m' },
      [{ path: `${web}/resources`, op: 'removed' }],
      ['+0.5 CPU requested (+1 from what live has)'],
    ],
    [
      'somebody added a container',
      { cpu: '500m' },
      [
        has(`${web}/resources/requests/cpu`, '250m'),
        {
          path: '/spec/template/spec/containers/name=debug',
          op: 'added',
          live: { name: 'debug', image: 'busybox', resources: { requests: { cpu: '1' } } },
        },
      ],
      ['+0.5 CPU requested (−1.5 from what live has)'],
    ],
    [
      'the pull request changes nothing of it',
      {},
      [has('/spec/replicas', 7), has(`${web}/image`, 'cart:9')],
      [
        'web: 1.2 again (live has 9)',
        '2 replicas again (live has 7)',
        '−1.25 CPU requested from what live has',
      ],
    ],
    ['only something else differs', {}, [has('/spec/paused', true)], []],
  ])('%s', (_what, head, live, words) => {
    expect(highlightsOf({ base: object(), head: object(head), live })).toEqual(words);
  });

  it('says nothing of what is no workload, whatever live has', () => {
    const map = { kind: 'ConfigMap', data: { replicas: '3' } };
    expect(highlightsOf({ base: map, head: map, live: [has('/data/replicas', 7)] })).toEqual([]);
  });
});
