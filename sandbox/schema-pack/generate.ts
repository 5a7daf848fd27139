import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Connection } from '../../src/cluster/connection.ts';
import { packText } from '../../src/validate/pack/pack.ts';
import { startControlPlane } from '../control-plane/start.ts';
import { makePack } from './make.ts';

/** Writes the schema pack of `holdfast validate` from a real API server: `npm run schemas`. */
const file = fileURLToPath(new URL('../../src/validate/pack/data.ts', import.meta.url));
const controlPlane = await startControlPlane({ controllers: false });
try {
  const connection = await Connection.open({ kubeconfig: controlPlane.kubeconfig });
  const pack = await makePack(connection);
  connection.close();
  const text = packText(pack);
  writeFileSync(
    file,
    [
      '/** Written by `npm run schemas`: the schemas of built-in kinds as the API server of the sandbox publishes them. */',
      `export const compressedPack =\n  '${text}';`,
      '',
    ].join('\n'),
  );
  process.stdout.write(
    `schemas of Kubernetes ${pack.version}: ${Object.keys(pack.schemas).length} types, ${text.length} characters\n`,
  );
} finally {
  await controlPlane.stop();
}
