import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));
const json = (path: string): unknown => JSON.parse(readFileSync(`${root}${path}`, 'utf8'));

const lock = z
  .looseObject({
    packages: z.record(
      z.string(),
      z.looseObject({
        version: z.string().optional(),
        resolved: z.string().optional(),
        integrity: z.string().optional(),
        link: z.boolean().optional(),
        dev: z.boolean().optional(),
        optional: z.boolean().optional(),
        hasInstallScript: z.boolean().optional(),
      }),
    ),
  })
  .parse(json('package-lock.json'));
const installed = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && link !== true);

/** Licences that ask for nothing but a notice. */
const permissive =
  /^(MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|CC0-1\.0|Python-2\.0|PSF-2\.0|Zlib)$/;
/** Not shipped in the image, and named here with what they are: tools of the tests. */
const forTests: Readonly<Record<string, string>> = { 'axe-core': 'MPL-2.0', lightningcss: 'MPL-2.0' };

/** Each alternative of `(MIT OR Apache-2.0)` will do; of `MIT AND ISC` each part must. */
const isPermissive = (licence: string): boolean =>
  licence
    .replaceAll(/[()]/g, '')
    .split(' AND ')
    .every(part => part.split(' OR ').some(one => permissive.test(one.trim())));

const licenceSchema = z.looseObject({
  license: z
    .union([z.string(), z.looseObject({ type: z.string() }).transform(({ type }) => type)])
    .optional(),
});

describe('what is installed', () => {
  it('is pinned to the byte, and comes from nowhere but a registry', () => {
    const loose = installed.filter(
      ([, { integrity, resolved }]) =>
        !/^sha512-/.test(integrity ?? '') || !/^https:\/\//.test(resolved ?? 'https://'),
    );
    expect(loose.map(([path]) => path)).toEqual([]);
    expect(installed.length).toBeGreaterThan(100);
  });

  it('is named by exact versions', () => {
    const wanted = z
      .looseObject({
        dependencies: z.record(z.string(), z.string()),
        devDependencies: z.record(z.string(), z.string()),
        optionalDependencies: z.record(z.string(), z.string()),
      })
      .parse(json('package.json'));
    const { dependencies, devDependencies, optionalDependencies } = wanted;
    const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('has a licence that asks for nothing but a notice', () => {
    const others = installed.flatMap(([path, { dev }]) => {
      // packages for other machines are not here
      if (!existsSync(`${root}${path}/package.json`)) return [];
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const licence = licenceSchema.parse(json(`${path}/package.json`)).license ?? 'none';
      if (isPermissive(licence) || (dev === true && tolerated(name) === licence)) return [];
      return [`${name}: ${licence}`];
    });
    expect(others).toEqual([]);
  });

  it('runs no program while it is installed, but for those that are known', () => {
    const running = installed.filter(
      ([, { hasInstallScript, dev }]) => hasInstallScript === true && dev !== true,
    );
    expect(running.map(([path]) => path.replace('node_modules/', '')).sort()).toEqual([]);
  });
});

/** A package for one machine has the licence of the whole. */
function tolerated(name: string): string | undefined {
  return Object.entries(forTests).find(([known]) => name === known || name.startsWith(`${known}-`))?.[1];
}
