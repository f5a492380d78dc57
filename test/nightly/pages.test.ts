import { exporterGone, paged, slowFaults } from "../delivery/faults.ts";
import { expectInTime } from "../delivery/inTime.ts";

describe("each class of fault that ends by itself more often than not", function () {
  this.timeout("45m");

  it("notifies once it does not, within the time that the posture promises", async () => {
    expectInTime([...(await paged(slowFaults)), ...(await paged([exporterGone]))]);
  });
});
