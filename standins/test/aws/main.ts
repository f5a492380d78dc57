import { awsProvider } from "../../aws/provider.ts";
import { serve } from "../../serve.ts";
import { judged } from "./judged.ts";

/** The stand-in as the tests run it: each of its requests is judged before it is sent. */
await serve(awsProvider(judged));
