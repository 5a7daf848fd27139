/** A set of ordinary objects with what commonly makes noise: quantities, defaults, stringData, ports without protocol, empty maps. */
export function ordinarySet(namespace: string): string {
  return `
apiVersion: v1
kind: ServiceAccount
metadata: { name: web, namespace: ${namespace} }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: ${namespace}, annotations: {}, creationTimestamp: null }
data: { colour: red, size: "3" }
---
apiVersion: v1
kind: Secret
metadata: { name: password, namespace: ${namespace} }
stringData: { password: correct-horse }
data: { token: YWJj }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: ${namespace} }
spec:
  selector: { app: web }
  ports:
    - { name: http, port: 80 }
    - { name: dns, port: 53, protocol: UDP }
    - { name: dns-tcp, port: 53 }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${namespace}, labels: { app: web } }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      serviceAccountName: web
      containers:
        - name: web
          image: example.com/web:1.2
          env: [{ name: A, value: "1" }, { name: B, value: "2" }]
          args: [serve, --fast]
          ports: [{ containerPort: 8080 }, { containerPort: 8080, protocol: UDP }]
          resources: { requests: { cpu: 1000m, memory: 1024Mi }, limits: { cpu: 2, memory: 2048Mi } }
          readinessProbe: { httpGet: { port: 8080 } }
          volumeMounts: [{ name: settings, mountPath: /settings }]
      volumes: [{ name: settings, configMap: { name: settings } }]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: store, namespace: ${namespace} }
spec:
  serviceName: store
  replicas: 0
  selector: { matchLabels: { app: store } }
  template:
    metadata: { labels: { app: store } }
    spec:
      containers: [{ name: store, image: example.com/store }]
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: tidy, namespace: ${namespace} }
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{ name: tidy, image: example.com/tidy:latest }]
---
apiVersion: batch/v1
kind: Job
metadata: { name: once, namespace: ${namespace} }
spec:
  suspend: true
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: once, image: example.com/once:1 }]
---
apiVersion: v1
kind: Pod
metadata: { name: lone, namespace: ${namespace} }
spec:
  containers: [{ name: lone, image: example.com/lone:1 }]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: claim, namespace: ${namespace} }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: nothing, namespace: ${namespace} }
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: nothing, namespace: ${namespace} }
roleRef: { kind: Role, name: nothing, apiGroup: rbac.authorization.k8s.io }
subjects: [{ kind: ServiceAccount, name: web, namespace: ${namespace} }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: only-web, namespace: ${namespace} }
spec:
  podSelector: { matchLabels: { app: web } }
  ingress: [{ ports: [{ port: 8080 }] }]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: store, namespace: ${namespace} }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: StatefulSet, name: store }
  maxReplicas: 3
  metrics:
    - { type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 80 } } }
    - { type: Resource, resource: { name: memory, target: { type: Utilization, averageUtilization: 80 } } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: ${namespace} }
spec:
  rules:
    - host: web.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { name: http } } } }] }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: ${namespace} }
spec: { minAvailable: 1, selector: { matchLabels: { app: web } } }
`;
}
