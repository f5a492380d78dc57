/** A Go module with published manifests, and which of its files are judged: what people install, or learn from. */
export interface Source {
  /** As go.mod pins it. */
  module: string;
  files: readonly string[];
}

export const sources: readonly Source[] = [
  { module: "github.com/prometheus-operator/kube-prometheus", files: ["manifests/*.yaml"] },
  // Charts, as their own repositories render them.
  { module: "github.com/grafana/alloy", files: ["operations/helm/tests/**/*.yaml"] },
  {
    module: "github.com/grafana/mimir",
    files: [
      "operations/helm/tests/metamonitoring-values-generated/**/*.yaml",
      "operations/mimir-mixin-compiled/{alerts,rules}.yaml",
    ],
  },
  {
    module: "github.com/argoproj/argo-cd/v3",
    files: [
      "manifests/install.yaml",
      "manifests/ha/base/redis-ha/chart/upstream.yaml",
      "resource_customizations/batch/**/testdata/*.yaml",
    ],
  },
  {
    module: "github.com/argoproj/argo-workflows/v3",
    files: ["manifests/quick-start-{minimal,mysql,postgres}.yaml"],
  },
  {
    module: "github.com/cloudnative-pg/cloudnative-pg",
    files: ["docs/src/samples/**/*.yaml", "releases/cnpg-1.27.0.yaml"],
  },
  { module: "sigs.k8s.io/descheduler", files: ["kubernetes/**/*.yaml"] },
  { module: "sigs.k8s.io/metrics-server", files: ["manifests/base/*.yaml"] },
  {
    module: "k8s.io/kubernetes",
    files: ["cluster/addons/**/*.yaml", "test/e2e/testing-manifests/**/*.yaml", "test/fixtures/doc-yaml/**/*.yaml"],
  },
];
