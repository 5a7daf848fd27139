import type { DocumentDirective } from 'js-yaml';

const core = 'tag:yaml.org,2002:';

/**
 * The name of a tag as written in the source (`!!str`, `!<tag:yaml.org,2002:str>`, `!e!thing`): `str` for a core tag,
 * the whole name for another, '' for the non-specific `!`, which makes a scalar a string.
 */
export function tagName(written: string, directives: readonly DocumentDirective[]): string {
  if (written === '!') return '';
  const name = written.startsWith('!<') ? written.slice(2, -1) : expanded(written, directives);
  return name.startsWith(core) ? name.slice(core.length) : name;
}

function expanded(written: string, directives: readonly DocumentDirective[]): string {
  const end = written.indexOf('!', 1);
  const handle = end === -1 ? '!' : written.slice(0, end + 1);
  const suffix = written.slice(handle.length);
  for (const directive of directives) {
    if (directive.kind === 'tag' && directive.handle === handle) return directive.prefix + suffix;
  }
  return (handle === '!!' ? core : handle) + suffix;
}
