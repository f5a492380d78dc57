import "../../standins/test/kubernetes/create.test.ts";
import "../../standins/test/kubernetes/delete.test.ts";
import "../../standins/test/kubernetes/preview.test.ts";
import { differences } from "./differences.ts";
import { onVendor } from "./onVendor.ts";

// test/nightly/conformance.test.ts has the others; the suite `vendor` updates and refreshes the whole product.
onVendor(differences);
