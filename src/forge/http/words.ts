/** Turns text from outside into words that may stand in a message: no secret, one line, no control or bidi characters, short. */
export type Clean = (text: string) => string;

const limit = 200;

/** Secrets are taken out before the text is cut, so that no part of one survives; so are their URL-encoded forms. */
export function createClean(secrets: readonly string[] | (() => readonly string[])): Clean {
  const known = typeof secrets === 'function' ? secrets : () => secrets;
  return text => {
    const scrubbed = formsOf(known()).reduce((rest, form) => rest.replaceAll(form, '(secret)'), text);
    const line = scrubbed.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
    return line.length > limit ? `${line.slice(0, limit)}…` : line;
  };
}

function formsOf(secrets: readonly string[]): string[] {
  return [...new Set(secrets.flatMap(secret => [secret, encodeURIComponent(secret)]))]
    .filter(form => form !== '')
    .sort((a, b) => b.length - a.length);
}
