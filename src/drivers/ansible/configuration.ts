/**
 * What of a repository's ansible.cfg counts. The rest could load plugins, run programs or write files outside of the private copy, so
 * the file itself is never given to Ansible: these settings are written into one of our own.
 */
const taken: Readonly<Record<string, readonly string[]>> = {
  defaults: [
    'remote_user',
    'forks',
    'timeout',
    'gathering',
    'interpreter_python',
    'hash_behaviour',
    'jinja2_native',
    'roles_path',
  ],
  privilege_escalation: ['become', 'become_user', 'become_method'],
};

/** Settings of ours, which nothing in a repository changes. */
const own: Readonly<Record<string, string>> = {
  stdout_callback: 'holdfast',
  retry_files_enabled: 'False',
  nocows: 'True',
  nocolor: 'True',
  deprecation_warnings: 'False',
  inventory_enabled: 'ini, yaml, toml, host_list',
};

/**
 * The configuration of a run. `folders` is where roles and collections may come from; a `roles_path` of the repository is added by
 * `within`, which gives undefined for a path that leaves it.
 */
export function configurationText(
  cfg: string | undefined,
  { roles, within }: { roles: readonly string[]; within: (path: string) => string | undefined },
): string {
  const given = cfg === undefined ? new Map<string, string>() : settingsIn(cfg);
  const added = (given.get('defaults.roles_path') ?? '')
    .split(':')
    .flatMap(path => (path.trim() === '' ? [] : (within(path.trim()) ?? [])));
  const lines = ['[defaults]', ...Object.entries(own).map(([key, value]) => `${key} = ${value}`)];
  lines.push(`roles_path = ${[...roles, ...added].join(':')}`);
  for (const [section, keys] of Object.entries(taken)) {
    if (section !== 'defaults') lines.push(`[${section}]`);
    for (const key of keys) {
      const value = given.get(`${section}.${key}`);
      if (value !== undefined && key !== 'roles_path') lines.push(`${key} = ${value}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The settings of an INI file by `section.key`; values of one line, as plain text without what could be a template. */
function settingsIn(cfg: string): Map<string, string> {
  const found = new Map<string, string>();
  let section = '';
  for (const line of cfg.split(/\r?\n/)) {
    const header = /^\[([\w-]+)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) section = header;
    const [, key = '', value = ''] = /^([\w-]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== '' && !/[{}%]/.test(value)) found.set(`${section}.${key}`, value.replace(/\s[;#].*$/, ''));
  }
  return found;
}
