/**
 * The report as JSON, ended by a line break. Characters that a terminal obeys or that turn the direction of writing are
 * written as `\u` escapes, so it is harmless to look at and parses to the same values.
 */
export function renderJson(report: object): string {
  const text = JSON.stringify(report, undefined, 2);
  const safe = text.replace(/[^\n\P{C}]|[\u2028\u2029]/gu, character =>
    [...Array(character.length).keys()]
      .map(index => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
  return `${safe}\n`;
}
