import type { Declaration } from '../../src/declared/declaration.ts';
import { declaredFrom } from '../real/converge/declared.ts';

export const namespace = 'kills';
/** Objects in the same namespace that no revision ever declares. */
export const bystanders = ['bystander-a', 'bystander-b'] as const;

const configs = 60;

/** The revision of a chapter: each changes, creates, deletes and makes anew something of the one before. */
export function revisionOf(chapter: number): string {
  return chapter.toString(16).padStart(40, '0');
}

export function chapterOf(revision: string): number {
  return Number.parseInt(revision, 16);
}

/** What a chapter declares: a seventh of the ConfigMaps is another one that is missing, everything else has its number in it. */
export function manifestsOf(chapter: number): string {
  const names = Array.from({ length: configs }, (_, index) => index).filter(
    index => index % 7 !== chapter % 7,
  );
  return [
    ...names.map(
      index =>
        `{apiVersion: v1, kind: ConfigMap, metadata: {name: c${index}, namespace: ${namespace}}, data: {chapter: '${chapter}'}}`,
    ),
    `{apiVersion: v1, kind: Secret, metadata: {name: token, namespace: ${namespace}}, stringData: {chapter: '${chapter}'}}`,
    `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${namespace}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'web:${chapter}'}]}`,
    // its template cannot be changed
    `apiVersion: batch/v1
kind: Job
metadata: {name: once, namespace: ${namespace}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: once, image: 'once:${chapter}'}]}}}`,
    `apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: ${namespace}, annotations: {holdfast.dev/hook: before}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: run, image: 'migrate:${chapter}'}]}}}`,
  ].join('\n---\n');
}

export const declarationOf = (revision: string): Promise<Declaration> =>
  declaredFrom({ 'manifests/shop/all.yaml': manifestsOf(chapterOf(revision)) }, revision);

/** The names of the ConfigMaps that live when a chapter is in force, bystanders among them. */
export function configsOf(chapter: number): string[] {
  const declared = [...manifestsOf(chapter).matchAll(/kind: ConfigMap, metadata: \{name: (c\d+)/g)];
  return [...declared.map(([, name]) => name ?? ''), ...bystanders].sort();
}
