import "../../standins/test/kubernetes/orphan.test.ts";
import "../../standins/test/kubernetes/refresh.test.ts";
import "../../standins/test/kubernetes/scaling.test.ts";
import "../../standins/test/kubernetes/secrets.test.ts";
import "../../standins/test/kubernetes/update.test.ts";
import { nightlyDifferences } from "../conformance/differences.ts";
import { onVendor } from "../conformance/onVendor.ts";

onVendor(nightlyDifferences);
