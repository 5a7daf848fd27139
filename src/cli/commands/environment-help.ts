/** What `run --help` says of the variables of the daemon. */
export const environmentHelp = `
Environment:
  HOLDFAST_GIT_URL            the repository to watch (required)
  HOLDFAST_GIT_BRANCH         its branch (main)
  HOLDFAST_GIT_TOKEN          token for an http(s) remote; also HOLDFAST_GIT_TOKEN_FILE
  HOLDFAST_POLL_SECONDS       how often the branch is looked at without a webhook (30)
  HOLDFAST_FORGE              gitea, github, gitlab, or none: alert-only, nothing is ever applied (none)
  HOLDFAST_FORGE_URL          the address that people open (github: github.com, gitlab: gitlab.com)
  HOLDFAST_FORGE_REPOSITORY   owner/name
  HOLDFAST_FORGE_REPOSITORY_ID  its number at the forge, to pin it from the start
  HOLDFAST_FORGE_TOKEN        token that may read the repository and its pull requests; also …_FILE
  HOLDFAST_FORGE_APP_ID, HOLDFAST_FORGE_APP_KEY, HOLDFAST_FORGE_APP_INSTALLATION
                              a GitHub App instead of the token; the key also as …_FILE
  HOLDFAST_FORGE_WRITE_TOKEN  token that may push branches and open pull requests (HOLDFAST_FORGE_TOKEN); also …_FILE
  HOLDFAST_TRUST_ROOT         full SHA of the first trusted revision (required with a forge)
  HOLDFAST_WEBHOOK_SECRET     secret of the forge’s webhook to /hooks/forge; also …_FILE
  HOLDFAST_NAMESPACE          where Holdfast keeps its resources (holdfast)
  HOLDFAST_ENVIRONMENT        which environment this daemon serves
  HOLDFAST_DATA               folder for the mirror, which can be lost at any time (holdfast in the temp directory)
  HOLDFAST_KUSTOMIZE          path of kustomize or kubectl, which renders kustomizations (found on PATH)
  HOLDFAST_TERRAFORM          path of terraform or tofu (found on PATH); docs/terraform.md has its credentials
  HOLDFAST_ANSIBLE_PLAYBOOK   path of ansible-playbook (found on PATH); docs/ansible.md has its credentials
  HOLDFAST_HELM               path of helm, 3 or 4, which renders and installs charts (found on PATH)
  HOLDFAST_HELM_REGISTRY_CONFIG  file with credentials of OCI registries, as \`helm registry login\` writes it
  HOLDFAST_HELM_REPOSITORY_CONFIG  file with credentials of chart repositories, as \`helm repo add\` writes it
  HOLDFAST_LISTEN             host:port for the page, probes, metrics and webhooks (127.0.0.1:8080)
  HOLDFAST_POD_IP             address of this Pod, so that observers pass requests of Slack on to the one that tells
  HOLDFAST_PAGE_PROXY_HEADER  the page is for whom a proxy names in this header; with HOLDFAST_PAGE_PROXY_FROM, its networks
  HOLDFAST_PAGE_ISSUER        the page is for whom this OpenID issuer knows and HOLDFAST_PAGE_ALLOW names (groups=platform);
                              with HOLDFAST_PAGE_URL, HOLDFAST_PAGE_CLIENT_ID and HOLDFAST_PAGE_CLIENT_SECRET (also …_FILE).
                              Without either it is shown on this machine only
  HOLDFAST_PREVIEW_ISSUER     previews are made for CI jobs that prove themselves by a token of this issuer
  HOLDFAST_PREVIEW_ALLOW      what must be in it: repository=acme/infrastructure; HOLDFAST_PREVIEW_AUDIENCE (holdfast)
  HOLDFAST_DEBUG_PORT         CPU profiles and sums of memory at this port of the loopback interface (off)
  OTEL_EXPORTER_OTLP_ENDPOINT traces are sent there by OTLP over HTTP (off); the other OTEL_… variables as usual
  HOLDFAST_HEALTH_SECONDS     how long a sync waits for health (300)
  HOLDFAST_KEEP_DAYS          how long the records of syncs and requests are kept (90)
  HOLDFAST_KEEP_COUNT         how many of each kind at most (1000)
  HOLDFAST_SUMMARY            cron expression: when what is still open is told anew, such as 0 9 * * 1-5;
                              HOLDFAST_SUMMARY_TIMEZONE (UTC) says in which time zone
  HOLDFAST_EVENTS             whether drift is told as Kubernetes Events on the objects: true or false (true)
  HOLDFAST_ALERT_URL          each transition is sent there as JSON, signed with HOLDFAST_ALERT_SECRET (also …_FILE)
  HOLDFAST_ALERTMANAGER_URL   open incidents are alerts of this Alertmanager
  SLACK_BOT_TOKEN             tells in Slack, not only on the console; also …_FILE
  HOLDFAST_SLACK_CHANNEL      the channel for what no route matches (required with a Slack token)
  SLACK_APP_TOKEN             lets people ask in Slack, over a connection of ours (Socket Mode); also …_FILE
  SLACK_SIGNING_SECRET        lets people ask in Slack, over HTTP at /slack/requests; also …_FILE
  HOLDFAST_SLACK_TEAM         the workspace (T…) or organization (E…) whose people may ask (required with one of these)
  HOLDFAST_SLACK_COMMAND      the name of the command (/sync)
  SLACK_API_URL               another address of Slack’s API, for tests
`;
