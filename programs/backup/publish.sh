#!/usr/bin/env bash
# Publishes one artefact: first the data under a key of its own, then, last, the manifest that makes it a backup.
# An object without a manifest does not exist for anyone, so a run that dies anywhere leaves no half backup.
# Where: the AWS CLI's image. Environment: ARTEFACT (path), BUCKET, PREFIX (ends with /), TIER, RUN (unique per pod), SERVICE,
# DATASTORE, IMAGE (that made it). Reads /scratch/about.json, which the step before left: see docs/backup-manifest.md.
set -euo pipefail

about=/scratch/about.json
sha256=$(sha256sum "$ARTEFACT")
sha256=${sha256%% *}
bytes=$(stat --format=%s "$ARTEFACT")
started=$(jq --exit-status --raw-output .startedAt "$about")
name=${started//[-:]/}-$RUN
key=${PREFIX}data/$TIER/$name.${ARTEFACT##*.}
manifest=${PREFIX}manifests/$TIER/$name.json

# S3 refuses a put whose content does not match the checksum, and one over a key that exists.
put() {
  aws s3api put-object --bucket "$BUCKET" --key "$1" --body "$2" --if-none-match '*' --checksum-algorithm SHA256
}
if [ "$bytes" -le $((5 * 1024 ** 3)) ]; then
  version=$(put "$key" "$ARTEFACT" | jq --raw-output '.VersionId // empty')
else
  # One put holds 5 GiB at the most. The key is unique, so nothing can be overwritten here either.
  aws s3 cp --no-progress --checksum-algorithm CRC64NVME "$ARTEFACT" "s3://$BUCKET/$key"
  version=$(aws s3api list-object-versions --bucket "$BUCKET" --prefix "$key" --query 'Versions[0].VersionId' --output text)
fi
if [ -z "$version" ]; then
  echo "s3://$BUCKET/$key has no version: the bucket's versioning is off, so nothing protects the backup; turn it on" >&2
  exit 1
fi

jq --exit-status \
  --arg service "$SERVICE" --arg datastore "$DATASTORE" --arg image "$IMAGE" \
  --arg bucket "$BUCKET" --arg key "$key" --arg sha256 "$sha256" --argjson bytes "$bytes" \
  --arg versionId "$version" --arg finishedAt "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '
  {
    schema: "upkeep/backup-manifest/v1", kind, $service, $datastore,
    $bucket, $key, $versionId, $bytes, $sha256,
    startedAt, $finishedAt, serverVersion, clientVersion, $image,
  } + .content' "$about" >/tmp/manifest.json
put "$manifest" /tmp/manifest.json >/dev/null
echo "published s3://$BUCKET/$manifest"
