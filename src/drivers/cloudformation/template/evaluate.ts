import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap } from '../../../json/value.ts';
import { calledIn } from './functions.ts';
import { isUnresolved, unresolved } from './unresolved.ts';

/** What a template is evaluated with. What is not given is unresolved, never guessed. */
export interface Surroundings {
  account: string;
  region: string;
  stackName: string;
  stackId: string;
  /** Parameter values by name; a NoEcho one is `unresolved`. */
  parameters: ReadonlyMap<string, string>;
  /** What `Ref` of a resource is: its physical id. */
  references: ReadonlyMap<string, string>;
  /** An attribute of a resource, where it is known. */
  attribute?: (logicalId: string, attribute: string) => Json | undefined;
}

/** A resource with the properties that a template declares for it. */
export interface EvaluatedResource {
  logicalId: string;
  type: string;
  properties: JsonObject;
  /** `Retain`, `Snapshot` …, as declared. */
  deletionPolicy?: string;
}

/** Functions nest no deeper than this: more is an attack. */
const deepest = 200;

/** What a part of a template is, with `unresolved` for what is not known. */
export function evaluateValue(body: JsonObject, around: Surroundings, value: Json): Json {
  return new Evaluation(body, around).value(value, 0);
}

/** The resources of a template whose conditions hold. Pure; never throws for what a template may hold. */
export function evaluateTemplate(body: JsonObject, around: Surroundings): EvaluatedResource[] {
  const evaluation = new Evaluation(body, around);
  const found: EvaluatedResource[] = [];
  for (const [logicalId, resource] of entriesOf(body['Resources'])) {
    if (!isMap(resource) || typeof resource['Type'] !== 'string') continue;
    const condition = resource['Condition'];
    if (typeof condition === 'string' && evaluation.condition(condition) === false) continue;
    const properties = evaluation.value(resource['Properties'] ?? {}, 0);
    const policy = resource['DeletionPolicy'];
    found.push({
      logicalId,
      type: resource['Type'],
      properties: isMap(properties) ? properties : {},
      ...(typeof policy === 'string' ? { deletionPolicy: policy } : {}),
    });
  }
  return found;
}

function entriesOf(section: Json | undefined): [string, Json][] {
  return isMap(section) ? Object.entries(section) : [];
}

/** Stands for `AWS::NoValue`: the key or item is as if it were not written. */
const noValue = '\u0000holdfast:no-value\u0000';

class Evaluation {
  readonly #body: JsonObject;
  readonly #around: Surroundings;
  readonly #conditions = new Map<string, boolean | undefined>();

  constructor(body: JsonObject, around: Surroundings) {
    this.#body = body;
    this.#around = around;
  }

  /** Undefined when it depends on what is not known. */
  condition(name: string, depth = 0): boolean | undefined {
    if (this.#conditions.has(name)) return this.#conditions.get(name);
    // a condition that refers to itself is not known
    this.#conditions.set(name, undefined);
    const conditions = this.#body['Conditions'];
    const declared = isMap(conditions) ? conditions[name] : undefined;
    const found = declared === undefined ? undefined : this.#truth(declared, depth + 1);
    this.#conditions.set(name, found);
    return found;
  }

  #truth(value: Json, depth: number): boolean | undefined {
    if (depth > deepest) return undefined;
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    const called = calledIn(value);
    if (called === undefined) return undefined;
    const { name, argument } = called;
    if (name === 'Condition' && typeof argument === 'string') return this.condition(argument, depth);
    if (!Array.isArray(argument)) return undefined;
    const truths = () => argument.map(each => this.#truth(each, depth + 1));
    if (name === 'Fn::Equals') return this.#equals(argument, depth);
    if (name === 'Fn::Not') return negated(truths()[0]);
    if (name === 'Fn::And') return truths().includes(false) ? false : known(truths(), true);
    if (name === 'Fn::Or') return truths().includes(true) ? true : known(truths(), false);
    return undefined;
  }

  #equals(argument: Json[], depth: number): boolean | undefined {
    const [a, b] = argument.slice(0, 2).map(each => this.value(each, depth + 1));
    if (a === undefined || b === undefined || hasUnresolved(a) || hasUnresolved(b)) return undefined;
    return asText(a) === asText(b);
  }

  value(value: Json, depth: number): Json {
    if (depth > deepest) return unresolved;
    if (Array.isArray(value))
      return value.map(each => this.value(each, depth + 1)).filter(each => each !== noValue);
    if (!isMap(value)) return typeof value === 'string' && value.includes('{{resolve:') ? unresolved : value;
    const called = calledIn(value);
    if (called !== undefined && called.name !== 'Condition')
      return this.#call(called.name, called.argument, depth);
    const entries = Object.entries(value).map(([key, child]) => [key, this.value(child, depth + 1)] as const);
    return Object.fromEntries(entries.filter(([, child]) => child !== noValue));
  }

  #call(name: string, argument: Json, depth: number): Json {
    if (name === 'Ref') return this.#reference(String(argument));
    if (name === 'Fn::If') return this.#choice(argument, depth);
    if (name === 'Fn::Sub') return this.#substituted(argument, depth);
    if (name === 'Fn::GetAtt') return this.#attribute(argument, depth);
    const given = this.value(argument, depth + 1);
    if (name === 'Fn::Base64')
      return hasUnresolved(given) ? unresolved : Buffer.from(asText(given)).toString('base64');
    if (name === 'Fn::ToJsonString') return hasUnresolved(given) ? unresolved : JSON.stringify(given);
    if (name === 'Fn::Length')
      return Array.isArray(given) && !hasUnresolved(given) ? given.length : unresolved;
    if (!Array.isArray(given)) return unresolved;
    if (name === 'Fn::Join') return joined(given);
    if (name === 'Fn::Split') return split(given);
    if (name === 'Fn::Select') return selected(given);
    if (name === 'Fn::FindInMap') return this.#mapped(given);
    return unresolved;
  }

  #reference(name: string): Json {
    const { account, region, stackName, stackId, parameters, references } = this.#around;
    const partition = isUnresolved(region) ? unresolved : partitionOf(region);
    const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    const pseudo: Record<string, Json> = {
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::StackName': stackName,
      'AWS::StackId': stackId,
      'AWS::Partition': partition,
      'AWS::URLSuffix': isUnresolved(region) ? unresolved : suffix,
      'AWS::NoValue': noValue,
    };
    if (Object.hasOwn(pseudo, name)) return pseudo[name] ?? unresolved;
    const value = parameters.get(name);
    if (value !== undefined) return this.#isList(name) ? value.split(',').map(each => each.trim()) : value;
    return references.get(name) ?? unresolved;
  }

  #isList(parameter: string): boolean {
    const parameters = this.#body['Parameters'];
    const declared = isMap(parameters) ? parameters[parameter] : undefined;
    const type = isMap(declared) ? String(declared['Type']) : '';
    return /List/.test(type);
  }

  #choice(argument: Json, depth: number): Json {
    if (!Array.isArray(argument) || typeof argument[0] !== 'string') return unresolved;
    const holds = this.condition(argument[0]);
    if (holds === undefined) return unresolved;
    return this.value(argument[holds ? 1 : 2] ?? null, depth + 1);
  }

  #substituted(argument: Json, depth: number): Json {
    const [text, own] = Array.isArray(argument) ? argument : [argument];
    if (typeof text !== 'string') return unresolved;
    let whole = true;
    const result = text.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, inner: string) => {
      if (literal === '!') return `\${${inner}}`;
      const name = inner.trim();
      const value =
        isMap(own) && Object.hasOwn(own, name)
          ? this.value(own[name] ?? null, depth + 1)
          : name.includes('.')
            ? this.#attribute(name, depth)
            : this.#reference(name);
      if (typeof value === 'object' || hasUnresolved(value)) whole = false;
      return asText(value);
    });
    return whole && !result.includes('{{resolve:') ? result : unresolved;
  }

  #attribute(argument: Json, depth: number): Json {
    const text = Array.isArray(argument)
      ? argument.map(each => asText(this.value(each, depth + 1))).join('.')
      : asText(argument);
    const dot = text.indexOf('.');
    if (dot === -1) return unresolved;
    return this.#around.attribute?.(text.slice(0, dot), text.slice(dot + 1)) ?? unresolved;
  }

  #mapped(keys: Json[]): Json {
    if (hasUnresolved(keys)) return unresolved;
    let at: Json | undefined = this.#body['Mappings'];
    for (const key of keys.slice(0, 3))
      at = isMap(at) && Object.hasOwn(at, asText(key)) ? at[asText(key)] : undefined;
    return at ?? unresolved;
  }
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function negated(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}

function known(truths: (boolean | undefined)[], value: boolean): boolean | undefined {
  return truths.includes(undefined) ? undefined : value;
}

function joined([by, items]: Json[]): Json {
  if (!Array.isArray(items) || hasUnresolved(items)) return unresolved;
  return items.map(asText).join(asText(by ?? ''));
}

function split([by, text]: Json[]): Json {
  if (text === undefined || hasUnresolved(text)) return unresolved;
  return asText(text).split(asText(by ?? ''));
}

function selected([at, items]: Json[]): Json {
  if (!Array.isArray(items)) return unresolved;
  return items[Number(at)] ?? unresolved;
}

function asText(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Whether any part of a value is unresolved. */
export function hasUnresolved(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return isUnresolved(value);
  return Object.values(value).some(hasUnresolved);
}
