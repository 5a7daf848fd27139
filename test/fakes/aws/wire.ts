/** An error as AWS answers it. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export type Parameters = Readonly<Record<string, unknown>>;

/** Parameters of the Query protocol as an object: `Tags.member.1.Key=a` is `{Tags: [{Key: 'a'}]}`. */
export function decodeQuery(body: string): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const steps = name.split('.').filter(step => step !== 'member');
    let at: Record<string, unknown> = root;
    for (const step of steps.slice(0, -1)) {
      at[step] ??= {};
      at = at[step] as Record<string, unknown>;
    }
    at[steps.at(-1) ?? ''] = value;
  }
  return listed(root) as Record<string, unknown>;
}

/** Objects whose keys are 1, 2, … are lists. */
function listed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key)))
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => listed(child));
  return Object.fromEntries(entries.map(([key, child]) => [key, listed(child)]));
}

/** An answer of the Query protocol; lists are `<member>`s, dates are ISO. */
export function encodeQuery(action: string, result: Parameters): string {
  return `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${children(result)}</${action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`;
}

export function encodeQueryError({ code, message }: AwsError): string {
  return `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error><RequestId>r</RequestId></ErrorResponse>`;
}

function children(value: Parameters): string {
  return Object.entries(value)
    .filter(([, child]) => child !== undefined)
    .map(([key, child]) => `<${key}>${inner(child)}</${key}>`)
    .join('');
}

function inner(value: unknown): string {
  if (Array.isArray(value)) return value.map(item => `<member>${inner(item)}</member>`).join('');
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && value !== null) return children(value as Parameters);
  return escaped(String(value));
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;');
}
