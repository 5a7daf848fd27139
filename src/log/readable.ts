import { brief, type Paint, paint } from '../report/terminal.ts';

const hidden = new Set(['level', 'time', 'msg', 'error']);

/** A line of the log for people: `14:02:11 warn  cannot reach Git: HF1201 … (unit=shop)`. Takes one JSON line of pino. */
export function readable(line: string, options: { colour: boolean }): string {
  const fields = parsed(line);
  if (fields === undefined) return `${brief(line, 4000)}\n`;
  const look = paint(options.colour);
  const level = String(fields['level']);
  const time = String(fields['time']).slice(11, 19);
  const error = errorWords(fields['error']);
  const rest = Object.entries(fields)
    .filter(([key]) => !hidden.has(key))
    .map(
      ([key, value]) => `${brief(key)}=${brief(typeof value === 'string' ? value : JSON.stringify(value))}`,
    );
  return [
    look.faint(brief(time)),
    tone(level, look)(brief(level).padEnd(5)),
    `${brief(String(fields['msg'] ?? ''), 2000)}${error === undefined ? '' : `: ${error}`}`,
    ...(rest.length === 0 ? [] : [look.faint(`(${rest.join(', ')})`)]),
  ]
    .join(' ')
    .concat('\n');
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function errorWords(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, message, advice, file, line, subject } = error as Record<string, unknown>;
  const place = file === undefined ? subject : line === undefined ? file : `${file}:${line}`;
  const words = [
    code === undefined ? '' : `${code} `,
    String(message ?? '').replace(/[.\s]+$/, ''),
    place === undefined ? '' : ` (${place})`,
    advice === undefined ? '' : `. ${advice}`,
  ];
  return brief(words.join(''), 2000);
}

function tone(level: string, look: Paint): (text: string) => string {
  if (level === 'warn') return look.unsure;
  return level === 'error' || level === 'fatal' ? look.bad : look.faint;
}
