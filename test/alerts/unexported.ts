/** Metrics of the rules that no page here has: the program that exports each, and where its name is from. */
export const unexported: Record<string, string> = {
  disk_usage: "js-mcp, by its guide",
  error_rate: "js-mcp, by its guide",
  memory_usage: "js-mcp, by its guide",
  session_latency: "js-mcp, by its guide",
  session_rate: "js-mcp, by its guide",
  workflow_throughput: "js-mcp, by its guide",
  http_server_request_duration_bucket: "task-mcp, by its guide",
  http_server_requests_total: "task-mcp, by its guide",
  mplp_http_request_duration_seconds_bucket: "MPLP, by its guide",
  mplp_http_requests_total: "MPLP, by its guide",
};
