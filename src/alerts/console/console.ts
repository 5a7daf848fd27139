import type { Transition } from '../../incidents/incident.ts';
import { brief, type Paint, paint } from '../../report/terminal.ts';
import { type Message, messageOf } from '../message.ts';
import { type Outlet, TellFailure, type Telling } from '../outlet.ts';
import type { Line, Piece } from '../say.ts';

/** Tells incidents on standard output, one readable block for each transition. */
export class ConsoleOutlet implements Outlet {
  readonly name = 'console';
  readonly #write: (text: string) => unknown;
  readonly #look: Paint;

  /** `write` gets whole blocks that a terminal can show safely; they hold no secret value. */
  constructor(options: { write: (text: string) => unknown; colour: boolean }) {
    this.#write = options.write;
    this.#look = paint(options.colour);
  }

  async tell(transition: Transition, telling: Telling): Promise<Record<string, string>> {
    await this.remind(messageOf(transition, telling));
    return {};
  }

  async remind(message: Message): Promise<void> {
    try {
      this.#write(consoleBlock(message, this.#look));
    } catch (error) {
      throw new TellFailure('HF1701', 'cannot write to standard output', { scope: 'outlet', cause: error });
    }
  }

  async close(): Promise<void> {}
}

/** A message as lines of text, ended by an empty line. */
export function consoleBlock(message: Message, look: Paint): string {
  const first = `${look.strong(tone(message.verdict, look)(message.verdict))} ${shown(message.headline)}`;
  return `${[first, ...message.lines.map(line => indented(line, look))].join('\n')}\n\n`;
}

function indented(line: Line, look: Paint): string {
  return line.inner === true ? look.faint(`    ${shown(line.pieces)}`) : `  ${shown(line.pieces)}`;
}

function shown(pieces: readonly Piece[]): string {
  return pieces.map(piece => ('words' in piece ? piece.words : brief(piece.outside, 300))).join('');
}

function tone(verdict: Message['verdict'], look: Paint): (text: string) => string {
  if (verdict === 'RESOLVED') return look.good;
  return verdict === 'BLIND' ? look.unsure : look.bad;
}
