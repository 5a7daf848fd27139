import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as cli from '../../src/reference/cli.ts';
import * as settings from '../../src/reference/configuration.ts';
import * as definitions from '../../src/reference/crds.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].concat(
  readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
);

describe('the references', () => {
  it.each([
    ['docs/cli.md', cli],
    ['docs/crds.md', definitions],
    ['docs/configuration.md', settings],
  ])('%s says what the code says; `npm run docs` writes it', (_name, page) => {
    expect(readFileSync(page.publishedPage, 'utf8')).toBe(page.pageText());
  });
});

/** The anchor that a heading gets where Markdown is shown. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

const anchorsIn = (text: string) =>
  [...text.replaceAll(/```.*?```/gs, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchor(heading));

describe('every page', () => {
  it.each(pages)('%s links only to what is there', name => {
    const text = readFileSync(`${root}${name}`, 'utf8').replaceAll(/```.*?```/gs, '');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to);
    const broken = links.filter(link => {
      if (/^[a-z]+:/.test(link)) return false;
      const [path = '', fragment] = link.split('#');
      const file = path === '' ? `${root}${name}` : fileURLToPath(new URL(path, `file://${root}${name}`));
      try {
        if (fragment === undefined) return readdirOrRead(file) === undefined;
        return !anchorsIn(readFileSync(file, 'utf8')).includes(fragment);
      } catch {
        return true;
      }
    });

    expect(broken).toEqual([]);
  });
});

function readdirOrRead(path: string): unknown {
  return path.endsWith('/') ? readdirSync(path) : readFileSync(path);
}
