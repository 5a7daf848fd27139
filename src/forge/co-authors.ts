/**
 * Addresses in the `Co-authored-by:` trailers of commits, in lower case. Anybody may write anything there, so they may only
 * exclude an approver, never vouch for one.
 */
export function coAuthorEmails(messages: readonly string[]): string[] {
  const found = messages.flatMap(message =>
    [...message.matchAll(/^co-authored-by:[^<\n]*<([^<>\s]+)>/gim)].map(([, email = '']) =>
      email.toLowerCase(),
    ),
  );
  return [...new Set(found)];
}

/** Whether an address is an account's: the one it shows, or the one that forges give out so that none is shown. */
export function isOf(email: string, login: string, shown: string | undefined): boolean {
  if (shown !== undefined && email === shown.toLowerCase()) return true;
  const [local = '', domain = ''] = email.split('@');
  return /(^|\.)noreply\b/.test(domain) && local.replace(/^\d+[+-]/, '') === login.toLowerCase();
}
