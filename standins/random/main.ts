import { serve } from "../serve.ts";
import { randomProvider } from "./provider.ts";

await serve(randomProvider());
