/** The programs that the sandbox is made of. */
export type ToolName =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kubectl'
  | 'kwok'
  | 'helm'
  | 'helm4'
  | 'gitea'
  | 'moto_server'
  | 'ansible-playbook'
  | 'tofu';

/** How one program is built from the set's module: the package, and what the Go linker and compiler are told. */
export interface BuildStep {
  tool: ToolName;
  package: string;
  ldflags: string;
  tags?: string;
  /** Whether it holds C code, and so needs a C compiler. */
  cgo?: boolean;
  /** What it took on 2 cores with nothing cached, in seconds; shown until this machine has a figure of its own. */
  typicalSeconds: number;
}

/** A program of Python packages: what the interpreter of the set's own environment is given before the program's arguments. */
export interface PythonStep {
  tool: ToolName;
  python: readonly string[];
  typicalSeconds: number;
}

/** Programs of one Go module, built and cached together, or a program of Python packages that are installed together. */
export interface ToolSet {
  name: 'kubernetes' | 'kwok' | 'helm' | 'helm4' | 'gitea' | 'moto' | 'ansible' | 'opentofu';
  version: string;
  steps: readonly (BuildStep | PythonStep)[];
  /** It is built when it is asked for, and not with all the others. */
  onDemand?: boolean;
  /** Folders of a module that the program reads when it runs; copied beside it into `static`. */
  assets?: { module: string; folders: readonly string[] };
}

const strip = '-s -w';
const kubernetesVersion = '1.34.4';
// Without these the server reports v0.0.0, and clients misjudge it.
const kubernetesFlags = [
  strip,
  `-X k8s.io/component-base/version.gitVersion=v${kubernetesVersion}`,
  '-X k8s.io/component-base/version.gitMajor=1',
  '-X k8s.io/component-base/version.gitMinor=34',
].join(' ');
const helmVersion = '3.19.4';
// As Helm's own Makefile: without these `helm template` renders for Kubernetes 1.20.
const helmFlags = [
  strip,
  `-X helm.sh/helm/v3/internal/version.version=v${helmVersion}`,
  ...['lint/rules', 'chartutil'].flatMap(where => [
    `-X helm.sh/helm/v3/pkg/${where}.k8sVersionMajor=1`,
    `-X helm.sh/helm/v3/pkg/${where}.k8sVersionMinor=34`,
  ]),
].join(' ');

const tofuFlags = `${strip} -X github.com/opentofu/opentofu/version.dev=no`;

/** All sets; the versions of what they are made of are pinned in `sandbox/modules/<name>`: `go.mod` and `go.sum`, or `requirements.txt`. */
export const toolSets: readonly ToolSet[] = [
  {
    name: 'kubernetes',
    version: kubernetesVersion,
    steps: [
      {
        tool: 'kube-apiserver',
        package: 'k8s.io/kubernetes/cmd/kube-apiserver',
        ldflags: kubernetesFlags,
        typicalSeconds: 190,
      },
      {
        tool: 'kube-controller-manager',
        package: 'k8s.io/kubernetes/cmd/kube-controller-manager',
        ldflags: kubernetesFlags,
        typicalSeconds: 95,
      },
      {
        tool: 'kube-scheduler',
        package: 'k8s.io/kubernetes/cmd/kube-scheduler',
        ldflags: kubernetesFlags,
        typicalSeconds: 10,
      },
      {
        tool: 'kubectl',
        package: 'k8s.io/kubernetes/cmd/kubectl',
        ldflags: kubernetesFlags,
        typicalSeconds: 30,
      },
      { tool: 'etcd', package: 'go.etcd.io/etcd/server/v3', ldflags: strip, typicalSeconds: 20 },
    ],
  },
  {
    name: 'kwok',
    version: '0.7.0',
    steps: [{ tool: 'kwok', package: 'sigs.k8s.io/kwok/cmd/kwok', ldflags: strip, typicalSeconds: 80 }],
  },
  {
    name: 'helm',
    version: helmVersion,
    steps: [{ tool: 'helm', package: 'helm.sh/helm/v3/cmd/helm', ldflags: helmFlags, typicalSeconds: 75 }],
  },
  {
    // releases are converged by either; the modules of Kubernetes in it say what it takes for granted
    name: 'helm4',
    version: '4.3.1',
    steps: [
      {
        tool: 'helm4',
        package: 'helm.sh/helm/v4/cmd/helm',
        ldflags: `${strip} -X helm.sh/helm/v4/internal/version.version=v4.3.1`,
        typicalSeconds: 90,
      },
    ],
  },
  {
    name: 'gitea',
    version: '1.26.0',
    steps: [
      {
        tool: 'gitea',
        package: 'code.gitea.io/gitea',
        ldflags: `${strip} -X main.Version=1.26.0`,
        tags: 'sqlite sqlite_unlock_notify',
        cgo: true,
        typicalSeconds: 255,
      },
    ],
    assets: { module: 'code.gitea.io/gitea', folders: ['templates', 'options', 'public'] },
  },
  {
    name: 'moto',
    version: '5.2.1',
    steps: [{ tool: 'moto_server', python: ['-m', 'moto.server'], typicalSeconds: 60 }],
  },
  {
    name: 'ansible',
    version: '2.19.14',
    steps: [{ tool: 'ansible-playbook', python: ['-m', 'ansible', 'playbook'], typicalSeconds: 30 }],
  },
  {
    // only for the tests that run it; OpenTofu builds with its own fork of HCL, which the module replaces
    name: 'opentofu',
    version: '1.11.5',
    onDemand: true,
    steps: [
      {
        tool: 'tofu',
        package: 'github.com/opentofu/opentofu/cmd/tofu',
        ldflags: tofuFlags,
        typicalSeconds: 200,
      },
    ],
  },
];

/** Whether a program is of Python packages. */
export function isPython(step: BuildStep | PythonStep): step is PythonStep {
  return 'python' in step;
}

/** The set that a tool belongs to. */
export function setOf(tool: ToolName): ToolSet {
  const found = toolSets.find(set => set.steps.some(step => step.tool === tool));
  if (found === undefined) throw new RangeError(`no set holds ${tool}`);
  return found;
}
