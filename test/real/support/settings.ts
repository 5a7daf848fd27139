import type { Files } from './pulls.ts';

/** One unit `settings`: a namespace and a ConfigMap in it, `settings` with `colour: green`. */
export function settingsOf(app: string): Files {
  return {
    'manifests/settings/namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${app}\n`,
    'manifests/settings/settings.yaml': configMap(app, 'settings', { colour: 'green' }),
  };
}

/** A ConfigMap as a manifest. */
export function configMap(namespace: string, name: string, data: Readonly<Record<string, string>>): string {
  const lines = Object.entries(data).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`);
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\ndata:\n${lines.join('')}`;
}
