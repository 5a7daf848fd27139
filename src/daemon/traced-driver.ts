import type { Driver } from '../drivers/driver.ts';
import { inSpan } from '../telemetry/spans.ts';

/** What an attempt at a sync asks of its driver, by the name that the trace gives it. */
const names: Readonly<Record<string, string>> = {
  plan: 'plan',
  apply: 'apply',
  compare: 'verify',
  compareSome: 'verify',
};

/** The same driver, whose work is told in the trace of the sync that it is part of. */
export function tracedDriver(driver: Driver | undefined): Driver | undefined {
  if (driver === undefined) return undefined;
  return new Proxy(driver, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      const name = names[String(key)];
      const call = member.bind(target);
      if (name === undefined) return call;
      return (...args: unknown[]) => inSpan(name, { 'holdfast.driver': target.name }, () => call(...args));
    },
  });
}
