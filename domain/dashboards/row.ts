import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Service } from "../declaration/service.ts";
import type { DashboardEnvironment } from "./environment.ts";

/** The panels of a row; none for a service that declares nothing that they would show. */
export type Row = (service: Service, environment: DashboardEnvironment) => Builder<Panel>[];
