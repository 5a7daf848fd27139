import type { Asker } from '../alerts/slack/inbound/payload.ts';
import type { Settings } from '../declared/settings.ts';
import type { FailureCode } from '../failure/codes.ts';
import { mayWrite, type Permission } from '../forge/proposals.ts';

/** What decides who may ask for anything. */
export interface PermitRules {
  /** The workspace (`T…`) or organization (`E…`) that is ours, from the environment. */
  team: string;
  /** As the last authorized revision says; undefined while none could be read. */
  settings: Settings['alerts']['slack'] | undefined;
  /** Asks the forge, which may be remembered for five minutes; absent without a forge. */
  permissionOf: ((login: string) => Promise<Permission>) | undefined;
}

/** The login that a person acts as, or why they may not, in words for them alone. */
export type Permit = { login: string } | { code: FailureCode; words: string; login?: string };

/**
 * Whether a person may ask for something here, in this order, each of which must say yes: our workspace, an allowed channel, an
 * explicit map from the Slack account to a login (kept in Git, so reviewed itself), and write permission at the forge now. Empty
 * lists allow nobody. A name or an e-mail never counts: people change theirs. Nothing of this authorizes a revision.
 */
export async function permit(asker: Asker, rules: PermitRules): Promise<Permit> {
  const { team, settings, permissionOf } = rules;
  if (asker.bot) return { code: 'HF1741', words: 'Bots may ask for nothing here.' };
  const own = team.startsWith('E') ? asker.enterprise === team : asker.team === team;
  const guest = asker.userTeam !== undefined && !ofOurs(asker.userTeam, asker, team);
  if (team === '' || !own || guest)
    return { code: 'HF1741', words: 'This is for people of another workspace.' };
  if (settings === undefined)
    return { code: 'HF1745', words: 'No authorized revision could be read yet: try again in a moment.' };
  if (!settings.channels.includes(asker.channel)) {
    const words = `Nothing can be asked for in this channel (${asker.channel}): it is not among alerts.slack.channels of holdfast.yaml.`;
    return { code: 'HF1742', words };
  }
  const login = Object.hasOwn(settings.users, asker.user) ? settings.users[asker.user] : undefined;
  if (login === undefined) {
    const words = `Holdfast does not know you. To be added, open a pull request that puts \`${asker.user}: <your login>\` under alerts.slack.users in holdfast.yaml; it counts once it is merged.`;
    return { code: 'HF1743', words };
  }
  if (permissionOf === undefined)
    return { code: 'HF1745', words: 'Without a forge nobody’s permission can be asked for.', login };
  let permission: Permission;
  try {
    permission = await permissionOf(login);
  } catch {
    const words = `The forge cannot say now whether ${login} may write: nothing is done, try again.`;
    return { code: 'HF1745', words, login };
  }
  if (!mayWrite(permission)) {
    const words = `You are ${login}, who may not write to the repository (${permission}): ask its administrators.`;
    return { code: 'HF1744', words, login };
  }
  return { login };
}

/** An account of an organization belongs to several of its workspaces. */
function ofOurs(userTeam: string, asker: Asker, team: string): boolean {
  return userTeam === team || userTeam === asker.team || userTeam === asker.enterprise;
}

export function isRefused(permit: Permit): permit is Extract<Permit, { code: FailureCode }> {
  return 'code' in permit;
}
