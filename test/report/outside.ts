/** What stands outside of fences and code spans, as CommonMark reads them; throws when a fence stays open. */
export function outside(markdown: string): string {
  const kept: string[] = [];
  let open: string | undefined;
  for (const line of markdown.split('\n')) {
    const fence = /^(`{3,})\s*$/.exec(line)?.[1];
    if (open === undefined && fence !== undefined) open = fence;
    else if (open !== undefined && fence !== undefined && fence.length >= open.length) open = undefined;
    else if (open === undefined) kept.push(line);
  }
  if (open !== undefined) throw new Error('a fence stays open');
  return kept.join('\n').replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
}
