module upkeep.invalid/test/wild

go 1.26.0

require github.com/argoproj/argo-cd/v3 v3.5.6

require github.com/argoproj/argo-workflows/v3 v3.7.0

require github.com/cloudnative-pg/cloudnative-pg v1.27.0

require github.com/grafana/alloy v1.10.0

require github.com/grafana/mimir v1.3.1-0.20260423142704-aced80d74930

require github.com/prometheus-operator/kube-prometheus v0.18.0

require k8s.io/kubernetes v1.36.3

require sigs.k8s.io/descheduler v0.36.0

require sigs.k8s.io/metrics-server v0.9.0
