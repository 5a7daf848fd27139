import type { Target } from '../../../cluster/cluster.ts';
import { bodyOf, refOf, serverMetadata } from '../../../cluster/target.ts';
import type { DeclaredObject } from '../../../declared/declaration.ts';
import type { ObjectRef, Source } from '../../../findings/finding.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap, without } from '../../../json/value.ts';

/** One declared object, ready to be compared. What can be made of it is made anew each time: few are ever asked, and all would be held. */
export class Subject {
  readonly unit: string;
  readonly target: Target;
  readonly ref: ObjectRef;
  readonly #declared: DeclaredObject;

  constructor(unit: string, target: Target, declared: DeclaredObject) {
    this.unit = unit;
    this.target = target;
    this.ref = refOf(target);
    this.#declared = declared;
  }

  get source(): Source {
    return this.#declared.source;
  }

  /** What dry runs send. */
  get body(): JsonObject {
    return bodyOf(this.target, this.#declared.object);
  }

  /** What is compared: the body without identity, in the server's spelling where that is certain. */
  get plain(): JsonObject {
    return plainOf(this.target, this.body);
  }

  /** Whether another subject declares the same. Files that have not changed give the same object, which costs no hash. */
  declaresAs(other: Subject): boolean {
    const [own, others] = [this.#declared, other.#declared];
    return own.object === others.object || own.hash === others.hash;
  }
}

const identity: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'status']);
const bookkeeping: ReadonlySet<string> = new Set([...serverMetadata, 'name', 'namespace', 'generateName']);

/** An object without identity, status and bookkeeping of the server: what two objects are compared by. */
export function plainOf(target: Target, object: JsonObject): JsonObject {
  const plain = without(object, identity);
  plain['metadata'] = isMap(plain['metadata']) ? without(plain['metadata'], bookkeeping) : {};
  if (holdsTexts(target)) {
    for (const key of ['data', 'binaryData'])
      if (plain[key] !== undefined) plain[key] = withoutNulls(plain[key]);
  }
  return plain;
}

function holdsTexts({ kind }: Target): boolean {
  return kind.group === '' && (kind.kind === 'Secret' || kind.kind === 'ConfigMap');
}

/** The server stores a null in the data of a Secret or ConfigMap as an empty text (kubernetes#108008). */
function withoutNulls(data: Json): Json {
  if (!isMap(data)) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, value ?? '']));
}
