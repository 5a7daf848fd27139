import { visible } from './terminal.ts';

/** HTML that was made by `html` and needs no escaping. */
export class Markup {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  /** Text of our own that is markup already, such as the script of a page. Never give it anything from outside. */
  static trusted(text: string): Markup {
    return new Markup(text);
  }

  /**
   * The one way to make HTML: what stands in the template is taken as it is, every value put into it is made visible
   * (no control or direction-changing characters) and escaped, in text and in quoted attributes alike.
   */
  static html(
    strings: TemplateStringsArray,
    ...values: (Markup | readonly Markup[] | string | number)[]
  ): Markup {
    const parts = strings.flatMap((piece, index) => {
      const value = values[index];
      return value === undefined ? [piece] : [piece, asText(value)];
    });
    return new Markup(parts.join(''));
  }
}

export const html = Markup.html;

function asText(value: Markup | readonly Markup[] | string | number): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(item => item.text).join('');
  return visible(String(value)).replace(/[&<>"'`]/g, character => `&#${character.charCodeAt(0)};`);
}
