/** `14:02:11Z`, with the date where it is another day than that of `reference`. Both are RFC 3339. */
export function clockWords(time: string, reference: string): string {
  const [date = '', clock = ''] = new Date(time).toISOString().split('T');
  const seconds = `${clock.slice(0, 8)}Z`;
  return date === reference.slice(0, 10) ? seconds : `${date} ${seconds}`;
}

/** How long it took, in the two largest units that matter: `42 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function spanWords(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
