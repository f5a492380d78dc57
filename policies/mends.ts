/**
 * What to write instead, by policy: the YAML or TypeScript with which a resource satisfies it. Names and numbers are examples. The policies' pages
 * have whole resources.
 */
export const mends: Readonly<Record<string, string>> = {
  "alert-actionable": `
labels: { severity: warning, service: shop, namespace: shop }
annotations:
  summary: orders-backup has not succeeded for more than 26h
  description: The last successful run is {{ $value | humanizeDuration }} ago.
  runbook_url: https://runbooks.example.com/BackupStale.md`,
  "alert-well-formed": `
- alert: BackupStale
  expr: time() - backup_last_success_timestamp_seconds > 90000
  for: 5m
  labels: { severity: critical }
  annotations: { summary: The last backup is older than 25h }`,
  "backup-fails-loudly": `
command:
  - bash
  - -c
  - |
    set -euo pipefail
    pg_dump orders | gzip > /scratch/orders.gz`,
  "backup-watched": `
- alert: BackupStale
  expr: |
    time() - max(kube_cronjob_status_last_successful_time{namespace="shop",cronjob="orders-backup"}
      or kube_cronjob_created{namespace="shop",cronjob="orders-backup"}) > 90000
  labels: { severity: critical }`,
  "bucket-hardened": `
new aws.s3.BucketVersioning("orders", { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } });`,
  "critical-reaches-a-person": `
receivers:
  - name: on-call
    pagerduty_configs:
      - routing_key_file: /etc/alertmanager/secrets/receivers/pagerduty`,
  "cronjob-ends-and-starts": `
spec:
  timeZone: Etc/UTC
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 300
  jobTemplate: { spec: { activeDeadlineSeconds: 3600, backoffLimit: 3 } }`,
  "datastore-covered": `
backup("orders", { job: "shop-orders-backup", schedule: guide(daily("02:00")), keep: { daily: guide("30d") } /* … */ })`,
  "drill-declared": `
backup("orders", { /* … */ drill: { job: "shop-orders-drill", schedule: assumed("0 4 * * 0"), startingDeadline: "1h" } })`,
  "exemptions-in-date": `
exemptions-in-date:
  exemptions:
    - policy: pod-restricted
      resource: CronJob shop/orders-backup
      path: spec.jobTemplate.spec.template.spec.hostNetwork
      reason: the database listens on the node's address until it moves
      until: 2027-01-31 # with owner and ticket`,
  "image-pinned": `
image: registry.example.com/team/dump:1.4.2`,
  "least-privilege": `
rules:
  - { apiGroups: [""], resources: [configmaps], verbs: [get, list] }`,
  "no-inline-secret": `
env:
  - name: PGPASSWORD
    valueFrom: { secretKeyRef: { name: postgresql-credentials, key: password } }`,
  "pod-restricted": `
automountServiceAccountToken: false
securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: RuntimeDefault } }
containers:
  - name: app
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }`,
  "protect-what-holds-data": `
new aws.s3.Bucket("orders", { bucket: "shop-orders" }, { protect: true, retainOnDelete: true });`,
  "quantity-and-zone-valid": `
timeZone: Europe/Berlin
resources: { requests: { cpu: 100m, memory: 128Mi } }`,
  "recovery-point-kept": `
metadata: { annotations: { upkeep/recovery-point: 26h } }
spec:
  schedule: "0 2 * * *"
  timeZone: Etc/UTC
  startingDeadlineSeconds: 1800
  jobTemplate: { spec: { activeDeadlineSeconds: 3600 } }`,
  "resources-set": `
resources:
  requests: { cpu: 100m, memory: 128Mi }
  limits: { memory: 128Mi, ephemeral-storage: 512Mi }`,
};
