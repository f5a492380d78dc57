import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import grpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";

/** A policy that a pack announces. */
export interface AnnouncedPolicy {
  name: string;
  level: string;
}

/** A violation, as the engine receives it. */
export interface Diagnostic {
  policy: string;
  level: string;
  message: string;
  /** Of the resource, where a stack was judged. */
  urn: string;
}

/** A resource of a stack; `bucket` names the one that its property of that name comes from. */
export interface StackResource {
  type: string;
  name: string;
  properties: Record<string, JavaScriptValue>;
  bucket?: string;
}

/** A started policy pack, spoken to as the engine does. */
export interface Analyzer {
  /** Sends a configuration, as the engine has read it from its file. @throws Error with the pack's refusal */
  configure(
    configuration: Record<string, { enforcementLevel: string } & Record<string, JavaScriptValue>>,
  ): Promise<void>;
  info(): Promise<{ name: string; version: string; policies: AnnouncedPolicy[] }>;
  analyze(type: string, properties: Record<string, JavaScriptValue>): Promise<Diagnostic[]>;
  /** Asks what would mend a resource, in bytes: those of no message are an error to whoever decodes them. */
  remediate(bytes: Uint8Array): Promise<number>;
  /** Judges a stack of resources by what they are once they exist. */
  analyzeStack(resources: StackResource[]): Promise<Diagnostic[]>;
  stop(): Promise<void>;
}

const levels = new Map(Object.entries(messages.EnforcementLevel).map(([name, level]) => [level, name.toLowerCase()]));

/**
 * Starts a policy pack and connects to the port that it prints.
 *
 * @throws Error with all that it printed when it ends instead
 */
export async function startAnalyzer(command: string, args: string[], directory: string): Promise<Analyzer> {
  const child = spawn(command, args, { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const firstLine = once(createInterface(child.stdout), "line") as Promise<[string]>;
  const ended = exited.then(([code]) => Promise.reject(new Error(`the policy pack ended with ${code}: ${errors}`)));
  const [port] = await Promise.race([firstLine, ended]);
  ended.catch(() => {});

  const client = new grpc.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  return {
    configure: (configuration) =>
      new Promise((resolve, reject) => {
        const request = new messages.ConfigureAnalyzerRequest();
        for (const [name, { enforcementLevel, ...settings }] of Object.entries(configuration)) {
          const entry = new messages.PolicyConfig();
          const level = enforcementLevel.toUpperCase() as keyof typeof messages.EnforcementLevel;
          entry.setEnforcementlevel(messages.EnforcementLevel[level]);
          entry.setProperties(struct.Struct.fromJavaScript(settings));
          request.getPolicyconfigMap().set(name, entry);
        }
        client.configure(request, (error) => (error ? reject(error) : resolve()));
      }),
    info: () =>
      new Promise((resolve, reject) =>
        client.getAnalyzerInfo(new empty.Empty(), (error, info) => {
          if (error) return reject(error);
          const policies = info.getPoliciesList().map((policy) => ({
            name: policy.getName(),
            level: levels.get(policy.getEnforcementlevel()) ?? "",
          }));
          resolve({ name: info.getName(), version: info.getVersion(), policies });
        }),
      ),
    analyze: (type, properties) =>
      new Promise((resolve, reject) => {
        const request = new messages.AnalyzeRequest();
        request.setType(type);
        request.setName("nightly");
        request.setUrn(urnOf(type, "nightly"));
        request.setOptions(new messages.AnalyzerResourceOptions());
        request.setProperties(struct.Struct.fromJavaScript(properties));
        client.analyze(request, (error, response) => (error ? reject(error) : resolve(diagnosticsOf(response))));
      }),
    remediate: (bytes) =>
      new Promise((resolve, reject) => {
        const { path, responseDeserialize } = grpc.AnalyzerService.remediate;
        const asIs = (request: Uint8Array) => Buffer.from(request);
        client.makeUnaryRequest(path, asIs, responseDeserialize, bytes, (error, response) =>
          error ? reject(error) : resolve((response as messages.RemediateResponse).getRemediationsList().length),
        );
      }),
    analyzeStack: (resources) =>
      new Promise((resolve, reject) => {
        const urns = new Map(resources.map(({ type, name }) => [name, urnOf(type, name)]));
        const request = new messages.AnalyzeStackRequest();
        request.setResourcesList(
          resources.map(({ type, name, properties, bucket }) => {
            const resource = new messages.AnalyzerResource();
            resource.setType(type);
            resource.setName(name);
            resource.setUrn(urnOf(type, name));
            resource.setOptions(new messages.AnalyzerResourceOptions());
            resource.setProperties(struct.Struct.fromJavaScript(properties));
            const dependencies = new messages.AnalyzerPropertyDependencies();
            dependencies.setUrnsList([urns.get(bucket ?? "") ?? ""]);
            if (bucket) resource.getPropertydependenciesMap().set("bucket", dependencies);
            return resource;
          }),
        );
        client.analyzeStack(request, (error, response) => (error ? reject(error) : resolve(diagnosticsOf(response))));
      }),
    async stop() {
      client.close();
      child.kill();
      await exited;
    },
  };
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:prod::shop::${type}::${name}`;
}

function diagnosticsOf(response: InstanceType<typeof messages.AnalyzeResponse>): Diagnostic[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level: levels.get(diagnostic.getEnforcementlevel()) ?? "",
    message: diagnostic.getMessage(),
    urn: diagnostic.getUrn(),
  }));
}
