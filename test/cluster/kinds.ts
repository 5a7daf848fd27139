import type { Kind } from '../../src/cluster/kind.ts';

const verbs = ['create', 'get', 'list', 'patch', 'update', 'watch'];

export const configMaps: Kind = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  group: '',
  version: 'v1',
  plural: 'configmaps',
  namespaced: true,
  verbs,
};
export const secrets: Kind = { ...configMaps, kind: 'Secret', plural: 'secrets' };
export const namespaces: Kind = { ...configMaps, kind: 'Namespace', plural: 'namespaces', namespaced: false };
export const deployments: Kind = {
  ...configMaps,
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  group: 'apps',
  plural: 'deployments',
};
export const widgets: Kind = {
  ...configMaps,
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  group: 'example.com',
  plural: 'widgets',
};
