import { z } from "zod";
import { previewOnly } from "../preview-only.ts";

export const podIdentityAssociation = previewOnly(
  {
    type: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    inputs: z.strictObject({
      clusterName: z.string().min(1).max(100),
      namespace: z.string().min(1),
      roleArn: z.string().min(1),
      serviceAccount: z.string().min(1),
    }),
    replaceOn: ["clusterName", "namespace", "serviceAccount"],
    computed: ["associationArn", "associationId", "externalId"],
    request: (input) => ({ service: "eks", operation: "CreatePodIdentityAssociation", input }),
  },
  "the sandbox's cluster is not EKS",
);
