#!/usr/bin/env bash
# Publishes /scratch/dump: first the data under a key of its own, then, last, the manifest that makes it a backup.
# An object without a manifest does not exist for anyone, so a run that dies anywhere leaves no half backup.
# Where: the AWS CLI's image. Environment: BUCKET, PREFIX (ends with /), RUN (unique per pod), SERVICE, DATASTORE, IMAGE.
set -euo pipefail

about=/scratch/about
sha256=$(sha256sum /scratch/dump)
sha256=${sha256%% *}
bytes=$(stat --format=%s /scratch/dump)
started=$(<"$about/startedAt")
name=${started//[-:]/}-$RUN
key=${PREFIX}data/$name.dump
manifest=${PREFIX}manifests/$name.json

# S3 refuses a put whose content does not match the checksum, and one over a key that exists.
put() {
  aws s3api put-object --bucket "$BUCKET" --key "$1" --body "$2" --if-none-match '*' --checksum-algorithm SHA256
}
if [ "$bytes" -le $((5 * 1024 ** 3)) ]; then
  version=$(put "$key" /scratch/dump | jq --raw-output '.VersionId // empty')
else
  # One put holds 5 GiB at the most. The key is unique, so nothing can be overwritten here either.
  aws s3 cp --no-progress --checksum-algorithm CRC64NVME /scratch/dump "s3://$BUCKET/$key"
  version=$(aws s3api list-object-versions --bucket "$BUCKET" --prefix "$key" --query 'Versions[0].VersionId' --output text)
fi
if [ -z "$version" ]; then
  echo "s3://$BUCKET/$key has no version: the bucket's versioning is off, so nothing protects the backup; turn it on" >&2
  exit 1
fi

jq --null-input \
  --arg service "$SERVICE" --arg datastore "$DATASTORE" --arg image "$IMAGE" \
  --arg bucket "$BUCKET" --arg key "$key" --arg sha256 "$sha256" --argjson bytes "$bytes" \
  --arg versionId "$version" \
  --arg startedAt "$started" --arg finishedAt "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
  --rawfile serverVersion "$about/serverVersion" --rawfile clientVersion "$about/clientVersion" \
  --rawfile tables "$about/tables" '
  {
    schema: "upkeep/backup-manifest/v1", kind: "postgres", $service, $datastore,
    $bucket, $key, $versionId, $bytes, $sha256,
    $startedAt, $finishedAt, $serverVersion, $clientVersion, $image,
    tables: [$tables | rtrimstr("\n") | split("\n")[] | split("\t") | {name: .[1], rows: (.[0] | tonumber)}],
  }' >/tmp/manifest.json
put "$manifest" /tmp/manifest.json >/dev/null
echo "published s3://$BUCKET/$manifest"
