import type { Json } from '../json/json.ts';
import { leavesOf, pointerOf } from '../json/value.ts';

/** Names of what is secret wherever it stands, in any way of writing names. */
const names =
  /passw|passphrase|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key|vault_|htpasswd|connection[_-]?string/i;
/** Names that only say where a secret is, or how long it is kept. */
const harmless =
  /(?:secret|password|token|key)[_-]?(?:id|arn|name|length|type|spec|usage|rotation\w*|version\w*|reset\w*|validity\w*|ttl)$|^(?:no_log|manage_master_user_password)$/i;
/** Texts that are one, or hold one, whatever they are called. */
const texts =
  /-----BEGIN [A-Z ]*PRIVATE|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{20,}|\bxox[abprs]-[\w-]{10,}|authorization:|bearer \S|:\/\/[^/\s:@]+:[^/\s@]+@|\$(?:1|2[aby]?|5|6|y)\$|^\$ANSIBLE_VAULT/i;

/**
 * JSON pointers of the values in a declaration that are never shown: by the names on their way, or by what they are. What only refers to
 * something else (`${var.password}`, `{{ vault }}`) holds no secret.
 */
export function secretPlaces(value: Json): string[] {
  return leavesOf(value)
    .filter(({ path, value: leaf }) => isSecretLeaf(path, leaf))
    .map(({ path }) => pointerOf(path));
}

function isSecretLeaf(path: readonly string[], leaf: Json): boolean {
  if (typeof leaf !== 'string' && typeof leaf !== 'number') return false;
  const text = String(leaf);
  if (texts.test(text)) return true;
  if (/^\s*(?:\$\{[^}]*\}|\{\{[^}]*\}\})\s*$/.test(text)) return false;
  return path.some(step => names.test(step) && !harmless.test(step));
}
