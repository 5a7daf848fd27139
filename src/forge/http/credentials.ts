/** What proves to a forge who asks; it may be renewed while it is in use. */
export interface Credentials {
  headers(): Promise<Record<string, string>>;
  /** Text that must never leave the process: all that was ever sent, and what it is made from. */
  secrets(): readonly string[];
  /** The forge refused it: what can be renewed is not used again. */
  refused(): void;
  /** Whether it is that of a GitHub App, which may make check runs. */
  readonly asApp: boolean;
}

/** A token that stays as it is. */
export function fixedToken(token: string, header: (token: string) => Record<string, string>): Credentials {
  const headers = header(token);
  return { headers: async () => headers, secrets: () => [token], refused: () => undefined, asApp: false };
}
