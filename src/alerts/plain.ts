import type { Line, Piece } from '../incidents/say.ts';
import { brief } from '../report/terminal.ts';

/** Pieces as plain text on one line in which every character can be seen; each from outside is shortened to `most`. */
export function plainPieces(pieces: readonly Piece[], most = 300): string {
  return pieces.map(piece => ('words' in piece ? piece.words : brief(piece.outside, most))).join('');
}

export function plainLines(lines: readonly Line[], most = 300): string[] {
  return lines.map(({ pieces, inner }) => `${inner === true ? '  ' : ''}${plainPieces(pieces, most)}`);
}
