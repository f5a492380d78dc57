/** Commands of the runbooks that the sandbox has nothing to answer with, by how they begin, each with what it lacks. */
export const notRun: Record<string, string> = {
  "kubectl --namespace <namespace> top": "metrics-server",
  "kubectl top": "metrics-server",
  "kubectl get apiservice v1beta1.metrics.k8s.io": "metrics-server",
  "kubectl get certificates": "cert-manager",
  "kubectl --namespace <namespace> describe certificate": "cert-manager",
  "kubectl --namespace <namespace> get certificaterequests": "cert-manager",
  "kubectl --namespace <namespace> get vulnerabilityreports": "trivy-operator",
  "kubectl --namespace <namespace> describe vulnerabilityreport": "trivy-operator",
  "kubectl --namespace <namespace> get configauditreports": "trivy-operator",
  "kubectl --namespace <namespace> describe configauditreport": "trivy-operator",
  "kubectl --namespace monitoring port-forward service/blackbox-exporter": "blackbox exporter in a pod",
  "curl 'localhost:9115/probe": "blackbox exporter in a pod",
  "kubectl --namespace <namespace> logs statefulset/": "prometheus-operator, which makes these StatefulSets",
  "kubectl --namespace <namespace> get probe ": "blackbox exporter, so that no Probe is declared",
  "kubectl --namespace <namespace> logs <pod> --previous": "a container that restarted",
  "aws s3 ls s3://<bucket>/<prefix>drills/": "a drill that has run: it is weekly",
  "aws s3 cp s3://<bucket>/<key of that record>": "a drill that has run: it is weekly",
  "kubectl --namespace <namespace> logs job/<the job that this created>":
    "the name of the dry run's Job; its log is read in test/restore",
  "kubectl --namespace <namespace> create job --from=cronjob/<the backup's job>-restore <the backup's job>-restore-$(date +%s) --dry-run=client --output yaml | kubectl set env --local -f - BACKUP=":
    "nothing; it makes a database, which test/restore makes and removes",
  "kubectl --namespace <namespace> create job --from=cronjob/<the backup's job>-restore <the backup's job>-restore-$(date +%s) --dry-run=client --output yaml | kubectl set env --local -f - TARGET=":
    "nothing; it replaces MPLP's database, as test/restore does with one of its own",
  "pg_dump --data-only": "a database that a restore made",
  "psql <<'SQL'\nALTER DATABASE \"<database>\" ALLOW_CONNECTIONS false": "a database that a restore replaced",
  "psql <<'SQL'\nSELECT query, calls, mean_exec_time FROM pg_stat_statements": "the extension pg_stat_statements",
};
