import { serve } from "../serve.ts";
import { awsProvider } from "./provider.ts";

await serve(awsProvider());
