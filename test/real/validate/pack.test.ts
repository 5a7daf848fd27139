import { expect, inject, it } from 'vitest';
import { makePack } from '../../../sandbox/schema-pack/make.ts';
import { Connection } from '../../../src/cluster/connection.ts';
import { shippedPack } from '../../../src/validate/pack/pack.ts';

it('the schema pack is what the API server serves and insists on: write it anew with `npm run schemas`', async () => {
  const connection = await Connection.open({ kubeconfig: inject('kubeconfig') });
  const fresh = await makePack(connection).finally(() => connection.close());

  const shipped = shippedPack();
  expect(fresh.version).toBe(shipped.version);
  expect(fresh.kinds).toEqual(shipped.kinds);
  expect(Object.keys(fresh.schemas)).toEqual(Object.keys(shipped.schemas));
  for (const [name, schema] of Object.entries(fresh.schemas)) {
    expect({ [name]: schema }).toEqual({ [name]: shipped.schemas[name] });
  }
}, 120_000);
