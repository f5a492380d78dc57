#!/usr/bin/env bash
# Records a drill in S3, and copies the backup that passed it to golden/, whose newest the lifecycle never deletes.
# Where: the AWS CLI's image. Environment: BUCKET, PREFIX (ends with /), SERVICE, DATASTORE, IMAGE (that restored), RECOVERY_TIME
# (seconds). Reads from /scratch the files of the previous steps: manifest.json, fetched.json, drilled.json and, after a failed drill,
# failed.txt. Exits with the drill's own exit code.
set -euo pipefail

scratch=${SCRATCH:-/scratch}
manifest=$scratch/manifest.json
name=$(jq --raw-output .name "$scratch/fetched.json")
[ -e "$scratch/failed.txt" ] || : >"$scratch/failed.txt"

jq --slurp --arg service "$SERVICE" --arg datastore "$DATASTORE" --arg image "$IMAGE" --argjson recoveryTime "$RECOVERY_TIME" \
  --arg finishedAt "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --rawfile failed "$scratch/failed.txt" '
  .[0] as $manifest | .[1] as $fetched | .[2] as $drilled
  | {
      schema: "upkeep/drill/v1", $service, $datastore, passed: ($drilled.exitCode == 0),
      backup: $fetched.name, manifest: $fetched.manifest, dataStartedAt: $manifest.startedAt, bytes: $manifest.bytes,
      startedAt: $fetched.startedAt, $finishedAt,
      seconds: {fetch: $fetched.seconds, restore: $drilled.restore, verify: $drilled.verify}, $recoveryTime,
      serverVersion: $drilled.serverVersion, $image
    }
  + if $drilled.exitCode == 0 then {} else {failed: ($failed | rtrimstr("\n")), exitCode: $drilled.exitCode} end' \
  "$manifest" "$scratch/fetched.json" "$scratch/drilled.json" >"$scratch/record.json"

time=$(jq --raw-output '.startedAt | gsub("[-:]"; "")' "$scratch/record.json")
record=${PREFIX}drills/$name-$time.json
aws s3api put-object --bucket "$BUCKET" --key "$record" --body "$scratch/record.json" --if-none-match '*' \
  --checksum-algorithm SHA256 >/dev/null
echo "recorded s3://$BUCKET/$record: $(jq --compact-output .seconds "$scratch/record.json")"

code=$(jq .exitCode "$scratch/drilled.json")
if [ "$code" != 0 ]; then
  echo "the drill of $name failed: $(<"$scratch/failed.txt")" >&2
  exit "$code"
fi

read -r data version bytes < <(jq --raw-output '[.key, .versionId, .bytes] | map(tostring) | join(" ")' "$manifest")
golden=${PREFIX}golden/backup.${data##*.}
source="$BUCKET/$data?versionId=$version"
# S3 copies at most 5 GiB at once; more is copied in parts of 1 GiB.
if [ "$bytes" -le $((5 * 1024 ** 3)) ]; then
  copied=$(aws s3api copy-object --bucket "$BUCKET" --key "$golden" --copy-source "$source" --output json)
else
  upload=$(aws s3api create-multipart-upload --bucket "$BUCKET" --key "$golden" --output json | jq --raw-output .UploadId)
  parts='{"Parts": []}'
  for ((number = 1, from = 0; from < bytes; number += 1, from += 1024 ** 3)); do
    to=$((from + 1024 ** 3 < bytes ? from + 1024 ** 3 - 1 : bytes - 1))
    part=$(aws s3api upload-part-copy --bucket "$BUCKET" --key "$golden" --upload-id "$upload" --part-number "$number" \
      --copy-source "$source" --copy-source-range "bytes=$from-$to" --output json)
    parts=$(jq --argjson number "$number" --argjson part "$part" \
      '.Parts += [{PartNumber: $number, ETag: $part.CopyPartResult.ETag}]' <<<"$parts")
  done
  copied=$(aws s3api complete-multipart-upload --bucket "$BUCKET" --key "$golden" --upload-id "$upload" \
    --multipart-upload "$parts" --output json)
fi
copy=$(jq --exit-status --raw-output .VersionId <<<"$copied")

# Last, as everywhere: the golden copy is the one that its manifest names.
jq --arg key "$golden" --arg versionId "$copy" --arg name "$name" --arg drilledAt "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
  '. + {$key, $versionId, $name, $drilledAt}' "$manifest" >"$scratch/golden.json"
aws s3api put-object --bucket "$BUCKET" --key "${PREFIX}golden/manifest.json" --body "$scratch/golden.json" \
  --checksum-algorithm SHA256 >/dev/null
echo "copied $name to s3://$BUCKET/$golden: what passed is kept until another has passed"
