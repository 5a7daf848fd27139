import type { Json } from '../../../../src/json/json.ts';
import { isMap } from '../../../../src/json/value.ts';

const others: Readonly<Record<string, string>> = {
  TCP: 'UDP',
  UDP: 'TCP',
  Always: 'IfNotPresent',
  IfNotPresent: 'Always',
  ClusterIP: 'NodePort',
  NodePort: 'ClusterIP',
  LoadBalancer: 'NodePort',
  None: 'ClientIP',
  Cluster: 'Local',
  ClusterFirst: 'Default',
  RollingUpdate: 'OnDelete',
  OrderedReady: 'Parallel',
  Allow: 'Forbid',
  File: 'FallbackToLogsOnError',
  Fail: 'Ignore',
  Ignore: 'Fail',
  Prefix: 'Exact',
  Exact: 'Prefix',
  Retain: 'Delete',
  Delete: 'Retain',
  HTTP: 'HTTPS',
  HTTPS: 'HTTP',
  get: 'list',
};

/** Another value of the same kind, which the server may well take. */
export function otherValue(value: string | number | boolean, secret: boolean): Json {
  if (secret && typeof value === 'string') return 'Y2hhbmdlZCBieSBoYW5k';
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value < 100 ? value + 1 : value + 7;
  const other = others[value];
  if (other !== undefined) return other;
  const number = /^(\d{1,6})([a-zA-Z%]{0,2})$/.exec(value);
  if (number !== null) return `${Number(number[1]) + 1}${number[2]}`;
  return value === '' ? 'by-hand' : `${value}-by-hand`.slice(-Math.max(63, value.length));
}

/** One more item like this one. */
export function anotherItem(item: Json): Json {
  if (typeof item === 'string') return otherValue(item, false);
  if (!isMap(item)) return item;
  const named = ['name', 'key', 'host', 'mountPath', 'port', 'containerPort', 'ip', 'type'];
  const changed = new Set(
    named.filter(key => typeof item[key] === 'string' || typeof item[key] === 'number'),
  );
  return Object.fromEntries(
    Object.entries(item)
      .filter(([key]) => key !== 'nodePort')
      .map(([key, value]) => [
        key,
        changed.has(key) && (typeof value === 'string' || typeof value === 'number')
          ? shortened(otherValue(value, false))
          : value,
      ]),
  );
}

/** Names of ports have 15 letters at most. */
function shortened(value: Json): Json {
  return typeof value === 'string' && !value.startsWith('/') && value.length > 15
    ? `hand-${value.slice(0, 10)}`.replace(/-+$/, '')
    : value;
}
