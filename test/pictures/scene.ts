/** One photograph: a page as it is at a width and in a colour scheme. */
export interface Scene {
  /** Of the file, without `.png`. */
  name: string;
  html: string;
  width: number;
  scheme: 'light' | 'dark';
  height?: number;
  /** The whole page, not only what fits the window. */
  whole?: boolean;
}

/** The four photographs of a page: wide and narrow, light and dark. */
export function fourWays(name: string, html: string): Scene[] {
  return [
    { name: `${name}-wide-light`, html, width: 1000, scheme: 'light' },
    { name: `${name}-wide-dark`, html, width: 1000, scheme: 'dark' },
    { name: `${name}-phone-light`, html, width: 390, scheme: 'light' },
    { name: `${name}-phone-dark`, html, width: 390, scheme: 'dark' },
  ];
}
