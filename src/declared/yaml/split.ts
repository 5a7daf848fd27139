/** One document's text as kubectl cuts it out of a file, before any YAML is parsed. */
export interface Chunk {
  text: string;
  /** The line of the file on which `text` starts, from 1. */
  line: number;
  /** Set instead of a usable text: what stands after `---` on this line. */
  separator?: string;
}

/**
 * Cuts a file at the lines that start with `---`, as kubectl's reader does (k8s.io/apimachinery, util/yaml): the cut comes
 * before YAML, so it also ends a quoted or literal text, and a broken document never spoils the next. Only a comment may
 * follow the dashes. `first` is the line number of the first line.
 */
export function splitDocuments(text: string, first = 1): Chunk[] {
  const chunks: Chunk[] = [];
  let line = first;
  let start = 0;
  let startLine = first;
  for (let at = 0; at < text.length; line++) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline + 1;
    if (text.startsWith('---', at)) {
      const rest = text.slice(at + 3, end).trim();
      if (at > start) chunks.push({ text: text.slice(start, at), line: startLine });
      const bad = rest !== '' && !rest.startsWith('#');
      if (bad) chunks.push({ text: '', line, separator: rest });
      start = end;
      startLine = line + 1;
    }
    at = end;
  }
  if (start < text.length) chunks.push({ text: text.slice(start), line: startLine });
  return chunks;
}
