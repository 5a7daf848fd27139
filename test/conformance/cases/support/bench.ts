import { inject } from 'vitest';
import { type CommandResult, runCommand } from '../../../../sandbox/processes/run.ts';
import type { Connection } from '../../../../src/cluster/connection.ts';
import type { Driver } from '../../../../src/drivers/driver.ts';
import type { Comparison } from '../../../../src/findings/finding.ts';
import { newNamespace, openDriver, shopUnit, ways } from '../../../real/drivers/kubernetes/support/shop.ts';
import { waitUntil } from '../../../real/support/wait-until.ts';
import { verdictWords } from './verdict-words.ts';

/** What a case is played with: a namespace, a driver that has learned nothing yet, and the tools of those who interfere. */
export class Bench {
  readonly namespace: string;
  readonly driver: Driver;
  readonly connection: Connection;
  readonly #close: () => void;
  readonly #clusterScoped: string[] = [];

  private constructor(namespace: string, opened: Awaited<ReturnType<typeof openDriver>>) {
    this.namespace = namespace;
    this.driver = opened.driver;
    this.connection = opened.connection;
    this.#close = opened.close;
  }

  static async open(id: string): Promise<Bench> {
    return new Bench(await newNamespace(`case-${id.toLowerCase()}`), await openDriver());
  }

  async close(): Promise<void> {
    for (const object of this.#clusterScoped)
      await this.kubectl('delete', object, '--ignore-not-found', '--wait=false');
    await this.kubectl('delete', 'namespace', this.namespace, '--wait=false');
    this.#close();
  }

  /** Deletes a cluster-scoped object (`crd/…`) at the end; newest first. */
  cleanUp(object: string): void {
    this.#clusterScoped.unshift(this.fill(object));
  }

  /** A text with `NS`, `GROUP` and `NAME` filled in; `name` is `NAME`, and unique in the cluster with the namespace before it. */
  fill(text: string, name = 'it'): string {
    return text
      .replaceAll('CLUSTERNAME', `${this.namespace}-${name}`)
      .replaceAll('NAME', name)
      .replaceAll('GROUP', `${this.namespace}.example.com`)
      .replaceAll('NS', this.namespace);
  }

  async bring(manifests: string, way = 'server-side apply by us', name?: string): Promise<void> {
    const args = [...(ways[way] ?? []), '-f', '-'];
    const { code, stderr } = await this.run({ stdin: this.fill(manifests, name) }, args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
  }

  /** Brings CustomResourceDefinitions, and waits until they are served. */
  async define(definitions: string): Promise<void> {
    await this.bring(definitions);
    for (const [, name] of this.fill(definitions).matchAll(
      /metadata: \{ name: ([a-z0-9.-]+\.example\.com|[a-z]+\.monitoring\.coreos\.com)/g,
    )) {
      this.cleanUp(`crd/${name}`);
      await this.kubectl('wait', `crd/${name}`, '--for=condition=Established', '--timeout=30s');
    }
  }

  compared(manifests: string, settings = '', name?: string): Promise<Comparison> {
    return shopUnit(this.fill(manifests, name), this.fill(settings, name)).then(({ unit, declaration }) =>
      this.driver.compare(unit, declaration),
    );
  }

  async verdict(manifests: string, settings = '', name?: string): Promise<string> {
    return this.fold(verdictWords(await this.compared(manifests, settings, name)), name);
  }

  /** Words with what is filled in taken out again. */
  fold(words: string, name = 'it'): string {
    return words
      .replaceAll(`${this.namespace}.example.com`, 'GROUP')
      .replaceAll(`${this.namespace}-${name}`, 'CLUSTERNAME')
      .replaceAll(this.namespace, 'NS');
  }

  /** The verdict on the same manifests, or on `declared`, after each of the four ways, under a name of its own each. */
  async inEveryWay(
    manifests: string,
    definitions?: string,
    declared = manifests,
  ): Promise<Map<string, string>> {
    if (definitions !== undefined) await this.define(definitions);
    const told = new Map<string, string>();
    for (const [index, way] of Object.keys(ways).entries()) {
      const name = `way${index}`;
      await this.bring(manifests, way, name);
      if (manifests.includes('CLUSTERNAME')) this.#cleanUpScoped(manifests, name);
      told.set(way, await this.verdict(declared, '', name));
    }
    return told;
  }

  #cleanUpScoped(manifests: string, name: string): void {
    for (const [, kind, scoped] of manifests.matchAll(
      /kind: ([A-Za-z]+)\nmetadata: \{ name: "?([a-z.]*CLUSTERNAME[A-Za-z.]*)/g,
    ))
      this.#clusterScoped.unshift(this.fill(`${kind}/${scoped}`, name));
  }

  run(
    options: { stdin?: string; env?: Record<string, string> },
    args: readonly string[],
  ): Promise<CommandResult> {
    const { stdin, env } = options;
    return runCommand(inject('kubectl'), ['-n', this.namespace, ...args], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], KUBECONFIG: inject('kubeconfig'), ...env },
      ...(stdin === undefined ? {} : { stdin }),
    });
  }

  /** kubectl in the namespace; a failure is thrown with what it said. */
  async kubectl(...args: readonly string[]): Promise<string> {
    return this.kubectlAs({}, ...args);
  }

  async kubectlAs(env: Record<string, string>, ...args: readonly string[]): Promise<string> {
    const filled = args.map(arg => this.fill(arg));
    const { code, stdout, stderr } = await this.run({ env }, filled);
    if (code !== 0) throw new Error(`kubectl ${filled.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  }

  /** A JSON patch under a manager's name, as controllers send it. */
  async patchAs(manager: string, object: string, ...operations: object[]): Promise<void> {
    const patch = JSON.stringify(operations);
    const args = ['patch', this.fill(object), '--type=json', `--field-manager=${manager}`, '-p', patch];
    const { code, stderr } = await this.run({}, args);
    if (code !== 0) throw new Error(`kubectl patch ${object} ended with ${code}: ${stderr}`);
  }

  /** YAML as kubectl reads it, as JSON. */
  async yamlAsJson(yaml: string): Promise<string> {
    const { stdout } = await this.run({ stdin: yaml }, [
      'create',
      '--dry-run=client',
      '-o',
      'json',
      '-f',
      '-',
    ]);
    return stdout;
  }

  async json(...args: readonly string[]): Promise<unknown> {
    return JSON.parse(await this.kubectl('get', ...args, '-o', 'json'));
  }

  until(what: string, check: () => Promise<boolean>, ms = 30_000): Promise<true> {
    return waitUntil(what, async () => (await check()) || undefined, ms);
  }
}
