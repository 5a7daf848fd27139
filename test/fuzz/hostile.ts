import fc from 'fast-check';

/** How long each target is fuzzed: a moment as part of the unit tests, FUZZ_SECONDS with `make fuzz`. */
export const budget = (): {
  numRuns: number;
  interruptAfterTimeLimit: number;
  markInterruptAsFailure: false;
} => ({
  numRuns: 1_000_000,
  interruptAfterTimeLimit: Number(process.env['FUZZ_SECONDS'] ?? '0.4') * 1000,
  markInterruptAsFailure: false,
});

/** The test ends after its budget, however slow the machine is. */
export const timeoutMs = Number(process.env['FUZZ_SECONDS'] ?? '0.4') * 1000 + 30_000;

const words = [
  ...[
    'apiVersion',
    'kind',
    'metadata',
    'name',
    'namespace',
    'data',
    'spec',
    'items',
    'List',
    'ConfigMap',
    'Secret',
  ],
  ...[
    'resources',
    'patches',
    'bases',
    'units',
    'policy',
    'ignore',
    'paths',
    'alerts',
    'routes',
    'driver',
    'path',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '<<',
    '=',
    '~',
    'null',
    'yes',
    '0644',
  ],
  ...[
    '../..',
    '/etc/passwd',
    'file:///etc/passwd',
    'https://169.254.169.254/',
    '-o',
    '--exec=x',
    '$(id)',
    '`id`',
  ],
  ...[
    '<script>',
    '<!channel>',
    '*bold*',
    '[x](y)',
    '\u001b[31m',
    '\u202e',
    '\0',
    '\ud800',
    '{{ .Values.x }}',
    '%s',
  ],
];
const marks = [
  ...[
    ': ',
    '- ',
    '\n',
    '\n  ',
    '\n    ',
    '---\n',
    '...\n',
    '&a ',
    '*a ',
    '!!binary ',
    '!x ',
    '| ',
    '>-\n',
    '? ',
  ],
  ...['{', '}', '[', ']', ',', '"', "'", '#', '%YAML 1.1\n', '\t', '\r\n', '\ufeff', '@', '\\', '\u2028'],
];

/** Text that is nearly what is expected, and what people who mean harm would write. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...words),
      fc.constantFrom(...marks),
      fc.string({ maxLength: 8, unit: 'binary' }),
    ),
    {
      maxLength: 60,
    },
  )
  .map(parts => parts.join(''));

/** Any JSON, with keys that mean something to JavaScript. */
export const hostileJson = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
