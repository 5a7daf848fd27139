/** What a plain scalar that looks like a number is: as kubectl's YAML library (go-yaml v2) decides, which is YAML 1.1 with Go's number syntax. */
export type YamlNumber = { tag: 'int'; value: bigint } | { tag: 'float'; value: number };

const integer = /^[+-]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const signedBinary = /^0b([+-])([01]+)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const fraction = /^\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9](?:_?[0-9])*)?$/;
const largestUnsigned = 2n ** 64n - 1n;
const largestSigned = 2n ** 63n - 1n;

/** `text` starts with a digit, a sign or a dot; undefined means that it is a string after all (`08:30`, `1.2.3`, `+`). */
export function yamlNumber(text: string): YamlNumber | undefined {
  if (text.startsWith('.')) return fraction.test(text) ? finite(text.replaceAll('_', '')) : undefined;
  const plain = text.replaceAll('_', '');
  if (integer.test(plain)) {
    const value = integerOf(plain);
    if (value !== undefined) return { tag: 'int', value };
  }
  if (float.test(plain)) return finite(plain);
  const binary = signedBinary.exec(plain);
  if (binary === null) return undefined;
  const magnitude = BigInt(`0b${binary[2]}`);
  return { tag: 'int', value: binary[1] === '-' ? -magnitude : magnitude };
}

/** Undefined when it fits neither int64 nor, without a sign, uint64: then a decimal one becomes a float. */
function integerOf(plain: string): bigint | undefined {
  const signed = plain.startsWith('+') || plain.startsWith('-');
  const digits = signed ? plain.slice(1) : plain;
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase();
  const magnitude = BigInt(octal);
  if (plain.startsWith('-')) return magnitude <= largestSigned + 1n ? -magnitude : undefined;
  return magnitude <= (signed ? largestSigned : largestUnsigned) ? magnitude : undefined;
}

function finite(plain: string): YamlNumber | undefined {
  const value = Number(plain);
  return Number.isFinite(value) ? { tag: 'float', value } : undefined;
}

/** A float as a mapping key: Go's shortest 32-bit form, with an exponent below 1e-4 and from 1e6 (sigs.k8s.io/yaml). */
export function floatKey(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return value > 0 ? '.inf' : '-.inf';
  if (single === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits, exponent] = shortestDigits(single);
  const sign = single < 0 ? '-' : '';
  if (exponent < -4 || exponent >= 6) {
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits.padEnd(exponent + 1, '0');
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** The fewest decimal digits that name this 32-bit float, and the exponent of the first. */
function shortestDigits(single: number): [string, number] {
  const magnitude = Math.abs(single);
  for (let precision = 0; precision < 9; precision++) {
    const text = magnitude.toExponential(precision);
    if (precision < 8 && Math.fround(Number(text)) !== magnitude) continue;
    const [mantissa = '', exponent = '0'] = text.split('e');
    return [mantissa.replace('.', '').replace(/0+$/, ''), Number(exponent)];
  }
  return ['0', 0];
}
