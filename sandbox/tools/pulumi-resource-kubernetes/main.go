// The vendor's Kubernetes provider. Its own main package embeds files that its build generates, and a module holds only what is
// committed: the schema without a version, from which sandbox/tools/kubernetesProvider.ts writes what this file embeds.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

//go:embed gen/schema.json
var schema []byte

//go:embed gen/terraform-mapping.json
var terraformMapping []byte

func main() {
	provider.Serve("kubernetes", version.Version, schema, terraformMapping)
}
