const shortest = 6;

/**
 * Takes every registered secret out of what leaves the process, in the forms in which it travels: as it is, in JSON, in a
 * URL, in Base64 (also as part of a longer text, as in a Basic header) and in hexadecimal digits.
 *
 * Values shorter than 6 characters are not registered: they would be found everywhere.
 */
export class Scrubber {
  readonly #forms = new Set<string>();
  #pattern: RegExp | undefined;

  constructor(secrets: readonly string[] = []) {
    for (const secret of secrets) this.register(secret);
  }

  register(secret: string): void {
    if (secret.length < shortest) return;
    for (const form of formsOf(secret)) if (form.length >= shortest) this.#forms.add(form);
    const longestFirst = [...this.#forms].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(longestFirst.map(RegExp.escape).join('|'), 'g');
  }

  /** The text with every registered secret replaced by `[secret]`. */
  scrub(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, '[secret]');
  }
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const encoded = [0, 1, 2].map(offset => base64Within(bytes, offset));
  const form = new URLSearchParams({ a: secret }).toString().slice(2);
  return [
    secret,
    secret.trim(),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    form,
    bytes.toString('hex'),
    ...encoded,
    ...encoded.map(text => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** The Base64 digits that depend on nothing but the bytes when `offset` (mod 3) bytes stand before them. */
function base64Within(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const shared = (offset + bytes.length) % 3 === 0 ? 0 : 1;
  return text.slice(offset === 0 ? 0 : offset + 1, shared === 0 ? undefined : -shared);
}
