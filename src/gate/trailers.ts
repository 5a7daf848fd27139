const trailer = /^([A-Za-z0-9-]+)[ \t]*:[ \t]*(.*)$/;
const sha = /^[0-9a-f]{40}$/;

/**
 * The commits that a message ratifies: `Holdfast-Ratifies: <40 hex digits>`, once per commit, among the trailers of the
 * message. As for git, trailers are the last paragraph, and never the title; stricter than git, each line of it must be one
 * (or continue one), so that prose which quotes a trailer ratifies nothing. A short or folded SHA counts for nothing.
 */
export function ratifies(message: string): string[] {
  const lines = trailerLines(message);
  return lines.flatMap((line, index) => {
    const [, key, value] = trailer.exec(line) ?? [];
    const folded = /^[ \t]/.test(lines[index + 1] ?? '');
    const names = key?.toLowerCase() === 'holdfast-ratifies' && !folded;
    const named = value?.trimEnd() ?? '';
    return names && sha.test(named) ? [named] : [];
  });
}

/**
 * The logins of those who asked Holdfast for this change: `Holdfast-Requested-By: <login>`. It only excludes an approver and
 * vouches for nobody, so whoever writes it by hand gains nothing.
 */
export function requesters(message: string): string[] {
  return trailerLines(message).flatMap(line => {
    const [, key, value = ''] = trailer.exec(line) ?? [];
    return key?.toLowerCase() === 'holdfast-requested-by' && value.trim() !== '' ? [value.trim()] : [];
  });
}

/** The lines of the last paragraph if all of them are trailers, else none. */
function trailerLines(message: string): string[] {
  const lines = message.replace(/\s+$/, '').split(/\r?\n/);
  const before = lines.findLastIndex(line => line.trim() === '');
  const title = lines.findIndex(line => line.trim() !== '');
  if (before < title) return [];
  const last = lines.slice(before + 1);
  const valid = last.every((line, index) => trailer.test(line) || (index > 0 && /^[ \t]+\S/.test(line)));
  return valid ? last : [];
}
