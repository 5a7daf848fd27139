import { type Message, type Outlet, type Reminder, type Tell, TellFailure } from '../../incidents/outlet.ts';
import type { Line, Piece } from '../../incidents/say.ts';
import { brief, type Paint, paint } from '../../report/terminal.ts';
import { messageOf } from '../message.ts';
import { noteLines } from '../notes.ts';

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

  async tell({ transition, telling }: Tell): Promise<Record<string, string>> {
    const { what, incident, notes = [] } = transition;
    if (what !== 'noted') this.#print(consoleBlock(messageOf(incident, telling), this.#look));
    else {
      const lines = noteLines(notes, incident, telling, 0);
      const { headline } = messageOf(incident, telling);
      this.#print(consoleBlock({ verdict: 'NOTE', headline, lines }, this.#look));
    }
    return {};
  }

  async remind({ message }: Reminder): Promise<void> {
    this.#print(consoleBlock(message, this.#look));
  }

  async close(): Promise<void> {}

  #print(block: string): void {
    try {
      this.#write(block);
    } catch (error) {
      throw new TellFailure('HF1701', 'cannot write to standard output', { scope: 'outlet', cause: error });
    }
  }
}

type Block = Pick<Message, 'headline' | 'lines'> & { verdict: Message['verdict'] | 'NOTE' };

/** A message as lines of text, ended by an empty line. */
export function consoleBlock(message: Block, look: Paint): string {
  const first = `${look.strong(tone(message.verdict, look)(message.verdict))} ${shown(message.headline)}`;
  return `${[first, ...message.lines.map(line => indented(line, look))].join('\n')}\n\n`;
}

function indented(line: Line, look: Paint): string {
  return line.inner === true ? look.faint(`    ${shown(line.pieces)}`) : `  ${shown(line.pieces)}`;
}

function shown(pieces: readonly Piece[]): string {
  return pieces.map(piece => ('words' in piece ? piece.words : brief(piece.outside, 300))).join('');
}

function tone(verdict: Block['verdict'], look: Paint): (text: string) => string {
  if (verdict === 'RESOLVED') return look.good;
  return verdict === 'BLIND' || verdict === 'NOTE' ? look.unsure : look.bad;
}
