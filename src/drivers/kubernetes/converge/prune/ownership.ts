import type { JsonObject } from '../../../../json/json.ts';
import { isMap } from '../../../../json/value.ts';
import type { InventoryItem } from '../../../driver.ts';
import { annotation, annotations } from '../annotations.ts';
import { listAt, objectAt, textAt } from '../json.ts';
import { isApplied, otherAppliers } from '../managers.ts';

/**
 * Why a live object of the inventory is not ours to delete; undefined where it is. The inventory alone is not believed: the
 * object must be the very one that was ours, and nobody else's by now.
 */
export function notOurs(item: InventoryItem, live: JsonObject): string | undefined {
  const metadata = objectAt(live, 'metadata');
  if (item.uid !== undefined && item.uid !== textAt(metadata, 'uid'))
    return 'it is another object than the one that was declared: somebody made it anew';
  if (item.uid === undefined && !isApplied(live)) return 'nothing tells that Holdfast made it';
  if (annotation(live, 'prune') === 'disabled') return `its annotation ${annotations.prune} says disabled`;
  const owner = listAt(metadata, 'ownerReferences').find(each => isMap(each) && each['controller'] === true);
  if (owner !== undefined)
    return `it belongs to ${textAt(owner, 'kind') ?? '?'} ${textAt(owner, 'name') ?? '?'}`;
  const [applier] = otherAppliers(live);
  if (applier !== undefined) return `${applier} applies it`;
  const release = textAt(objectAt(metadata, 'annotations'), 'meta.helm.sh/release-name');
  return release === undefined ? undefined : `it belongs to the Helm release ${release}`;
}
