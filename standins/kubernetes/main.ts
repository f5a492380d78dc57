import packageJson from "@pulumi/kubernetes/package.json" with { type: "json" };
import { serve } from "../serve.ts";
import { provider } from "./kubernetes.ts";

await serve(provider(packageJson.version));
