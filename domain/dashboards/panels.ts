import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  VizLegendOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { type Threshold, ThresholdsConfigBuilder, ThresholdsMode } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeSeries } from "@grafana/grafana-foundation-sdk/timeseries";

/** The variable by which a person chooses the Prometheus of a dashboard. */
export const DATASOURCE = "datasource";

/** The data source of every panel. */
export const prometheus = { type: "prometheus", uid: `\${${DATASOURCE}}` };

/** A query of a panel: its PromQL, and how its series are named, in which `{{instance}}` is a label's value. */
export type Query = readonly [legend: string, expr: string];

/** A value from which on a panel has another colour. */
export type Line = readonly [from: number, colour: "green" | "orange" | "red"];

/** Of a panel. The units are Grafana's: `s`, `percentunit`, `reqps`, `short`. */
export interface PanelFacts {
  title: string;
  /** What it shows, and where the numbers are from. */
  description: string;
  unit: string;
  queries: readonly Query[];
  /** Columns of 24 that it takes. */
  span: number;
  /** By their values, the lowest first. What is below the first has `below`. */
  lines?: readonly Line[];
  /** @default "green" */
  below?: Line[1];
}

export const HEIGHT = 7;

/** Curves over the dashboard's time, with the lines drawn across. */
export function curves(facts: PanelFacts): TimeSeries {
  const panel = new TimeSeries()
    .title(facts.title)
    .description(facts.description)
    .datasource(prometheus)
    .unit(facts.unit)
    .min(0)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .span(facts.span)
    .height(HEIGHT)
    .thresholds(thresholds(facts))
    .targets(facts.queries.map(([legend, expr], index) => query(expr, index).legendFormat(legend).range()));
  if (facts.lines === undefined) return panel;
  return panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}

/** A number as it is now, in the colour of its line. */
export function number(facts: PanelFacts): Stat {
  return new Stat()
    .title(facts.title)
    .description(facts.description)
    .datasource(prometheus)
    .unit(facts.unit)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    .span(facts.span)
    .height(HEIGHT)
    .thresholds(thresholds(facts))
    .targets(facts.queries.map(([legend, expr], index) => query(expr, index).legendFormat(legend).instant()));
}

/** A query without a legend and a time. @param index among its panel's */
export function query(expr: string, index: number): DataqueryBuilder {
  return new DataqueryBuilder().refId(String.fromCharCode("A".charCodeAt(0) + index)).expr(expr);
}

function thresholds({ lines = [], below = "green" }: Pick<PanelFacts, "lines" | "below">): ThresholdsConfigBuilder {
  const first: Threshold = { value: null, color: below };
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([first, ...lines.map(([value, color]) => ({ value, color }))]);
}
