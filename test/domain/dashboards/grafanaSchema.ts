import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../../cli/common/paths.ts";

const bin = join(clone, "node_modules/.bin");
const schema = join(clone, "node_modules/@grafana/schema/dist/types");

/**
 * The types of Grafana's own package @grafana/schema, which is generated from the schema in its sources; it has no JSON Schema. Its Panel leaves
 * open what depends on the panel's type, so that each type gets its options here. The queries are of the Prometheus plugin, which is not in the package.
 */
const types = `
import type { Dashboard, DataQuery, FieldConfig, FieldConfigSource, Panel, RowPanel } from "${schema}/index.d.ts";
import type * as stat from "${schema}/raw/composable/stat/panelcfg/x/types.gen.d.ts";
import type * as table from "${schema}/raw/composable/table/panelcfg/x/types.gen.d.ts";
import type * as text from "${schema}/raw/composable/text/panelcfg/x/types.gen.d.ts";
import type * as timeseries from "${schema}/raw/composable/timeseries/panelcfg/x/types.gen.d.ts";

/** Enums as they are in JSON. */
type Plain<T> = T extends string ? \`\${T}\` : T extends number ? (\`\${T}\` extends \`\${infer N extends number}\` ? N : never)
  : T extends readonly (infer U)[] ? Plain<U>[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;

interface PrometheusQuery extends DataQuery {
  expr: string;
  range: boolean;
  instant: boolean;
  legendFormat?: string;
  format?: "time_series" | "table" | "heatmap";
}
type Of<Type extends string, Options, Custom> = Omit<Panel, "type" | "options" | "fieldConfig" | "targets"> & {
  type: Type;
  options: Options;
  targets?: PrometheusQuery[];
  fieldConfig: Omit<FieldConfigSource, "defaults"> & { defaults: Omit<FieldConfig, "custom"> & { custom?: Custom } };
};
type Known = RowPanel | Of<"stat", stat.Options, never> | Of<"table", table.Options, table.FieldConfig>
  | Of<"text", text.Options, never> | Of<"timeseries", timeseries.Options, timeseries.FieldConfig>;
export type Model = Plain<Omit<Dashboard, "panels"> & { panels: Known[] }>;
`;

/**
 * What the compiler finds in models beside Grafana's types: unknown fields, missing ones, wrong values. Empty if there is nothing.
 *
 * @param models dashboards as JSON, by a name
 */
export async function schemaErrors(models: Record<string, string>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "upkeep-dashboards-"));
  try {
    await writeFile(join(folder, "types.ts"), types);
    const checked = Object.entries(models).map(
      ([name, json]) => `({ ${JSON.stringify(name)}: ${json} }) satisfies Record<string, Model>;`,
    );
    await writeFile(join(folder, "models.ts"), ['import type { Model } from "./types.ts";', ...checked].join("\n"));
    const flags = [
      "--ignoreConfig",
      "--noEmit",
      "--strict",
      "--skipLibCheck",
      "--allowImportingTsExtensions",
      "--pretty",
      "false",
    ];
    const settings = ["--module", "preserve", "--target", "es2024", "--types", ""];
    const { all, exitCode } = await execa(join(bin, "tsc"), [...flags, ...settings, join(folder, "models.ts")], {
      all: true,
      reject: false,
    });
    return exitCode === 0 ? [] : all.split("\n");
  } finally {
    await rm(folder, { recursive: true });
  }
}
