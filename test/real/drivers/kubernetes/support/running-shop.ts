/** A namespace in which controllers make objects of their own: workloads, claims, Jobs, Endpoints, replicas. */
export function runningShop(namespace: string): string {
  const template = (app: string) =>
    `template: {metadata: {labels: {app: ${app}}}, spec: {containers: [{name: main, image: "shop/main:1"}]}}`;
  const selector = (app: string) => `selector: {matchLabels: {app: ${app}}}`;
  const ending = 'spec: {restartPolicy: Never, containers: [{name: main, image: "shop/main:1"}]}';
  const claim =
    '[{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]';
  const object = (head: string, name: string, rest: string) =>
    `${head}\nmetadata: {name: ${name}, namespace: ${namespace}}\n${rest}\n`;
  return [
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${namespace}}\n`,
    object(
      'apiVersion: apps/v1\nkind: Deployment',
      'web',
      `spec: {replicas: 2, ${selector('web')}, ${template('web')}}`,
    ),
    object(
      'apiVersion: apps/v1\nkind: StatefulSet',
      'data-store',
      `spec: {replicas: 2, podManagementPolicy: Parallel, serviceName: store, ${selector('store')}, ${template('store')}, volumeClaimTemplates: ${claim}}`,
    ),
    object(
      'apiVersion: apps/v1\nkind: DaemonSet',
      'agent',
      `spec: {${selector('agent')}, ${template('agent')}}`,
    ),
    object('apiVersion: batch/v1\nkind: Job', 'once', `spec: {template: {${ending}}}`),
    object(
      'apiVersion: batch/v1\nkind: CronJob',
      'often',
      `spec: {schedule: "* * * * *", jobTemplate: {spec: {template: {${ending}}}}}`,
    ),
    object('apiVersion: v1\nkind: Service', 'web', 'spec: {selector: {app: web}, ports: [{port: 80}]}'),
    object(
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler',
      'web',
      'spec: {minReplicas: 2, maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}',
    ),
    object(
      'apiVersion: networking.k8s.io/v1\nkind: Ingress',
      'web',
      'spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}',
    ),
    object(
      'apiVersion: policy/v1\nkind: PodDisruptionBudget',
      'web',
      `spec: {maxUnavailable: 1, ${selector('web')}}`,
    ),
    object('apiVersion: v1\nkind: ServiceAccount', 'runner', ''),
  ].join('---\n');
}
