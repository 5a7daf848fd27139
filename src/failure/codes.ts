/**
 * Every code that a person can meet, with its title and what to do. The hundreds name the part: HF10 the installation,
 * HF11 declarations, HF12 Git, HF13 the cluster, HF14 the forge, HF15 the gate, HF16 syncs, HF17 alerts,
 * HF18 Helm, HF19 CloudFormation, HF20 Terraform, HF21 Ansible, HF22 previews and pages.
 * Codes are stable: none is renamed or used again. `docs/errors.md` is generated from this table.
 */
export const failureCodes = {
  HF1001: {
    title: 'the environment or the options of Holdfast are wrong',
    advice: 'Correct the setting that is named; `holdfast run --help` lists them.',
  },
  HF1002: {
    title: 'an unexpected error inside Holdfast',
    advice:
      'Run again with HOLDFAST_DEBUG=1, or the daemon with --log-level debug, and report it with what is printed.',
  },
  HF1003: {
    title: 'a tool of the sandbox cannot be had',
    advice: 'Get what is missing, or put the binaries into a folder and name it in HOLDFAST_TOOLS.',
  },
  HF1004: {
    title: 'a part of the sandbox did not start',
    advice: 'Read the last lines of its log, given here; then start again.',
  },
  HF1005: {
    title: 'a program that Holdfast runs is not installed',
    advice:
      'Install it where PATH finds it, or name it: HOLDFAST_KUSTOMIZE is the path of kustomize or kubectl, HOLDFAST_HELM that of helm.',
  },
  HF1006: {
    title: 'a unit that is named is not declared',
    advice: 'Name a unit that is declared, or none for all.',
  },
  HF1010: {
    title: 'comparisons of a unit do not agree',
    advice:
      'Find what changes it all the time, or leave the field out with an ignore rule; it is tried again.',
  },
  HF1101: {
    title: 'a file is not valid YAML or JSON',
    advice: 'Correct the file at the line named; the rest is compared.',
  },
  HF1102: {
    title: 'a document is not a Kubernetes object',
    advice: 'Give it apiVersion, kind and metadata.name, or move it out of the manifests folder.',
  },
  HF1103: { title: 'an object is declared twice', advice: 'Keep one of the two declarations.' },
  HF1104: {
    title: 'holdfast.yaml is wrong',
    advice: 'Correct it at the line named; the last good one stays in use.',
  },
  HF1105: { title: 'a declaration cannot be read', advice: 'See that the file exists and can be read.' },
  HF1106: {
    title: 'a unit cannot be rendered',
    advice: 'Correct what is named; its last good declaration stays in use.',
  },
  HF1107: {
    title: 'a file holds an unrendered template',
    advice: 'Render it first, or declare it as a Helm chart.',
  },
  HF1108: {
    title: 'a driver is not available',
    advice: 'Remove the unit from holdfast.yaml or use a release of Holdfast that has the driver.',
  },
  HF1109: {
    title: 'it is not clear which namespaces a unit manages',
    advice:
      'Name them (manages: [shop]), each in one unit only, or declare them in the unit as objects of the kind Namespace.',
  },
  HF1121: {
    title: 'an object does not fit the schema of its kind',
    advice: 'Correct the fields that are named; the lines are given.',
  },
  HF1122: {
    title: 'the version of Kubernetes does not serve the API version',
    advice:
      'Use the API version that is named, or name the version of the cluster with --kubernetes-version.',
  },
  HF1123: {
    title: 'an API version is deprecated',
    advice: 'Move to the API version that is named before the cluster stops serving this one.',
  },
  HF1124: {
    title: 'a kind is not known without a cluster',
    advice:
      'Name its CustomResourceDefinition with --crds, or pass over such objects with --ignore-unknown-kinds.',
  },
  HF1131: {
    title: 'an ignore rule has run out',
    advice: 'Remove it from holdfast.yaml, or give it a later `until`; what it ignored is told again.',
  },
  HF1132: {
    title: 'an ignore rule leaves nothing out',
    advice: 'Remove it from holdfast.yaml, or correct what it names.',
  },
  HF1201: {
    title: 'the Git remote cannot be reached',
    advice: 'Check the URL and the network; the last good revision stays in use.',
  },
  HF1202: {
    title: 'the Git remote refused the credentials',
    advice: 'Check the token (HOLDFAST_GIT_TOKEN) and what it may read.',
  },
  HF1203: {
    title: 'the Git repository does not exist',
    advice: 'Check HOLDFAST_GIT_URL; the last good revision stays in use.',
  },
  HF1204: { title: 'the branch does not exist', advice: 'Push a first commit or check HOLDFAST_GIT_BRANCH.' },
  HF1206: {
    title: 'the revision is not in the repository',
    advice: 'Name a commit that is in the repository; the daemon and `verify` take full SHAs.',
  },
  HF1207: { title: 'Git failed', advice: 'Read what git said; the last good revision stays in use.' },
  HF1208: {
    title: 'the audit trail could not be put into Git notes',
    advice:
      'Let the token (HOLDFAST_GIT_TOKEN) push refs/notes/holdfast, or set audit.gitNotes to false; syncs go on, and it is tried again.',
  },
  HF1301: {
    title: 'the API server cannot be reached',
    advice: 'Check that the cluster runs and that the kubeconfig names it.',
  },
  HF1302: {
    title: 'the API server refused the credentials',
    advice: 'Log in again or renew the token of the kubeconfig.',
  },
  HF1303: { title: 'the API server forbids a request', advice: 'Give the account the right that is named.' },
  HF1304: {
    title: 'the kubeconfig is wrong',
    advice: 'Check --kubeconfig, --context and the KUBECONFIG variable.',
  },
  HF1305: {
    title: 'no such kind on the server',
    advice: 'Install the CustomResourceDefinition or correct apiVersion and kind.',
  },
  HF1306: {
    title: 'the API server would refuse the object',
    advice: 'Correct the declaration as the server says.',
  },
  HF1307: {
    title: 'an object could not be compared',
    advice: 'Read what the server said; it is tried again.',
  },
  HF1308: {
    title: 'the API server failed or is overloaded',
    advice: 'It is tried again; look at the API server if it lasts.',
  },
  HF1309: {
    title: 'the CustomResourceDefinitions of Holdfast are missing',
    advice: 'Apply manifests/holdfast/crds to the cluster.',
  },
  HF1401: {
    title: 'the forge cannot be reached',
    advice: 'Check HOLDFAST_FORGE_URL and the forge; nothing is applied meanwhile.',
  },
  HF1402: {
    title: 'the forge refused the token',
    advice:
      'Check HOLDFAST_FORGE_TOKEN, or the App, and what it may do (docs/gate.md); nothing is applied meanwhile.',
  },
  HF1403: {
    title: 'the forge does not know the repository',
    advice:
      'Check HOLDFAST_FORGE_REPOSITORY (owner/name) and the token’s access; if it was moved on purpose, set the new name, and HOLDFAST_FORGE_REPOSITORY_ID if it has a new number.',
  },
  HF1404: {
    title: 'the forge asks to slow down',
    advice: 'Nothing to do: it is asked again when it allows.',
  },
  HF1405: {
    title: 'the forge answered what its API does not allow',
    advice: 'Check the forge’s version; nothing is applied meanwhile.',
  },
  HF1406: {
    title: 'the forge does not know the commit',
    advice: 'Nothing to do if it was just pushed; else see that Git URL and forge name the same repository.',
  },
  HF1451: {
    title: 'the forge opened no pull request',
    advice: 'Check that HOLDFAST_FORGE_WRITE_TOKEN may write to the repository and open pull requests there.',
  },
  HF1452: {
    title: 'a branch could not be pushed',
    advice: 'Check that HOLDFAST_FORGE_WRITE_TOKEN may push branches that begin with holdfast/.',
  },
  HF1453: {
    title: 'there is no such merged pull request',
    advice: 'Name a merged pull request by its number, or a commit of the branch by its full SHA.',
  },
  HF1454: {
    title: 'a revert has conflicts',
    advice: 'Take back what was merged later as well (name it too), or revert by hand: the files are named.',
  },
  HF1455: {
    title: 'there is nothing to propose',
    advice: 'Nothing to do: the branch already says it.',
  },
  HF1456: {
    title: 'a live value cannot be written into the declaration',
    advice: 'Open a pull request by hand; the reason is given.',
  },
  HF1501: {
    title: 'the revision is not authorized',
    advice: 'Bring the change through an approved pull request; `holdfast verify` explains.',
  },
  HF1502: {
    title: 'it cannot be told whether the revision is authorized',
    advice: 'It is asked again; nothing is applied meanwhile.',
  },
  HF1503: {
    title: 'no first revision is trusted',
    advice: 'Set HOLDFAST_TRUST_ROOT to the full SHA of a commit on the branch that you trust.',
  },
  HF1601: {
    title: 'a sync failed',
    advice: 'Read its results: `kubectl get sync NAME -o yaml`; it can be asked for again.',
  },
  HF1602: { title: 'live changed after the plan was shown', advice: 'Look at the new plan and ask again.' },
  HF1603: {
    title: 'an object did not become healthy in time',
    advice: 'Look at the object’s events and status.',
  },
  HF1604: { title: 'the sync cannot be asked for', advice: 'Check the unit’s name with `holdfast status`.' },
  HF1605: {
    title: 'no converger runs',
    advice:
      'Start `holdfast run` with a forge (HOLDFAST_FORGE) and the role converger or all, and ask again when it runs.',
  },
  HF1606: {
    title: 'a freeze is wrong or cannot be read',
    advice:
      'Correct what is named, or delete the object: `kubectl get freezes`; nothing is applied meanwhile.',
  },
  HF1607: {
    title: 'the inventory of a unit cannot be read',
    advice:
      'Nothing of the unit is deleted meanwhile. Delete the object (`kubectl get inventories`): the next sync makes it anew from what is declared.',
  },
  HF1608: {
    title: 'another tool applies the same fields',
    advice:
      'Take the object out of one of the two; or let Holdfast take it over: annotation holdfast.dev/take-over, or converge.units[].takeOver in holdfast.yaml.',
  },
  HF1609: {
    title: 'a field cannot be changed, and the object is not made anew',
    advice:
      'Delete it by hand, or say in the declaration that it may be deleted and created again: annotation holdfast.dev/recreate: allowed.',
  },
  HF1610: {
    title: 'a hook failed',
    advice: 'Read the log of its Pods; the Job stays until the next sync of the unit runs it again.',
  },
  HF1611: {
    title: 'the observer could write',
    advice:
      'Apply manifests/holdfast/identities: the admission policy of the observer and its binding must be in force, and its rights no more than those there.',
  },
  HF1612: {
    title: 'an annotation of Holdfast is wrong',
    advice:
      'Give holdfast.dev/wave a whole number from -1000 to 1000, and holdfast.dev/hook before or after, on a Job of batch/v1 alone.',
  },
  HF1701: {
    title: 'Slack cannot be reached or refused the message',
    advice: 'Check SLACK_BOT_TOKEN and the channel; messages are sent when it works again.',
  },
  HF1702: { title: 'an alert route is wrong', advice: 'Name a channel that the bot was invited to.' },
  HF1703: {
    title: 'an alert receiver cannot be reached or refused the message',
    advice:
      'Check HOLDFAST_ALERT_URL or HOLDFAST_ALERTMANAGER_URL; what is so then is sent when it works again.',
  },
  HF1704: {
    title: 'an Event cannot be left on an object',
    advice:
      'Give the observer’s account the right to create events (events.k8s.io), or set HOLDFAST_EVENTS=false.',
  },
  HF1801: {
    title: 'helm cannot render a chart',
    advice: 'Correct the chart or its values; the last good declaration of the unit stays in use.',
  },
  HF1802: {
    title: 'a dependency of a chart is missing',
    advice:
      'Run `helm dependency build` and commit charts/, or name a folder of the repository with file://.',
  },
  HF1803: {
    title: 'a chart cannot be fetched',
    advice:
      'Check repository, name, version and credentials of the chart (docs/helm.md) and the network; it is tried again.',
  },
  HF1804: {
    title: 'a fetched chart is not the one that is pinned',
    advice:
      'Pin the digest of the version that is wanted (sha256sum of its .tgz); if that was pinned, find out who changed the chart.',
  },
  HF1805: {
    title: 'a folder is not a chart that can be released',
    advice: 'Correct the chart as said; the last good declaration of the unit stays in use.',
  },
  HF1806: {
    title: 'rendering a chart used up its limits',
    advice: 'Find the template that loops or grows without end; nothing else is affected.',
  },
  HF1807: {
    title: 'a field of a chart is not the same each time',
    advice:
      'Nothing to do: it is neither taken for drift nor applied. A fixed value or an existing Secret makes it comparable.',
  },
  HF1808: {
    title: 'the record of a release cannot be read',
    advice: 'See the Secrets of the type helm.sh/release.v1 in its namespace, and who may read them.',
  },
  HF1809: {
    title: 'helm could not converge a release',
    advice: 'Read what helm said and `helm history`; the sync can be asked for again.',
  },
  HF1810: {
    title: 'another operation of helm is in progress',
    advice: 'Wait for it. One that has not moved for 10 minutes is taken for interrupted and recovered.',
  },
  HF1811: {
    title: 'values of a release cannot be read',
    advice: 'Correct the file of values, or its name, at the line named.',
  },
  HF1741: {
    title: 'a request from Slack came from elsewhere',
    advice: 'Nothing to do; if it was one of yours, check HOLDFAST_SLACK_TEAM.',
  },
  HF1742: {
    title: 'a request from Slack came from a channel that is not allowed',
    advice: 'Add the channel’s id to alerts.slack.channels of holdfast.yaml by a pull request.',
  },
  HF1743: {
    title: 'a Slack user is not known',
    advice: 'Add the user’s id and login to alerts.slack.users of holdfast.yaml by a pull request.',
  },
  HF1744: {
    title: 'a Slack user may not write to the repository',
    advice: 'Give the login write permission at the forge, if it should have it.',
  },
  HF1745: {
    title: 'it cannot be told whether a Slack user may ask',
    advice: 'Check that the forge answers; nothing is done meanwhile.',
  },
  HF1746: {
    title: 'a request was not signed by Slack',
    advice: 'Check SLACK_SIGNING_SECRET; otherwise somebody else knocks at /slack/requests.',
  },
  HF1747: {
    title: 'a request from Slack is not of now',
    advice: 'Set the clock of the machine right; otherwise somebody sends a captured request.',
  },
  HF1748: {
    title: 'a request from Slack came twice',
    advice: 'Nothing to do: it was taken once.',
  },
  HF1749: {
    title: 'a request is too large',
    advice: 'Nothing to do: Slack sends none like it.',
  },
  HF1750: {
    title: 'something from Slack is not understood',
    advice: 'Compare the app’s settings with docs/slack.md.',
  },
  HF1751: {
    title: 'Socket Mode is not connected',
    advice: 'Check SLACK_APP_TOKEN (xapp-…, connections:write) and the network; it is tried again.',
  },
  HF1752: {
    title: 'an answer could not be shown in Slack',
    advice: 'Nothing to do: what was asked for is done all the same; look at `holdfast status`.',
  },
  HF1753: {
    title: 'another process has the incidents just now',
    advice:
      'Ask again in some seconds. Over HTTP set HOLDFAST_POD_IP, so that observers pass requests on to the one that tells, or use Socket Mode.',
  },
  HF1754: {
    title: 'an incident is over, or not known any more',
    advice: 'Nothing to do; look at what there is with `/sync diff`.',
  },
  HF1755: {
    title: 'a request from Slack was passed on, and not answered',
    advice:
      'Look at `status` whether it was carried out, then ask again in some seconds. Observers must reach each other on their port.',
  },
  HF1901: {
    title: 'a CloudFormation template is not valid YAML or JSON',
    advice: 'Correct the template at the line named; the stack is unknown until then.',
  },
  HF1902: {
    title: 'CloudFormation would refuse a template',
    advice: 'Correct the template at the line named.',
  },
  HF1903: {
    title: 'a CloudFormation deployment file is wrong',
    advice: 'Give it template-file-path, and parameters and tags if need be, as Git sync takes them.',
  },
  HF1911: {
    title: 'AWS cannot be reached or failed',
    advice: 'It is tried again; nothing is applied meanwhile.',
  },
  HF1912: {
    title: 'AWS refused the request',
    advice: 'Give the role of the unit the right that is named; docs/cloudformation.md lists them.',
  },
  HF1913: {
    title: 'AWS asks to slow down',
    advice: 'It is tried again; compare less often if it lasts.',
  },
  HF1914: {
    title: 'AWS answered what its API does not allow',
    advice: 'Report it together with the log; what was asked stays unknown.',
  },
  HF1921: {
    title: 'a stack is being changed',
    advice: 'Nothing to do: it is looked at again when that has ended.',
  },
  HF1922: {
    title: 'drift detection did not look at every resource',
    advice: 'It is tried again; the resources named were not compared with the stack.',
  },
  HF1923: {
    title: 'a live resource could not be read',
    advice: 'Give the role of the unit the right to read its type, or see what AWS said.',
  },
  HF1931: {
    title: 'a change set would change more than was found and merged',
    advice: 'Look at the changes that are named; nothing was executed.',
  },
  HF1932: {
    title: 'a stack needs a person first',
    advice: 'Put right what is named (its state, its policy, its template), then ask again.',
  },
  HF1933: {
    title: 'a stack update failed',
    advice:
      'Read the events of the stack that are named; CloudFormation rolled it back or waits for a person.',
  },
  HF1934: {
    title: 'a replacement or deletion needs a person’s word',
    advice: 'Say so in the pull request, as docs/cloudformation.md describes.',
  },
  HF1935: {
    title: 'a template cannot be given to CloudFormation',
    advice:
      'Name an S3 bucket in the region of the stack in `cloudformation.bucket` of the unit, or make the template smaller.',
  },
  HF2001: {
    title: 'there is no Terraform',
    advice: 'Install terraform or tofu where PATH finds it, or name the program in HOLDFAST_TERRAFORM.',
  },
  HF2002: {
    title: 'a module cannot be initialized',
    advice:
      'Read what Terraform said; commit .terraform.lock.hcl with the hashes of this platform, and see that backend and providers can be reached.',
  },
  HF2003: { title: 'a module cannot be planned', advice: 'Read what Terraform said, with file and line.' },
  HF2004: {
    title: 'the Terraform state is locked',
    advice: 'Wait for who holds the lock; it is tried again. It is no drift.',
  },
  HF2005: {
    title: 'a lock of the Terraform state was left behind',
    advice:
      'See that no run goes on, then release it with `terraform force-unlock ID`; Holdfast never does that by itself.',
  },
  HF2006: {
    title: 'Terraform could not apply the plan',
    advice: 'Read what Terraform said of the resource.',
  },
  HF2007: {
    title: 'Terraform used up a limit',
    advice: 'Give it more time or memory, or make the module smaller; it is tried again.',
  },
  HF2008: {
    title: 'the plan of Terraform cannot be read',
    advice: 'Use a version of Terraform or OpenTofu whose plans have the format 1.x.',
  },
  HF2009: {
    title: 'a module reads what is not in the repository',
    advice:
      'Use a folder of the repository that is no symbolic link, or a registry or Git address with a version.',
  },
  HF2010: {
    title: 'a module keeps its state in its own folder',
    advice: 'Give it a backend: what Terraform writes into the private copy is gone when it ends.',
  },
  HF2101: {
    title: 'there is no Ansible',
    advice:
      'Install ansible-core where PATH finds ansible-playbook, or name the program in HOLDFAST_ANSIBLE_PLAYBOOK.',
  },
  HF2102: {
    title: 'a playbook cannot be run',
    advice: 'Read what Ansible said; `ansible-playbook --syntax-check` tells the same.',
  },
  HF2103: {
    title: 'a host cannot be reached',
    advice: 'See that the host runs, and that key and address are right; the other hosts are compared.',
  },
  HF2104: {
    title: 'check mode cannot tell what a task would do',
    advice:
      'Give a command `creates` or `removes`, use a module that supports check mode, or leave the task out with an ignore rule.',
  },
  HF2105: {
    title: 'a task failed in check mode',
    advice: 'Read what the module said; a task may need what an earlier one only would have made.',
  },
  HF2106: {
    title: 'a playbook would change hosts while it is compared',
    advice:
      'Take `check_mode: false` away, or name the task in `ansible.runsInCheckMode` of its unit if it only reads.',
  },
  HF2107: {
    title: 'Ansible used up a limit',
    advice: 'Raise `ansible.timeoutSeconds`, or make the playbook smaller.',
  },
  HF2108: {
    title: 'a unit has no playbook or no inventory',
    advice: 'Add site.yml and an inventory to its folder, or name them in holdfast.yaml (`ansible`).',
  },
  HF2201: {
    title: 'the head cannot be merged into the base',
    advice: 'Solve the conflicts that are named; until then the preview shows the head alone.',
  },
  HF2202: {
    title: 'the base and the head have no common history here',
    advice: 'Fetch the whole history: `git fetch --unshallow`, or `fetch-depth: 0` in CI.',
  },
  HF2203: {
    title: 'the daemon did not answer the preview',
    advice: 'Check --daemon, the token and what the daemon logs; `--live none` compares base and head alone.',
  },
  HF2204: {
    title: 'a preview was asked for without the right to do so',
    advice: 'Check the issuer, the audience and the claims that the daemon’s HOLDFAST_PREVIEW_* name.',
  },
  HF2205: {
    title: 'the page is not for whoever asks',
    advice: 'Open it on the machine itself, through the proxy, or log in, as the daemon is set up.',
  },
  HF2206: {
    title: 'a login to the page did not succeed',
    advice: 'Check HOLDFAST_PAGE_ISSUER, the client, its redirect address and HOLDFAST_PAGE_ALLOW.',
  },
  HF2207: {
    title: 'the preview cannot be made here',
    advice: 'Read the reason; too many at once are tried again later.',
  },
  HF2208: {
    title: 'the daemon does not preview a merge into another branch',
    advice: 'Ask for a base of the branch that the daemon follows; `--live none` compares any two commits.',
  },
} as const satisfies Record<string, { title: string; advice: string }>;

export type FailureCode = keyof typeof failureCodes;

/** Whether a text is one of our codes, and not a reason of the gate or of somebody else. */
export function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(failureCodes, text);
}
